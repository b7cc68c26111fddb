"""The comparison of a run over the modelled link with a run over a kernel link.  [pure]

The tolerances are the widest of the model's own tests against a kernel (mean, median, p90,
stalls): a measurement takes minutes, those tests hours. Rare events such as stalls differ by
chance. So two values with overlapping 95% intervals agree, whatever their difference.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from game.lab.measure.intervals import overlap
from game.lab.measure.results import Distribution, Estimate, Run

MEAN_RATIO, P50_RATIO, P90_RATIO = 0.15, 0.13, 0.15
RARE_EVENT_RATIO = 0.25
# This computer may add half a millisecond to each of the two runs.
TOLERANCE_MIN_MS = 1.0
STALLS_MIN_PER_MIN = 3.0
# One frame in a hundred: the chance difference of a dozen stalls per minute.
FROZEN_MIN_RATIO = 0.01


@dataclass(frozen=True, slots=True)
class AgreementCheck:
    """One statistic of the model and of the kernel; ``allowed`` is the largest difference."""

    statistic: str
    model: float
    kernel: float
    allowed: float
    intervals_overlap: bool

    @property
    def agrees(self) -> bool:
        """True if the two values agree."""
        return self.is_within_tolerance or self.intervals_overlap

    @property
    def is_within_tolerance(self) -> bool:
        """True if the two values alone agree, without their intervals."""
        return abs(self.model - self.kernel) <= self.allowed

    @property
    def result(self) -> str:
        """The result in words, with the reason if the tolerance is not it."""
        if self.is_within_tolerance:
            return "agree"
        return "agree: 95% intervals meet" if self.intervals_overlap else "DIFFER"


def compare_runs(model: Run, kernel: Run) -> Iterator[AgreementCheck]:
    """Yield a check for each statistic that both runs have."""
    ages = model.snapshot_age_ms, kernel.snapshot_age_ms
    drawn = model.age_when_drawn_ms, kernel.age_when_drawn_ms
    stalls = model.stalls_over_125ms_per_min, kernel.stalls_over_125ms_per_min
    frozen = model.frozen_ratio, kernel.frozen_ratio
    p50 = Estimate(ages[0].p50, None, None), Estimate(ages[1].p50, None, None)
    p90 = Estimate(ages[0].p90, None, None), Estimate(ages[1].p90, None, None)
    yield from _check("snapshot age, mean, ms", _means(ages), MEAN_RATIO, TOLERANCE_MIN_MS)
    yield from _check("snapshot age, p50, ms", p50, P50_RATIO, TOLERANCE_MIN_MS)
    yield from _check("snapshot age, p90, ms", p90, P90_RATIO, TOLERANCE_MIN_MS)
    yield from _check("age when drawn, mean, ms", _means(drawn), MEAN_RATIO, TOLERANCE_MIN_MS)
    yield from _check("stalls per minute", stalls, RARE_EVENT_RATIO, STALLS_MIN_PER_MIN)
    yield from _check("frozen ratio", frozen, RARE_EVENT_RATIO, FROZEN_MIN_RATIO)


def _means(pair: tuple[Distribution, Distribution]) -> tuple[Estimate, Estimate]:
    one, other = pair
    return (
        Estimate(one.mean, one.mean_low, one.mean_high),
        Estimate(other.mean, other.mean_low, other.mean_high),
    )


def _check(
    statistic: str, pair: tuple[Estimate, Estimate], ratio: float, minimum: float
) -> Iterator[AgreementCheck]:
    model, kernel = pair
    if model.value is None or kernel.value is None:
        return
    allowed = max(ratio * abs(kernel.value), minimum)
    yield AgreementCheck(statistic, model.value, kernel.value, allowed, overlap(model, kernel))
