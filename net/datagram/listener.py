"""The server's end of a datagram transport: its sockets, and the channels of all its peers."""

import asyncio
import logging
from random import SystemRandom
from time import perf_counter

from net.datagram.channel import DatagramChannel
from net.datagram.connection import DatagramConnection, SocketAddress
from net.datagram.server_endpoint import DatagramEndpoint
from net.datagram.server_sockets import ServerSockets
from net.datagram.udp_socket import UdpSocket
from net.system.sockets import address_of
from net.transport import AcceptCallback, Address, Listener, SocketOptions, Transport

log = logging.getLogger(__name__)

__all__ = ["DatagramListener", "listen_for_datagrams"]


async def listen_for_datagrams(
    transport: Transport, address: Address, accept: AcceptCallback, options: SocketOptions
) -> "DatagramListener":
    """Listen on every address of a host, and make a channel of each connection.

    Raises ``ListenError``.
    """
    listener = DatagramListener(transport, accept)
    await listener.open(address, options)
    return listener


def _log_invalid(address: SocketAddress, reason: str) -> None:
    log.debug("%s sent an invalid datagram: %s", address_of(address), reason)


class DatagramListener(Listener):
    """The sockets of a server and all channels on them; one socket for each listened address."""

    def __init__(self, transport: Transport, accept: AcceptCallback) -> None:
        self.transport = transport
        self.addresses = ()
        self._accept = accept
        # The system's generator: connection ids and cookie secrets must not be guessable.
        self._endpoint = DatagramEndpoint(SystemRandom(), perf_counter())
        self._endpoint.on_invalid = _log_invalid
        self._channels: dict[DatagramConnection, DatagramChannel] = {}
        self._sockets = ServerSockets(self, self._on_sockets_changed, has_large_buffers=True)

    @property
    def connections(self) -> list[DatagramConnection]:
        """All connections that have not ended."""
        return self._endpoint.connections

    async def open(self, address: Address, options: SocketOptions) -> None:
        """Listen on every address of a host, now and from then on. Raises ``ListenError``."""
        await self._sockets.open(address, options)

    async def close(self) -> None:
        """Close every channel, then the sockets."""
        self._endpoint.accepting = False
        try:
            await asyncio.gather(*(channel.close() for channel in self._channels.values()))
        finally:
            self.close_sockets()

    def close_sockets(self) -> None:
        """Close the sockets and tell no peer, as if the process had been killed."""
        self._sockets.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: SocketAddress, received_at: float
    ) -> None:
        """Pass a datagram to its channel, or send the endpoint's reply."""
        endpoint = self._endpoint
        connection = endpoint.route(datagram, address, received_at)
        if connection is not None:
            self._channels[connection].datagram_received(datagram, received_at)
            # Nearly every datagram ends here. A path challenge is the only reply to a known peer.
            if not endpoint.replies:
                return
        for reply, to in endpoint.replies:
            udp_socket.send(reply, to)
        endpoint.replies.clear()
        self._open_accepted(udp_socket)
        self._apply_migrations(udp_socket)
        for probed, probe in endpoint.probes:
            self._channels[probed].probe_received(probe, received_at)
        endpoint.probes.clear()

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Continue the connections that are due."""
        for connection in self._endpoint.expire(now):
            if (channel := self._channels.get(connection)) is not None:
                channel.flush()
        self._set_timer()

    def writable(self, udp_socket: UdpSocket) -> None:
        """Let every channel on this socket send what has waited."""
        now = perf_counter()
        for channel in list(self._channels.values()):
            if channel.udp_socket is udp_socket:
                channel.continue_sending(now)

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Ignore an error: it concerns one peer of many, and does not say which.

        (Windows reports that a peer is gone as a reset of the server's whole socket.)
        """

    def _open_accepted(self, udp_socket: UdpSocket) -> None:
        for connection in self._endpoint.accepted:
            channel = DatagramChannel(
                self.transport, connection, udp_socket, self._schedule, self._finished
            )
            self._channels[connection] = channel
            channel.receiver = self._accept(channel)
        self._endpoint.accepted.clear()

    def _apply_migrations(self, udp_socket: UdpSocket) -> None:
        for connection in self._endpoint.moved:
            channel = self._channels[connection]
            channel.udp_socket = udp_socket
            channel.peer = address_of(connection.address)
        self._endpoint.moved.clear()

    def _schedule(self, connection: DatagramConnection) -> None:
        self._endpoint.schedule(connection)
        self._set_timer()

    def _on_sockets_changed(self) -> None:
        self.addresses = self._sockets.addresses
        # The socket that had the timer may be gone.
        self._set_timer()

    def _set_timer(self) -> None:
        # One timer for all connections; the first socket has it.
        self._sockets.udp_sockets[0].set_timer(self._endpoint.deadline)

    def _finished(self, channel: DatagramChannel) -> None:
        self._channels.pop(channel.connection, None)
        self._endpoint.remove(channel.connection, perf_counter())
