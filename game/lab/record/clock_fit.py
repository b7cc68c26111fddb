"""Offset and drift of a peer's clock, fitted to the one-way stamps of a whole recording.  [pure]

Both ends sent probes all the time. In a short window the least (arrival - departure) of each
direction is the least delay, plus or minus the offset. Half of their difference is the offset, if
the least delays of both directions are alike (as NTP assumes, RFC 5905, section 8). A line through
the windows with the least round trips gives the drift.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import NamedTuple

__all__ = ["ClockFit", "Passage", "fit_clock"]

WINDOW_S = 1.0
# A window whose round trip is longer than the least by more than this saw a queue in one direction.
_RTT_TOLERANCE_S = 0.001
_RTT_TOLERANCE_RATIO = 0.1
# Over a shorter time, the noise of the stamps looks like a drift.
_DRIFT_SPAN_S = 10.0
# Quartz differs by less than 500 millionths (RFC 5905, section 7.1); more is a path that changed.
_DRIFT_MAX_RATIO = 500e-6
# All pairs of more windows cost too much, and tell nothing new.
_WINDOWS_MAX = 120
# The median deviation of a normal distribution times this is its standard deviation.
_MEDIAN_TO_DEVIATION = 1.4826


class Passage(NamedTuple):
    """One probe that arrived: departure by the clock of its sender, arrival by the other's."""

    sent_at: float
    received_at: float


@dataclass(frozen=True, slots=True)
class ClockFit:
    """The peer's clock minus ours: ``offset_s`` at ``at`` of our clock, then ``drift_ratio``.

    ``error_s`` is the scatter of the windows around the line. ``least_rtt_s`` is the least round
    trip of a window.
    """

    at: float
    offset_s: float
    drift_ratio: float
    error_s: float
    least_rtt_s: float

    def ours(self, peer_time: float) -> float:
        """Return a time of the peer's clock in ours."""
        return (peer_time - self.offset_s + self.drift_ratio * self.at) / (1 + self.drift_ratio)


class _Window(NamedTuple):
    at: float
    offset_s: float
    rtt_s: float


def fit_clock(up: Iterable[Passage], down: Iterable[Passage]) -> ClockFit:
    """Return the fit. ``up`` departs by our clock, ``down`` arrives by our clock.

    Raises ``ValueError`` if no window has a probe of each direction.
    """
    up_least = _least((p.sent_at, p.received_at - p.sent_at) for p in up)
    down_least = _least((p.received_at, p.received_at - p.sent_at) for p in down)
    windows = [
        _Window((index + 0.5) * WINDOW_S, (up_s - down_least[index]) / 2, up_s + down_least[index])
        for index, up_s in up_least.items()
        if index in down_least
    ]
    if not windows:
        raise ValueError("no second has a probe that arrived in each direction")
    least_rtt_s = min(window.rtt_s for window in windows)
    limit_s = least_rtt_s + max(_RTT_TOLERANCE_S, _RTT_TOLERANCE_RATIO * least_rtt_s)
    clear = sorted(window for window in windows if window.rtt_s <= limit_s)
    clear = clear[:: -(-len(clear) // _WINDOWS_MAX)]
    drift_ratio = _drift_ratio(clear)
    at = median(window.at for window in clear)
    levels_s = [window.offset_s - drift_ratio * (window.at - at) for window in clear]
    offset_s = median(levels_s)
    scatter_s = median(abs(level_s - offset_s) for level_s in levels_s)
    return ClockFit(at, offset_s, drift_ratio, scatter_s * _MEDIAN_TO_DEVIATION, least_rtt_s)


def _least(differences: Iterable[tuple[float, float]]) -> dict[int, float]:
    """Return the least difference of each window."""
    least: dict[int, float] = {}
    for at, difference_s in differences:
        index = int(at // WINDOW_S)
        least[index] = min(difference_s, least.get(index, difference_s))
    return least


def _drift_ratio(windows: list[_Window]) -> float:
    """Return the median slope between two windows (Theil 1950, Sen 1968)."""
    if windows[-1].at - windows[0].at < _DRIFT_SPAN_S:
        return 0.0
    slopes = [
        (other.offset_s - one.offset_s) / (other.at - one.at)
        for one, other in combinations(windows, 2)
    ]
    slope = median(slopes)
    return slope if abs(slope) <= _DRIFT_MAX_RATIO else 0.0
