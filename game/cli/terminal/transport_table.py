"""The comparison table of transports that course books show, with measured values."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rich import box
from rich.table import Table

from game.cli.language import say
from game.cli.terminal.guarantee_text import head_of_line_text
from game.lab.measure.number_format import UNKNOWN
from game.lab.measure.results import Handshake, Results, Run
from net.transport import Guarantees, Transport


class _Column(NamedTuple):
    """The column of one transport."""

    guarantees: Guarantees
    handshake: Handshake | None
    run: Run


def transport_table(results: Results, transports: Mapping[str, Transport]) -> Table:
    """Return a table with a column for each transport, measured over the last link."""
    last_link = results.runs[-1].link
    runs = [run for run in results.runs if run.link == last_link]
    handshakes = {each.transport: each for each in results.handshakes}
    table = Table(title=f"measured on link {last_link}", box=box.SIMPLE_HEAD, show_lines=False)
    table.add_column("")
    for run in runs:
        table.add_column(run.transport, justify="right")
    columns = [
        _Column(transports[run.transport].guarantees, handshakes.get(run.transport), run)
        for run in runs
    ]
    for name, describe in _ROWS.items():
        table.add_row(name, *map(describe, columns))
    return table


def _connect(column: _Column) -> str:
    handshake = column.handshake
    return f"{handshake.connect_round_trips:.1f}" if handshake else UNKNOWN


def _first_snapshot(column: _Column) -> str:
    handshake = column.handshake
    return f"{handshake.first_snapshot_round_trips:.1f}" if handshake else UNKNOWN


def _header_bytes(column: _Column) -> str:
    header_bytes = column.run.header_bytes_per_message
    return UNKNOWN if header_bytes is None else f"{header_bytes:.0f}"


def _retransmitted(column: _Column) -> str:
    return "events" if column.guarantees.latest_may_be_lost else "everything"


def _lost(column: _Column) -> str:
    snapshots = column.run.snapshots
    return f"{snapshots.lost}{say(' of ')}{snapshots.expected}"


def _age(column: _Column) -> str:
    age = column.run.snapshot_age_ms
    return UNKNOWN if age.p50 is None else f"{age.p50:.1f} / {age.p99:.1f} ms"


_ROWS: dict[str, Callable[[_Column], str]] = {
    "round trips to connect": _connect,
    "round trips to the first snapshot": _first_snapshot,
    "header bytes per message": _header_bytes,
    "a lost packet": lambda column: head_of_line_text(column.guarantees),
    "resent until acknowledged": _retransmitted,
    "snapshots lost": _lost,
    "snapshots out of order, discarded": lambda column: str(column.run.snapshots.stale),
    "segments or messages resent": lambda column: str(column.run.retransmitted),
    "snapshot age, median / p99": _age,
    "picture frozen": lambda column: f"{100 * (column.run.frozen_ratio.value or 0.0):.1f}%",
}
