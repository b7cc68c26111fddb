"""Packets kept for slow motion: where they were and what happened, at any kept time.  [pure]"""

from collections.abc import Sequence
from math import inf

from game.view.packet_lane.events import EventKind, LaneEvent, lane_events
from game.view.packet_lane.packet_positions import LEAVE_S, WAITING_S, LaneState, lane_state
from game.view.packet_lane.recent_packets import FlowPackets, LanePackets, PacketHistory

# Records come in batches. A lane of the present is drawn this much late, when all records are
# there. A packet on a short link has arrived before its record.
LIVE_DELAY_S = 0.08
# Time to read the words of an event, whatever the speed.
_WORDS_SHOWN_S = 3.0
# The copy that fills the hole is under way then.
_BEFORE_RELEASE_S = 0.009


def live_state(history: PacketHistory, now: float) -> LaneState | None:
    """Return where the packets are now, or were a moment ago; None without any."""
    at = now - LIVE_DELAY_S
    flow = history.sent_since(at - WAITING_S).flow_at(at)
    return None if flow is None else lane_state(flow, at)


class LaneClip:
    """Packets of all flows of a panel, and their events."""

    def __init__(self, packets: LanePackets) -> None:
        self._packets = packets
        self._events: dict[int, list[LaneEvent]] = {}

    def state(self, at: float) -> LaneState | None:
        """Return where the packets were at a time; None without any."""
        flow = self._packets.flow_at(at)
        return None if flow is None else lane_state(flow, at)

    def largest_pile(self) -> tuple[int, float]:
        """Return how many packets to the player waited at most, and just before when they left."""
        waiting = [
            packet
            for flow in self._packets.flows
            for packet in flow.down
            if packet.waits and packet.readable_at < inf
        ]
        times = {packet.readable_at - _BEFORE_RELEASE_S for packet in waiting}
        sizes = [(sum(p.arrived_at <= at < p.readable_at for p in waiting), at) for at in times]
        return max(sizes, default=(0, 0.0))

    def events(self, at: float, speed: float) -> Sequence[LaneEvent]:
        """Return what has just happened, or lasts, at a time; oldest first.

        ``speed`` is that of the playback.
        """
        flow = self._packets.flow_at(at)
        if flow is None:
            return ()
        since_s = at - _WORDS_SHOWN_S * speed
        return [
            event
            for event in self._events_of(flow)
            if event.at <= at and not _is_past(event, at, since_s)
        ]

    def _events_of(self, flow: FlowPackets) -> list[LaneEvent]:
        """Return the events of a flow, found when they are first asked for."""
        index = self._packets.flows.index(flow)
        if index not in self._events:
            self._events[index] = lane_events(flow)
        return self._events[index]


def _is_past(event: LaneEvent, at: float, since_s: float) -> bool:
    """Return whether the words have lost their packet; those of a trouble stay to be read."""
    if event.until is not None:
        return at >= event.until
    read_s = event.packet.readable_at + LEAVE_S
    return event.at <= since_s or (event.kind is EventKind.SENT_TOGETHER and at >= read_s)
