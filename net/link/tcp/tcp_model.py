"""Model of one TCP connection of the Linux kernel over an emulated link.  [pure]

Two endpoints exchange packets over one ``PacketPath`` per direction. Data packets carry
acknowledgements too, and both are lost alike. The caller writes byte counts. It gets byte counts
back, in order, with the times at which TCP delivers them. The caller holds the bytes.

The model runs online. The arrival of a message is not known when it is written, because later
writes trigger the recovery of earlier losses. So each call brings the path to the present, and
``next_event_at`` tells when to call again.

``tests/net/link/calibration/test_tolerance.py`` compares the model with measurements of the kernel.
"""

from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

from net.link.packet_log import Log, ReadableRecord
from net.link.packet_path import PathCounters, link_paths, set_link_of
from net.link.profile import Link
from net.link.stats import TcpStats
from net.link.tcp.endpoint import Endpoint, MakeSender, Side
from net.link.tcp.sender import Sender
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp_segment import Packet, ResendCause

__all__ = ["ReadableBytes", "TcpPath"]

# Looked up once for all packets: Python 3.11 takes 0.1 µs to find a member of an enum.
_CLIENT = Side.CLIENT


class ReadableBytes(NamedTuple):
    """Bytes that became readable at the end ``to``, or its end of stream if ``is_end``."""

    at: float
    to: Side
    n_bytes: int
    is_end: bool = False


class TcpPath:
    """One TCP connection over ``link``, opened by the client at ``now``.

    ``seed`` determines which packets are lost and delayed. Each call that takes ``now``, in
    seconds, first brings the connection to that time; times must not go back.
    ``log`` is called with each packet sent and with what became readable. The payloads come from
    ``sent_bytes``, into which the caller puts what it writes; without it the records have none.
    ``make_sender`` replaces the sender, for tests.
    """

    def __init__(
        self,
        link: Link,
        seed: int,
        now: float = 0.0,
        log: Log | None = None,
        sent_bytes: SentBytes | None = None,
        make_sender: MakeSender = Sender,
    ) -> None:
        self._paths = link_paths(link, seed)
        self._ends = (
            Endpoint(Side.CLIENT, link.up, self._send_packet, make_sender),
            Endpoint(Side.SERVER, link.down, self._send_packet, make_sender),
        )
        self._log = log
        self._sent_bytes = sent_bytes
        # A heap by arrival. The integer keeps the order of sending among equal times.
        self._in_flight: list[tuple[float, int, Side, Packet]] = []
        self._sent = 0
        self._readable: list[ReadableBytes] = []
        self._due = [inf, inf]  # the next timer of each end
        self._ends[Side.CLIENT].open(now)
        self._note_due(Side.CLIENT)

    def set_link(self, now: float, link: Link) -> None:
        """Apply ``link`` from the next packet on, except its congestion control."""
        self._run_to(now)
        set_link_of(*self._paths, link)
        for profile, end in zip((link.up, link.down), self._ends, strict=True):
            end.sender.nagle = profile.nagle

    def is_open(self, side: Side) -> bool:
        """Tell whether the handshake of ``side`` is complete. Before that, its data waits."""
        return self._ends[side].handshake.is_open

    def write(self, now: float, side: Side, n_bytes: int) -> None:
        """Append ``n_bytes`` to the stream of ``side``."""
        self._run_to(now)
        if self._sent_bytes is not None:
            self._sent_bytes.forget(side, self._ends[side].sender.board.una)
        self._ends[side].write(now, n_bytes)
        self._note_due(side)

    def finish(self, now: float, side: Side) -> None:
        """End the stream of ``side`` after the written bytes. The other direction goes on."""
        self._run_to(now)
        self._ends[side].finish(now)
        self._note_due(side)

    def send_reset(self, now: float, side: Side) -> list[float]:
        """Reset the connection at ``side``; return when the reset arrives, nothing if it is lost.

        From now on ``side`` does not answer. A second call sends another reset.
        """
        self._run_to(now)
        reset = self._ends[side].abort(now)
        self._note_due(side)
        return self._put_on_link(now, side, reset, ResendCause.NONE)

    def send_space_bytes(self, side: Side) -> int:
        """Return how many bytes fit in the send buffer of ``side``.

        The caller must not write more. The path does not check it.
        """
        return self._ends[side].send_space_bytes()

    def unsent_bytes(self, side: Side) -> int:
        """Return how many written bytes of ``side`` were not sent yet."""
        return self._ends[side].unsent_bytes()

    def next_event_at(self) -> float:
        """Return the time of the next arrival or timer in seconds, infinity for never."""
        at = self._in_flight[0][0] if self._in_flight else inf
        return min(at, *self._due)

    def advance(self, now: float) -> list[ReadableBytes]:
        """Bring the connection to ``now``; return what became readable since the last call."""
        self._run_to(now)
        arrived, self._readable = self._readable, []
        return arrived

    def stats(self, side: Side) -> tuple[PathCounters, TcpStats]:
        """Return the counters of the packets that ``side`` sent, and the state of its sender."""
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

    def _send_packet(self, now: float, side: Side, packet: Packet, resend: ResendCause) -> None:
        for at in self._put_on_link(now, side, packet, resend):
            self._sent += 1
            heappush(self._in_flight, (at, self._sent, side.other, packet))

    def _put_on_link(
        self, now: float, side: Side, packet: Packet, resend: ResendCause
    ) -> list[float]:
        """Return the arrival times of a packet, after it was logged."""
        path, size_bytes = self._paths[side], packet.size_bytes()
        arrivals = path.send(now, size_bytes)
        if self._log is not None:
            begin, end = packet.start, packet.end
            is_fin, payload = False, b""
            if begin < end:
                is_fin = end == self._ends[side].end
                if self._sent_bytes is not None:
                    payload = self._sent_bytes.between(side, begin, end)
            record = path.record(
                side is _CLIENT,
                now,
                size_bytes,
                arrivals,
                segment=packet,
                is_fin=is_fin,
                resend=resend,
                payload=payload,
            )
            self._log(record)
        return arrivals

    def _run_to(self, now: float) -> None:
        """Process all arrivals and timers until ``now``, in order of time."""
        in_flight, due = self._in_flight, self._due
        while True:
            arrives_at = in_flight[0][0] if in_flight else inf
            client_at, server_at = due
            # An arrival goes before a timer of the same time: its acknowledgement may cancel that.
            if arrives_at <= client_at and arrives_at <= server_at:
                if arrives_at > now or not in_flight:
                    return
                at, _, side, packet = heappop(in_flight)
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
        if self._log is not None:
            readable_end = end.receiver.next_seq
            is_up = to is not _CLIENT
            self._log(ReadableRecord(is_up, now, readable_end - n_bytes, readable_end))
        is_end = end.receiver.next_seq == self._ends[to.other].end
        if n_bytes > is_end:
            self._readable.append(ReadableBytes(now, to, n_bytes - is_end))
        if is_end:
            self._readable.append(ReadableBytes(now, to, 0, is_end=True))
