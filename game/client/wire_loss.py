"""Packet loss on the emulated link, as one client's connection meets it.  [pure]

A stream hides its losses behind retransmissions, so no count at its end shows them. The link counts
the packets of every transport where they are lost.
"""

from collections import deque
from math import nan

from net.link.stats import ConnectionStats
from net.measure.statistics import WINDOW_S

# The link's counters are read ten times a second at most, and kept for the window.
_READINGS_KEPT = 1024


class WireLoss:
    """Losses from server to client in the last minute: that direction carries the snapshots."""

    def __init__(self) -> None:
        self.lost_at = float("-inf")
        self._readings: deque[tuple[float, int, int]] = deque(maxlen=_READINGS_KEPT)
        self._connection: tuple[object, int, int] | None = None

    def record(self, now: float, link: ConnectionStats | None) -> None:
        """Add a reading of the link's counters; None while there is none."""
        if link is None:
            return
        connection = (link.kind, link.port, link.number)
        if connection != self._connection:
            # Another connection counts from zero again.
            self._readings.clear()
            self._connection = connection
        sent, lost = link.down.sent, link.down.lost + link.down.queue_dropped
        if self._readings and (sent, lost) == self._readings[-1][1:]:
            return
        if self._readings and lost > self._readings[-1][2]:
            self.lost_at = now
        self._readings.append((now, sent, lost))
        # One reading before the window is kept, so that the whole window is covered.
        while len(self._readings) > 2 and self._readings[1][0] <= now - WINDOW_S:
            self._readings.popleft()

    @property
    def is_known(self) -> bool:
        """True if there is an emulated link that counts."""
        return bool(self._readings)

    @property
    def ratio(self) -> float:
        """Ratio of lost packets to sent ones, 0 to 1; NaN without a packet."""
        if not self._readings:
            return nan
        _, sent_before, lost_before = self._readings[0]
        _, sent, lost = self._readings[-1]
        return (lost - lost_before) / (sent - sent_before) if sent > sent_before else nan
