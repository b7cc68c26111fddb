"""net/measure/statistics.py."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import ceil, isnan, nan
from typing import Self

# What people mean by "lately" when they read a figure beside a moving picture.
WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Quantiles:
    """How samples are spread; with no samples (``n`` 0) all else is NaN."""

    n: int
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, samples: Iterable[float]) -> Self:
        """Sum up samples of any unit."""
        ordered = sorted(samples)
        if not ordered:
            return cls(0, nan, nan, nan, nan, nan, nan)
        p50, p90, p95, p99 = (quantile(ordered, share) for share in (0.5, 0.9, 0.95, 0.99))
        mean = sum(ordered) / len(ordered)
        return cls(len(ordered), mean, p50, p90, p95, p99, ordered[-1])

    def scaled(self, factor: float) -> Self:
        """Return the same in another unit: 1000 makes milliseconds of seconds."""
        others = (self.mean, self.p50, self.p90, self.p95, self.p99, self.max)
        return type(self)(self.n, *(value * factor for value in others))

    def as_json(self, digits: int = 3) -> dict[str, float | None]:
        """Return the figures by name, rounded; None where there are none."""
        return {
            name: None if isnan(value) else round(value, digits)
            for name, value in asdict(self).items()
        }


def quantile(ordered: list[float], share: float) -> float:
    """Return the quantile of samples in ascending order, linear between neighbours; NaN of none.

    The method is number 7 of Hyndman and Fan (1996), the default of numpy and of spreadsheets.
    """
    if not ordered:
        return nan
    position = share * (len(ordered) - 1)
    below = int(position)
    above = ceil(position)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


class SlidingQuantiles:
    """Quantiles of the samples of a sliding window, kept in order as they come and go.

    A sample costs a search and a move of memory: about a microsecond for some thousands.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._by_age: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def add(self, now: float, sample: float) -> None:
        """Take a sample of the time ``now``."""
        self._by_age.append((now, sample))
        insort(self._ordered, sample)
        while self._by_age[0][0] < now - self._window_s:
            _, oldest = self._by_age.popleft()
            del self._ordered[bisect_left(self._ordered, oldest)]

    def quantile(self, share: float) -> float:
        """Return a quantile, 0 to 1, of the window that ends with the last sample; NaN of none."""
        return quantile(self._ordered, share)


class SlidingRatio:
    """The share of the events of a sliding window that were of one kind."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._events: deque[tuple[float, bool]] = deque()
        self._hits = 0

    def add(self, now: float, hit: bool) -> None:
        """Take an event of the time ``now``."""
        self._events.append((now, hit))
        self._hits += hit
        while self._events[0][0] < now - self._window_s:
            self._hits -= self._events.popleft()[1]

    @property
    def ratio(self) -> float:
        """Hits to events, 0 to 1, in the window that ends with the last event; NaN of none."""
        return self._hits / len(self._events) if self._events else nan


class Rate:
    """How fast a counter grows, over a sliding window."""

    def __init__(self, window_s: float = 1.0) -> None:
        self._window_s = window_s
        self._readings: deque[tuple[float, float]] = deque()

    def update(self, now: float, total: float) -> float:
        """Take the counter's value; return its growth a second, 0 after a single reading.

        A counter that went back (another channel's) starts afresh.
        """
        if self._readings and total < self._readings[-1][1]:
            self._readings.clear()
        self._readings.append((now, total))
        # The oldest reading is the last one outside: the window is covered whole.
        while len(self._readings) > 2 and self._readings[1][0] <= now - self._window_s:
            self._readings.popleft()
        started_at, at_start = self._readings[0]
        return (total - at_start) / (now - started_at) if now > started_at else 0.0
