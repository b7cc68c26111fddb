"""Adapter of the library aioquic: one end of a QUIC connection, as this package needs it.

aioquic's core does no I/O, and time is an argument. Its private members are used here alone, each
by one small function. So ``tests/net/quic/test_aioquic_adapter.py`` fails clearly when a new
version changes one.

Connection ids, keys and the certificate's dates come from the system's randomness and clock, so
no module that imports this one is pure.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import (
    ConnectionIdIssued,
    ConnectionIdRetired,
    DatagramFrameReceived,
    HandshakeCompleted,
    QuicEvent,
    StopSendingReceived,
    StreamDataReceived,
    StreamReset,
)
from aioquic.quic.packet_builder import QuicDeliveryState
from aioquic.tls import Epoch
from cryptography.hazmat.primitives.serialization import Encoding

__all__ = [
    "ConnectionIdChange",
    "Datagram",
    "Opened",
    "PeerClose",
    "QuicWire",
    "SessionClosed",
    "StreamBroken",
    "StreamBytes",
    "WireEvent",
]

# The library warns of every peer's error. Any sender could fill the server's log with that.
logging.getLogger("quic").setLevel(logging.CRITICAL)

# Acknowledgements wait this long for a packet that can carry them. A peer is told a limit of
# 25 ms (RFC 9000, section 18.2). aioquic's own 1 ms costs a packet for nearly every input.
ACK_DELAY_S = 0.024

# An end that receives so many packets and sends none acknowledges at once. RFC 9000, section
# 13.2.2, advises two; with four, two inputs still wait for the next snapshot.
ACK_AFTER_PACKETS = 4

# The streams of one direction each: the client's first and the server's first (RFC 9000, 2.1).
CLIENT_STREAM, SERVER_STREAM = 2, 3


@dataclass(frozen=True, slots=True)
class Opened:
    """The handshake is complete at this end; ``protocol`` is the one agreed on (RFC 7301)."""

    protocol: str


@dataclass(frozen=True, slots=True)
class StreamBytes:
    """The next bytes of the peer's stream."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Datagram:
    """The content of a datagram of the peer."""

    data: bytes


