"""Times without a connection: a client lost it, and joined again or not.  [pure]

The picture stands still then, but for another reason than in a freeze: the client has given the
old connection up. So these times are counted on their own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of time; ``start`` is not part of it, ``end`` is."""

    start: float
    end: float


class OutageSpans:
    """The times without a connection of one run, from ``started_at`` to ``ended_at``.

    Each lasts from the last snapshot over the old connection to the first over the next one.
    ``lost_at`` are the times at which connections were lost, and ``arrived_at`` those of all
    arrivals, both in ascending order.
    """

    def __init__(
        self,
        lost_at: Iterable[float],
        arrived_at: Sequence[float],
        started_at: float,
        ended_at: float,
    ) -> None:
        self.spans: list[Span] = []
        for at in lost_at:
            # Not by the time of the next welcome: it is handled when the first snapshot after it
            # may have arrived already.
            first = bisect_right(arrived_at, at)
            start = max(arrived_at[first - 1] if first else started_at, started_at)
            end = min(arrived_at[first] if first < len(arrived_at) else ended_at, ended_at)
            span = Span(start, end)
            # A next connection may be lost before its first snapshot.
            if start < end and span not in self.spans[-1:]:
                self.spans.append(span)
        self.total_s = sum(span.end - span.start for span in self.spans)
        self._starts = [span.start for span in self.spans]

    def ended_between(self, start: float, end: float) -> bool:
        """Return whether an outage ended after ``start`` and not after ``end``."""
        return any(start < span.end <= end for span in self.spans)

    def covers(self, at: float) -> bool:
        """Return whether there was no connection at a time."""
        index = bisect_left(self._starts, at) - 1
        # The arrival at the end of an outage is drawn: it belongs to the new connection.
        return index >= 0 and at < self.spans[index].end
