"""Fewer points for the same picture: lines by their extremes, samples by their ranks.  [pure]

A plot has about a thousand pixels across; thirty thousand points in it make a large file and a slow
page. What must not get lost is what a student looks for: the peaks. Knows no plot.
"""

from bisect import bisect_left
from collections.abc import Sequence

Point = tuple[float, float]

# Two to a bucket, so about one point for every pixel across a plot.
BUCKETS = 600
# Fine enough that no step of a cumulative curve is wider than a line is thick.
_RANKS = 300
# A tail of a few samples is the very thing that such a curve is looked at for.
_TAIL = 40


def keep_extremes(points: Sequence[Point], buckets: int = BUCKETS) -> list[Point]:
    """Return the least and the greatest value of each stretch of time, and both ends of the line.

    `points` are (time, value), times ascending. At most `2 * buckets + 2` of them come back,
    untouched and in order; fewer than that are returned as they are.
    """
    if len(points) <= 2 * buckets + 2:
        return list(points)
    kept: list[Point] = [points[0]]
    started_at, ended_at = points[0][0], points[-1][0]
    begin = 1
    for number in range(1, buckets + 1):
        border = started_at + (ended_at - started_at) * number / buckets
        end = len(points) - 1
        if number < buckets:
            end = bisect_left(points, border, begin, end, key=_time_of)
        if begin < end:
            kept += _extremes(points, begin, end)
        begin = end
    kept.append(points[-1])
    return kept


def cumulative(samples: Sequence[float], due: int) -> list[Point]:
    """Return (value, percentage of those due that are not above it), thinned by rank.

    The curve ends below 100 if fewer came than were due.
    """
    ordered = sorted(samples)
    count = len(ordered)
    evenly = {index * (count - 1) // (_RANKS - 1) for index in range(_RANKS)} if count else set()
    ranks = evenly | set(range(max(0, count - _TAIL), count))
    return [(ordered[rank], 100.0 * (rank + 1) / due) for rank in sorted(ranks)]


def _extremes(points: Sequence[Point], begin: int, end: int) -> list[Point]:
    least = min(range(begin, end), key=lambda index: points[index][1])
    greatest = max(range(begin, end), key=lambda index: points[index][1])
    return [points[index] for index in sorted({least, greatest})]


def _time_of(point: Point) -> float:
    return point[0]
