"""The server's end of QUIC: its sockets, waiting handshakes, and the channels of all peers."""

import asyncio
import logging
import os
from time import perf_counter
from typing import Any, NamedTuple

from aioquic._buffer import Buffer
from aioquic.quic.configuration import SMALLEST_MAX_DATAGRAM_SIZE, QuicConfiguration
from aioquic.quic.packet import (
    QuicHeader,
    QuicPacketType,
    encode_quic_retry,
    encode_quic_version_negotiation,
    pull_quic_header,
)
from aioquic.quic.retry import QuicRetryTokenHandler

from net.datagram.server_sockets import ServerSockets
from net.datagram.udp_socket import UdpSocket
from net.quic.aioquic_adapter import QuicWire, new_wire
from net.quic.channel import QuicChannel
from net.quic.connection import MessageConnection
from net.quic.handshake_queue import HandshakeQueue, may_begin
from net.system.sockets import address_of
from net.transport import AcceptCallback, Address, Listener, SocketOptions, Transport

log = logging.getLogger(__name__)

__all__ = ["QuicListener", "listen_for_quic"]

HANDSHAKE_TIMEOUT_S = 10.0

_QUEUE_INTERVAL_S = 1 / 60

_CONNECTION_ID_BYTES = 8


async def listen_for_quic(
    transport: Transport,
    address: Address,
    accept: AcceptCallback,
    options: SocketOptions,
    configuration: QuicConfiguration,
) -> "QuicListener":
    """Listen on every address of a host, and make a channel of each connection.

    Raises ``ListenError``.
    """
    listener = QuicListener(transport, accept, configuration)
    await listener.open(address, options)
    return listener


class _Path(NamedTuple):
    """A peer's address, and the socket that reaches it.

    The library takes it for the address. It compares addresses, and shows the host and the port to
    the token handler.
    """

    host: str
    port: int
    udp_socket: UdpSocket
    socket_address: Any


class _FirstPacket(NamedTuple):
    """A client's first packet, and what a connection needs to know from its header."""

    datagram: bytes
    path: _Path
    client_id: bytes
    original_id: bytes
    retry_id: bytes | None


