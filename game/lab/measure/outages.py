"""Times without a connection: a client lost it, and joined again or not.  [pure]

The picture stands still then, but for another reason than in a freeze: the client has given the
old connection up. So these times are counted on their own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple


class Outage(NamedTuple):
    """The loss of a connection, and the welcome on the next one; infinite if there was none."""

    lost_at: float
    rejoined_at: float = inf


class Span(NamedTuple):
    """A stretch of time; ``start`` is not part of it, ``end`` is."""

    start: float
    end: float


class OutageSpans:
    """The times without a connection of one run, from ``started_at`` to ``ended_at``.

    Each lasts from the last snapshot over the old connection to the first over the next one.
    ``arrived_at`` are the times of all arrivals, in ascending order.
    """

    def __init__(
        self,
        outages: Iterable[Outage],
        arrived_at: Sequence[float],
        started_at: float,
        ended_at: float,
    ) -> None:
        self.spans: list[Span] = []
        for outage in outages:
            before = bisect_right(arrived_at, outage.lost_at)
            after = bisect_left(arrived_at, outage.rejoined_at)
            start = max(arrived_at[before - 1] if before else started_at, started_at)
            end = min(arrived_at[after] if after < len(arrived_at) else ended_at, ended_at)
            if start < end:
                self.spans.append(Span(start, end))
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
