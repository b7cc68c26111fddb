"""The analysis of a class: figures with intervals, by student and by transport.  [pure]

The definitions are those of ``game.lab.measure``. Intervals need values that do not depend on each
other: of one student these are minutes, of a class the students.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from game.lab.class_results.class_recorder import Recording, Report, Row, RunKey
from game.lab.class_results.results import (
    FORMAT_VERSION,
    ClassResults,
    StudentRun,
    TransportRun,
)
from game.lab.measure.analysis import MINUTE_S, distribution_of, estimate_of
from game.lab.measure.intervals import (
    Block,
    Interval,
    event_interval,
    mean_interval,
    ratio_interval,
)
from game.lab.measure.results import Distribution, Estimate
from net.measure.statistics import WINDOW_S, Quantiles

# As in a run of 20 s, where each of ten blocks has two seconds.
_SAMPLES_MIN = 20
# Reports come once a second, so that a window ends up to half a second from where it should.
_TOLERANCE_S = 0.5

IntervalOf = Callable[[Sequence[Block]], Interval | None]


@dataclass(frozen=True, slots=True)
class Totals:
    """The blocks of one student's run, for the totals over all students."""

    rtt: Block
    age: Block
    frozen: Block
    stalls: Block
    never_shown: Block
    wire_loss: Block
    error: Block


def analyse_class(recording: Recording, started_at: str) -> ClassResults:
    """Return the results of a recording that began at ``started_at``, as a text."""
    analysed = [_student_run(key, recording.rows(key)) for key in recording.runs]
    return ClassResults(
        kind="class",
        version=FORMAT_VERSION,
        started_at=started_at,
        seconds=recording.seconds,
        dropped_reports=recording.dropped,
        transports=transport_runs(analysed),
        students=tuple(run for run, _ in analysed),
    )


def transport_runs(analysed: Iterable[tuple[StudentRun, Totals]]) -> tuple[TransportRun, ...]:
    """Return the figures of all students over each transport and link.

    They are in the order in which transport and link first occurred.
    """
    by_transport: dict[tuple[str, str], list[tuple[StudentRun, Totals]]] = {}
    for run, totals in analysed:
        by_transport.setdefault((run.transport, run.link), []).append((run, totals))
    return tuple(
        _transport_run(transport, link, runs) for (transport, link), runs in by_transport.items()
    )


def windows_of(rows: Sequence[Row]) -> list[Report]:
    """Return reports that together cover the measured time of a run once, the last one first.

    A report is about the last minute at most. So the last report of each stretch is taken, the one
    a minute before it, and so on. The first of a stretch covers what is left.
    """
    windows = []
    ends_before_s = float("inf")
    newer: Row | None = None
    for row in reversed(rows):
        if newer is not None and row.report.measured_s > newer.report.measured_s + _TOLERANCE_S:
            # The measurement began again after this report: another stretch ends here.
            ends_before_s = float("inf")
        newer = row
        if row.at_s <= ends_before_s:
            windows.append(row.report)
            ends_before_s = row.at_s - row.report.measured_s + _TOLERANCE_S
            if row.report.measured_s < WINDOW_S - _TOLERANCE_S:
                # It reaches back to the beginning of its stretch.
                ends_before_s = float("-inf")
    return windows


