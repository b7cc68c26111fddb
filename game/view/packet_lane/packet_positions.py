"""Positions of packets on a lane at one time: under way, lost, waiting, leaving.  [pure]

A position is a ratio: 0 at the sender, 1 at the receiver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from game.view.packet_lane.recent_packets import FlowPackets, LanePacket
from net.link.packet_log import DropCause

# Where a lost packet breaks. The model has no place of a loss but the queue, at the sender.
LOSS_POSITION = 0.5
QUEUE_POSITION = 0.06
# Times of the match, so they take ten times as long at a tenth of the speed. Longer than a packet
# takes on a short link, or nobody would see it.
FALL_S = 0.25
LEAVE_S = 0.06
# A packet that waits for longer behind a hole is not looked for.
WAITING_S = 5.0
# The link's own delay, while no packet has arrived.
_UNKNOWN_DELAY_S = 0.025
# Packets that the delay of the link is taken from.
_DELAY_PACKETS = 200


@dataclass(frozen=True, slots=True)
class PlacedPacket:
    """A packet on its way. ``position``: from sender to receiver."""

    packet: LanePacket
    position: float


@dataclass(frozen=True, slots=True)
class FallingPacket:
    """A lost packet, broken at ``position``. ``fallen``: from 0, just now, to 1, gone."""

    packet: LanePacket
    position: float
    fallen: float


@dataclass(frozen=True, slots=True)
class DirectionState:
    """One direction of a lane.

    ``pile``: packets that have arrived but may not be read yet, in the order of the stream.
    ``hole``: the lost packet that they wait for; None if it is not lost, but late.
    ``leaving``: packets that the application reads, with the progress of their way out.
    """

    moving: tuple[PlacedPacket, ...]
    falling: tuple[FallingPacket, ...]
    pile: tuple[LanePacket, ...]
    hole: LanePacket | None
    leaving: tuple[PlacedPacket, ...]


@dataclass(frozen=True, slots=True)
class LaneState:
    """Both directions of a lane: ``down`` goes to the player."""

    down: DirectionState
    up: DirectionState


def lane_state(flow: FlowPackets, at: float) -> LaneState:
    """Return where the packets of a flow are at a time."""
    sent = flow.sent(at - WAITING_S, at)
    return LaneState(_direction_state(sent.down, at), _direction_state(sent.up, at))


def lost_at(packet: LanePacket, delay_s: float) -> float:
    """Return when a lost packet breaks, on a link with this one-way delay."""
    return packet.sent_at + loss_position(packet) * delay_s


def loss_position(packet: LanePacket) -> float:
    """Return where a lost packet breaks."""
    return QUEUE_POSITION if packet.drop is DropCause.QUEUE else LOSS_POSITION


def least_delay_s(packets: Sequence[LanePacket]) -> float:
    """Return the least one-way delay of the newest packets of one direction."""
    # A lost packet arrives never.
    least_s = min((p.arrived_at - p.sent_at for p in packets[-_DELAY_PACKETS:]), default=inf)
    return least_s if least_s < inf else _UNKNOWN_DELAY_S


def _direction_state(sent: Sequence[LanePacket], at: float) -> DirectionState:
    moving: list[PlacedPacket] = []
    falling: list[FallingPacket] = []
    leaving: list[PlacedPacket] = []
    pile: list[LanePacket] = []
    lost: list[LanePacket] = []
    for packet in sent:
        # Nearly all: they were read long ago. A lost one is never read.
        if at >= packet.readable_at + LEAVE_S:
            continue
        if packet.is_lost:
            lost.append(packet)
        elif at < packet.arrived_at:
            moving.append(PlacedPacket(packet, _progress(packet.sent_at, packet.arrived_at, at)))
        elif at < packet.readable_at:
            pile.append(packet)
        else:
            leaving.append(PlacedPacket(packet, (at - packet.readable_at) / LEAVE_S))
    delay_s = least_delay_s(sent) if lost else 0.0
    for packet in lost:
        breaks_at = lost_at(packet, delay_s)
        if at < breaks_at:
            position = loss_position(packet) * _progress(packet.sent_at, breaks_at, at)
            moving.append(PlacedPacket(packet, position))
        elif at < breaks_at + FALL_S:
            fallen = (at - breaks_at) / FALL_S
            falling.append(FallingPacket(packet, loss_position(packet), fallen))
    pile.sort(key=_start_of)
    hole = _hole(sent, pile[0], at) if pile else None
    return DirectionState(tuple(moving), tuple(falling), tuple(pile), hole, tuple(leaving))


def _hole(sent: Sequence[LanePacket], first: LanePacket, at: float) -> LanePacket | None:
    """Return the lost packet that ``first`` waits for; None if that is only late."""
    # A bare acknowledgement has the position of the next byte, without any.
    data = [packet for packet in sent if packet.has_data]
    read_end = max((packet.end for packet in data if packet.readable_at <= at), default=0)
    missing = (
        packet
        for packet in data
        if packet.is_lost and packet.start < first.start and packet.end > read_end
    )
    return min(missing, key=_start_of, default=None)


def _progress(begin_s: float, end_s: float, at: float) -> float:
    return (at - begin_s) / (end_s - begin_s) if end_s > begin_s else 1.0


def _start_of(packet: LanePacket) -> int:
    return packet.start
