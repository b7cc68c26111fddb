"""Timed snapshots, sampled at render time; and what render time is.  [pure]

A client draws the past: *render time* is the estimated server time, minus the least one-way delay
in a window, minus the interpolation delay. Between two snapshots around it everything can be
drawn in between; if even the newest is older, the frame is *dry*. Knows neither what a snapshot
holds nor how to mix two of them.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

# Longer than TCP's usual stall on a bad link, so that the window still holds an undelayed arrival
# when the stall ends; short enough that a path that became longer is believed soon.
MIN_DELAY_WINDOW_S = 3.0

# Twice the longest interpolation delay anybody sets, at 60 snapshots a second.
BUFFER_CAPACITY = 64

S = TypeVar("S")


def is_starved(newest_time_s: float, render_time_s: float) -> bool:
    """Say whether a frame is dry: its newest snapshot is older than its render time."""
    return newest_time_s < render_time_s


def render_time(server_now_s: float, min_delay_s: float, interpolation_delay_s: float) -> float:
    """Return the server time that a frame drawn now shows, in seconds.

    ``server_now_s`` and ``least_delay_s`` must be by the same clock.
    """
    return server_now_s - min_delay_s - interpolation_delay_s


class MinDelayFilter:
    """The least one-way delay of the arrivals in a sliding window.

    Takes O(1) an arrival on average: a delay is dropped as soon as a later one is no greater.
    """

    def __init__(self, window_s: float = MIN_DELAY_WINDOW_S) -> None:
        self._window_s = window_s
        self._rising: deque[tuple[float, float]] = deque()

    def add(self, now: float, delay_s: float) -> None:
        """Take the delay of what arrived ``now``: the time of its arrival less that of its stamp.

        Any clock will do for the arrival, if render time is then asked for by the same: the
        offset between the clocks is in both and cancels out.
        """
        while self._rising and self._rising[-1][1] >= delay_s:
            self._rising.pop()
        self._rising.append((now, delay_s))

    def min_delay_s(self, now: float) -> float:
        """Return the least delay of the window that ends ``now``.

        When all arrivals have left it the last stands: silence says nothing about the way.

        Raises ``LookupError`` before the first arrival.
        """
        while len(self._rising) > 1 and self._rising[0][0] < now - self._window_s:
            self._rising.popleft()
        if not self._rising:
            raise LookupError("nothing has arrived yet")
        return self._rising[0][1]


@dataclass(frozen=True, slots=True)
class InterpolationSample(Generic[S]):
    """What to draw at a render time: ``before``, ``fraction`` (0..1) of the way to ``after``.

    In a dry frame both are the newest snapshot, and ``extrapolate_s`` is by how much it is older
    than the render time; else that is 0.
    """

    before: S
    after: S
    fraction: float
    starved: bool
    extrapolate_s: float


class InterpolationBuffer(Generic[S]):
    """The latest snapshots in the order of their server time."""

    def __init__(self, capacity: int = BUFFER_CAPACITY) -> None:
        self._capacity = capacity
        self._times: list[float] = []
        self._snapshots: list[S] = []

    def __len__(self) -> int:
        return len(self._times)

    def push(self, server_time_s: float, snapshot: S) -> bool:
        """Keep a snapshot, in its place; say whether it was new.

        One that comes twice, or is older than all that a full buffer holds, is not kept.
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
        """Forget all: what comes next is another match."""
        self._times.clear()
        self._snapshots.clear()

    @property
    def newest(self) -> S | None:
        """The snapshot with the latest server time."""
        return self._snapshots[-1] if self._snapshots else None

    @property
    def newest_time_s(self) -> float | None:
        """The latest server time."""
        return self._times[-1] if self._times else None

    def sample(self, render_time_s: float) -> InterpolationSample[S] | None:
        """Return what to draw at a render time, or None while there is nothing at all.

        Before the oldest snapshot that one is drawn, still.
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
