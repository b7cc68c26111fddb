"""Snapshot interpolation: render time, minimum delay filter and interpolation buffer.  [pure]

A client draws the past. *Render time* is the estimated server time, minus the minimum one-way
delay in a window, minus the interpolation delay. A frame mixes the two snapshots around its
render time. A frame is *starved* if even the newest snapshot is older than its render time.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = [
    "MIN_DELAY_WINDOW_S",
    "InterpolationBuffer",
    "InterpolationSample",
    "MinDelayFilter",
    "is_starved",
    "render_time",
]

# Longer than a usual TCP stall on a bad link, so that the window still holds an undelayed arrival
# when the stall ends. Short enough to follow soon when the path becomes longer.
MIN_DELAY_WINDOW_S = 3.0

# About a second at 60 snapshots a second: twice the longest interpolation delay anybody sets.
BUFFER_CAPACITY = 64

S = TypeVar("S")


def is_starved(newest_time_s: float, render_time_s: float) -> bool:
    """Return whether a frame is starved: its newest snapshot is older than its render time."""
    return newest_time_s < render_time_s


def render_time(server_now_s: float, min_delay_s: float, interpolation_delay_s: float) -> float:
    """Return the server time that a frame shows when it is drawn now, in seconds.

    ``server_now_s`` and ``min_delay_s`` must be measured by the same clock.
    """
    return server_now_s - min_delay_s - interpolation_delay_s


class MinDelayFilter:
    """Minimum of the one-way delays in a sliding window.

    It is a monotonic queue: O(1) an arrival on average. A delay that is not less than a later one
    can never be the minimum again, so it is removed at once.
    """

    def __init__(self, window_s: float = MIN_DELAY_WINDOW_S) -> None:
        self._window_s = window_s
        self._increasing: deque[tuple[float, float]] = deque()

    def add(self, now: float, delay_s: float) -> None:
        """Add the delay of a snapshot that arrived ``now``: arrival time minus timestamp.

        The arrival may be by any clock, if render time is computed by the same one. The offset
        between the clocks is in both and cancels out.
        """
        while self._increasing and self._increasing[-1][1] >= delay_s:
            self._increasing.pop()
        self._increasing.append((now, delay_s))

    def min_delay_s(self, now: float) -> float:
        """Return the minimum delay of the window that ends ``now``.

        If the window is empty, the last delay stays valid: silence says nothing about the path.
        Raises ``LookupError`` before the first arrival.
        """
        while len(self._increasing) > 1 and self._increasing[0][0] < now - self._window_s:
            self._increasing.popleft()
        if not self._increasing:
            raise LookupError("nothing has arrived yet")
        return self._increasing[0][1]


@dataclass(frozen=True, slots=True)
class InterpolationSample(Generic[S]):
    """Two snapshots around a render time, and the fraction (0 to 1) between them.

    In a starved frame both are the newest snapshot, and ``extrapolate_s`` is the time by which it
    is older than the render time. In other frames ``extrapolate_s`` is 0.
    """

    before: S
    after: S
    fraction: float
    starved: bool
    extrapolate_s: float


class InterpolationBuffer(Generic[S]):
    """Latest snapshots, ordered by server time. The caller mixes two of them."""

    def __init__(self, capacity: int = BUFFER_CAPACITY) -> None:
        self._capacity = capacity
        self._times: list[float] = []
        self._snapshots: list[S] = []

    def __len__(self) -> int:
        return len(self._times)

    def push(self, server_time_s: float, snapshot: S) -> bool:
        """Insert a snapshot by its server time; return whether it was new.

        A duplicate, or one older than all snapshots of a full buffer, is not inserted.
        """
        index = bisect_left(self._times, server_time_s)
        if index < len(self._times) and self._times[index] == server_time_s:
            return False
        if index == 0 and len(self._times) == self._capacity:
            return False
        self._times.insert(index, server_time_s)
        self._snapshots.insert(index, snapshot)
        if len(self._times) > self._capacity:
            del self._times[0], self._snapshots[0]
        return True

    def clear(self) -> None:
        """Remove all snapshots, for example when another match begins."""
        self._times.clear()
        self._snapshots.clear()

    @property
    def newest(self) -> S | None:
        """The snapshot with the latest server time; None if the buffer is empty."""
        return self._snapshots[-1] if self._snapshots else None

    @property
    def newest_time_s(self) -> float | None:
        """The latest server time, in seconds; None if the buffer is empty."""
        return self._times[-1] if self._times else None

    def sample(self, render_time_s: float) -> InterpolationSample[S] | None:
        """Return the snapshots to draw at a render time; None if the buffer is empty.

        Before the oldest snapshot, both are the oldest.
        """
        if not self._times:
            return None
        newest_time_s, newest = self._times[-1], self._snapshots[-1]
        if is_starved(newest_time_s, render_time_s):
            return InterpolationSample(newest, newest, 0.0, True, render_time_s - newest_time_s)
        index = bisect_right(self._times, render_time_s)
        if index == 0:
            return InterpolationSample(self._snapshots[0], self._snapshots[0], 0.0, False, 0.0)
        if index == len(self._times):
            return InterpolationSample(newest, newest, 0.0, False, 0.0)
        start_s, end_s = self._times[index - 1], self._times[index]
        fraction = (render_time_s - start_s) / (end_s - start_s)
        return InterpolationSample(
            self._snapshots[index - 1], self._snapshots[index], fraction, False, 0.0
        )