class QuicListener(Listener):
    """The sockets of a server and all channels on them; one socket for each listened address.

    ``begun`` counts handshakes, ``refused`` those for which too many others were half-open.
    """

    def __init__(
        self,
        transport: Transport,
        accept: AcceptCallback,
        configuration: QuicConfiguration,
    ) -> None:
        self.transport = transport
        self.addresses = ()
        self.configuration = configuration
        self.begun = self.refused = 0
        self._accept = accept
        self._retry = QuicRetryTokenHandler()
        self._queue: HandshakeQueue[_FirstPacket] = HandshakeQueue(perf_counter())
        self._queue_timer: asyncio.TimerHandle | None = None
        # By every connection id that a client may use for it. A half-open one also by the id that
        # the client made up.
        self._channels: dict[bytes, QuicChannel] = {}
        self._ids: dict[QuicChannel, set[bytes]] = {}
        self._half_open: dict[QuicChannel, asyncio.TimerHandle] = {}
        self._is_closing = False
        self._sockets = ServerSockets(self, self._on_sockets_changed, has_large_buffers=True)

    @property
    def channels(self) -> list[QuicChannel]:
        """All channels, also those whose handshake is not complete."""
        return list(self._ids)

    async def close(self) -> None:
        """Close every channel, then the sockets."""
        self._is_closing = True
        if self._queue_timer is not None:
            self._queue_timer.cancel()
        try:
            await asyncio.gather(*(channel.close() for channel in self.channels))
        finally:
            self.close_sockets()

    async def open(self, address: Address, options: SocketOptions) -> None:
        """Listen on every address of a host, now and from then on. Raises ``ListenError``."""
        await self._sockets.open(address, options)

    def close_sockets(self) -> None:
        """Close the sockets and tell no peer, as if the process had been killed."""
        self._sockets.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Pass a packet to its channel, or begin a connection."""
        # The header of nearly every packet is one byte and our connection id (RFC 9000, 17.3).
        channel = self._channels.get(datagram[1 : 1 + _CONNECTION_ID_BYTES])
        path = _Path(address[0], address[1], udp_socket, address)
        if channel is not None and not datagram[0] & 0x80:
            self._receive(channel, datagram, path, received_at)
            return
        try:
            header = pull_quic_header(Buffer(data=datagram), host_cid_length=_CONNECTION_ID_BYTES)
        except ValueError:
            log.debug("%s sent what is no QUIC packet", address_of(address))
            return
        channel = self._channels.get(header.destination_cid)
        if channel is not None:
            self._receive(channel, datagram, path, received_at)
        elif len(datagram) >= SMALLEST_MAX_DATAGRAM_SIZE and not self._is_closing:
            self._handle_unknown(header, datagram, path, received_at)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Do nothing: every channel has a timer of its own."""

    def writable(self, udp_socket: UdpSocket) -> None:
        """Let every channel on this socket send what has waited."""
        for channel in self.channels:
            if channel.udp_socket is udp_socket:
                channel.flush()

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Ignore an error: it concerns one peer of many, and does not say which."""

    def new_connection(self, wire: QuicWire) -> MessageConnection:
        """Return the connection on top of a new wire."""
        return MessageConnection(wire)

    def new_wire(self, original_id: bytes, retry_id: bytes | None) -> QuicWire:
        """Return the wire of a client that has sent its first packet."""
        return new_wire(
            self.configuration,
            original_destination_connection_id=original_id,
            retry_source_connection_id=retry_id,
        )

    def _receive(
        self, channel: QuicChannel, packet: bytes, path: _Path, received_at: float
    ) -> None:
        channel.packet_received(packet, path, received_at)
        connection = channel.connection
        for change in connection.id_changes:
            if change.is_issued:
                self._add_id(channel, change.connection_id)
            else:
                self._channels.pop(change.connection_id, None)
        connection.id_changes.clear()
        current = connection.wire.peer_address
        if isinstance(current, _Path) and current[:2] != channel.peer:
            channel.peer = Address(current.host, current.port)
            channel.udp_socket = current.udp_socket

    def _handle_unknown(self, header: QuicHeader, datagram: bytes, path: _Path, now: float) -> None:
        """Answer the first packet of a client, or queue its handshake."""
        # A version negotiation packet has the version 0. An answer to one could be answered again.
        if header.version and header.version not in self.configuration.supported_versions:
            answer = encode_quic_version_negotiation(
                source_cid=header.destination_cid,
                destination_cid=header.source_cid,
                supported_versions=self.configuration.supported_versions,
            )
            self._send_packet(answer, path)
        elif header.packet_type is QuicPacketType.INITIAL:
            original_id, retry_id = header.destination_cid, None
            if header.token:
                try:
                    original_id = self._retry.validate_token(
                        address=path,
                        destination_cid=header.destination_cid,
                        token=header.token,
                        now=now,
                    )
                except ValueError:
                    return
                retry_id = header.destination_cid
            elif self._queue.requires_address_proof(len(self._half_open)):
                self._demand_address_proof(header, path, now)
                return
            key = header.destination_cid
            self._queue.put(key, _FirstPacket(datagram, path, key, original_id, retry_id))
            self._begin_handshakes()

    def _demand_address_proof(self, header: QuicHeader, path: _Path, now: float) -> None:
        retry_id = os.urandom(_CONNECTION_ID_BYTES)
        assert header.version is not None
        answer = encode_quic_retry(
            version=header.version,
            source_cid=retry_id,
            destination_cid=header.source_cid,
            original_destination_cid=header.destination_cid,
            retry_token=self._retry.create_token(
                address=path,
                original_destination_connection_id=header.destination_cid,
                retry_source_connection_id=retry_id,
                now=now,
            ),
        )
        self._send_packet(answer, path)

    def _begin_handshakes(self) -> None:
        """Begin as many handshakes as this tick allows, and come back for the others."""
        if self._is_closing:
            return
        now = perf_counter()
        while (first := self._queue.pop(now)) is not None:
            if may_begin(len(self._half_open)):
                self.begun += 1
                self._begin(first, now)
            else:
                self.refused += 1
        if self._queue and self._queue_timer is None:
            self._queue_timer = asyncio.get_running_loop().call_later(
                _QUEUE_INTERVAL_S, self._on_queue_timer
            )

    def _on_queue_timer(self) -> None:
        self._queue_timer = None
        self._begin_handshakes()

    def _begin(self, first: _FirstPacket, now: float) -> None:
        wire = self.new_wire(first.original_id, first.retry_id)
        channel = QuicChannel(
            self.transport,
            self.new_connection(wire),
            Address(first.path.host, first.path.port),
            first.path.udp_socket,
            send_packet=self._send_packet,
            on_opened=self._on_opened,
            on_finished=self._on_finished,
        )
        self._ids[channel] = set()
        self._add_id(channel, first.client_id)
        self._add_id(channel, wire.quic.host_cid)
        self._half_open[channel] = asyncio.get_running_loop().call_later(
            HANDSHAKE_TIMEOUT_S, channel.abort
        )
        self._receive(channel, first.datagram, first.path, now)

    def _add_id(self, channel: QuicChannel, connection_id: bytes) -> None:
        if channel in self._ids:
            self._ids[channel].add(connection_id)
            self._channels[connection_id] = channel

    def _send_packet(self, packet: bytes, path: _Path) -> None:
        path.udp_socket.send(packet, path.socket_address)

    def _on_sockets_changed(self) -> None:
        self.addresses = self._sockets.addresses

    def _on_opened(self, channel: QuicChannel) -> None:
        self._half_open.pop(channel).cancel()
        channel.receiver = self._accept(channel)

    def _on_finished(self, channel: QuicChannel) -> None:
        for connection_id in self._ids.pop(channel, ()):
            self._channels.pop(connection_id, None)
        timer = self._half_open.pop(channel, None)
        if timer is not None:
            timer.cancel()
