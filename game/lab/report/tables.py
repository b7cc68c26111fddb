"""The tables of the report, with the best and worst values highlighted.  [pure]

A table has headings and rows of cells; ``game.lab.report.page`` writes the HTML.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from game.lab.measure.intervals import overlap
from game.lab.measure.number_format import (
    UNKNOWN,
    format_number,
    format_percent,
    format_with_interval,
    scaled,
)
from game.lab.measure.results import Distribution, Estimate, Handshake, Run
from game.lab.report.sections import Section, Series
from game.lab.report.texts import ReportTexts


class Highlight(Enum):
    """The highlight of a cell in its column."""

    NONE = "none"
    BEST = "best"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with its highlight."""

    text: str
    highlight: Highlight = Highlight.NONE


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings; the first cell of a row is its name."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A value as text, with its interval. Smaller is better; without interval no highlight."""

    text: str
    low: float | None = None
    high: float | None = None


def headline_table(section: Section, texts: ReportTexts) -> Table:
    """Return a row for every series of a link, with the best and worst values highlighted."""
    columns: dict[str, Callable[[Run], Statistic]] = {
        texts.frozen: lambda run: estimated(run.frozen_ratio, 100.0),
        texts.stalls: lambda run: estimated(run.stalls_over_125ms_per_min),
        texts.longest: lambda run: Statistic(format_number(run.longest_freeze_ms)),
        texts.drawn: lambda run: _mean(run.age_when_drawn_ms),
        texts.drawn_p95: lambda run: Statistic(format_number(run.age_when_drawn_ms.p95)),
        texts.error: lambda run: _mean(run.visual_error),
        texts.input: lambda run: _mean(run.input_to_drawn_ms),
        texts.rtt: lambda run: Statistic(format_number(run.rtt_ms.p50)),
        texts.lost: lambda run: Statistic(format_percent(_missing(run), run.snapshots.expected)),
        texts.resent: lambda run: Statistic(str(run.retransmitted)),
    }
    if any(each.run.connections_lost for each in section.series):
        columns[texts.disconnected] = lambda run: Statistic(_disconnected(run, texts))
    names = [each.name for each in section.series]
    measurements = [each.measurement for each in section.series]
    runs = [each.run for each in section.series]
    statistics = (list(map(statistic_of, runs)) for statistic_of in columns.values())
    return highlighted_table((texts.run, *columns), names, measurements, statistics)


def highlighted_table(
    headings: tuple[str, ...],
    names: Sequence[str],
    measurements: Sequence[str],
    columns: Iterable[Sequence[Statistic]],
) -> Table:
    """Return a row for each name, with the best and worst values of each column highlighted.

    Only those of one measurement are compared with each other.
    """
    rows = [[Cell(name)] for name in names]
    for statistics in columns:
        marks = highlights_within(measurements, statistics)
        for row, statistic, mark in zip(rows, statistics, marks, strict=True):
            row.append(Cell(statistic.text, mark))
    return Table(headings, tuple(map(tuple, rows)))


def highlights_within(
    measurements: Sequence[str], statistics: Sequence[Statistic]
) -> tuple[Highlight, ...]:
    """Return the highlight of each value among the values of its own measurement.

    Another measurement ran at another time, when the computer may have been busier.
    """
    marked: dict[str, Iterator[Highlight]] = {
        name: iter(
            highlights([f for m, f in zip(measurements, statistics, strict=True) if m == name])
        )
        for name in measurements
    }
    return tuple(next(marked[name]) for name in measurements)


def highlights(statistics: Sequence[Statistic]) -> tuple[Highlight, ...]:
    """Return the highlight of each value: none if the order could be chance.

    Every value whose interval overlaps the best one's is best too, and so for the worst.
    """
    known = [each for each in statistics if each.low is not None and each.high is not None]
    if len(known) < 2 or len(known) < len(statistics):
        return (Highlight.NONE,) * len(statistics)
    best = min(known, key=_middle)
    worst = max(known, key=_middle)
    if overlap(best, worst):
        return (Highlight.NONE,) * len(statistics)
    return tuple(_highlight(overlap(each, best), overlap(each, worst)) for each in statistics)


