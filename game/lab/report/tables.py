"""The report's tables: figures as cells, and which deserve to be called best or worst.  [pure]

Knows no markup: a table is its headings and its rows of cells.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from game.lab.measure.results import Distribution, Estimate, Handshake, Run
from game.lab.report.sections import Section, Series
from game.lab.report.texts import ReportTexts

_UNKNOWN = "-"


class Highlight(Enum):
    """What a cell is among those of its column."""

    NONE = "none"
    BEST = "best"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and its mark."""

    text: str
    mark: Highlight = Highlight.NONE


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings; the first cell of a row names it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, less of which is better; no interval, no mark."""

    text: str
    low: float | None = None
    high: float | None = None


def headline_table(section: Section, texts: ReportTexts) -> Table:
    """Return a row for every series of a link, the best and the worst of each column marked."""
    columns: dict[str, Callable[[Run], Figure]] = {
        texts.frozen: lambda run: _estimate(run.frozen_ratio, 100.0),
        texts.stalls: lambda run: _estimate(run.stalls_over_125ms_per_min),
        texts.longest: lambda run: Figure(number(run.longest_freeze_ms)),
        texts.drawn: lambda run: _mean(run.age_when_drawn_ms),
        texts.drawn_p95: lambda run: Figure(number(run.age_when_drawn_ms.p95)),
        texts.error: lambda run: _mean(run.visual_error),
        texts.input: lambda run: _mean(run.input_to_drawn_ms),
        texts.rtt: lambda run: Figure(number(run.rtt_ms.p50)),
        texts.lost: lambda run: Figure(_percent(_missing(run), run.snapshots.expected)),
        texts.resent: lambda run: Figure(str(run.retransmitted)),
    }
    rows = [[Cell(each.name)] for each in section.series]
    for figure_of in columns.values():
        figures = [figure_of(each.run) for each in section.series]
        measurements = [each.measurement for each in section.series]
        for row, figure, mark in zip(
            rows, figures, marks_within(measurements, figures), strict=True
        ):
            row.append(Cell(figure.text, mark))
    return Table((texts.run, *columns), tuple(map(tuple, rows)))


def marks_within(measurements: Sequence[str], figures: Sequence[Figure]) -> tuple[Highlight, ...]:
    """Return each figure's mark among those of its own measurement.

    Only these met the same moment; what was measured at another one met another computer, too.
    """
    marked: dict[str, Iterator[Highlight]] = {
        name: iter(marks([f for m, f in zip(measurements, figures, strict=True) if m == name]))
        for name in measurements
    }
    return tuple(next(marked[name]) for name in measurements)


def marks(figures: Sequence[Figure]) -> tuple[Highlight, ...]:
    """Return each figure's mark: none at all where noise could have made the order.

    All whose interval overlaps the best one's are best, and so for the worst.
    """
    known = [each for each in figures if each.low is not None and each.high is not None]
    if len(known) < 2 or len(known) < len(figures):
        return (Highlight.NONE,) * len(figures)
    best = min(known, key=_middle)
    worst = max(known, key=_middle)
    if _overlap(best, worst):
        return (Highlight.NONE,) * len(figures)
    return tuple(_mark(_overlap(each, best), _overlap(each, worst)) for each in figures)


def course_table(section: Section, texts: ReportTexts) -> Table:
    """Return the table that every course shows, a column for each series."""
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
        texts.median_and_p99: lambda each: (
            f"{number(each.run.snapshot_age_ms.p50)} / {number(each.run.snapshot_age_ms.p99)}"
        ),
        texts.frozen: lambda each: _estimate(each.run.frozen_ratio, 100.0).text,
    }
    names = tuple(each.name for each in section.series)
    body = [
        (Cell(heading), *(Cell(describe(each)) for each in section.series))
        for heading, describe in rows.items()
    ]
    return Table(("", *names), tuple(body))


def check_table(sections: Sequence[Section], texts: ReportTexts) -> Table:
    """Return what each emulated link was asked for, beside what came of it."""
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


def number(value: float | None) -> str:
    """Return two or three digits that count: more would promise what no measurement keeps."""
    if value is None:
        return _UNKNOWN
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{round(value, 1 if abs(value) >= 10 else 2):g}"


def _check_row(section: Section, series: Series) -> tuple[Cell, ...]:
    run, up, down = series.run, series.run.link_up, series.run.link_down
    assert up is not None
    assert down is not None
    packets = run.ledger.down if run.ledger else None
    texts = (
        section.link,
        series.name,
        number(down.delay_s * 1000.0) + _jitter(down.jitter_s * 1000.0),
        number(run.snapshot_age_ms.p50),
        number(run.baseline_age_ms),
        number((up.delay_s + down.delay_s) * 1000.0),
        number(run.rtt_ms.p50),
        number(down.loss_ratio * 100.0),
        _percent(packets.lost, packets.sent) if packets else _UNKNOWN,
    )
    return tuple(map(Cell, texts))


def _jitter(jitter_ms: float) -> str:
    return f" ± {number(jitter_ms)}" if jitter_ms else ""


def _estimate(estimate: Estimate, factor: float = 1.0) -> Figure:
    values = (estimate.value, estimate.low, estimate.high)
    return _with_interval(*(None if value is None else value * factor for value in values))


def _mean(quantity: Distribution) -> Figure:
    return _with_interval(quantity.mean, quantity.mean_low, quantity.mean_high)


def _with_interval(value: float | None, low: float | None, high: float | None) -> Figure:
    if value is None or low is None or high is None:
        return Figure(number(value))
    if value == 0.0:
        return Figure(f"0 <{number(high)}" if high else "0", low, high)
    return Figure(f"{number(value)} ±{number((high - low) / 2)}", low, high)


def _middle(figure: Figure) -> float:
    return ((figure.low or 0.0) + (figure.high or 0.0)) / 2


def _overlap(one: Figure, other: Figure) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high


def _mark(is_like_best: bool, is_like_worst: bool) -> Highlight:
    if is_like_best == is_like_worst:
        return Highlight.NONE
    return Highlight.BEST if is_like_best else Highlight.WORST


def _missing(run: Run) -> int:
    return run.snapshots.lost + run.snapshots.stale


def _percent(part: int, whole: int) -> str:
    return f"{100.0 * part / whole:.1f}" if whole else _UNKNOWN


def _of(part: int, run: Run) -> str:
    return f"{part} / {run.snapshots.expected}"


def _round_trips(handshake: Handshake | None, trips: Callable[[Handshake], float]) -> str:
    return f"{trips(handshake):.1f}" if handshake else _UNKNOWN


def _header_bytes(run: Run) -> str:
    headers = run.wire_bytes_per_s.down - run.payload_bytes_per_s.down
    return f"{headers / run.messages_per_s.down:.0f}" if run.messages_per_s.down else _UNKNOWN
