"""The table that every course on transports shows, with figures measured here."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rich import box
from rich.table import Table

from game.lab.measure.results import Handshake, Results, Run
from net.transport import Guarantees, Transport

_UNKNOWN = "-"


class _Column(NamedTuple):
    """What is known of one transport."""

    guarantees: Guarantees
    handshake: Handshake | None
    run: Run


def course_table(results: Results, transports: Mapping[str, Transport]) -> Table:
    """Return a column for each transport; the figures are of the last link that was measured."""
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
    return f"{handshake.connect_round_trips:.1f}" if handshake else _UNKNOWN


def _first_snapshot(column: _Column) -> str:
    handshake = column.handshake
    return f"{handshake.first_snapshot_round_trips:.1f}" if handshake else _UNKNOWN


def _header_bytes(column: _Column) -> str:
    """Return what a message of the server's cost beside its own bytes, on the average."""
    run = column.run
    headers = run.wire_bytes_per_s.down - run.payload_bytes_per_s.down
    return f"{headers / run.messages_per_s.down:.0f}" if run.messages_per_s.down else _UNKNOWN


def _lost_packet(column: _Column) -> str:
    return "delays all behind it" if column.guarantees.head_of_line_blocking else "delays none"


def _acknowledged(column: _Column) -> str:
    return "events" if column.guarantees.latest_may_be_lost else "everything"


def _lost(column: _Column) -> str:
    snapshots = column.run.snapshots
    return f"{snapshots.lost} of {snapshots.expected}"


def _age(column: _Column) -> str:
    age = column.run.snapshot_age_ms
    return _UNKNOWN if age.p50 is None else f"{age.p50:.1f} / {age.p99:.1f} ms"


_ROWS: dict[str, Callable[[_Column], str]] = {
    "round trips to connect": _connect,
    "round trips to the first snapshot": _first_snapshot,
    "header bytes a message": _header_bytes,
    "a lost packet": _lost_packet,
    "what is sent until it arrives": _acknowledged,
    "snapshots lost": _lost,
    "snapshots out of order, dropped": lambda column: str(column.run.snapshots.stale),
    "segments or messages sent again": lambda column: str(column.run.retransmitted),
    "snapshot age, median / p99": _age,
    "picture frozen": lambda column: f"{100 * (column.run.frozen_ratio.value or 0.0):.1f}%",
}
