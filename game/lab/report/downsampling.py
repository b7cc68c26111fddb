"""Fewer points for the same picture: lines by their peaks, samples by their ranks.  [pure]

A plot has about a thousand pixels across; thirty thousand points in it make a large file and a slow
page. What must not get lost is what a student looks for: the peaks. Knows no plot.
"""

from collections.abc import Iterable, Sequence
from math import floor

Point = tuple[float, float]

# Fine enough that no step of a cumulative curve is wider than a line is thick.
_RANKS = 300
# A tail of a few samples is the very thing that such a curve is looked at for.
_TAIL = 40


def keep_peaks(points: Iterable[Point], stretch_s: float) -> list[Point]:
    """Return the greatest value of each stretch of time, at the moment when it was reached.

    `points` are (time, value), times in seconds and ascending. Points that are not the greatest of
    their stretch, the first of equals, are left out; what is left is untouched and in order.
    """
    peaks: dict[int, Point] = {}
    for point in points:
        stretch = floor(point[0] / stretch_s)
        if stretch not in peaks or point[1] > peaks[stretch][1]:
            peaks[stretch] = point
    return list(peaks.values())


def cumulative(samples: Sequence[float], due: int) -> list[Point]:
    """Return (value, percentage of those due that are not above it), thinned by rank.

    The curve ends below 100 if fewer came than were due.
    """
    ordered = sorted(samples)
    count = len(ordered)
    evenly = {index * (count - 1) // (_RANKS - 1) for index in range(_RANKS)} if count else set()
    ranks = evenly | set(range(max(0, count - _TAIL), count))
    return [(ordered[rank], 100.0 * (rank + 1) / due) for rank in sorted(ranks)]
