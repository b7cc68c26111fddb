"""``jitterball transports``: what is installed, and what each promises."""

from importlib.metadata import EntryPoint

from rich.table import Table

from game.commands.tables import print_table
from net.errors import BrokenPlugin
from net.transport import Transport, installed_transports, is_built_in, load_transport


def transports() -> None:
    """List the installed transports, built-in ones and others', and what each guarantees."""
    table = Table(title="Transports")
    for heading in ("name", "from", "a lost packet", "LATEST", "header", "port", "what it does"):
        table.add_column(heading, justify="right" if heading in ("header", "port") else "left")
    for name, entry in installed_transports().items():
        try:
            table.add_row(name, _origin(entry), *_promises(load_transport(name)))
        except BrokenPlugin as error:
            table.add_row(name, _origin(entry), *["-"] * 4, f"[red]broken: {error}[/red]")
    print_table(table)


def _origin(entry: EntryPoint) -> str:
    if is_built_in(entry):
        return "built in"
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module


def _promises(transport: Transport) -> list[str]:
    promised = transport.guarantees
    return [
        "delays all behind it" if promised.head_of_line_blocking else "delays nothing else",
        "may be lost" if promised.latest_may_be_lost else "arrives",
        f"{promised.header_bytes} B",
        f"+{transport.port_offset}",
        promised.summary + (", encrypted" if promised.encrypts else ""),
    ]
