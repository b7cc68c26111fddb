"""One end of a modelled TCP connection: handshake, sender and receiver.  [pure]

Sender and receiver are coupled, because data packets carry acknowledgements too.
"""

from collections.abc import Callable
from enum import IntEnum
from math import inf

from net.link.profile import LinkProfile
from net.link.tcp.congestion import CONGESTION_CONTROLS, Reno
from net.link.tcp.handshake import Handshake
from net.link.tcp.receiver import Receiver
from net.link.tcp.sender import Sender, Transmit
from net.link.tcp_segment import MSS_BYTES, Packet, PacketType, ResendCause

__all__ = ["Endpoint", "MakeSender", "Side"]

# The least send buffer. Linux grows its own to twice the congestion window
# (``tcp_sndbuf_expand``).
SEND_BUFFER_BYTES = 64 * 1024

# Looked up once for all packets: Python 3.11 takes 0.1 µs to find a member of an enum.
_ORDINARY, _SYN, _SYN_ACK = PacketType.ORDINARY, PacketType.SYN, PacketType.SYN_ACK
_NO_RESEND = ResendCause.NONE


class Side(IntEnum):
    """End of the connection. The client opens it."""

    CLIENT = 0
    SERVER = 1

    @property
    def other(self) -> "Side":
        """The end that faces this one."""
        return _OTHER[self]


_OTHER = (Side.SERVER, Side.CLIENT)

# Called as ``send_packet(now, side, packet, resend)`` for each packet of an end.
SendPacket = Callable[[float, Side, Packet, ResendCause], None]

# Makes the sender of an end. Tests replace it.
MakeSender = Callable[[Transmit, Reno, bool], Sender]


class Endpoint:
    """One end of the connection. Times are seconds, counts are bytes of the stream.

    ``end`` is the length of the stream that this end writes, with its end mark, None while open.
    """

    def __init__(
        self, side: Side, profile: LinkProfile, carry: SendPacket, make_sender: MakeSender = Sender
    ) -> None:
        congestion = CONGESTION_CONTROLS[profile.congestion]()
        self.sender = make_sender(self._send_data, congestion, profile.nagle)
        self.receiver = Receiver()
        self.handshake = Handshake(PacketType.SYN if side == Side.CLIENT else PacketType.SYN_ACK)
        self.end: int | None = None
        self._side = side
        self._send_packet = carry
        self._is_alive = True
        self._waiting_bytes = 0  # written before the connection was established
        self._wants_end = False

    def open(self, now: float) -> None:
        """Begin the handshake. Only a client does."""
        self._send_opening(now, PacketType.SYN)

    def abort(self, now: float) -> Packet:
        """Stop sending and answering; return the reset to send, for the application has left."""
        self._is_alive = False
        at, receiver = self.sender.board.next_seq, self.receiver
        return Packet(PacketType.RESET, at, at, receiver.next_seq, (), None, now, receiver.echo)

    def write(self, now: float, n_bytes: int) -> None:
        """Append bytes of the application to the stream."""
        if self.handshake.is_open:
            self.sender.write(now, n_bytes)
        else:
            self._waiting_bytes += n_bytes

    def finish(self, now: float) -> None:
        """End the stream after the written bytes."""
        self._wants_end = True
        if self.handshake.is_open and self.end is None:
            # Known before the segment leaves: the log marks its last byte as the end.
            self.end = self.sender.written + 1
            self.sender.finish(now)

    def send_space_bytes(self) -> int:
        """Return how many bytes fit in the send buffer now."""
        sender = self.sender
        buffer_bytes = max(SEND_BUFFER_BYTES, 2 * sender.congestion.cwnd * MSS_BYTES)
        held_bytes = sender.written - sender.board.una + self._waiting_bytes
        return max(buffer_bytes - held_bytes, 0)

    def unsent_bytes(self) -> int:
        """Return how many bytes wait for the window or for the handshake."""
        return self.sender.written - self.sender.board.next_seq + self._waiting_bytes

    def next_event_at(self) -> float:
        """Return the time at which to call ``on_timer``, infinity for never."""
        if not self._is_alive:
            return inf
        timer_at, ack_at = self.sender.timer.at, self.receiver.ack_at
        at = timer_at if timer_at < ack_at else ack_at
        return at if self.handshake.is_open else min(at, self.handshake.at)

    def on_timer(self, now: float) -> None:
        """Run the timers that are due at ``now``."""
        if self.handshake.at <= now:
            kind = PacketType.SYN if self._side == Side.CLIENT else PacketType.SYN_ACK
            self._send_opening(now, kind)
        if self.receiver.ack_at <= now:
            self.receiver.on_timer()
            self._send_ack(now)
        if self.sender.timer.at <= now:
            self.sender.on_timer(now)

    def receive(self, now: float, packet: Packet) -> int:
        """Process a packet; return how many bytes became readable in order."""
        if not self._is_alive:
            return 0
        if packet.kind == _SYN:
            self._send_opening(now, PacketType.SYN_ACK)
            return 0
        is_repeated = self.handshake.is_open
        if not self.handshake.is_open:
            self._establish(now, packet)
        if packet.kind == _SYN_ACK:
            if is_repeated:
                # The server repeats its SYN-ACK, so our acknowledgement was lost.
                self._send_ack(now)
            return 0
        sender, receiver = self.sender, self.receiver
        sender.acknowledge(now, packet)
        n_bytes = receiver.receive(now, packet, sender.rtt.smoothed_s, sender.rtt.rto_s)
        # New data goes first: it carries the acknowledgement, which then is not due any more.
        if sender.board.next_seq < sender.written:
            sender.push(now)
        if receiver.ack_now:
            self._send_ack(now)
        return n_bytes

    def _establish(self, now: float, packet: Packet) -> None:
        rtt_s = self.handshake.complete(now)
        rtt = self.sender.rtt
        self.receiver.echo = packet.stamp
        if rtt_s is not None:
            rtt.min_s = rtt_s
            rtt.sample(rtt_s, 0, 0)
        if packet.kind == _SYN_ACK:
            self._send_ack(now)
        if self._waiting_bytes:
            waiting_bytes, self._waiting_bytes = self._waiting_bytes, 0
            self.sender.write(now, waiting_bytes)
        if self._wants_end:
            self.finish(now)

    def _send_opening(self, now: float, kind: PacketType) -> None:
        resend = ResendCause.TIMEOUT if self.handshake.was_sent else ResendCause.NONE
        if not self.handshake.is_open:
            self.handshake.note_sent(now)
        packet = Packet(kind, 0, 0, 0, (), None, now, self.receiver.echo)
        self._send_packet(now, self._side, packet, resend)

    def _send_data(self, now: float, start: int, end: int, resend: ResendCause) -> None:
        receiver = self.receiver
        receiver.sent_data(now)
        ack, sacks, duplicate = receiver.acknowledgement()
        echo = receiver.echo
        packet = Packet(_ORDINARY, start, end, ack, sacks, duplicate, now, echo)
        self._send_packet(now, self._side, packet, resend)

    def _send_ack(self, now: float) -> None:
        ack, sacks, duplicate = self.receiver.acknowledgement()
        at, echo = self.sender.board.next_seq, self.receiver.echo
        packet = Packet(_ORDINARY, at, at, ack, sacks, duplicate, now, echo)
        self._send_packet(now, self._side, packet, _NO_RESEND)
