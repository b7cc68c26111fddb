"""Timer that delivers packets in order of time: one timer of the event loop for all.

``loop.call_at`` for each packet would not keep the order among equal times. A link that keeps order
gives equal times to packets that jitter would let overtake each other.
"""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from math import inf

from net.link.lateness import LatenessHistogram

__all__ = ["Deliver", "DeliveryTimer"]

Deliver = Callable[[bytes], None]


class DeliveryTimer:
    """Packets in flight on the links of a relay. Times are the event loop's, in seconds.

    ``lateness`` counts how late each packet is delivered.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, lateness: LatenessHistogram) -> None:
        self._loop = loop
        self._lateness = lateness
        self._waiting: list[tuple[float, int, Deliver, bytes]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = inf

    def add(self, at: float, deliver: Deliver, packet: bytes) -> None:
        """Call ``deliver(packet)`` at time ``at``. Equal times keep the order of adding."""
        self._count += 1
        heappush(self._waiting, (at, self._count, deliver, packet))
        if at < self._timer_at:
            self._arm(at)

    def close(self) -> None:
        """Drop all packets and cancel the timer."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_at(at, self._deliver_due)

    def _deliver_due(self) -> None:
        self._timer, self._timer_at = None, inf
        waiting = self._waiting
        while waiting and (late_s := self._loop.time() - waiting[0][0]) >= 0.0:
            _, _, deliver, packet = heappop(waiting)
            deliver(packet)
            self._lateness.add(late_s)
        if waiting:
            self._arm(waiting[0][0])
