"""Confidence intervals of means and rates, for samples that depend on each other.  [pure]

Successive samples of a network are alike: one stall makes thirty old snapshots. An interval that
took them as independent would be far too narrow. So time is cut into blocks that are longer than a
stall, and the interval comes from the difference between blocks (batch means; Law, Simulation
Modeling and Analysis, section 9.5.3). Blocks hold different numbers of samples, so the mean is
estimated as a ratio of sums (Cochran, Sampling Techniques, section 6.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

# In a run of 20 s a block has 2 s: longer than several round trips and TCP recoveries.
BLOCKS = 10
# The 97.5% points of Student's t by degrees of freedom, from 1 on; 2.262 is that of ten blocks.
_STUDENT_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
# That of the normal distribution, which Student's t approaches.
_NORMAL = 1.95996
# If 3 events are expected, a run has none with a probability of 0.05: exp(-3) ("rule of three").
_RULE_OF_THREE = 3.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval, both ends included."""

    low: float
    high: float


class Bounds(Protocol):
    """The bounds of an interval; None if the interval is not known."""

    @property
    def low(self) -> float | None:
        """The lower bound."""

    @property
    def high(self) -> float | None:
        """The upper bound."""


@dataclass(slots=True)
class Block:
    """A block of time: the sum of its samples, and the weight to divide it by."""

    total: float = 0.0
    weight: float = 0.0


def mean_interval(
    samples: Iterable[tuple[float, float]], started_at: float, ended_at: float
) -> Interval | None:
    """Return the 95% interval of the mean of ``(time, value)`` samples of one run."""
    blocks = [Block() for _ in range(BLOCKS)]
    for at, value in samples:
        block = blocks[_block_at(at, started_at, ended_at)]
        block.total += value
        block.weight += 1.0
    return ratio_interval(blocks)


def rate_interval(
    times: Iterable[float], started_at: float, ended_at: float, unit_s: float
) -> Interval | None:
    """Return the 95% interval of the number of events in ``unit_s``, from the events' times."""
    weight = (ended_at - started_at) / BLOCKS / unit_s
    blocks = [Block(weight=weight) for _ in range(BLOCKS)]
    for at in times:
        blocks[_block_at(at, started_at, ended_at)].total += 1.0
    return event_interval(blocks)


def event_interval(blocks: Sequence[Block]) -> Interval | None:
    """Return the 95% interval of a rate of events; ``total`` counts them in ``weight`` units."""
    interval = ratio_interval(blocks)
    if interval is None or interval.high > 0.0:
        return interval and Interval(max(0.0, interval.low), interval.high)
    return Interval(0.0, _RULE_OF_THREE / sum(block.weight for block in blocks))


def ratio_interval(blocks: Sequence[Block]) -> Interval | None:
    """Return the 95% interval of the ratio of total to weight.

    None without weight, or with a single block: then nothing shows how much blocks differ.
    """
    weight = sum(block.weight for block in blocks)
    if weight <= 0.0 or len(blocks) < 2:
        return None
    ratio = sum(block.total for block in blocks) / weight
    spread = sum((block.total - ratio * block.weight) ** 2 for block in blocks)
    count = len(blocks)
    error = sqrt(spread / (count - 1) * count) / weight
    reach = _student_t(count - 1) * error
    return Interval(ratio - reach, ratio + reach)


def overlap(one: Bounds, other: Bounds) -> bool:
    """Return whether two intervals have a common value; False if one is not known."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high


def _student_t(degrees: int) -> float:
    """Return the 97.5% point of Student's t (Abramowitz and Stegun, 26.7.5, beyond the table)."""
    if degrees <= len(_STUDENT_T):
        return _STUDENT_T[degrees - 1]
    z = _NORMAL
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def _block_at(at: float, started_at: float, ended_at: float) -> int:
    elapsed_ratio = (at - started_at) / (ended_at - started_at)
    return min(max(int(elapsed_ratio * BLOCKS), 0), BLOCKS - 1)
