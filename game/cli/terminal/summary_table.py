"""The summary table of a measurement, for the terminal."""

from collections.abc import Callable

from rich import box
from rich.table import Table

from game.lab.measure.number_format import (
    UNKNOWN,
    format_estimate,
    format_mean,
    format_number,
    format_percent,
)
from game.lab.measure.results import Results, Run
from game.match.world import BALL_RADIUS


def summary_table(results: Results) -> Table:
    """Return a table with a row for every run, and 95% intervals."""
    caption = "\n".join(filter(None, (_CAPTION, *map(_connection_lost, results.runs))))
    table = Table(
        title=_title(results), caption=caption, caption_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("link")
    table.add_column("transport")
    for heading in _COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    last_link = None
    for run in results.runs:
        if last_link not in (None, run.link):
            table.add_section()
        table.add_row(run.link, run.transport, *(_COLUMNS[name](run) for name in _COLUMNS))
        last_link = run.link
    return table


def _title(results: Results) -> str:
    server = results.host or "a private server"
    return (
        f"{server}, {results.duration_text} s per link, {results.snapshot_hz:g} snapshots/s, "
        f"interpolation delay {results.interpolation_ms:.0f} ms, seed {results.seed}"
    )


def _connection_lost(run: Run) -> str:
    """Return a sentence on the time without a connection, empty if there was none."""
    if not run.connections_lost:
        return ""
    seconds = format_number(run.disconnected_ms / 1000.0)
    return (
        f"{run.transport} lost its connection on {run.link} ({run.connections_lost} in all, "
        f"{seconds} s without one): this time is in no figure above."
    )


def _lost(run: Run) -> str:
    percent = format_percent(run.snapshots.lost, run.snapshots.expected)
    return percent if percent == UNKNOWN else f"{percent}%"


def _bytes(run: Run) -> str:
    return f"{run.wire_bytes_per_s.up / 1000:.1f}/{run.wire_bytes_per_s.down / 1000:.1f}"


# What a player feels comes first: a narrow terminal shows the others below.
_COLUMNS: dict[str, Callable[[Run], str]] = {
    "frozen %": lambda run: format_estimate(run.frozen_ratio, 100.0),
    "longest\nfreeze": lambda run: format_number(run.longest_freeze_ms),
    "stalls\nper min": lambda run: format_estimate(run.stalls_over_125ms_per_min),
    "drawn\np95": lambda run: format_number(run.age_when_drawn_ms.p95),
    "ball\nerror": lambda run: format_mean(run.visual_error),
    "input\nto drawn": lambda run: format_number(run.input_to_drawn_ms.p50),
    "age": lambda run: format_mean(run.snapshot_age_ms),
    "age\np95": lambda run: format_number(run.snapshot_age_ms.p95),
    "RTT": lambda run: format_number(run.rtt_ms.p50),
    "jitter": lambda run: format_number(run.jitter_ms.value),
    "lost": _lost,
    "resent": lambda run: str(run.retransmitted),
    "kB/s\nup/down": _bytes,
}

_CAPTION = (
    "Times in milliseconds. Ball error in pitch units (the ball's radius is "
    f"{BALL_RADIUS:g}). RTT and input to drawn are medians; age, frozen and ball error are means "
    "with ± half of the 95% interval."
)
