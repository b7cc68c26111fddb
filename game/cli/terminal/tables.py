"""Tables on the terminal or in a file, without rich's markup."""

import sys
from typing import Any

from rich.console import Console, Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from game.cli.language import say
from game.cli.terminal.plain_text import encodable

# Wide enough for every table: in a file no column is to be cut.
PIPED_WIDTH = 200
_ANY_WIDTH = 10_000


class _PlainConsole(Console):
    """A console that makes texts writable before their width is measured.

    A stand-in may be longer than its character. Put in later, it would shift the columns.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(encodable(text, self.encoding), **options)


def plain_console(width: int | None = None, is_stderr: bool = False) -> Console:
    """Return a console that prints ``[red]`` and ``:smile:`` as they are.

    Rich would read them as markup, and raises an exception for markup that is not valid.
    Characters that the output cannot write get a stand-in.
    """
    return _PlainConsole(width=width, markup=False, emoji=False, stderr=is_stderr)


def print_table(table: Table, names: int = 1) -> None:
    """Print a table in the width of the terminal, or 200 characters wide into a file.

    What does not fit beside the first ``names`` columns follows below, beside the same names.
    """
    console = plain_console(None if sys.stdout.isatty() else PIPED_WIDTH)
    if table.title:
        console.print(Text(say(str(table.title)), style="italic"))
    for part in split_to_width(table, names, console):
        console.print(part)
    if table.caption:
        console.print(_caption(table))


def split_to_width(table: Table, names: int, console: Console) -> list[Table]:
    """Return tables that are no wider than the console, without title and caption.

    Each has the first ``names`` columns, and as many of the others, in their order, as fit.
    """
    parts: list[Table] = []
    rest = list(range(names, len(table.columns)))
    while rest or not parts:
        count = len(rest)
        while count > 1 and _width(_part(table, names, rest[:count]), console) > console.width:
            count -= 1
        part = _part(table, names, rest[:count])
        if _width(part, console) > console.width:
            part = _part(table, names, rest[:1], is_folded=True)
        parts.append(part)
        rest = rest[count:]
    return parts


def fit_to_width(table: Table, names: int, console: Console) -> Group:
    """Return a table that is redrawn in place: as many columns as fit, with title and caption."""
    first, *_ = split_to_width(table, names, console)
    title = [Text(say(str(table.title)), style="italic")] if table.title else []
    caption = [_caption(table)] if table.caption else []
    return Group(*title, first, *caption)


def _part(table: Table, names: int, columns: list[int], is_folded: bool = False) -> Table:
    """Return a table of some columns; ``is_folded``: their cells may take several lines."""
    part = Table(box=table.box, padding=(0, 1, 0, 0), pad_edge=False)
    chosen = [table.columns[index] for index in (*range(names), *columns)]
    for column in chosen:
        part.add_column(
            _said(column.header), justify=column.justify, no_wrap=not is_folded, overflow="fold"
        )
    for row, cells in zip(
        table.rows, zip(*(each.cells for each in chosen), strict=True), strict=True
    ):
        part.add_row(*map(_said, cells), end_section=row.end_section)
    return part


def _caption(table: Table) -> Text:
    lines = str(table.caption).split("\n")
    return Text("\n".join(map(say, lines)), style="dim italic")


def _said(cell: Any) -> Any:
    """Return a heading or cell in the present language; a ``Text`` is a name or an error."""
    return say(cell) if isinstance(cell, str) else cell


def _width(table: Table, console: Console) -> int:
    """Return the width that a table takes if no line is broken."""
    return Measurement.get(console, console.options.update(width=_ANY_WIDTH), table).maximum
