"""Wires in virtual time: what a link makes of messages, without a socket.  [pure]

The same computed connection as over UDP, or frames in a stream as over TCP, between two ends whose
packets cross the same models of a link that the relay uses. An hour takes seconds, and one seed
gives one outcome. Knows no session and no game.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from heapq import heappop, heappush
from math import inf

from game.lab.measure.results import LinkCounters, ledger_figures
from net.datagram.connection import DatagramConnection
from net.link.datagram_path import DatagramPath
from net.link.loss import PacketDrawStream
from net.link.profile import Link
from net.link.stats import DirectionStats, direction_stats
from net.link.tcp.endpoint import Side
from net.link.tcp.path import TcpPath
from net.stream.framing import FrameDecoder, encode_frame
from net.transport import LANE_STATE, MESSAGE_LIMIT_BYTES, ChannelStats, Delivery

# Ethernet, IPv4 and UDP, as the relay counts them against a rate; without Ethernet as a channel
# counts them.
_FRAMED_HEADER_BYTES = 14 + 20 + 8
_UDP_HEADER_BYTES = 20 + 8
# IPv4 and TCP with timestamps.
_TCP_HEADER_BYTES = 20 + 32

Receive = Callable[[bytes], None]


class VirtualTime:
    """A clock that jumps from one event to the next; equal times keep their order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def call_at(self, at: float, call: Callable[[], None]) -> None:
        """Have something called at a time; at once if that has passed."""
        self._count += 1
        heappush(self._events, (max(at, self.now), self._count, call))

    def run_until(self, end: float) -> None:
        """Let everything happen that is due up to ``end``."""
        while self._events and self._events[0][0] <= end:
            self.now, _, call = heappop(self._events)
            call()
        self.now = end


class SimulatedChannel(ABC):
    """Messages between a client and a server; ``receivers`` are by ``Side``, set by the caller."""

    receivers: dict[Side, Receive]

    @abstractmethod
    def __init__(self, time: VirtualTime, link: Link, seed: int) -> None:
        """Open the wire over a link."""

    @abstractmethod
    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one end."""

    @abstractmethod
    def set_link(self, link: Link) -> None:
        """Hold ``link`` from the next packet on."""

    @abstractmethod
    def counters(self, side: Side) -> ChannelStats:
        """Return what one end's channel would count."""

    @abstractmethod
    def ledger(self) -> LinkCounters:
        """Return what the link has done."""


class DatagramWire(SimulatedChannel):
    """A connection over datagrams, as the UDP transport has it, once it is open."""

    def __init__(self, time: VirtualTime, link: Link, seed: int) -> None:
        self.receivers = {}
        self._time = time
        name = bytes(8)
        self._ends = {
            Side.CLIENT: DatagramConnection(name, (), is_server=False),
            Side.SERVER: DatagramConnection(name, (), is_server=True),
        }
        self._paths = {
            Side.CLIENT: DatagramPath(link.up, PacketDrawStream(seed, "up")),
            Side.SERVER: DatagramPath(link.down, PacketDrawStream(seed, "down")),
        }

    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one end."""
        end = self._ends[side]
        if delivery is Delivery.RELIABLE:
            end.send_reliable(message, self._time.now)
            end.flush(self._time.now)
        else:
            end.send_latest(message, lane)
        self._put_out(side)

    def set_link(self, link: Link) -> None:
        """Hold ``link`` from the next packet on."""
        self._paths[Side.CLIENT].set_profile(link.up)
        self._paths[Side.SERVER].set_profile(link.down)

    def counters(self, side: Side) -> ChannelStats:
        """Return what one end's channel would count."""
        end = self._ends[side]
        return ChannelStats(
            sent=end.sent,
            received=end.received,
            lost=end.lost,
            unacknowledged=end.unacknowledged,
            stale=end.stale,
            duplicate=end.duplicate,
            invalid=end.invalid,
            retransmitted=end.retransmitted,
            payload_bytes_sent=end.payload_bytes_sent,
            payload_bytes_received=end.payload_bytes_received,
            wire_bytes_sent=end.datagram_bytes_sent + _UDP_HEADER_BYTES * end.datagrams_sent,
            wire_bytes_received=end.datagram_bytes_received
            + _UDP_HEADER_BYTES * end.datagrams_received,
        )

    def ledger(self) -> LinkCounters:
        """Return what the link has done."""
        up, down = (direction_stats(self._paths[side].counters) for side in Side)
        return LinkCounters(ledger_figures(up), ledger_figures(down))

    def _put_out(self, side: Side) -> None:
        end, time = self._ends[side], self._time
        other = Side(1 - side)
        for datagram in end.outgoing:
            for at in self._paths[side].send(time.now, len(datagram) + _FRAMED_HEADER_BYTES):
                time.call_at(at, lambda datagram=datagram: self._deliver(other, datagram))  # type: ignore[misc]
        end.outgoing.clear()
        if end.deadline < end.scheduled_at:
            end.scheduled_at = end.deadline
            time.call_at(end.deadline, lambda: self._wake(side))

    def _deliver(self, side: Side, datagram: bytes) -> None:
        end = self._ends[side]
        for message in end.receive(datagram, self._time.now):
            self.receivers[side](message)
        if end.wants_flush:
            end.flush(self._time.now)
        self._put_out(side)

    def _wake(self, side: Side) -> None:
        end = self._ends[side]
        end.scheduled_at = inf
        end.on_timer(self._time.now)
        self._put_out(side)