def _student_run(key: RunKey, rows: Sequence[Row]) -> tuple[StudentRun, Totals]:
    windows = [each for each in windows_of(rows) if each.measured_s > 0.0]
    reports = [row.report for row in rows]
    whole = [each for each in windows if each.measured_s >= WINDOW_S - _TOLERANCE_S]
    frozen = _blocks(windows, lambda each: each.frozen_ratio * each.measured_s)
    stalls = _blocks(windows, lambda each: each.stalls, MINUTE_S)
    never_shown = _blocks(windows, lambda each: each.loss_ratio * each.measured_s)
    wire_loss = _blocks(whole, lambda each: each.wire_loss_ratio * each.measured_s)
    rtts, ages, errors = (
        [value for value in values if not isnan(value)]
        for values in (
            (each.rtt_ms for each in reports),
            (each.age_ms for each in reports),
            (each.visual_error for each in reports),
        )
    )
    freezes_ms = [each.longest_freeze_ms for each in reports]
    run = StudentRun(
        *key,
        seconds=max(0.001, sum(each.measured_s for each in windows)),
        rtt_ms=_distribution(rtts),
        age_when_drawn_ms=_distribution(ages),
        frozen_ratio=_estimate(frozen),
        longest_freeze_ms=max((each for each in freezes_ms if not isnan(each)), default=0.0),
        stalls_over_125ms_per_min=_estimate(stalls, event_interval),
        never_shown_ratio=_estimate(never_shown),
        lost_on_wire_ratio=_estimate(wire_loss),
        visual_error=_distribution(errors),
    )
    totals = Totals(
        rtt=_sum_of(rtts),
        age=_sum_of(ages),
        frozen=_sum(frozen),
        stalls=_sum(stalls),
        never_shown=_sum(never_shown),
        wire_loss=_sum(wire_loss),
        error=_sum_of(errors),
    )
    return run, totals


def _transport_run(
    transport: str, link: str, runs: Sequence[tuple[StudentRun, Totals]]
) -> TransportRun:
    students = {(run.student, run.room): None for run, _ in runs}
    only = runs[0][0] if len(runs) == 1 else None

    def total(
        block_of: Callable[[Totals], Block], interval_of: IntervalOf = ratio_interval
    ) -> Estimate:
        return _estimate([block_of(totals) for _, totals in runs], interval_of)

    def own(distribution: Distribution) -> Estimate:
        values = distribution.mean, distribution.mean_low, distribution.mean_high
        return _not_negative(Estimate(*values))

    return TransportRun(
        transport=transport,
        link=link,
        students=len(students),
        seconds=sum(run.seconds for run, _ in runs),
        rtt_ms=own(only.rtt_ms) if only else total(lambda each: each.rtt),
        age_when_drawn_ms=own(only.age_when_drawn_ms) if only else total(lambda each: each.age),
        frozen_ratio=only.frozen_ratio if only else total(lambda each: each.frozen),
        longest_freeze_ms=max(run.longest_freeze_ms for run, _ in runs),
        stalls_over_125ms_per_min=(
            only.stalls_over_125ms_per_min
            if only
            else total(lambda each: each.stalls, event_interval)
        ),
        never_shown_ratio=only.never_shown_ratio if only else total(lambda each: each.never_shown),
        lost_on_wire_ratio=only.lost_on_wire_ratio if only else total(lambda each: each.wire_loss),
        visual_error=own(only.visual_error) if only else total(lambda each: each.error),
    )


def _blocks(
    windows: Iterable[Report], amount_of: Callable[[Report], float], unit_s: float = 1.0
) -> list[Block]:
    """Return a block for each window in which the amount is known."""
    blocks = [Block(amount_of(each), each.measured_s / unit_s) for each in windows]
    return [each for each in blocks if not isnan(each.total)]


def _sum_of(samples: Sequence[float]) -> Block:
    return Block(sum(samples), float(len(samples)))


def _sum(blocks: Iterable[Block]) -> Block:
    total = Block()
    for each in blocks:
        total.total += each.total
        total.weight += each.weight
    return total


def _estimate(blocks: Sequence[Block], interval_of: IntervalOf = ratio_interval) -> Estimate:
    total = _sum(each for each in blocks if each.weight)
    if not total.weight:
        return Estimate(None, None, None)
    filled = [each for each in blocks if each.weight]
    return _not_negative(estimate_of(total.total / total.weight, interval_of(filled)))


def _not_negative(estimate: Estimate) -> Estimate:
    """Return an estimate without its part below zero, where no true value can be.

    An age can be below zero by the error of a client's clock.
    """
    values = (estimate.value, estimate.low, estimate.high)
    return Estimate(*(None if value is None else max(0.0, value) for value in values))


def _distribution(values: Sequence[float]) -> Distribution:
    """Return the distribution of samples, one a second, with an interval from ten blocks."""
    count = len(values)
    samples = [(number + 0.5, value) for number, value in enumerate(values)]
    interval = mean_interval(samples, 0.0, count) if count >= _SAMPLES_MIN else None
    return distribution_of(Quantiles.of(values), interval)
