"""A connection over QUIC: messages on top of one stream and datagrams, without I/O.

RELIABLE messages are frames (``net/stream/framing.py``) in this end's stream. LATEST messages are
datagrams (``net/quic/latest.py``). So an event that is retransmitted delays no snapshot: loss
blocks the stream only.

For lessons a client may ask for one stream, by the name of the application protocol. Then every
message is a frame in the stream, and loss blocks the snapshots too, as over TCP.

The library's congestion control and loss detection decide when a packet may leave (RFC 9002). What
cannot leave waits here, as messages: the newest of each lane, and a bounded outbox.
"""

from collections.abc import Callable
from typing import Any

from net.errors import (
    PeerReset,
    PeerTimeout,
    ProtocolError,
    SendQueueOverflow,
    TlsError,
    TransportError,
)
from net.quic.aioquic_adapter import (
    ConnectionIdChange,
    Datagram,
    Opened,
    PeerClose,
    QuicWire,
    SessionClosed,
    StreamBroken,
    StreamBytes,
    WireEvent,
)
from net.quic.latest import LatestInbox, LatestSlots
from net.stream.framing import CLOSE_FRAME, FrameDecoder, encode_frame
from net.stream.outbox import Outbox
from net.transport import MESSAGE_LIMIT_BYTES, Delivery

__all__ = ["ONE_STREAM_PROTOCOL", "PROTOCOL", "MessageConnection"]

# The names for ALPN (RFC 7301), so that no other program connects by mistake.
PROTOCOL = "jitterball"
ONE_STREAM_PROTOCOL = "jitterball-one-stream"

# The session also waits this long before it gives up a silent peer.
IDLE_TIMEOUT_S = 10.0

# How long a close waits for reliable messages to be acknowledged.
CLOSE_TIMEOUT_S = 1.0

# The library's stream takes messages while fewer bytes than this have never left. A message in the
# stream can no longer be replaced, nor is it counted against the outbox's limit.
STREAM_UNSENT_BYTES = 16 * 1024

# Bytes of the peer's stream that may wait for lost ones before them. The library doubles its own
# limit as the stream grows.
EARLY_LIMIT_BYTES = 2 * 1024 * 1024

# Application error codes of our closes (RFC 9000, section 20.2).
CLOSED, ABORTED = 0, 1

# The transport error codes of TLS alerts (RFC 9000, section 20.1), and the alerts about a
# certificate, from bad_certificate to unknown_ca (RFC 8446, section 6.2).
CRYPTO_ERROR = 0x100
CERTIFICATE_ALERTS = range(42, 49)


