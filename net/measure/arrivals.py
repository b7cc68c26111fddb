"""Arrival statistics: jitter, stalls, and counts of lost, stale and duplicate snapshots.  [pure]

Times come in as arguments, in seconds. What is overdue counts as soon as it is overdue, not when
it arrives at last. Otherwise a stall would hide the samples that it kept away (Tene calls this
coordinated omission).
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from net.measure.statistics import WINDOW_S

__all__ = [
    "STALL_S",
    "ArrivalOrder",
    "Jitter",
    "SnapshotCounter",
    "SnapshotCounts",
    "StallCounter",
]

# 100 ms would equal a round trip or a few snapshot intervals, and count noise.
STALL_S = 0.125

# Half a minute at 30 snapshots a second. No snapshot is in flight for longer.
_TICKS_REMEMBERED = 1024


class Jitter:
    """Interarrival jitter of RFC 3550 (section 6.4.1 and appendix A.8), in seconds.

    It is the smoothed difference between the transit times of consecutive messages. A constant
    offset between the two clocks cancels out.
    """

    def __init__(self) -> None:
        self.jitter_s = 0.0
        self._last_transit_s: float | None = None

    def add(self, sent_at: float, received_at: float) -> float:
        """Add a message, in the order of arrival; return the jitter in seconds."""
        transit_s = received_at - sent_at
        if self._last_transit_s is not None:
            self.jitter_s += (abs(transit_s - self._last_transit_s) - self.jitter_s) / 16
        self._last_transit_s = transit_s
        return self.jitter_s


class StallCounter:
    """Counter of stalls: gaps between arrivals that are longer than ``STALL_S``.

    It counts from ``now`` on. The gap that has not ended yet counts too.
    """

    def __init__(self, now: float, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._last_at = now
        self._ended_at: deque[float] = deque()
        self._total = 0
        self._longest_s = 0.0

    def add_arrival(self, now: float) -> None:
        """Add an arrival."""
        gap_s = now - self._last_at
        self._last_at = now
        self._longest_s = max(self._longest_s, gap_s)
        if gap_s > STALL_S:
            self._total += 1
            self._ended_at.append(now)
        self._forget(now)

    def total(self, now: float) -> int:
        """Return the number of stalls, including one that has not ended."""
        return self._total + self._is_stalled(now)

    def in_window(self, now: float) -> int:
        """Return the number of stalls in the window that ends ``now``."""
        self._forget(now)
        return len(self._ended_at) + self._is_stalled(now)

    def longest_s(self, now: float) -> float:
        """Return the longest gap in seconds, including one that has not ended."""
        return max(self._longest_s, now - self._last_at)

    def _is_stalled(self, now: float) -> bool:
        return now - self._last_at > STALL_S

    def _forget(self, now: float) -> None:
        while self._ended_at and self._ended_at[0] < now - self._window_s:
            self._ended_at.popleft()


class ArrivalOrder(Enum):
    """Order of arrival of a snapshot, by its tick number."""

    NEW = "new"
    STALE = "stale"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class SnapshotCounts:
    """Counts of snapshots by outcome: ``expected`` = ``received + lost + stale``.

    A ``stale`` snapshot arrived after a newer one. A ``duplicate`` arrived again and was not
    expected.
    """

    expected: int
    received: int
    lost: int
    stale: int
    duplicate: int


class SnapshotCounter:
    """Counter of snapshots by tick number; one is due every ``interval_ticks``."""

    def __init__(self, interval_ticks: int) -> None:
        self._interval_ticks = interval_ticks
        self._first: int | None = None
        self._newest = 0
        self._seen: deque[int] = deque(maxlen=_TICKS_REMEMBERED)
        self._received = self._stale = self._duplicate = 0

    def count(self, tick: int) -> tuple[ArrivalOrder, int]:
        """Add a snapshot; return its order and how many are missing just before it."""
        if self._first is None:
            self._first, self._newest = tick, tick - self._interval_ticks
        if tick > self._newest:
            missed = max(0, (tick - self._newest) // self._interval_ticks - 1)
            self._newest = tick
            self._received += 1
            self._seen.append(tick)
            return ArrivalOrder.NEW, missed
        if tick in self._seen:
            self._duplicate += 1
            return ArrivalOrder.DUPLICATE, 0
        self._first = min(self._first, tick)
        self._stale += 1
        self._seen.append(tick)
        return ArrivalOrder.STALE, 0

    def counts(self, due_tick: int | None = None) -> SnapshotCounts:
        """Return the counts up to the newest snapshot, or to the one due at ``due_tick``."""
        if self._first is None:
            return SnapshotCounts(0, 0, 0, 0, 0)
        last = self._newest if due_tick is None else max(due_tick, self._newest)
        expected = (last - self._first) // self._interval_ticks + 1
        lost = expected - self._received - self._stale
        return SnapshotCounts(expected, self._received, lost, self._stale, self._duplicate)
