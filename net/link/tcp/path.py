"""What the kernel's TCP makes of a lossy link: one connection, both directions.  [pure]

Two endpoints, each a sender and a receiver, exchange packets over one `DatagramPath` a direction;
acknowledgements ride on data, and are lost as data are. The caller writes byte counts, and gets
byte counts back, in order and at the time when TCP would have delivered them; it holds the bytes.

Online: when a message arrives cannot be known when it is written, since what is written later
triggers the recovery of what was lost before. So the caller brings the path to the present with
each call, and asks when it is to come back. The model lands on what the Linux kernel did over links
that really lose packets: see `tests/net/link/calibration/test_tolerance.py`.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

from net.link.datagram_path import DatagramPath, PathCounters
from net.link.loss import PacketDrawStream
from net.link.profile import Link
from net.link.stats import TcpStats
from net.link.tcp.endpoint import Endpoint, MakeSender, Side
from net.link.tcp.packet import PACKET_HEADER_BYTES, Packet
from net.link.tcp.sender import Sender


class ReadableBytes(NamedTuple):
    """Bytes that became readable at the end `to`, or, if `is_end`, the end of the stream."""

    at: float
    to: Side
    n_bytes: int
    is_end: bool = False


class PacketTrace(NamedTuple):
    """A packet's way: sent by `side`, and when it arrives; `arrivals` is empty if it was lost.

    `again` tells a retransmission. What the receiver had then stands in the packets back: `ack`
    and `sacks`.
    """

    sent_at: float
    side: Side
    packet: Packet
    is_retransmission: bool
    arrivals: tuple[float, ...]


class TcpPath:
    """One TCP connection over `link`, opened by the client at `now`.

    Its luck comes from `seed`. Each call that takes `now`, in seconds, first brings the connection
    there; times must not go back. `log`, if given, is called with every packet sent. `make_sender`
    puts another sender in the place of the kernel's, which tests do.
    """

    def __init__(
        self,
        link: Link,
        seed: int,
        now: float = 0.0,
        log: Callable[[PacketTrace], None] | None = None,
        make_sender: MakeSender = Sender,
    ) -> None:
        self._paths = (
            DatagramPath(link.up, PacketDrawStream(seed, "up")),
            DatagramPath(link.down, PacketDrawStream(seed, "down")),
        )
        self._ends = (
            Endpoint(Side.CLIENT, link.up, self._send_packet, make_sender),
            Endpoint(Side.SERVER, link.down, self._send_packet, make_sender),
        )
        self._log = log
        self._in_flight: list[tuple[float, int, Side, Packet]] = []  # a heap; the int keeps order
        self._sent = 0
        self._readable: list[ReadableBytes] = []
        self._due = [inf, inf]  # when each end next does something by itself
        self._ends[Side.CLIENT].open(now)
        self._note_due(Side.CLIENT)

    def set_link(self, now: float, link: Link) -> None:
        """Hold `link` from the next packet on; the congestion control stays what it was."""
        self._run_to(now)
        for profile, path, end in zip((link.up, link.down), self._paths, self._ends, strict=True):
            path.set_profile(profile)
            end.sender.nagle = profile.nagle

    def is_open(self, side: Side) -> bool:
        """Tell whether the connection stands as `side` sees it; before, what it writes waits."""
        return self._ends[side].handshake.is_open

    def write(self, now: float, side: Side, n_bytes: int) -> None:
        """Have `side` write `n_bytes` of its stream."""
        self._run_to(now)
        self._ends[side].write(now, n_bytes)
        self._note_due(side)

    def finish(self, now: float, side: Side) -> None:
        """Have `side` end its stream behind what it wrote; the other direction goes on."""
        self._run_to(now)
        self._ends[side].finish(now)
        self._note_due(side)

    def send_reset(self, now: float, side: Side) -> list[float]:
        """Cut the connection at `side`; return when its reset arrives, nothing if it is lost.

        From now on `side` answers nothing. To call it again is to send another reset.
        """
        self._run_to(now)
        self._ends[side].abort()
        self._note_due(side)
        return self._paths[side].send(now, PACKET_HEADER_BYTES)

    def send_space_bytes(self, side: Side) -> int:
        """Return how many bytes fit in the send buffer of `side`: the application's back-pressure.

        More may be written than fits; that is for the caller to respect.
        """
        return self._ends[side].send_space_bytes()

    def unsent_bytes(self, side: Side) -> int:
        """Return how many bytes that `side` wrote have not been sent for the first time yet."""
        return self._ends[side].unsent_bytes()

    def next_event_at(self) -> float:
        """Return when something happens by itself, in seconds; infinity for never."""
        at = self._in_flight[0][0] if self._in_flight else inf
        return min(at, *self._due)

    def advance(self, now: float) -> list[ReadableBytes]:
        """Bring the connection to `now`; return what became readable since the last call."""
        self._run_to(now)
        arrived, self._readable = self._readable, []
        return arrived

    def stats(self, side: Side) -> tuple[PathCounters, TcpStats]:
        """Return what the link did to the packets that `side` sent, and the state of its sender."""
        sender = self._ends[side].sender
        return self._paths[side].counters, TcpStats(
            srtt_s=sender.rtt.smoothed_s,
            rto_s=sender.rtt.rto_s,
            cwnd=sender.congestion.cwnd,
            in_flight=sender.board.in_flight(),
            retransmits=sender.retransmits,
            timeouts=sender.timeouts,
            tail_loss_probes=sender.tail_loss_probes,
            stalls=self._ends[side.other].receiver.stalls,
        )

    def _send_packet(self, now: float, side: Side, packet: Packet, again: bool) -> None:
        arrivals = self._paths[side].send(now, packet.size_bytes())
        for at in arrivals:
            self._sent += 1
            heappush(self._in_flight, (at, self._sent, side.other, packet))
        if self._log is not None:
            self._log(PacketTrace(now, side, packet, again, tuple(arrivals)))

    def _run_to(self, now: float) -> None:
        """Let everything happen that happens until `now`, in order."""
        flying, due = self._in_flight, self._due
        while True:
            arrives_at = flying[0][0] if flying else inf
            client_at, server_at = due
            if arrives_at <= client_at and arrives_at <= server_at:
                if arrives_at > now or not flying:
                    return
                at, _, side, packet = heappop(flying)
                self._receive(at, side, packet)
            else:
                side = Side.CLIENT if client_at <= server_at else Side.SERVER
                if due[side] > now:
                    return
                self._ends[side].on_timer(due[side])
            self._note_due(side)

    def _note_due(self, side: Side) -> None:
        self._due[side] = self._ends[side].next_event_at()

    def _receive(self, now: float, to: Side, packet: Packet) -> None:
        end = self._ends[to]
        n_bytes = end.receive(now, packet)
        if not n_bytes:
            return
        is_end = end.receiver.next_seq == self._ends[to.other].end
        if n_bytes > is_end:
            self._readable.append(ReadableBytes(now, to, n_bytes - is_end))
        if is_end:
            self._readable.append(ReadableBytes(now, to, 0, is_end=True))