class MessageConnection:
    """One end of a connection.

    The caller

    - passes packets to ``receive``, handles the messages it returns, and then calls ``flush``;
    - sends the packets in ``outgoing`` after ``flush``, ``close`` and ``abort``, and clears them;
    - calls ``on_timer`` and ``flush`` at ``deadline``;
    - looks at ``is_open``: the handshake is complete;
    - looks at ``ended``. Then ``error`` is None if one end closed the connection, else the reason.

    ``on_opened`` is called when the handshake is complete, before anything is sent. If it raises a
    ``TransportError``, the connection ends with it.
    ``id_changes`` are the changes of the connection ids that route packets to this end; the caller
    clears them.
    """

    def __init__(self, wire: QuicWire) -> None:
        self.wire = wire
        self.outgoing: list[tuple[bytes, Any]] = []
        self.id_changes: list[ConnectionIdChange] = []
        self.on_opened: Callable[[], None] = _do_nothing
        self.is_open = False
        self.ended = False
        self.error: TransportError | None = None
        self.sent = self.received = 0
        self.payload_bytes_sent = self.payload_bytes_received = 0
        self.packets_sent = self.packets_received = 0
        self.packet_bytes_sent = self.packet_bytes_received = 0
        self.invalid = 0
        self.inbox = LatestInbox()
        self._slots = LatestSlots()
        self._outbox = Outbox()
        self._decoder = FrameDecoder(MESSAGE_LIMIT_BYTES)
        self._one_stream = False
        # The windows had no room for the newest messages at the last flush.
        self._blocked = False
        self._closing = False
        self._close_written = False
        self._close_at = float("inf")

    @property
    def deadline(self) -> float:
        """Time at which to call ``on_timer``."""
        return min(self.wire.deadline, self._close_at)

    @property
    def replaced(self) -> int:
        """LATEST messages that a newer one replaced before they were sent."""
        return self._slots.replaced + self._outbox.replaced

    @property
    def wants_flush(self) -> bool:
        """True if something waits to be sent. Acknowledgements wait for the timer."""
        return bool(self._slots or self._outbox or self._closing or self.wire.unacknowledged_bytes)

    def send_latest(self, message: bytes, lane: int, now: float) -> None:
        """Put a message into the slot of its lane; ``flush`` sends it."""
        if self._closing or self.ended:
            return
        if self._one_stream:
            replaced = self._outbox.replaced
            self._outbox.put(message, Delivery.LATEST, lane)
            self._count_sent(message, self._outbox.replaced - replaced, 0)
            return
        if lane in self._slots and not self._blocked:
            # Two in one pass of the event loop: both can leave.
            self.flush(now)
        replaced, replaced_bytes = self._slots.replaced, self._slots.replaced_bytes
        self._slots.put(message, lane)
        self._count_sent(
            message, self._slots.replaced - replaced, self._slots.replaced_bytes - replaced_bytes
        )

    def send_reliable(self, message: bytes) -> None:
        """Queue a message that must arrive; ``flush`` sends it.

        If too many wait, the connection ends with ``SendQueueOverflow``.
        """
        if self._closing or self.ended:
            return
        try:
            self._outbox.put(message, Delivery.RELIABLE, 0)
        except SendQueueOverflow as overflow:
            self._end(overflow, ABORTED)
            return
        self._count_sent(message, 0, 0)

    def receive(self, packet: bytes, address: Any, now: float) -> list[bytes]:
        """Process a UDP datagram; return the messages that it completes, in order."""
        self.packets_received += 1
        self.packet_bytes_received += len(packet)
        if self.ended:
            return []
        try:
            self.wire.receive(packet, address, now)
            events = list(self.wire.events())
        # Any sender's packet reaches the library's parser: no error in it may stop the server.
        except Exception as error:
            self.invalid += 1
            self._end(ProtocolError(f"the QUIC library cannot read a packet: {error!r}"), ABORTED)
            return []
        # An acknowledgement may have made room.
        self._blocked = False
        messages: list[bytes] = []
        for event in events:
            if not self.ended:
                messages += self._handle(event)
        self._handle_peer_close()
        if self.wire.early_bytes > EARLY_LIMIT_BYTES:
            self._end(ProtocolError("too much of the stream waits for a gap to be filled"), ABORTED)
        for message in messages:
            self.received += 1
            self.payload_bytes_received += len(message)
        return messages

    def on_timer(self, now: float) -> None:
        """Do what is due; ``flush`` sends the result."""
        if self.ended:
            return
        self._blocked = False
        if now >= self.wire.deadline:
            self.wire.on_timer(now)
            self._handle_peer_close()
        if now >= self._close_at and not self.ended:
            self._end(PeerTimeout("the peer did not acknowledge what was sent to it"), ABORTED)

    def flush(self, now: float) -> None:
        """Put the packets that may leave now into ``outgoing``."""
        while not self.ended and self.is_open:
            self._fill_stream()
            offered = self._slots.offer()
            sent = self._build_packets(offered, now)
            self._slots.confirm_sent(sent)
            self._blocked = sent < len(offered)
            # The stream had more room than was filled at once.
            if not self._outbox or self.wire.unsent_bytes:
                break
        if not self.is_open or self.ended:
            self._build_packets([], now)
        elif self._close_written and not self.wire.unacknowledged_bytes:
            # The peer has every message, and our close frame.
            self._end(None, CLOSED)
            self._build_packets([], now)

    def close(self, now: float) -> None:
        """Close when the peer has all reliable messages, or after ``CLOSE_TIMEOUT_S``."""
        if not self.is_open:
            self.abort(now)
        elif not self._closing:
            self._closing = True
            self._close_at = now + CLOSE_TIMEOUT_S
            self.flush(now)

    def abort(self, now: float) -> None:
        """End now. One packet tells the peer, and may be lost."""
        if not self.ended:
            self._end(None, ABORTED)
            self._build_packets([], now)

    def _handle(self, event: WireEvent) -> list[bytes]:
        match event:
            case StreamBytes(data=data):
                return self._read_stream(data)
            case Datagram(data=data):
                return list(self.inbox.receive(data))
            case ConnectionIdChange():
                self.id_changes.append(event)
            case Opened(protocol=protocol):
                self._one_stream = protocol == ONE_STREAM_PROTOCOL
                self._open()
            case SessionClosed():
                self._end(None, CLOSED)
            case StreamBroken():
                self._end(ProtocolError("the peer uses streams as this program does not"), ABORTED)
        return []

    def _open(self) -> None:
        self.is_open = True
        try:
            self.on_opened()
        except TransportError as error:
            self._end(error, ABORTED)

    def _read_stream(self, data: bytes) -> list[bytes]:
        messages = self._decoder.feed(memoryview(data))
        if self._decoder.close_received:
            self._end(None, CLOSED)
        elif self._decoder.error:
            self._end(self._decoder.error, ABORTED)
        return messages

    def _handle_peer_close(self) -> None:
        close = self.wire.peer_close
        if close is not None and not self.ended:
            self.ended = True
            self.error = self._close_error(close)

    def _close_error(self, close: PeerClose) -> TransportError | None:
        if close.is_application and close.code == CLOSED:
            return None
        if close.is_application:
            return PeerReset("the peer cut the connection")
        if close.reason == "Idle timeout":
            return PeerTimeout(f"no packet arrived for {IDLE_TIMEOUT_S:.0f} seconds")
        if close.code - CRYPTO_ERROR in CERTIFICATE_ALERTS:
            return TlsError(
                f"its certificate is not trusted ({close.reason}); "
                "one that a host made for itself needs its --fingerprint"
            )
        return ProtocolError(f"QUIC ended the connection: {close.reason or hex(close.code)}")

    def _fill_stream(self) -> None:
        unsent = self.wire.unsent_bytes
        while self._outbox and unsent < STREAM_UNSENT_BYTES:
            frame = encode_frame(self._outbox.pop())
            unsent += len(frame)
            self.wire.write_stream(frame)
        if self._closing and not self._outbox and not self._close_written:
            self._close_written = True
            self.wire.write_stream(CLOSE_FRAME)

    def _build_packets(self, datagrams: list[bytes], now: float) -> int:
        packets, sent = self.wire.send(datagrams, now)
        for packet, _ in packets:
            self.packet_bytes_sent += len(packet)
        self.packets_sent += len(packets)
        self.outgoing += packets
        return sent

    def _end(self, error: TransportError | None, code: int) -> None:
        """End the connection; the next packet tells the peer."""
        if not self.ended:
            self.ended = True
            self.error = error
            self.wire.close(code)

    def _count_sent(self, message: bytes, replaced: int, replaced_bytes: int) -> None:
        # What waits counts as sent, until it is replaced.
        self.sent += 1 - replaced
        self.payload_bytes_sent += len(message) - replaced_bytes


def _do_nothing() -> None:
    """Do nothing: without a handler, opening needs no reaction."""
