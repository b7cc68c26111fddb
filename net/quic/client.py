"""The client's end of QUIC: one connected socket and its channel."""

import asyncio
from contextlib import suppress
from time import perf_counter
from typing import Any, TextIO

from aioquic.quic.configuration import QuicConfiguration

from net.datagram.client import NETWORK_CHANGED, NO_RECEIVER, REOPEN_INTERVAL_S, first_to_open
from net.datagram.udp_socket import UdpSocket
from net.errors import ConnectError, ConnectStage, ConnectTimeout, TlsError
from net.quic.aioquic_adapter import QuicWire, new_wire
from net.quic.channel import QuicChannel
from net.quic.connection import MessageConnection
from net.quic.credentials import check_certificate, client_configuration
from net.system.sockets import Candidate, connected_datagram_socket
from net.transport import Address, Receiver, SocketOptions, Transport

__all__ = ["QuicClient", "connect_quic"]


async def connect_quic(
    transport: Transport, address: Address, receiver: Receiver, options: SocketOptions
) -> QuicChannel:
    """Open a connection by a handshake of one round trip.

    Raises ``ConnectError`` if no address of the host answers, as ``TlsError`` if the server's
    certificate is not the right one.
    """

    def make(candidate: Candidate) -> QuicClient:
        return QuicClient(transport, candidate, receiver, options)

    client = await first_to_open(address, options, make)
    return client.channel


class QuicClient:
    """A client's socket and its one channel.

    ``opened`` is done when the handshake has succeeded, or with the error of socket or handshake.

    Raises ``OSError`` if there is no route to the address.
    """

    def __init__(
        self,
        transport: Transport,
        candidate: Candidate,
        receiver: Receiver,
        options: SocketOptions,
    ) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._candidate = candidate
        self._receiver = receiver
        self._options = options
        self._address = Address(*candidate.sockaddr[:2])
        self._reopen_at_earliest = 0.0
        self._keylog = _open_keylog(options.tls_keylog)
        configuration = client_configuration(self._address, options)
        configuration.secrets_log_file = self._keylog
        wire = self.new_wire(configuration)
        # The address of the server stays the same for the library, also on a new socket.
        wire.quic.connect(candidate.sockaddr, perf_counter())
        connection = MessageConnection(wire)
        connection.on_opened = self._check_certificate
        self._udp_socket = self._open_socket()
        self.channel = QuicChannel(
            transport,
            connection,
            self._address,
            self._udp_socket,
            send_packet=self._send_packet,
            on_opened=self._on_opened,
            on_finished=self._on_finished,
        )
        self.channel.flush()

    def new_wire(self, configuration: QuicConfiguration) -> QuicWire:
        """Return the wire of the connection."""
        return new_wire(configuration)

    def cancel(self) -> None:
        """End the handshake or the channel; its receiver is not called."""
        self.channel.receiver = NO_RECEIVER
        self.channel.abort()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Process a packet of the server."""
        self.channel.packet_received(datagram, self._candidate.sockaddr, received_at)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Do nothing: the channel has a timer of its own."""

    def writable(self, udp_socket: UdpSocket) -> None:
        """Send what has waited."""
        self.channel.flush()

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Fail the handshake. On an open channel, change the network if ours is gone.

        Other errors are ignored: a server that is restarting answers with ICMP errors for a moment,
        and the session has its own timeout.
        """
        if not self.opened.done():
            self.opened.set_exception(error)
        elif error.errno in NETWORK_CHANGED:
            self.change_network()

    def change_network(self) -> None:
        """Continue on a new socket: a laptop in another Wi-Fi has lost its old address.

        The server recognizes the connection by its id, and checks the new path (RFC 9000, section
        9). Done at most once a second.
        """
        now = perf_counter()
        if self.channel.closed or now < self._reopen_at_earliest:
            return
        self._reopen_at_earliest = now + REOPEN_INTERVAL_S
        # Without any network no socket opens. The next packet tries again.
        with suppress(OSError):
            udp_socket = self._open_socket()
            self._udp_socket.close()
            self.channel.udp_socket = self._udp_socket = udp_socket
            self.channel.connection.wire.change_connection_id()
            self.channel.flush()

    def _check_certificate(self) -> None:
        certificate = self.channel.connection.wire.peer_certificate
        check_certificate(certificate, self._address, self._options)

    def _open_socket(self) -> UdpSocket:
        return UdpSocket(connected_datagram_socket(self._candidate, self._options), self)

    def _send_packet(self, packet: bytes, address: Any) -> None:
        self._udp_socket.send(packet, None)

    def _on_opened(self, channel: QuicChannel) -> None:
        channel.receiver = self._receiver
        if not self.opened.done():
            self.opened.set_result(None)

    def _on_finished(self, channel: QuicChannel) -> None:
        self._udp_socket.close()
        if self._keylog is not None:
            self._keylog.close()
        if not self.opened.done():
            self.opened.set_exception(self._refusal())

    def _refusal(self) -> ConnectError:
        """Return why the handshake failed."""
        reason = self.channel.connection.error
        if isinstance(reason, TlsError):
            return reason
        return _handshake_error(self._address, reason)


def _open_keylog(file: str) -> TextIO | None:
    """Open the file for the keys of a connection; None without one, or if it cannot be written."""
    with suppress(OSError):
        return open(file, "a", encoding="ascii") if file else None
    return None


def _handshake_error(address: Address, reason: Exception | None) -> ConnectError:
    text = str(reason or "the connection was cut")
    if "Idle timeout" in text:
        return ConnectTimeout(f"{address} gives no answer", ConnectStage.CONNECT)
    return ConnectError(f"no game at {address}: {text}")
