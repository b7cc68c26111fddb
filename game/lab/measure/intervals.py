"""How sure a mean is, when what is measured comes in bunches.  [pure]

Successive samples of a network resemble each other: one stall makes thirty old snapshots. Taken as
independent they would promise far too much. So time is cut into blocks that are long beside a
stall, and the interval rests on how the blocks differ (the method of batch means; Law, Simulation
Modeling and Analysis, section 9.5.3). Blocks hold different numbers of samples, so the mean is
estimated as a ratio of sums (Cochran, Sampling Techniques, section 6.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

# Of twenty seconds each block is two: several round trips and recoveries long.
BLOCKS = 10
# The 97.5% point of Student's t with BLOCKS - 1 = 9 degrees of freedom.
_STUDENT_T = 2.262
# What has not happened may have been about to: with so many expected, none is seen in 1 of 20
# runs (the "rule of three": exp(-3) = 0.05).
_NONE_SEEN = 3.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval, both ends included."""

    low: float
    high: float


@dataclass(slots=True)
class Block:
    """What one stretch of time holds: a sum, and what it is divided by."""

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
    """Return the 95% interval of how often something happens in ``unit_s``, from its times."""
    weight = (ended_at - started_at) / BLOCKS / unit_s
    blocks = [Block(weight=weight) for _ in range(BLOCKS)]
    for at in times:
        blocks[_block_at(at, started_at, ended_at)].total += 1.0
    interval = ratio_interval(blocks)
    if interval is None or interval.high > 0.0:
        return interval and Interval(max(0.0, interval.low), interval.high)
    return Interval(0.0, _NONE_SEEN / (weight * BLOCKS))


def ratio_interval(blocks: Sequence[Block]) -> Interval | None:
    """Return the 95% interval of total to weight; None without any weight."""
    weight = sum(block.weight for block in blocks)
    if weight <= 0.0:
        return None
    ratio = sum(block.total for block in blocks) / weight
    spread = sum((block.total - ratio * block.weight) ** 2 for block in blocks)
    count = len(blocks)
    error = sqrt(spread / (count - 1) * count) / weight
    return Interval(ratio - _STUDENT_T * error, ratio + _STUDENT_T * error)


def _block_at(at: float, started_at: float, ended_at: float) -> int:
    share = (at - started_at) / (ended_at - started_at)
    return min(max(int(share * BLOCKS), 0), BLOCKS - 1)
