"""``jitterball transports``: what is installed, and what each promises."""

from importlib.metadata import EntryPoint

from rich.table import Table
from rich.text import Text

from game.cli.terminal.tables import print_table
from net.errors import PluginLoadError
from net.registry import installed_transports, is_built_in, load_transport
from net.transport import Guarantees, Transport

_HEADINGS = (
    *("name", "from", "a lost packet", "LATEST", "header", "port"),
    *("open to read on the wire", "what it does"),
)


def transports() -> None:
    """List the installed transports and what each of them guarantees."""
    table = Table(title="Transports")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right" if heading in ("header", "port") else "left")
    for name, entry in installed_transports().items():
        try:
            table.add_row(name, _origin(entry), *_promises(load_transport(name)))
        except PluginLoadError as error:
            broken = Text(f"broken: {error}", style="red")
            table.add_row(name, _origin(entry), *["-"] * (len(_HEADINGS) - 3), broken)
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
        _open_to_read(promised),
        promised.summary,
    ]


def _open_to_read(promised: Guarantees) -> str:
    """Say what who listens on the way can read."""
    unless = [
        *(["a password is set"] if promised.supports_encryption else []),
        *(["--tls"] if promised.supports_tls else []),
    ]
    return f"all, unless {' or '.join(unless)}" if unless else "all"
