"""What happens to a datagram on its way through one direction of a link.  [pure]

A rate with a drop-tail queue, then the wire: loss, delay, jitter, duplicates. Pure: the caller
brings the time and waits until the delivery times that it gets. Does not see content, or transport.
"""

from dataclasses import dataclass
from math import inf
from statistics import NormalDist

from net.link.loss import GilbertElliott, PacketDrawStream
from net.link.profile import LinkProfile

_NORMAL = NormalDist()


@dataclass(slots=True)
class PathCounters:
    """What a path did to the packets given to it."""

    sent: int = 0
    lost: int = 0
    queue_dropped: int = 0
    duplicated: int = 0
    reordered: int = 0


class DatagramPath:
    """One direction of a link, for one flow: order and queue are this flow's alone."""

    def __init__(self, profile: LinkProfile, luck: PacketDrawStream) -> None:
        self.counters = PathCounters()
        self._luck = luck
        self._loss = GilbertElliott(profile.loss_ratio, profile.burst)
        self._free_at = -inf  # when all that was queued has left
        self._last_delivery_at = -inf
        self.set_profile(profile)

    def set_profile(self, profile: LinkProfile) -> None:
        """Hold `profile` from the next packet on; what is under way keeps its times."""
        self._profile = profile
        self._loss.set_loss(profile.loss_ratio, profile.burst)

    def send(self, now: float, size_bytes: int) -> list[float]:
        """Return when a packet of `size_bytes` given at `now` is delivered, in seconds.

        Empty when it is lost, two times when it is duplicated. The size counts all headers.
        """
        profile, ledger = self._profile, self.counters
        ledger.sent += 1
        luck = self._luck.draw()
        lost = self._loss.is_lost(luck.loss)
        left_at = (
            now if profile.rate_bps is None else self._queue(now, size_bytes, profile.rate_bps)
        )
        if left_at is None:
            ledger.queue_dropped += 1
            return []
        if lost:
            ledger.lost += 1
            return []
        deliveries = [self._arrive(left_at, luck.jitter)]
        if luck.duplicate < profile.duplicate_ratio:
            ledger.duplicated += 1
            deliveries.append(self._arrive(left_at, luck.duplicate_jitter))
        return deliveries

    def _queue(self, now: float, size_bytes: int, rate_bps: float) -> float | None:
        """Return when the packet has left at the rate, None if the queue has no room for it."""
        profile = self._profile
        queued_s = max(self._free_at - now, 0.0)
        if queued_s and profile.queue_bytes is not None:
            fits = round(queued_s * rate_bps / 8) + size_bytes <= profile.queue_bytes
        else:
            fits = queued_s <= profile.queue_s
        if not fits:
            return None
        self._free_at = now + queued_s + size_bytes * 8 / rate_bps
        return self._free_at

    def _arrive(self, left_at: float, draw: float) -> float:
        """Return when a packet that left then arrives, by its delay and jitter."""
        profile = self._profile
        delay_s = profile.delay_s
        if profile.jitter_s:
            if profile.jitter_is_normal:
                delay_s += profile.jitter_s * _NORMAL.inv_cdf(max(draw, 1e-12))
            else:
                delay_s += profile.jitter_s * (2 * draw - 1)
        at = left_at + max(delay_s, 0.0)
        if at < self._last_delivery_at:
            if not profile.reorders:
                return self._last_delivery_at
            self.counters.reordered += 1
            return at
        self._last_delivery_at = at
        return at
