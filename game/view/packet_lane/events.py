"""Events of packets that slow motion explains in words, such as losses and copies.  [pure]"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from game.view.packet_lane.packet_positions import least_delay_s, lost_at
from game.view.packet_lane.recent_packets import FlowPackets, LanePacket
from net.link.packet_log import DropCause
from net.link.tcp_segment import ResendCause

# Packets read this close together were released by one arrival.
_SAME_ARRIVAL_S = 1e-6
# Nobody sees that a sender waits for a shorter time.
_LEAST_WAIT_S = 0.05


class EventKind(Enum):
    """Kind of event in the log of a packet. The text of some kinds contains a value."""

    LOST = "lost"
    LOST_FOR_GOOD = "lost, and never sent again"
    LOST_IN_BURST = "lost in a burst"
    LOST_IN_QUEUE = "lost in a full queue"
    COPY_LOST = "copy lost"
    COPY_LOST_TIMER = "copy lost, the timer is left"
    SENT_TOGETHER = "several snapshots in one packet"
    TIMER_RUNS = "nothing under way, the timer runs"
    HOLE_REPORTED = "hole reported"
    RESENT_FAST = "sent again after an acknowledgement"
    RESENT_RACK = "sent again by RACK"
    RESENT_PROBE = "probe"
    RESENT_TIMEOUT = "sent again by the timer"
    HOLE_FILLED = "hole filled"


@dataclass(frozen=True, slots=True)
class LaneEvent:
    """An event at a time, with the packet it belongs to.

    ``value_s``: the doubt before a copy, or the wait for the timer. ``count``: packets released,
    or snapshots in one packet. ``until``: the end of an event that lasts.
    """

    at: float
    kind: EventKind
    packet: LanePacket
    value_s: float = 0.0
    count: int = 0
    until: float | None = None


def lane_events(flow: FlowPackets) -> list[LaneEvent]:
    """Return the events of the data to the player, in the order of time."""
    if not flow.is_stream:
        return sorted(_datagram_losses(flow.down), key=_time_of)
    data = [packet for packet in flow.down if packet.has_data]
    events = [
        *_sent_together(data),
        *_losses(data),
        *_reports(flow.up),
        *_copies(data, flow.up),
        *_timer_waits(data),
        *_releases(data),
    ]
    return sorted(events, key=_time_of)


def _sent_together(data: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    """Yield the packets with snapshots that have waited for each other at the sender."""
    for packet in data:
        if len(packet.ticks) > 1 and packet.resend is ResendCause.NONE:
            count = len(packet.ticks)
            yield LaneEvent(packet.sent_at, EventKind.SENT_TOGETHER, packet, count=count)


def _datagram_losses(down: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    delay_s = least_delay_s(down)
    for packet in down:
        if packet.is_lost:
            kind = EventKind.LOST_FOR_GOOD
            if packet.drop is DropCause.QUEUE:
                kind = EventKind.LOST_IN_QUEUE
            yield LaneEvent(lost_at(packet, delay_s), kind, packet)


def _losses(data: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    delay_s = least_delay_s(data)
    for index, packet in enumerate(data):
        if not packet.is_lost:
            continue
        at, value_s = lost_at(packet, delay_s), 0.0
        if packet.resend is not ResendCause.NONE:
            kind = EventKind.COPY_LOST
            copy = _next_copy(data, index)
            if copy is not None and copy.resend is ResendCause.TIMEOUT:
                kind, value_s = EventKind.COPY_LOST_TIMER, copy.sent_at - packet.sent_at
        else:
            kinds = {
                DropCause.QUEUE: EventKind.LOST_IN_QUEUE,
                DropCause.BURST: EventKind.LOST_IN_BURST,
            }
            kind = kinds.get(packet.drop, EventKind.LOST)
            if kind is EventKind.LOST_IN_BURST and not _is_beside_loss(data, index):
                # The others of its burst went the other way, or carried no data.
                kind = EventKind.LOST
        yield LaneEvent(at, kind, packet, value_s)


def _is_beside_loss(data: Sequence[LanePacket], index: int) -> bool:
    """Return whether the packet before or behind was lost too."""
    beside = (*data[max(0, index - 1) : index], *data[index + 1 : index + 2])
    return any(packet.is_lost for packet in beside)


def _next_copy(data: Sequence[LanePacket], index: int) -> LanePacket | None:
    """Return the next transmission of the first byte of a packet."""
    start = data[index].start
    later = data[index + 1 :]
    return next((packet for packet in later if packet.start <= start < packet.end), None)


def _reports(up: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    """Yield the first acknowledgement that tells of each hole (SACK, RFC 2018)."""
    told = False
    for packet in up:
        if packet.sacks and not told:
            yield LaneEvent(packet.sent_at, EventKind.HOLE_REPORTED, packet)
        told = bool(packet.sacks)


def _copies(data: Sequence[LanePacket], up: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    for index, packet in enumerate(data):
        match packet.resend:
            case ResendCause.FAST:
                yield LaneEvent(packet.sent_at, EventKind.RESENT_FAST, packet)
            case ResendCause.RACK:
                doubt_s = _doubt_s(packet, up)
                yield LaneEvent(packet.sent_at, EventKind.RESENT_RACK, packet, doubt_s)
            case ResendCause.PROBE:
                yield LaneEvent(packet.sent_at, EventKind.RESENT_PROBE, packet)
            case ResendCause.TIMEOUT:
                waited_s = packet.sent_at - _sent_before(data, index)
                yield LaneEvent(packet.sent_at, EventKind.RESENT_TIMEOUT, packet, waited_s)


def _timer_waits(data: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    """Yield the times in which nothing is under way until a timer sends a copy."""
    delay_s = least_delay_s(data)
    for index, copy in enumerate(data):
        if copy.resend is not ResendCause.TIMEOUT or not index:
            continue
        last = data[index - 1]
        at = lost_at(last, delay_s) if last.is_lost else last.arrived_at
        if copy.sent_at - at >= _LEAST_WAIT_S:
            waited_s = copy.sent_at - _sent_before(data, index)
            yield LaneEvent(at, EventKind.TIMER_RUNS, last, waited_s, until=copy.sent_at)


def _doubt_s(copy: LanePacket, up: Sequence[LanePacket]) -> float:
    """Return for how long the sender knew of bytes that arrived behind a missing packet."""
    known_since = [
        packet.arrived_at
        for packet in up
        if packet.arrived_at <= copy.sent_at
        and any(block_start >= copy.end for block_start, _ in packet.sacks)
    ]
    return copy.sent_at - min(known_since, default=copy.sent_at)


def _sent_before(data: Sequence[LanePacket], index: int) -> float:
    """Return when the first byte of a copy was sent last before it."""
    copy = data[index]
    before = (p.sent_at for p in reversed(data[:index]) if p.start <= copy.start < p.end)
    return next(before, copy.sent_at)


def _releases(data: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    """Yield the arrivals that let several packets through."""
    read = sorted((p for p in data if not p.is_lost), key=lambda packet: packet.readable_at)
    group: list[LanePacket] = []
    for packet in read:
        if group and packet.readable_at - group[0].readable_at > _SAME_ARRIVAL_S:
            yield from _release(group)
            group = []
        group.append(packet)
    yield from _release(group)


def _release(group: Sequence[LanePacket]) -> Iterator[LaneEvent]:
    if any(packet.waits for packet in group):
        filler = next((packet for packet in group if not packet.waits), group[0])
        yield LaneEvent(group[0].readable_at, EventKind.HOLE_FILLED, filler, count=len(group))


def _time_of(event: LaneEvent) -> float:
    return event.at
