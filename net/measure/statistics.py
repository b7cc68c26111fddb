"""Quantiles, ratios and rates of samples, as a whole or in a sliding window.  [pure]

The unit is that of the samples. Times are in seconds and come in as arguments.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import ceil, isnan, nan
from typing import Self

__all__ = ["WINDOW_S", "Quantiles", "Rate", "SlidingQuantiles", "SlidingRatio", "quantile"]

# One minute: long enough for rare stalls to show, short enough to follow a change of the link.
WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Count, mean, quantiles and maximum of samples; all but ``n`` are NaN without samples."""

    n: int
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, samples: Iterable[float]) -> Self:
        """Compute the quantiles of samples."""
        ordered = sorted(samples)
        if not ordered:
            return cls(0, nan, nan, nan, nan, nan, nan)
        p50, p90, p95, p99 = (quantile(ordered, p) for p in (0.5, 0.9, 0.95, 0.99))
        mean = sum(ordered) / len(ordered)
        return cls(len(ordered), mean, p50, p90, p95, p99, ordered[-1])

    def scaled(self, factor: float) -> Self:
        """Return the same in another unit: a factor of 1000 turns seconds into milliseconds."""
        others = (self.mean, self.p50, self.p90, self.p95, self.p99, self.max)
        return type(self)(self.n, *(value * factor for value in others))

    def as_json(self, digits: int = 3) -> dict[str, float | None]:
        """Return the values by name, rounded; NaN becomes None, because JSON has no NaN."""
        return {
            name: None if isnan(value) else round(value, digits)
            for name, value in asdict(self).items()
        }


def quantile(ordered: list[float], probability: float) -> float:
    """Return the quantile for a probability (0 to 1) of samples in ascending order.

    NaN without samples. The method is type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
    Packages" (1996): linear between neighbours, the default of numpy and of spreadsheets. It is
    the only method in this program, so that all figures can be compared.
    """
    if not ordered:
        return nan
    position = probability * (len(ordered) - 1)
    below = int(position)
    above = ceil(position)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


class SlidingQuantiles:
    """Quantiles of the samples in a sliding window.

    The samples are kept sorted. Adding one costs a binary search and a move of memory, about a
    microsecond for some thousands of samples.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._by_age: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def add(self, now: float, sample: float) -> None:
        """Add a sample of the time ``now``."""
        self._by_age.append((now, sample))
        insort(self._ordered, sample)
        while self._by_age[0][0] < now - self._window_s:
            _, oldest = self._by_age.popleft()
            del self._ordered[bisect_left(self._ordered, oldest)]

    def quantile(self, probability: float) -> float:
        """Return a quantile of the window that ends with the last sample; NaN without samples."""
        return quantile(self._ordered, probability)


class SlidingRatio:
    """Ratio of hits to events in a sliding window."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._events: deque[tuple[float, bool]] = deque()
        self._hits = 0

    def add(self, now: float, hit: bool) -> None:
        """Add an event of the time ``now``."""
        self._events.append((now, hit))
        self._hits += hit
        while self._events[0][0] < now - self._window_s:
            self._hits -= self._events.popleft()[1]

    @property
    def ratio(self) -> float:
        """The ratio (0 to 1) in the window that ends with the last event; NaN without events."""
        return self._hits / len(self._events) if self._events else nan


class Rate:
    """Growth of a counter per second, over a sliding window."""

    def __init__(self, window_s: float = 1.0) -> None:
        self._window_s = window_s
        self._readings: deque[tuple[float, float]] = deque()

    def update(self, now: float, total: float) -> float:
        """Add a reading of the counter; return its growth per second, 0 after one reading.

        A counter that went down belongs to another channel, and the window starts again.
        """
        if self._readings and total < self._readings[-1][1]:
            self._readings.clear()
        self._readings.append((now, total))
        # One reading before the window is kept, so that the whole window is covered.
        while len(self._readings) > 2 and self._readings[1][0] <= now - self._window_s:
            self._readings.popleft()
        started_at, at_start = self._readings[0]
        return (total - at_start) / (now - started_at) if now > started_at else 0.0
