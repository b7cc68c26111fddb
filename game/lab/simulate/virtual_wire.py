"""Simulated channels in virtual time: messages over a link model, without sockets.  [pure]

A datagram channel uses the UDP transport's connection, a stream channel its frames. Packets cross
the link models that the relay uses. One seed gives identical results.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from heapq import heappop, heappush
from math import inf

from game.lab.measure.results import LinkCounters
from net.datagram.connection import DatagramConnection
from net.link.packet_log import Log
from net.link.packet_path import link_paths, set_link_of
from net.link.profile import Link
from net.link.stats import DirectionStats, direction_stats
from net.link.tcp.endpoint import Side
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp.tcp_model import TcpPath
from net.stream.framing import FrameDecoder, encode_frame
from net.transport import LANE_STATE, MESSAGE_LIMIT_BYTES, ChannelStats, Delivery

# Ethernet, IPv4 and UDP: the relay counts these against the link's rate. A channel's own counters
# have no Ethernet header.
_FRAMED_HEADER_BYTES = 14 + 20 + 8
_UDP_HEADER_BYTES = 20 + 8
# IPv4 and TCP with timestamps.
_TCP_HEADER_BYTES = 20 + 32

Receive = Callable[[bytes], None]


class VirtualTime:
    """A clock that jumps to the next event; events of the same time keep their order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def call_at(self, at: float, call: Callable[[], None]) -> None:
        """Call a function at a time, or next if the time has passed."""
        self._count += 1
        heappush(self._events, (max(at, self.now), self._count, call))

    def run_until(self, end: float) -> None:
        """Run all events up to ``end``."""
        while self._events and self._events[0][0] <= end:
            self.now, _, call = heappop(self._events)
            call()
        self.now = end


class SimulatedChannel(ABC):
    """A channel between a client and a server; the caller sets a receiver for each side."""

    receivers: dict[Side, Receive]

    @abstractmethod
    def __init__(self, time: VirtualTime, link: Link, seed: int, log: Log | None = None) -> None:
        """Open the channel over a link, whose packets are logged in ``log``."""

    @abstractmethod
    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one side."""

    @abstractmethod
    def set_link(self, link: Link) -> None:
        """Emulate ``link`` from the next packet on."""

    @abstractmethod
    def stats(self, side: Side) -> ChannelStats:
        """Return the channel counters of one side."""

    @abstractmethod
    def link_counters(self) -> LinkCounters:
        """Return the link's packet counters."""


class SimulatedDatagramChannel(SimulatedChannel):
    """An open datagram connection, as the UDP transport has it."""

    def __init__(self, time: VirtualTime, link: Link, seed: int, log: Log | None = None) -> None:
        self.receivers = {}
        self._time = time
        self._log = log
        name = bytes(8)
        self._ends = {
            Side.CLIENT: DatagramConnection(name, (), is_server=False),
            Side.SERVER: DatagramConnection(name, (), is_server=True),
        }
        self._paths = dict(zip(Side, link_paths(link, seed), strict=True))

    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one side."""
        end = self._ends[side]
        if delivery is Delivery.RELIABLE:
            end.send_reliable(message, self._time.now)
            end.flush(self._time.now)
        else:
            end.send_latest(message, lane)
        self._send_outgoing(side)

    def set_link(self, link: Link) -> None:
        """Emulate ``link`` from the next packet on."""
        set_link_of(self._paths[Side.CLIENT], self._paths[Side.SERVER], link)

    def stats(self, side: Side) -> ChannelStats:
        """Return the channel counters of one side."""
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

    def link_counters(self) -> LinkCounters:
        """Return the link's packet counters."""
        up, down = (direction_stats(self._paths[side].counters) for side in Side)
        return LinkCounters.of(up, down)

    def _send_outgoing(self, side: Side) -> None:
        end, time = self._ends[side], self._time
        other_side = Side(1 - side)
        for datagram in end.outgoing:
            path, size_bytes = self._paths[side], len(datagram) + _FRAMED_HEADER_BYTES
            arrivals = path.send(time.now, size_bytes)
            if self._log is not None:
                is_up = side is Side.CLIENT
                self._log(path.record(is_up, time.now, size_bytes, arrivals, payload=datagram))
            for at in arrivals:
                time.call_at(at, lambda datagram=datagram: self._deliver(other_side, datagram))  # type: ignore[misc]
        end.outgoing.clear()
        if end.deadline < end.scheduled_at:
            end.scheduled_at = at = end.deadline
            time.call_at(at, lambda: self._on_timer(side, at))

    def _deliver(self, side: Side, datagram: bytes) -> None:
        end = self._ends[side]
        for message in end.receive(datagram, self._time.now):
            self.receivers[side](message)
        if end.wants_flush:
            end.flush(self._time.now)
        self._send_outgoing(side)

    def _on_timer(self, side: Side, scheduled_at: float) -> None:
        end = self._ends[side]
        if scheduled_at != end.scheduled_at:
            # An earlier timer has taken its place.
            return
        end.scheduled_at = inf
        end.on_timer(self._time.now)
        self._send_outgoing(side)