@dataclass(frozen=True, slots=True)
class StreamBroken:
    """The peer ended a stream, or used one that this application does not have."""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The peer ended the session that the connection was opened for."""


@dataclass(frozen=True, slots=True)
class ConnectionIdChange:
    """A connection id that the peer may use from now on (``is_issued``), or no longer."""

    connection_id: bytes
    is_issued: bool


@dataclass(frozen=True, slots=True)
class PeerClose:
    """The end of the connection by the peer, the library or a timeout.

    ``is_application``: the peer's application closed it, with its own ``code``.
    """

    is_application: bool
    code: int
    reason: str


WireEvent = Opened | StreamBytes | Datagram | StreamBroken | SessionClosed | ConnectionIdChange


class QuicWire:
    """One end of a QUIC connection: one stream in each direction, and datagrams.

    The caller

    - passes what arrives to ``receive``, then reads ``events`` and ``peer_close``;
    - calls ``on_timer`` at ``deadline``;
    - passes its datagrams to ``send``, and sends the packets that ``send`` returns.

    ``retransmitted`` counts stream frames that were lost and are sent again.
    ``packets_lost`` counts packets that the library's loss detection gave up.

    A peer may open ``peer_streams`` in both directions and in one. More streams would be more
    memory for what comes too early.
    """

    def __init__(self, quic: QuicConnection, peer_streams: tuple[int, int] = (0, 1)) -> None:
        self.quic = quic
        self.retransmitted = 0
        self.packets_lost = 0
        is_client = quic.configuration.is_client
        self._send_stream = CLIENT_STREAM if is_client else SERVER_STREAM
        self._receive_stream = SERVER_STREAM if is_client else CLIENT_STREAM
        self._received_since_sent = 0
        self._watched_packets = 0
        self._is_watched = False
        quic._ack_delay = ACK_DELAY_S
        limits = quic._local_max_streams_bidi, quic._local_max_streams_uni
        for limit, streams in zip(limits, peer_streams, strict=True):
            limit.value = limit.sent = streams

    @property
    def deadline(self) -> float:
        """Time at which to call ``on_timer``."""
        at = self.quic.get_timer()
        return float("inf") if at is None else at

    @property
    def peer_address(self) -> Any:
        """Address that the peer sends from, as it was given to ``receive``."""
        return self.quic.get_peer_address()

    @property
    def peer_certificate(self) -> bytes:
        """The peer's certificate in DER form; empty before the handshake."""
        certificate = self.quic.tls._peer_certificate
        return b"" if certificate is None else certificate.public_bytes(Encoding.DER)

    @property
    def unsent_bytes(self) -> int:
        """Bytes of the stream that have never left: the windows have no room for them."""
        sender = self._sender()
        return 0 if sender is None else sender._buffer_stop - sender.highest_offset

    @property
    def unacknowledged_bytes(self) -> int:
        """Bytes of the stream that the peer has not acknowledged."""
        sender = self._sender()
        return 0 if sender is None else sender._buffer_stop - sender._buffer_start

    @property
    def early_bytes(self) -> int:
        """Bytes of the peer's streams that wait for others before them."""
        return sum(len(stream.receiver._buffer) for stream in self.quic._streams.values())

    @property
    def peer_close(self) -> PeerClose | None:
        """The reason why the connection ended; None while it is open. Only the first one counts.

        The library's own event comes only after the draining period (RFC 9000, section 10.2).
        """
        close = self.quic._close_event
        if close is None:
            return None
        return PeerClose(close.frame_type is None, close.error_code, close.reason_phrase)

    def receive(self, packet: bytes, address: Any, now: float) -> None:
        """Process a UDP datagram of the peer."""
        self.quic.receive_datagram(packet, address, now)
        self._received_since_sent += 1
        if self._received_since_sent >= ACK_AFTER_PACKETS:
            self._hasten_acknowledgement(now)

    def on_timer(self, now: float) -> None:
        """Do what is due: retransmission, acknowledgement, the end."""
        self.quic.handle_timer(now)

    def events(self) -> Iterator[WireEvent]:
        """Yield what has happened since the last call."""
        while (event := self.quic.next_event()) is not None:
            yield from self._translate(event)

    def write_stream(self, data: bytes) -> None:
        """Append bytes to this end's stream."""
        self.quic.send_stream_data(self._send_stream, data)
        if not self._is_watched:
            self._is_watched = True
            self._watch_stream()

    def send(self, datagrams: list[bytes], now: float) -> tuple[list[tuple[bytes, Any]], int]:
        """Build the packets that may leave now, with their addresses.

        Offers ``datagrams`` to them, and returns how many of those they hold. No other is kept:
        the library would queue it without a limit.
        """
        quic, pending = self.quic, self.quic._datagrams_pending
        if self.peer_address is None:
            # A server that has read no packet of the client knows no address.
            return [], 0
        if datagrams or self.unsent_bytes:
            # What is about to leave carries the acknowledgement, too.
            self._hasten_acknowledgement(now)
        pending.extend(datagrams)
        packets = quic.datagrams_to_send(now)
        sent = len(datagrams) - len(pending)
        pending.clear()
        if packets:
            self._received_since_sent = 0
            self._watch_packets()
        return packets, sent

    def close(self, code: int) -> None:
        """Close the connection; the next packet says so. After this nothing is received."""
        self.quic.close(error_code=code)

    def change_connection_id(self) -> None:
        """Use another of the peer's connection ids: ours was seen from an address we have left."""
        self.quic.change_connection_id()

    def _translate(self, event: QuicEvent) -> Iterator[WireEvent]:
        match event:
            case HandshakeCompleted(alpn_protocol=protocol):
                yield Opened(protocol or "")
            case DatagramFrameReceived(data=data):
                yield Datagram(data)
            case StreamDataReceived(stream_id=stream, data=data, end_stream=is_end):
                if stream == self._receive_stream:
                    yield StreamBytes(data)
                if stream != self._receive_stream or is_end:
                    yield StreamBroken()
            case StreamReset() | StopSendingReceived():
                yield StreamBroken()
            case ConnectionIdIssued(connection_id=connection_id):
                yield ConnectionIdChange(connection_id, is_issued=True)
            case ConnectionIdRetired(connection_id=connection_id):
                yield ConnectionIdChange(connection_id, is_issued=False)

    def _sender(self) -> Any:
        stream = self.quic._streams.get(self._send_stream)
        return None if stream is None else stream.sender

    def _hasten_acknowledgement(self, now: float) -> None:
        space = self.quic._spaces.get(Epoch.ONE_RTT)
        if space is not None and space.ack_at is not None:
            # Strictly before now: one that is due at this moment would wait for the pacing.
            space.ack_at = min(space.ack_at, now - 1e-6)

    def _watch_stream(self) -> None:
        """Count the frames of this end's stream that are lost."""
        sender = self._sender()
        deliver: Callable[..., None] = sender.on_data_delivery

        def on_data_delivery(delivery: QuicDeliveryState, *arguments: Any) -> None:
            self.retransmitted += delivery is QuicDeliveryState.LOST
            deliver(delivery, *arguments)

        sender.on_data_delivery = on_data_delivery

    def _watch_packets(self) -> None:
        """Count the packets of the application that are lost."""
        sent = self.quic._spaces[Epoch.ONE_RTT].sent_packets
        for number in reversed(sent):
            if number < self._watched_packets:
                break
            sent[number].delivery_handlers.append((self._on_packet_delivery, ()))
        self._watched_packets = self.quic._packet_number

    def _on_packet_delivery(self, delivery: QuicDeliveryState) -> None:
        self.packets_lost += delivery is QuicDeliveryState.LOST


def new_wire(configuration: QuicConfiguration, **server: Any) -> QuicWire:
    """Return an end of a new connection; ``server`` holds what a server's end needs besides."""
    return QuicWire(QuicConnection(configuration=configuration, **server))