class StreamWire(SimulatedChannel):
    """Frames in a stream whose packets cross the link as the kernel's TCP would send them."""

    def __init__(self, time: VirtualTime, link: Link, seed: int) -> None:
        self.receivers = {}
        self._time = time
        self._path = TcpPath(link, seed, time.now)
        self._held = {side: bytearray() for side in Side}
        self._decoders = {side: FrameDecoder(MESSAGE_LIMIT_BYTES) for side in Side}
        self._sent = dict.fromkeys(Side, 0)
        self._received = dict.fromkeys(Side, 0)
        self._sent_bytes = dict.fromkeys(Side, 0)
        self._received_bytes = dict.fromkeys(Side, 0)
        self._is_advancing = False
        self._wake_at = inf

    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one end; a stream knows no other delivery than its own."""
        frame = encode_frame(message)
        self._sent[side] += 1
        self._sent_bytes[side] += len(message)
        self._held[side] += frame
        self._path.write(self._time.now, side, len(frame))
        self._advance()

    def set_link(self, link: Link) -> None:
        """Hold ``link`` from the next packet on."""
        self._path.set_link(self._time.now, link)

    def counters(self, side: Side) -> ChannelStats:
        """Return what one end's channel would count; retransmissions stand in the ledger."""
        packets = [self._figures(each).sent for each in (side, Side(1 - side))]
        return ChannelStats(
            sent=self._sent[side],
            received=self._received[side],
            payload_bytes_sent=self._sent_bytes[side],
            payload_bytes_received=self._received_bytes[side],
            wire_bytes_sent=self._sent_bytes[side] + _TCP_HEADER_BYTES * packets[0],
            wire_bytes_received=self._received_bytes[side] + _TCP_HEADER_BYTES * packets[1],
        )

    def ledger(self) -> LinkCounters:
        """Return what the link has done."""
        up, down = (self._figures(side) for side in Side)
        return LinkCounters(ledger_figures(up), ledger_figures(down))

    def _figures(self, side: Side) -> DirectionStats:
        return direction_stats(*self._path.stats(side))

    def _advance(self) -> None:
        # An answer that is sent from within is advanced by the loop that is already running, so
        # that nothing overtakes what is still to be handed over.
        if self._is_advancing:
            return
        self._is_advancing = True
        while arrivals := self._path.advance(self._time.now):
            for arrival in arrivals:
                self._hand_over(arrival.to, arrival.n_bytes)
        self._is_advancing = False
        at = self._path.next_event_at()
        if at < self._wake_at:
            self._wake_at = at
            self._time.call_at(at, self._wake)

    def _hand_over(self, side: Side, n_bytes: int) -> None:
        held = self._held[Side(1 - side)]
        with memoryview(bytes(held[:n_bytes])) as arrived:
            messages = self._decoders[side].feed(arrived)
        del held[:n_bytes]
        for message in messages:
            self._received[side] += 1
            self._received_bytes[side] += len(message)
            self.receivers[side](message)

    def _wake(self) -> None:
        self._wake_at = inf
        self._advance()
