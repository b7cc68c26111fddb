"""What samples, arrivals and tick numbers amount to, as figures.  [pure]

Each class takes events with their times as arguments and answers with plain numbers; what was due
and has not come counts as soon as it is overdue, not when it comes at last (no coordinated
omission). Knows no clock, no channel and no screen.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from math import ceil, isnan, nan
from typing import Self

# A hundred would equal a round trip or a few ticks, and count noise.
STALL_S = 0.125
# What people mean by "lately" when they read a figure beside a moving picture.
LATELY_S = 60.0

# Half a minute at 30 snapshots a second: nothing is that late and still on its way.
_TICKS_REMEMBERED = 1024


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


class Jitter:
    """The interarrival jitter of RFC 3550 (section 6.4.1 and appendix A.8), in seconds.

    It smooths how much the way of one message differs from that of the message before, so a
    constant offset between the two clocks does not matter.
    """

    def __init__(self) -> None:
        self.jitter_s = 0.0
        self._last_transit_s: float | None = None

    def add(self, sent_at: float, received_at: float) -> float:
        """Take a message, in the order of arrival; return the jitter."""
        transit_s = received_at - sent_at
        if self._last_transit_s is not None:
            self.jitter_s += (abs(transit_s - self._last_transit_s) - self.jitter_s) / 16
        self._last_transit_s = transit_s
        return self.jitter_s


class StallCounter:
    """Gaps between arrivals that are longer than ``STALL_S``, from ``now`` on.

    The gap that is still open counts too.
    """

    def __init__(self, now: float, window_s: float = LATELY_S) -> None:
        self._window_s = window_s
        self._started_at = now
        self._last_at = now
        self._ended_at: deque[float] = deque()
        self._total = 0
        self._longest_s = 0.0

    def arrived(self, now: float) -> None:
        """Take an arrival."""
        gap_s = now - self._last_at
        self._last_at = now
        self._longest_s = max(self._longest_s, gap_s)
        if gap_s > STALL_S:
            self._total += 1
            self._ended_at.append(now)
        self._forget(now)

    def total(self, now: float) -> int:
        """Return how many stalls there were, an open one included."""
        return self._total + self._is_stalled(now)

    def lately(self, now: float) -> int:
        """Return how many stalls the window up to ``now`` saw."""
        self._forget(now)
        return len(self._ended_at) + self._is_stalled(now)

    def per_minute(self, now: float) -> float:
        """Return the stalls a minute since the start; 0 at the start itself."""
        elapsed_s = now - self._started_at
        return 60.0 * self.total(now) / elapsed_s if elapsed_s > 0.0 else 0.0

    def longest_s(self, now: float) -> float:
        """Return the longest gap, an open one included, in seconds."""
        return max(self._longest_s, now - self._last_at)

    def _is_stalled(self, now: float) -> bool:
        return now - self._last_at > STALL_S

    def _forget(self, now: float) -> None:
        while self._ended_at and self._ended_at[0] < now - self._window_s:
            self._ended_at.popleft()


class Order(Enum):
    """How a snapshot came, judged by its tick number."""

    NEW = "new"
    STALE = "stale"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class SnapshotCounts:
    """What became of the snapshots that were due: ``expected`` = ``received + lost + stale``.

    ``stale`` ones came after a newer one; ``duplicate`` ones came again, and were not expected.
    """

    expected: int
    received: int
    lost: int
    stale: int
    duplicate: int


class SnapshotLedger:
    """Counts snapshots by tick number, from the first on; one is due every ``interval_ticks``."""

    def __init__(self, interval_ticks: int) -> None:
        self._interval_ticks = interval_ticks
        self._first: int | None = None
        self._newest = 0
        self._seen: deque[int] = deque(maxlen=_TICKS_REMEMBERED)
        self._received = self._stale = self._duplicate = 0

    def take(self, tick: int) -> tuple[Order, int]:
        """Take a snapshot; return its order and how many due before it have not come."""
        if self._first is None:
            self._first, self._newest = tick, tick - self._interval_ticks
        if tick > self._newest:
            missed = max(0, (tick - self._newest) // self._interval_ticks - 1)
            self._newest = tick
            self._received += 1
            self._seen.append(tick)
            return Order.NEW, missed
        if tick in self._seen:
            self._duplicate += 1
            return Order.DUPLICATE, 0
        self._first = min(self._first, tick)
        self._stale += 1
        self._seen.append(tick)
        return Order.STALE, 0

    def counts(self, due_tick: int | None = None) -> SnapshotCounts:
        """Return the counts, up to the newest snapshot or to one that was due at ``due_tick``."""
        if self._first is None:
            return SnapshotCounts(0, 0, 0, 0, 0)
        last = self._newest if due_tick is None else max(due_tick, self._newest)
        expected = (last - self._first) // self._interval_ticks + 1
        lost = expected - self._received - self._stale
        return SnapshotCounts(expected, self._received, lost, self._stale, self._duplicate)


class SlidingQuantiles:
    """Quantiles of the samples of a sliding window, kept in order as they come and go.

    A sample costs a search and a move of memory: about a microsecond for some thousands.
    """

    def __init__(self, window_s: float = LATELY_S) -> None:
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


class SlidingShare:
    """The share of the events of a sliding window that were of one kind."""

    def __init__(self, window_s: float = LATELY_S) -> None:
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

    def read(self, now: float, total: float) -> float:
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
