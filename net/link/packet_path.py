"""Model of one direction of a link, for datagrams or IP packets.  [pure]

A packet passes a rate limit with a drop-tail queue first, then loss, delay, jitter and duplication.
The caller delivers the packet at the times that the model returns.
"""

from dataclasses import dataclass
from math import inf
from statistics import NormalDist

from net.link.loss import GilbertElliott, PacketDrawStream
from net.link.packet_log import DropCause, PacketRecord
from net.link.profile import Link, LinkProfile
from net.link.recorded_schedule import PlayedSchedule
from net.link.tcp_segment import Packet, ResendCause

__all__ = ["PacketPath", "PathCounters", "link_paths", "set_link_of"]

_NORMAL = NormalDist()
# Looked up once for all packets: Python 3.11 takes 0.1 µs to find a member of an enum.
_NO_DROP = DropCause.NONE


@dataclass(slots=True)
class PathCounters:
    """Packet counts of a path. ``sent`` includes the packets lost or dropped."""

    sent: int = 0
    lost: int = 0
    queue_dropped: int = 0
    duplicated: int = 0
    reordered: int = 0


class PacketPath:
    """One direction of a link for one flow. Each flow has an order and a queue of its own.

    Times are seconds of the caller's clock.
    ``schedule`` is what a recording adds to the profile; None for nothing.
    ``drop_cause`` tells why the last packet was dropped; old if it was not.
    """

    def __init__(
        self,
        profile: LinkProfile,
        draws: PacketDrawStream,
        schedule: PlayedSchedule | None = None,
    ) -> None:
        self.counters = PathCounters()
        self.drop_cause = DropCause.NONE
        self._draws = draws
        self._loss = GilbertElliott(profile.loss_ratio, profile.burst)
        self._free_at = -inf  # when the last queued packet has left
        self._last_delivery_at = -inf
        self.set_profile(profile, schedule)

    def set_profile(self, profile: LinkProfile, schedule: PlayedSchedule | None = None) -> None:
        """Apply ``profile`` from the next packet on. Packets in flight keep their times."""
        self._profile = profile
        self._schedule = schedule
        # A rate in the profile replaces the recorded ones.
        self._rates = (
            schedule if schedule and schedule.has_rate and profile.rate_bps is None else None
        )
        self._has_rate = profile.rate_bps is not None or self._rates is not None
        self._loss.set_loss(profile.loss_ratio, profile.burst)

    def send(self, now: float, size_bytes: int) -> list[float]:
        """Return the delivery times of a packet sent at ``now``: none if lost, two if duplicated.

        ``size_bytes`` includes all headers.
        """
        profile, counters, delay_s, in_outage = self._profile, self.counters, 0.0, False
        counters.sent += 1
        # Drawn and applied before the queue decides. So which packets are lost does not depend on
        # the rate, and is the same for all transports.
        loss, jitter, duplicate, duplicate_jitter = self._draws.draw()
        lost = self._loss.is_lost(loss)
        if self._schedule is not None:
            delay_s, recorded_ratio = self._schedule.fate(now)
            in_outage = recorded_ratio >= 1.0
            lost = lost or loss < recorded_ratio
        left_at = self._queue(now, size_bytes) if self._has_rate else now
        if left_at is None:
            counters.queue_dropped += 1
            self.drop_cause = DropCause.QUEUE
            return []
        if lost:
            counters.lost += 1
            in_burst = self._loss.in_burst or in_outage
            self.drop_cause = DropCause.BURST if in_burst else DropCause.LOSS
            return []
        deliveries = [self._arrive(left_at + delay_s, jitter)]
        if duplicate < profile.duplicate_ratio:
            counters.duplicated += 1
            deliveries.append(self._arrive(left_at + delay_s, duplicate_jitter))
        return deliveries

    def record(
        self,
        is_up: bool,
        now: float,
        size_bytes: int,
        arrivals: list[float],
        *,
        segment: Packet | None = None,
        is_fin: bool = False,
        resend: ResendCause = ResendCause.NONE,
        payload: bytes = b"",
    ) -> PacketRecord:
        """Return the log's record of the packet that was sent last, at ``now``."""
        drop = _NO_DROP if arrivals else self.drop_cause
        number, at = self.counters.sent - 1, tuple(arrivals)
        # Each packet has a record. By its constructor one takes twice as long.
        return PacketRecord._make(
            (is_up, number, now, size_bytes, at, drop, segment, is_fin, resend, payload)
        )

    def _queue(self, now: float, size_bytes: int) -> float | None:
        """Return when the packet has left at the rate, None if the queue is full."""
        profile = self._profile
        queued_s = max(self._free_at - now, 0.0)
        if queued_s and profile.queue_bytes is not None:
            fits = self._queued_bytes(now, queued_s) + size_bytes <= profile.queue_bytes
        else:
            fits = queued_s <= profile.queue_s
        if not fits:
            return None
        self._free_at = self._leaves_at(now + queued_s, size_bytes * 8)
        return self._free_at

    def _queued_bytes(self, now: float, queued_s: float) -> int:
        if self._rates is not None:
            return round(self._rates.bits_between(now, now + queued_s) / 8)
        return round(queued_s * (self._profile.rate_bps or 0.0) / 8)

    def _leaves_at(self, now: float, bits: int) -> float:
        if self._rates is not None:
            return self._rates.leaves_at(now, bits)
        assert self._profile.rate_bps is not None
        return now + bits / self._profile.rate_bps

    def _arrive(self, left_at: float, draw: float) -> float:
        """Return the arrival time of a packet, with its delay and jitter."""
        profile = self._profile
        delay_s = profile.delay_s
        if profile.jitter_s:
            if profile.jitter_is_normal:
                # A draw of 0 has no inverse.
                delay_s += profile.jitter_s * _NORMAL.inv_cdf(max(draw, 1e-12))
            else:
                delay_s += profile.jitter_s * (2 * draw - 1)
        at = left_at + max(delay_s, 0.0)
        if at < self._last_delivery_at:
            if not profile.reorders:
                # A queue on the way keeps the order: the packet arrives right behind the other.
                return self._last_delivery_at
            self.counters.reordered += 1
            return at
        self._last_delivery_at = at
        return at


def link_paths(link: Link, seed: int) -> tuple[PacketPath, PacketPath]:
    """Return the paths of one client over ``link``, up and down."""
    return (
        PacketPath(link.up, PacketDrawStream(seed, "up"), link.up_schedule),
        PacketPath(link.down, PacketDrawStream(seed, "down"), link.down_schedule),
    )


def set_link_of(up: PacketPath, down: PacketPath, link: Link) -> None:
    """Apply ``link`` to both paths of a client from the next packet on."""
    up.set_profile(link.up, link.up_schedule)
    down.set_profile(link.down, link.down_schedule)
