"""Packets that wait until they are due, handed over in time order by one timer of the loop.

The loop's own `call_at` keeps no order among equal times, and a link that keeps order gives equal
times to packets that caught up with each other. Knows nothing of sockets and links.
"""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from math import inf

from net.link.lateness import LatenessHistogram

Deliver = Callable[[bytes], None]


class DeliveryQueue:
    """What is on its way through the links of a relay. Times are the event loop's, in seconds.

    `lateness` learns how late each left.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, lateness: LatenessHistogram) -> None:
        self._loop = loop
        self._lateness = lateness
        self._waiting: list[tuple[float, int, Deliver, bytes]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = inf

    def add(self, at: float, hand_over: Deliver, packet: bytes) -> None:
        """Have `hand_over(packet)` called at a time; equal times keep the order of adding."""
        self._count += 1
        heappush(self._waiting, (at, self._count, hand_over, packet))
        if at < self._timer_at:
            self._arm(at)

    def close(self) -> None:
        """Drop what waits."""
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
            _, _, hand_over, packet = heappop(waiting)
            hand_over(packet)
            self._lateness.add(late_s)
        if waiting:
            self._arm(waiting[0][0])
