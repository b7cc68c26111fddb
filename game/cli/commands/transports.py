"""``jitterball transports``: the installed transports and their guarantees."""

from importlib.metadata import EntryPoint

from rich import box
from rich.table import Table
from rich.text import Text

from game.cli.language import say
from game.cli.terminal.guarantee_text import head_of_line_text
from game.cli.terminal.tables import print_table
from net.errors import MissingLibrary, PluginLoadError
from net.registry import installed_transports, is_built_in, load_transport
from net.transport import Guarantees, Transport

_HEADINGS = (
    *("name", "from", "a lost packet", "LATEST", "header", "port"),
    *("readable on the wire", "summary"),
)


def transports() -> None:
    """List the installed transports and what each of them guarantees."""
    table = Table(title="Transports", box=box.SIMPLE_HEAD)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right" if heading in ("header", "port") else "left")
    for name, entry in installed_transports().items():
        try:
            table.add_row(name, _origin(entry), *_guarantees(load_transport(name)))
        except MissingLibrary as error:
            missing = Text(say(str(error)), style="yellow")
            table.add_row(name, _origin(entry), *["-"] * (len(_HEADINGS) - 3), missing)
        except PluginLoadError as error:
            broken = Text(say(f"broken: {error}"), style="red")
            table.add_row(name, _origin(entry), *["-"] * (len(_HEADINGS) - 3), broken)
    print_table(table)


def _origin(entry: EntryPoint) -> str:
    if is_built_in(entry):
        return "built in"
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module


def _guarantees(transport: Transport) -> list[str]:
    guarantees = transport.guarantees
    return [
        head_of_line_text(guarantees),
        "may be lost" if guarantees.latest_may_be_lost else "arrives",
        f"{guarantees.header_bytes} B",
        f"+{transport.port_offset}",
        _readable(guarantees),
        guarantees.summary,
    ]


def _readable(guarantees: Guarantees) -> str:
    """Say what an eavesdropper can read."""
    if guarantees.always_encrypts:
        return "nothing"
    unless = [
        *(["a password is set"] if guarantees.supports_encryption else []),
        *(["--tls"] if guarantees.supports_tls else []),
    ]
    return f"all, unless {' or '.join(unless)}" if unless else "all"