def transport_table(section: Section, texts: ReportTexts) -> Table:
    """Return the comparison of transports that course books show, a column for each series."""
    rows: dict[str, Callable[[Series], str]] = {
        texts.connect: lambda each: _round_trips(
            each.handshake, lambda handshake: handshake.connect_round_trips
        ),
        texts.first_snapshot: lambda each: _round_trips(
            each.handshake, lambda handshake: handshake.first_snapshot_round_trips
        ),
        texts.header_bytes: lambda each: _header_bytes(each.run),
        texts.snapshots_lost: lambda each: _of(each.run.snapshots.lost, each.run),
        texts.out_of_order: lambda each: _of(each.run.snapshots.stale, each.run),
        texts.sent_again: lambda each: str(each.run.retransmitted),
        texts.median_and_p99: lambda each: _median_and_p99(each.run.snapshot_age_ms),
        texts.frozen: lambda each: estimated(each.run.frozen_ratio, 100.0).text,
    }
    names = tuple(each.name for each in section.series)
    body = [
        (Cell(heading), *(Cell(describe(each)) for each in section.series))
        for heading, describe in rows.items()
    ]
    return Table(("", *names), tuple(body))


def check_table(sections: Sequence[Section], texts: ReportTexts) -> Table:
    """Return the settings of each emulated link beside the measured values."""
    headings = (
        texts.link,
        texts.run,
        texts.check_delay,
        texts.check_age,
        texts.check_baseline,
        texts.check_rtt_expected,
        texts.check_rtt,
        texts.check_loss,
        texts.check_packets_lost,
    )
    rows = [
        _check_row(section, each)
        for section in sections
        for each in section.series
        if each.run.link_up is not None
    ]
    return Table(headings, tuple(rows))


def _check_row(section: Section, series: Series) -> tuple[Cell, ...]:
    run, up, down = series.run, series.run.link_up, series.run.link_down
    assert up is not None
    assert down is not None
    packets = run.ledger.down if run.ledger else None
    texts = (
        section.link,
        series.name,
        format_number(down.delay_s * 1000.0) + _jitter(down.jitter_s * 1000.0),
        format_number(run.snapshot_age_ms.p50),
        format_number(run.baseline_age_ms),
        format_number((up.delay_s + down.delay_s) * 1000.0),
        format_number(run.rtt_ms.p50),
        format_number(down.loss_ratio * 100.0),
        format_percent(packets.lost, packets.sent) if packets else UNKNOWN,
    )
    return tuple(map(Cell, texts))


def _jitter(jitter_ms: float) -> str:
    return f" ± {format_number(jitter_ms)}" if jitter_ms else ""


def estimated(estimate: Estimate, factor: float = 1.0) -> Statistic:
    """Return an estimate, multiplied by ``factor``, as text with its interval."""
    return _statistic(*scaled(estimate, factor))


def _mean(distribution: Distribution) -> Statistic:
    return _statistic(distribution.mean, distribution.mean_low, distribution.mean_high)


def _statistic(value: float | None, low: float | None, high: float | None) -> Statistic:
    text = format_with_interval(value, low, high)
    # With a bound missing there is no interval to compare.
    return Statistic(text) if None in (value, low, high) else Statistic(text, low, high)


def _middle(statistic: Statistic) -> float:
    return ((statistic.low or 0.0) + (statistic.high or 0.0)) / 2


def _highlight(is_like_best: bool, is_like_worst: bool) -> Highlight:
    if is_like_best == is_like_worst:
        return Highlight.NONE
    return Highlight.BEST if is_like_best else Highlight.WORST


def _missing(run: Run) -> int:
    return run.snapshots.lost + run.snapshots.stale


def _disconnected(run: Run, texts: ReportTexts) -> str:
    if not run.connections_lost:
        return "0"
    seconds = format_number(run.disconnected_ms / 1000.0)
    return texts.disconnected_value.format(count=run.connections_lost, seconds=seconds)


def _median_and_p99(distribution: Distribution) -> str:
    return f"{format_number(distribution.p50)} / {format_number(distribution.p99)}"


def _of(part: int, run: Run) -> str:
    return f"{part} / {run.snapshots.expected}"


def _round_trips(handshake: Handshake | None, trips: Callable[[Handshake], float]) -> str:
    return f"{trips(handshake):.1f}" if handshake else UNKNOWN


def _header_bytes(run: Run) -> str:
    header_bytes = run.header_bytes_per_message
    return UNKNOWN if header_bytes is None else f"{header_bytes:.0f}"
