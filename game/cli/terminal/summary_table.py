"""The figures of a measurement as a table for the terminal."""

from collections.abc import Callable

from rich import box
from rich.table import Table

from game.lab.measure.results import Distribution, Estimate, Results, Run

_UNKNOWN = "-"


def summary_table(results: Results) -> Table:
    """Return a row for every run: the figures a player feels, with their 95% intervals."""
    table = Table(
        title=_title(results), caption=_CAPTION, caption_justify="left", box=box.SIMPLE_HEAD
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
    where = results.host or "a server of our own"
    return (
        f"{where}, {results.stretch_text} s a link, {results.snapshot_hz:g} snapshots a second, "
        f"drawn {results.interpolation_ms:.0f} ms late, seed {results.seed}"
    )


def _median(quantity: Distribution) -> str:
    return _number(quantity.p50)


def _mean(quantity: Distribution) -> str:
    return _with_interval(quantity.mean, quantity.mean_low, quantity.mean_high)


def _estimate(estimate: Estimate, factor: float = 1.0) -> str:
    values = (estimate.value, estimate.low, estimate.high)
    return _with_interval(*(None if value is None else value * factor for value in values))


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return _number(value)
    if value == 0.0:
        return f"0 <{_number(high)}" if high else "0"
    return f"{_number(value)} ±{_number((high - low) / 2)}"


def _number(value: float | None) -> str:
    """Return two or three digits that count: more would promise what no measurement keeps."""
    if value is None:
        return _UNKNOWN
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _lost(run: Run) -> str:
    expected = run.snapshots.expected
    return f"{100 * run.snapshots.lost / expected:.1f}%" if expected else _UNKNOWN


def _bytes(run: Run) -> str:
    return f"{run.wire_bytes_per_s.up / 1000:.1f}/{run.wire_bytes_per_s.down / 1000:.1f}"


_COLUMNS: dict[str, Callable[[Run], str]] = {
    "RTT": lambda run: _median(run.rtt_ms),
    "age": lambda run: _mean(run.snapshot_age_ms),
    "age\np95": lambda run: _number(run.snapshot_age_ms.p95),
    "drawn\np95": lambda run: _number(run.age_when_drawn_ms.p95),
    "jitter": lambda run: _number(run.jitter_ms.value),
    "stalls\na minute": lambda run: _estimate(run.stalls_over_125ms_per_min),
    "longest\nfreeze": lambda run: _number(run.longest_freeze_ms),
    "frozen %": lambda run: _estimate(run.frozen_ratio, 100.0),
    "ball\nerror": lambda run: _mean(run.visual_error),
    "input\nto drawn": lambda run: _median(run.input_to_drawn_ms),
    "lost": _lost,
    "resent": lambda run: str(run.retransmitted),
    "kB/s\nup/down": _bytes,
}

_CAPTION = (
    "Milliseconds; the ball's error in pitch units (the ball's radius is 9). RTT and input to "
    "drawn are medians, age, frozen and ball error means, ± half of a 95% interval."
)
