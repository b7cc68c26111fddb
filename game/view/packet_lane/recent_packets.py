"""Packets of one panel's link over the last ten seconds, by flow.  [pure]

Made from the records of ``net.link.packet_log``, without their bytes.
Times are on the clock of the screen.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from game.view.packet_lane.snapshot_ticks import SnapshotTicks, Ticks
from net.link.packet_log import DropCause, Flow, FlowLog, PacketRecord, ReadableRecord
from net.link.profile import RelayProtocol
from net.link.tcp_segment import Block, PacketType, ResendCause

KEPT_S = 10.0
# A flow is the present one while it sends more than others, as after a switch of transport.
_PRESENT_S = 0.5


@dataclass(slots=True, eq=False)
class LanePacket:
    """One packet, from client to server if ``is_up``.

    ``arrived_at`` is infinite if it was lost, because of ``drop``. ``readable_at`` is the time at
    which the application could read all of its bytes; of a datagram its arrival.
    ``start`` and ``end`` are its bytes of a TCP stream, both 0 for a datagram.
    ``ticks`` are those of the known snapshots inside, the newest last. A stream may send several in
    one packet.
    """

    is_up: bool
    sent_at: float
    arrived_at: float
    readable_at: float
    drop: DropCause
    resend: ResendCause
    start: int
    end: int
    sacks: tuple[Block, ...]
    ticks: Ticks
    has_data: bool

    @property
    def tick(self) -> int | None:
        """The tick of the newest snapshot inside; None without a known one."""
        return self.ticks[-1] if self.ticks else None

    @property
    def is_lost(self) -> bool:
        """True if no copy of it arrived."""
        return self.drop is not DropCause.NONE

    @property
    def waits(self) -> bool:
        """True if it arrived before its bytes could be read."""
        return not self.is_lost and self.readable_at > self.arrived_at


@dataclass(frozen=True, slots=True, eq=False)
class FlowPackets:
    """Packets of one flow in the order of sending; ``is_stream`` for TCP.

    Those of ``down`` go to the player.
    """

    is_stream: bool
    down: Sequence[LanePacket]
    up: Sequence[LanePacket]

    def sent(self, begin_s: float, end_s: float) -> "FlowPackets":
        """Return the packets that were sent after ``begin_s``, up to ``end_s``."""
        return FlowPackets(
            self.is_stream, _sent(self.down, begin_s, end_s), _sent(self.up, begin_s, end_s)
        )

    def __len__(self) -> int:
        return len(self.down) + len(self.up)


@dataclass(frozen=True, slots=True)
class LanePackets:
    """Packets of all flows of a panel."""

    flows: tuple[FlowPackets, ...]

    def flow_at(self, at: float) -> FlowPackets | None:
        """Return the flow that was in use at a time; None if nothing was sent."""
        counts = [(len(flow.sent(at - _PRESENT_S, at)), flow) for flow in self.flows]
        count, flow = max(counts, key=lambda each: each[0], default=(0, None))
        return flow if count else None


class _Flow:
    """Packets of one flow, while records are added."""

    def __init__(self, is_stream: bool) -> None:
        self.is_stream = is_stream
        # By direction, as everywhere in this class: True is up, to the server.
        self._packets: dict[bool, list[LanePacket]] = {False: [], True: []}
        self._ticks = SnapshotTicks()
        # Segments that may wait behind a hole.
        self._unread: dict[bool, list[LanePacket]] = {False: [], True: []}

    def add(self, record: PacketRecord, offset_s: float) -> None:
        packet = _packet_of(record, offset_s, () if record.is_up else self._ticks.ticks_of(record))
        self._packets[packet.is_up].append(packet)
        if self.is_stream and packet.has_data and not packet.is_lost:
            packet.readable_at = inf
            self._unread[packet.is_up].append(packet)

    def read(self, record: ReadableRecord, offset_s: float) -> None:
        """Note that the bytes up to ``record.end`` are readable."""
        unread = self._unread[record.is_up]
        for packet in unread:
            if packet.end <= record.end:
                packet.readable_at = max(record.at + offset_s, packet.arrived_at)
        unread[:] = [packet for packet in unread if packet.end > record.end]

    @property
    def is_empty(self) -> bool:
        """True if no packet of either direction is kept."""
        return not any(self._packets.values())

    def sent_since(self, begin_s: float) -> FlowPackets:
        """Return the packets that were sent after a time."""
        down, up = (_sent(self._packets[is_up], begin_s, inf) for is_up in (False, True))
        return FlowPackets(self.is_stream, down, up)

    def forget(self, before_s: float) -> None:
        for packets in (*self._packets.values(), *self._unread.values()):
            del packets[: bisect_left(packets, before_s, key=_sent_at)]


class PacketHistory:
    """The packets of the last ``KEPT_S``."""

    def __init__(self) -> None:
        self._flows: dict[Flow, _Flow] = {}

    def add(self, logs: Iterable[FlowLog], offset_s: float, now: float) -> None:
        """Add records; ``offset_s`` takes their times to the clock of ``now``."""
        for log in logs:
            flow = self._flow_of(log)
            for record in log.records:
                if isinstance(record, PacketRecord):
                    flow.add(record, offset_s)
                else:
                    flow.read(record, offset_s)
        for key, flow in list(self._flows.items()):
            flow.forget(now - KEPT_S)
            if flow.is_empty:
                del self._flows[key]

    def packets(self) -> LanePackets:
        """Return all kept packets. Later calls of ``add`` put no packets into the result."""
        return self.sent_since(-inf)

    def sent_since(self, begin_s: float) -> LanePackets:
        """Return the packets that were sent after a time."""
        return LanePackets(tuple(flow.sent_since(begin_s) for flow in self._flows.values()))

    def _flow_of(self, log: FlowLog) -> _Flow:
        flow = self._flows.get(log.flow)
        if flow is None:
            flow = self._flows[log.flow] = _Flow(log.flow.protocol is RelayProtocol.TCP)
        return flow


def _packet_of(record: PacketRecord, offset_s: float, ticks: Ticks) -> LanePacket:
    segment = record.segment
    arrived_at = min(record.arrivals) + offset_s if record.arrivals else inf
    return LanePacket(
        is_up=record.is_up,
        sent_at=record.sent_at + offset_s,
        arrived_at=arrived_at,
        readable_at=arrived_at,
        drop=record.drop,
        resend=record.resend,
        start=0 if segment is None else segment.start,
        end=0 if segment is None else segment.end,
        sacks=() if segment is None else segment.sacks,
        ticks=ticks,
        has_data=_has_data(record),
    )


def _has_data(record: PacketRecord) -> bool:
    segment = record.segment
    if segment is None:
        return True
    return segment.end > segment.start and segment.kind is not PacketType.RESET


def _sent(packets: Sequence[LanePacket], begin_s: float, end_s: float) -> Sequence[LanePacket]:
    """Return the packets that were sent after ``begin_s``, up to ``end_s``."""
    first = bisect_right(packets, begin_s, key=_sent_at)
    return packets[first : bisect_right(packets, end_s, key=_sent_at)]


def _sent_at(packet: LanePacket) -> float:
    return packet.sent_at
