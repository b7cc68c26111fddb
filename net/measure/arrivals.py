"""What samples, arrivals and tick numbers amount to, as figures.  [pure]

Each class takes events with their times as arguments and answers with plain numbers; what was due
and has not come counts as soon as it is overdue, not when it comes at last (no coordinated
omission). Knows no clock, no channel and no screen.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from net.measure.statistics import WINDOW_S

# A hundred would equal a round trip or a few ticks, and count noise.
STALL_S = 0.125


# Half a minute at 30 snapshots a second: nothing is that late and still on its way.
_TICKS_REMEMBERED = 1024


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

    def __init__(self, now: float, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._started_at = now
        self._last_at = now
        self._ended_at: deque[float] = deque()
        self._total = 0
        self._longest_s = 0.0

    def add_arrival(self, now: float) -> None:
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

    def in_window(self, now: float) -> int:
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


class ArrivalOrder(Enum):
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


class SnapshotCounter:
    """Counts snapshots by tick number, from the first on; one is due every ``interval_ticks``."""

    def __init__(self, interval_ticks: int) -> None:
        self._interval_ticks = interval_ticks
        self._first: int | None = None
        self._newest = 0
        self._seen: deque[int] = deque(maxlen=_TICKS_REMEMBERED)
        self._received = self._stale = self._duplicate = 0

    def count(self, tick: int) -> tuple[ArrivalOrder, int]:
        """Take a snapshot; return its order and how many due before it have not come."""
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
        """Return the counts, up to the newest snapshot or to one that was due at ``due_tick``."""
        if self._first is None:
            return SnapshotCounts(0, 0, 0, 0, 0)
        last = self._newest if due_tick is None else max(due_tick, self._newest)
        expected = (last - self._first) // self._interval_ticks + 1
        lost = expected - self._received - self._stale
        return SnapshotCounts(expected, self._received, lost, self._stale, self._duplicate)
