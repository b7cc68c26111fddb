"""Whether the modelled link does to the game what the kernel's own does.  [pure]

The gate is that of the model's tests against a kernel (mean, median, p90, stalls), at its widest:
one measurement of the game is minutes, not the hours behind those. What is seen seldom, such as
stalls, differs by chance alone, so where both have an interval it is enough that they meet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from game.lab.measure.results import Distribution, Estimate, Run

MEAN_RATIO, P50_RATIO, P90_RATIO = 0.15, 0.13, 0.15
SELDOM_RATIO = 0.25
# Half a millisecond each for what the computer adds to either.
LEAST_MS = 1.0
LEAST_STALLS_PER_MIN = 3.0
# One frame in a hundred: what a dozen stalls in a minute may differ by.
LEAST_FROZEN_RATIO = 0.01


@dataclass(frozen=True, slots=True)
class AgreementCheck:
    """One figure of the model beside the kernel's; ``allowed`` is how far apart they may be."""

    figure: str
    model: float
    kernel: float
    allowed: float
    intervals_meet: bool

    @property
    def agrees(self) -> bool:
        """Whether the model may stand for the kernel in this figure."""
        return self.intervals_meet or abs(self.model - self.kernel) <= self.allowed


def compare_runs(model: Run, kernel: Run) -> Iterator[AgreementCheck]:
    """Yield a verdict for each figure that both runs have."""
    ages = model.snapshot_age_ms, kernel.snapshot_age_ms
    drawn = model.age_when_drawn_ms, kernel.age_when_drawn_ms
    stalls = model.stalls_over_125ms_per_min, kernel.stalls_over_125ms_per_min
    frozen = model.frozen_ratio, kernel.frozen_ratio
    p50 = Estimate(ages[0].p50, None, None), Estimate(ages[1].p50, None, None)
    p90 = Estimate(ages[0].p90, None, None), Estimate(ages[1].p90, None, None)
    yield from _verdict("snapshot age, mean, ms", _means(ages), MEAN_RATIO, LEAST_MS)
    yield from _verdict("snapshot age, p50, ms", p50, P50_RATIO, LEAST_MS)
    yield from _verdict("snapshot age, p90, ms", p90, P90_RATIO, LEAST_MS)
    yield from _verdict("age when drawn, mean, ms", _means(drawn), MEAN_RATIO, LEAST_MS)
    yield from _verdict("stalls a minute", stalls, SELDOM_RATIO, LEAST_STALLS_PER_MIN)
    yield from _verdict("share frozen", frozen, SELDOM_RATIO, LEAST_FROZEN_RATIO)


def _means(pair: tuple[Distribution, Distribution]) -> tuple[Estimate, Estimate]:
    one, other = pair
    return (
        Estimate(one.mean, one.mean_low, one.mean_high),
        Estimate(other.mean, other.mean_low, other.mean_high),
    )


def _verdict(
    figure: str, pair: tuple[Estimate, Estimate], ratio: float, least: float
) -> Iterator[AgreementCheck]:
    model, kernel = pair
    if model.value is None or kernel.value is None:
        return
    allowed = max(ratio * abs(kernel.value), least)
    yield AgreementCheck(figure, model.value, kernel.value, allowed, _meet(model, kernel))


def _meet(one: Estimate, other: Estimate) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high
