"""Tables on the terminal, or whole in a file."""

import sys

from rich.console import Console
from rich.table import Table

# Wide enough for every table of ours: what is piped into a file is to be cut nowhere.
_PIPED_WIDTH = 200


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or unfolded where there is none."""
    console = Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
    console.print(table)
