"""Tables on the terminal or in a file, without rich's markup."""

import sys

from rich.console import Console
from rich.table import Table

# Wide enough for every table: in a file no column is to be cut.
_PIPED_WIDTH = 200


def plain_console(width: int | None = None, is_stderr: bool = False) -> Console:
    """Return a console that prints ``[red]`` and ``:smile:`` as they are.

    Rich would read them as markup, and raises an exception for markup that is not valid.
    """
    return Console(width=width, markup=False, emoji=False, stderr=is_stderr)


def print_table(table: Table) -> None:
    """Print a table in the width of the terminal, or 200 characters wide into a file."""
    console = plain_console(None if sys.stdout.isatty() else _PIPED_WIDTH)
    console.print(table)