class SimulatedStreamChannel(SimulatedChannel):
    """Frames in a stream, in packets as the kernel's TCP would send them."""

    def __init__(self, time: VirtualTime, link: Link, seed: int, log: Log | None = None) -> None:
        self.receivers = {}
        self._time = time
        self._log_bytes = None if log is None else SentBytes()
        self._path = TcpPath(link, seed, time.now, log, self._log_bytes)
        self._in_flight = {side: bytearray() for side in Side}
        self._decoders = {side: FrameDecoder(MESSAGE_LIMIT_BYTES) for side in Side}
        self._sent = dict.fromkeys(Side, 0)
        self._received = dict.fromkeys(Side, 0)
        self._sent_bytes = dict.fromkeys(Side, 0)
        self._received_bytes = dict.fromkeys(Side, 0)
        self._is_advancing = False
        self._timer_at = inf

    def send(self, side: Side, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message from one side; a stream delivers all messages in order."""
        frame = encode_frame(message)
        self._sent[side] += 1
        self._sent_bytes[side] += len(message)
        self._in_flight[side] += frame
        if self._log_bytes is not None:
            self._log_bytes.append(side, frame)
        self._path.write(self._time.now, side, len(frame))
        self._advance()

    def set_link(self, link: Link) -> None:
        """Emulate ``link`` from the next packet on."""
        self._path.set_link(self._time.now, link)

    def stats(self, side: Side) -> ChannelStats:
        """Return the channel counters of one side; the link counts the retransmissions."""
        packets = [self._direction_stats(each).sent for each in (side, Side(1 - side))]
        return ChannelStats(
            sent=self._sent[side],
            received=self._received[side],
            payload_bytes_sent=self._sent_bytes[side],
            payload_bytes_received=self._received_bytes[side],
            wire_bytes_sent=self._sent_bytes[side] + _TCP_HEADER_BYTES * packets[0],
            wire_bytes_received=self._received_bytes[side] + _TCP_HEADER_BYTES * packets[1],
        )

    def link_counters(self) -> LinkCounters:
        """Return the link's packet counters."""
        up, down = (self._direction_stats(side) for side in Side)
        return LinkCounters.of(up, down)

    def _direction_stats(self, side: Side) -> DirectionStats:
        return direction_stats(*self._path.stats(side))

    def _advance(self) -> None:
        # A receiver may send a reply from inside this loop. The running loop then advances the path
        # for it, so no message overtakes one that is not delivered yet.
        if self._is_advancing:
            return
        self._is_advancing = True
        while arrivals := self._path.advance(self._time.now):
            for arrival in arrivals:
                self._deliver(arrival.to, arrival.n_bytes)
        self._is_advancing = False
        at = self._path.next_event_at()
        if at < self._timer_at:
            self._timer_at = at
            self._time.call_at(at, lambda: self._on_timer(at))

    def _deliver(self, side: Side, n_bytes: int) -> None:
        in_flight = self._in_flight[Side(1 - side)]
        with memoryview(bytes(in_flight[:n_bytes])) as arrived:
            messages = self._decoders[side].feed(arrived)
        del in_flight[:n_bytes]
        for message in messages:
            self._received[side] += 1
            self._received_bytes[side] += len(message)
            self.receivers[side](message)

    def _on_timer(self, scheduled_at: float) -> None:
        # Otherwise an earlier timer has taken its place.
        if scheduled_at == self._timer_at:
            self._timer_at = inf
            self._advance()
