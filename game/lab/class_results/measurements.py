"""Results of a class from measurements: each student measured, and handed in a folder.  [pure]"""

from collections.abc import Mapping
from dataclasses import dataclass

from game.lab.class_results.analysis import Totals, transport_runs
from game.lab.class_results.results import FORMAT_VERSION, ClassResults, StudentRun
from game.lab.measure.analysis import MINUTE_S
from game.lab.measure.intervals import Block
from game.lab.measure.results import (
    Distribution,
    Estimate,
    LinkCounters,
    Results,
    Run,
    local_delivery_delay_ms,
)

_UNKNOWN = Estimate(None, None, None)


@dataclass(frozen=True, slots=True)
class MeasuredClass:
    """The results of a class that measured, and the students whose computer was busy meanwhile."""

    results: ClassResults
    busy: tuple[str, ...]


def measured_class(measurements: Mapping[str, Results]) -> MeasuredClass:
    """Return the results of measurements by the names of the students, at least one."""
    analysed = [
        (_student_run(name, run), _totals(run))
        for name, results in measurements.items()
        for run in results.runs
    ]
    return MeasuredClass(
        ClassResults(
            kind="class",
            version=FORMAT_VERSION,
            started_at=min(results.started_at for results in measurements.values()),
            seconds=max((run.seconds for run, _ in analysed), default=0.0),
            dropped_reports=0,
            transports=transport_runs(analysed),
            students=tuple(run for run, _ in analysed),
        ),
        tuple(
            name
            for name, results in measurements.items()
            if local_delivery_delay_ms(results.runs) is not None
        ),
    )


def _student_run(name: str, run: Run) -> StudentRun:
    never_shown = _never_shown(run)
    return StudentRun(
        student=name,
        room="",
        device="",
        transport=run.transport,
        link=run.link,
        seconds=run.seconds,
        rtt_ms=run.rtt_ms,
        age_when_drawn_ms=run.age_when_drawn_ms,
        frozen_ratio=run.frozen_ratio,
        longest_freeze_ms=run.longest_freeze_ms,
        stalls_over_125ms_per_min=run.stalls_over_125ms_per_min,
        never_shown_ratio=_ratio(never_shown),
        lost_on_wire_ratio=_ratio(_lost_on_wire(run.ledger)),
        visual_error=run.visual_error,
    )


def _totals(run: Run) -> Totals:
    minutes = run.seconds / MINUTE_S
    return Totals(
        rtt=_samples(run.rtt_ms),
        age=_samples(run.age_when_drawn_ms),
        frozen=_weighted(run.frozen_ratio, run.seconds),
        stalls=_weighted(run.stalls_over_125ms_per_min, minutes),
        never_shown=_never_shown(run),
        wire_loss=_lost_on_wire(run.ledger),
        error=_samples(run.visual_error),
    )


def _never_shown(run: Run) -> Block:
    return Block(run.snapshots.lost + run.snapshots.stale, run.snapshots.expected)


def _lost_on_wire(counters: LinkCounters | None) -> Block:
    return Block(counters.down.lost, counters.down.sent) if counters else Block()


def _ratio(block: Block) -> Estimate:
    # Two counts of one run: nothing shows how much parts of it differ.
    return Estimate(block.total / block.weight, None, None) if block.weight else _UNKNOWN


def _samples(distribution: Distribution) -> Block:
    if distribution.mean is None:
        return Block()
    return Block(distribution.mean * distribution.n, distribution.n)


def _weighted(estimate: Estimate, weight: float) -> Block:
    return Block() if estimate.value is None else Block(estimate.value * weight, weight)
