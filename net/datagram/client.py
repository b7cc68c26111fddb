"""The client's end of a datagram transport: one connected socket, its handshake, its channel."""

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from time import perf_counter
from typing import Any, Protocol, TypeVar

from net.datagram.channel import DatagramChannel
from net.datagram.client_handshake import ClientHandshake
from net.datagram.connection import DatagramConnection, SocketAddress
from net.datagram.reliable import NEVER
from net.datagram.udp_socket import UdpSocket
from net.datagram.wire_format import HEADER_BYTES, PROBE_KINDS_TO_CLIENT
from net.errors import ConnectStage, TransportError
from net.system.sockets import Candidate, connected_datagram_socket, first_to_connect
from net.transport import Address, Channel, Receiver, SocketOptions, Transport

__all__ = [
    "NETWORK_CHANGED",
    "NO_RECEIVER",
    "REOPEN_INTERVAL_S",
    "DatagramClient",
    "connect_datagrams",
    "first_to_open",
]

# The errors of a send after this computer has lost its address or its route.
NETWORK_CHANGED = {
    getattr(errno, name)
    for reason in ("ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EINVAL")
    for name in (reason, "WSA" + reason)
    if hasattr(errno, name)
}
_PROBE_KINDS = {bytes((kind,)) for kind in PROBE_KINDS_TO_CLIENT}
# While there is no network, every datagram fails, and so would a new socket for each.
REOPEN_INTERVAL_S = 1.0


async def connect_datagrams(
    transport: Transport, address: Address, receiver: Receiver, options: SocketOptions
) -> DatagramChannel:
    """Open a connection by a handshake of two round trips.

    Raises ``ConnectError`` if no address of the host answers.
    """

    def make(candidate: Candidate) -> DatagramClient:
        return DatagramClient(transport, candidate, receiver, options)

    client = await first_to_open(address, options, make)
    return client.opened.result()


class OpeningClient(Protocol):
    """A client of one address; ``opened`` is done when its handshake has succeeded or failed."""

    opened: asyncio.Future[Any]

    def cancel(self) -> None:
        """End the handshake or the channel."""


Opening = TypeVar("Opening", bound=OpeningClient)


async def first_to_open(
    address: Address, options: SocketOptions, make: Callable[[Candidate], Opening]
) -> Opening:
    """Return the first client to open of one for each address of a host, and cancel the others.

    ``make`` starts a client, and raises ``OSError`` if there is no route to its address.

    Raises ``ConnectError`` if no address of the host answers.
    """

    async def attempt(candidate: Candidate) -> Opening:
        client = make(candidate)
        try:
            await client.opened
        except BaseException:
            client.cancel()
            raise
        return client

    return await first_to_connect(
        address, socket.SOCK_DGRAM, options, attempt, lambda client: client.cancel()
    )


class _NoReceiver:
    """The ``Receiver`` of a channel that is discarded: another address answered first."""

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Ignore the message."""

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        """Ignore the end of the channel."""


NO_RECEIVER = _NoReceiver()


class DatagramClient:
    """A client's socket, with its handshake first and then its one channel.

    The socket is connected, so that the system reports if nothing listens at the address.
    ``opened`` is done when the handshake has succeeded, or with the ``OSError`` of the socket.

    Raises ``OSError`` if there is no route to the address.
    """

    def __init__(
        self,
        transport: Transport,
        candidate: Candidate,
        receiver: Receiver,
        options: SocketOptions,
    ) -> None:
        self.opened: asyncio.Future[DatagramChannel] = asyncio.get_running_loop().create_future()
        self._transport = transport
        self._candidate = candidate
        self._receiver = receiver
        self._options = options
        self._channel: DatagramChannel | None = None
        self._reopen_at_earliest = 0.0
        self._udp_socket = self._open_socket()
        # The system's generator: connection ids and nonces must not be guessable.
        self._handshake = ClientHandshake(SystemRandom(), perf_counter())
        self._send_handshake()

    def cancel(self) -> None:
        """End the handshake, or the channel if there is one; its receiver is not called."""
        if self._channel is not None:
            self._channel.receiver = NO_RECEIVER
            self._channel.abort()
        elif not self._udp_socket.closed:
            self._handshake.cancel()
            self._send_handshake()
            self._udp_socket.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: SocketAddress, received_at: float
    ) -> None:
        """Process a datagram of the server."""
        if self._channel is not None:
            if datagram[:1] in _PROBE_KINDS and self._channel.on_probe is not None:
                self._channel.on_probe(datagram, received_at)
            else:
                self._channel.datagram_received(datagram, received_at)
            return
        connection = self._handshake.receive(datagram, self._candidate.sockaddr, received_at)
        self._send_handshake()
        if self._handshake.is_answered:
            self._options.enter(ConnectStage.HANDSHAKE)
        if connection is not None:
            self._open_channel(connection)
            # A numbered datagram that overtook the accept is the channel's first.
            if len(datagram) >= HEADER_BYTES:
                self.datagram_received(udp_socket, datagram, address, received_at)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Continue the handshake, or the connection."""
        if self._channel is None:
            self._handshake.on_timer(now)
            self._send_handshake()
            return
        connection = self._channel.connection
        connection.scheduled_at = NEVER
        connection.on_timer(now)
        self._channel.flush()

    def writable(self, udp_socket: UdpSocket) -> None:
        """Send what has waited."""
        if self._channel is not None:
            self._channel.continue_sending(perf_counter())

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Fail the handshake. On an open channel, change the network if ours is gone.

        Other errors are ignored: a server that is restarting answers with ICMP errors for a moment,
        and the session has its own timeout.
        """
        if not self.opened.done():
            self.opened.set_exception(error)
        elif self._channel is not None and error.errno in NETWORK_CHANGED:
            self.change_network()

    def change_network(self) -> None:
        """Continue on a new socket: a laptop in another Wi-Fi has lost its old address.

        The server recognizes the connection by its id. Done at most once a second.
        """
        channel, now = self._channel, perf_counter()
        if channel is None or channel.closed or now < self._reopen_at_earliest:
            return
        self._reopen_at_earliest = now + REOPEN_INTERVAL_S
        # Without any network no socket opens. The next datagram tries again.
        with suppress(OSError):
            udp_socket = self._open_socket()
            self._udp_socket.close()
            channel.udp_socket = self._udp_socket = udp_socket
            # The timer was the old socket's.
            self._schedule(channel.connection)

    def _open_channel(self, connection: DatagramConnection) -> None:
        channel = DatagramChannel(
            self._transport, connection, self._udp_socket, self._schedule, self._finished
        )
        channel.receiver = self._receiver
        self._channel = channel
        if not self.opened.done():
            self.opened.set_result(channel)

    def _open_socket(self) -> UdpSocket:
        sock = connected_datagram_socket(self._candidate, self._options)
        return UdpSocket(sock, self)

    def _send_handshake(self) -> None:
        for datagram in self._handshake.outgoing:
            self._udp_socket.send(datagram, None)
        self._handshake.outgoing.clear()
        self._udp_socket.set_timer(self._handshake.deadline)

    def _schedule(self, connection: DatagramConnection) -> None:
        connection.scheduled_at = connection.deadline
        self._udp_socket.set_timer(connection.deadline)

    def _finished(self, channel: DatagramChannel) -> None:
        self._udp_socket.close()
