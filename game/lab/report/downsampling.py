"""Downsampling of plots: lines keep their peaks, samples keep their ranks.  [pure]

A plot is about a thousand pixels wide; thirty thousand points make a large file and a slow page.
The peaks must stay: they show the stalls.
"""

from collections.abc import Iterable, Sequence
from math import floor

Point = tuple[float, float]

# So many points that no step of a cumulative curve is wider than its line.
_RANKS = 300
# The largest samples are all kept: the tail is what such a curve is for.
_TAIL = 40


def keep_peaks(points: Iterable[Point], interval_s: float) -> list[Point]:
    """Return the point with the largest value of each ``interval_s``, the first of equals.

    ``points`` are (time, value) pairs; times are in seconds and ascending. The order stays.
    """
    peaks: dict[int, Point] = {}
    for point in points:
        interval = floor(point[0] / interval_s)
        if interval not in peaks or point[1] > peaks[interval][1]:
            peaks[interval] = point
    return list(peaks.values())


def cumulative(samples: Sequence[float], due: int) -> list[Point]:
    """Return the cumulative curve: (value, percent of ``due`` that are not larger), by rank.

    The curve ends below 100 if there are fewer samples than ``due``.
    """
    ordered = sorted(samples)
    count = len(ordered)
    evenly = {index * (count - 1) // (_RANKS - 1) for index in range(_RANKS)} if count else set()
    ranks = evenly | set(range(max(0, count - _TAIL), count))
    return [(ordered[rank], 100.0 * (rank + 1) / due) for rank in sorted(ranks)]
