"""Tables on the terminal, or whole in a file; nothing in them is taken for markup."""

import sys

from rich.console import Console
from rich.table import Table

# Wide enough for every table of ours: what is piped into a file is to be cut nowhere.
_PIPED_WIDTH = 200


def plain_console(width: int | None = None) -> Console:
    """Return a console for what others have written: ``[red]`` and ``:smile:`` are mere letters.

    rich would take them for its markup, and raises for one that it does not understand.
    """
    return Console(width=width, markup=False, emoji=False)


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or unfolded where there is none."""
    console = plain_console(None if sys.stdout.isatty() else _PIPED_WIDTH)
    console.print(table)
