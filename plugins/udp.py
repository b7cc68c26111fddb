"""UDP: a LATEST message is a datagram of its own, so a lost one delays nothing.

A thin shell: ``net/datagram/connection.py`` and its neighbours decide everything, here sockets,
connections and receivers are put together. A listener has one socket for all its peers (or one for
each address that it listens on); a client has a connected one, so that the system tells it when
nobody listens.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom
from time import perf_counter

from net.datagram.client_handshake import ClientHandshake
from net.datagram.connection import DatagramConnection, SocketAddress
from net.datagram.endpoint import DatagramEndpoint
from net.datagram.reliable import NEVER
from net.datagram.udp_socket import UdpSocket, enlarge_receive_buffer
from net.datagram.wire_format import HEADER_BYTES
from net.errors import ConnectError, ConnectTimeout, MessageTooLarge
from net.system.sockets import (
    Candidate,
    address_of,
    bound_sockets,
    connect_failure,
    connected_datagram_socket,
    resolve,
)
from net.transport import (
    LANE_STATE,
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Buffers,
    Channel,
    ChannelStats,
    Delivery,
    Guarantees,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)

_RELIABLE = Delivery.RELIABLE

_UDP_HEADER_BYTES = 8
_IPV4_HEADER_BYTES, _IPV6_HEADER_BYTES = 20, 40

# Where a name has several addresses, the next one is tried after this; an address where nobody
# listens says so at once in most networks.
_NEXT_ADDRESS_AFTER_S = 1.0
# TCP's handshake is given up by systems after 20 to 130 s; nobody waits so long for a game.
_CONNECT_LIMIT_S = 20.0

# What sending says when the address that we sent from, or the way from it, has gone.
_NO_WAY_OUT = {
    getattr(errno, name)
    for reason in ("ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EINVAL")
    for name in (reason, "WSA" + reason)
    if hasattr(errno, name)
}
# A network that comes back is found this soon; a new socket for each datagram would be a waste.
_REOPEN_INTERVAL_S = 1.0


class UdpTransport(Transport):
    """Messages in datagrams."""

    name = "udp"
    guarantees = Guarantees(
        summary="LATEST messages may be lost and wait for none; RELIABLE ones are sent again",
        head_of_line_blocking=False,
        latest_may_be_lost=True,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        header_bytes=_IPV4_HEADER_BYTES + _UDP_HEADER_BYTES + HEADER_BYTES,
        supports_encryption=True,
    )

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a connection by a handshake of two round trips, asking until there is an answer."""
        candidates = await resolve(address, socket.SOCK_DGRAM)
        for candidate in candidates[:-1]:
            try:
                return await self._connect(
                    candidate, address, receiver, options, _NEXT_ADDRESS_AFTER_S
                )
            except ConnectError:
                continue
        return await self._connect(candidates[-1], address, receiver, options, _CONNECT_LIMIT_S)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept peers that have answered a challenge."""
        sockets = await bound_sockets(address, socket.SOCK_DGRAM, options)
        if options.receive_buffer_bytes is None:
            for sock in sockets:
                enlarge_receive_buffer(sock)
        return UdpListener(self, sockets, accept)

    async def _connect(
        self,
        candidate: Candidate,
        address: Address,
        receiver: Receiver,
        options: SocketOptions,
        limit_s: float,
    ) -> "UdpChannel":
        try:
            client = _Client(self, candidate, receiver, options)
        except OSError as error:
            raise connect_failure(error, address) from error
        try:
            async with asyncio.timeout(limit_s):
                return await client.opened
        except TimeoutError as error:
            client.abandon()
            raise ConnectTimeout(f"{address} gives no answer over UDP") from error
        except OSError as error:
            client.abandon()
            raise connect_failure(error, address) from error
        except asyncio.CancelledError:
            client.abandon()
            raise


class UdpChannel(Channel):
    """One connection, at either end.

    ``schedule`` is told when the connection must be woken earlier, ``finished`` when it has ended.
    """

    receiver: Receiver

    def __init__(
        self,
        transport: UdpTransport,
        connection: DatagramConnection,
        port: UdpSocket,
        schedule: Callable[[DatagramConnection], None],
        finished: Callable[["UdpChannel"], None],
    ) -> None:
        self.transport = transport
        self.connection = connection
        self.port = port
        self.peer = address_of(connection.address)
        self._schedule = schedule
        self._finished = finished
        # By lane, what waits while the socket takes nothing: newest only.
        self._waiting: dict[int, bytes] = {}
        self._unsent = 0
        self._closed = False
        self._gone = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether the channel has ended."""
        return self._closed

    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message; while the socket takes none, the newest LATEST of each lane waits."""
        if len(message) > MESSAGE_LIMIT_BYTES:
            raise MessageTooLarge(f"{len(message)} bytes are over the limit {MESSAGE_LIMIT_BYTES}")
        if self._closed:
            return
        connection = self.connection
        if delivery is _RELIABLE:
            now = perf_counter()
            connection.send_reliable(message, now)
            if not self.port.send_queue:
                connection.flush(now)
        elif self.port.send_queue:
            self._unsent += lane in self._waiting
            self._waiting[lane] = message
        else:
            connection.send_latest(message, lane)
            # It can neither end a connection nor bring its next deadline nearer.
            self._transmit()
            return
        self.flush()

    def stats(self) -> ChannelStats:
        """Return the counters so far."""
        connection = self.connection
        headers = _UDP_HEADER_BYTES + (
            _IPV6_HEADER_BYTES if ":" in self.peer.host else _IPV4_HEADER_BYTES
        )
        return ChannelStats(
            sent=connection.sent,
            received=connection.received,
            lost=connection.lost,
            unacknowledged=connection.unacknowledged,
            stale=connection.stale,
            duplicate=connection.duplicate,
            invalid=connection.invalid,
            replaced=self._unsent,
            retransmitted=connection.retransmitted,
            payload_bytes_sent=connection.payload_bytes_sent,
            payload_bytes_received=connection.payload_bytes_received,
            wire_bytes_sent=connection.datagram_bytes_sent + headers * connection.datagrams_sent,
            wire_bytes_received=connection.datagram_bytes_received
            + headers * connection.datagrams_received,
        )

    def buffers(self) -> Buffers:
        """Return the buffers of the socket; a listener's peers share one."""
        return self.port.buffers

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Seal what follows; see ``net/datagram/connection.py``."""
        self.connection.enable_encryption(send_key, receive_key)

    async def close(self) -> None:
        """Say goodbye once the peer has the reliable messages, and wait for its answer."""
        self.connection.close(perf_counter())
        self.flush()
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """End now; a single datagram tells the peer, and may be lost."""
        self.connection.abort()
        self.flush()

    def datagram_received(self, datagram: bytes, received_at: float) -> None:
        """Handle a datagram for this connection."""
        connection = self.connection
        for message in connection.receive(datagram, received_at):
            # The receiver may have ended the channel when it took the message before.
            if not self._closed:
                self.receiver.message_received(self, message, received_at)
        if connection.wants_flush and not self.port.send_queue:
            connection.flush(received_at)
        # Mostly the receiver's answer has carried everything already.
        if connection.outgoing or connection.deadline < connection.scheduled_at or connection.ended:
            self.flush()

    def flush(self) -> None:
        """Send what the connection has put out, and see what has become of it."""
        connection = self.connection
        if connection.outgoing:
            self._transmit()
        if connection.deadline < connection.scheduled_at:
            self._schedule(connection)
        if connection.ended and not self._closed:
            self._closed = True
            self._finished(self)
            asyncio.get_running_loop().call_soon(self._tell_receiver)

    def continue_sending(self, now: float) -> None:
        """Send what has waited for the socket."""
        for lane, message in self._waiting.items():
            self.connection.send_latest(message, lane)
        self._waiting.clear()
        self.connection.flush(now)
        self.flush()

    def _transmit(self) -> None:
        connection = self.connection
        outgoing = connection.outgoing
        for datagram in outgoing:
            self.port.send(datagram, connection.address)
        outgoing.clear()

    def _tell_receiver(self) -> None:
        self._gone.set()
        self.receiver.channel_closed(self, self.connection.error)
        # They know each other: let go, or both wait for the garbage collector.
        del self.receiver


class _Client:
    """The client's socket: first its handshake, then its one channel."""

    def __init__(
        self,
        transport: UdpTransport,
        candidate: Candidate,
        receiver: Receiver,
        options: SocketOptions,
    ) -> None:
        self.opened: asyncio.Future[UdpChannel] = asyncio.get_running_loop().create_future()
        self._transport = transport
        self._candidate = candidate
        self._receiver = receiver
        self._options = options
        self._channel: UdpChannel | None = None
        self._reopen_at_earliest = 0.0
        self._port = self._open_port()
        self._handshake = ClientHandshake(SystemRandom(), perf_counter())
        self._put_out_handshake()

    def abandon(self) -> None:
        """End, whatever has been reached."""
        if self._channel is not None:
            self._channel.abort()
        elif not self._port.closed:
            self._handshake.cancel()
            self._put_out_handshake()
            self._port.close()

    def datagram_received(
        self, port: UdpSocket, datagram: bytes, address: SocketAddress, received_at: float
    ) -> None:
        """Take a datagram of the server."""
        if self._channel is not None:
            self._channel.datagram_received(datagram, received_at)
            return
        connection = self._handshake.receive(datagram, self._candidate.sockaddr, received_at)
        self._put_out_handshake()
        if connection is not None:
            self._open(connection)
            if len(datagram) >= HEADER_BYTES:
                self.datagram_received(port, datagram, address, received_at)

    def _open(self, connection: DatagramConnection) -> None:
        channel = UdpChannel(
            self._transport, connection, self._port, self._schedule, self._finished
        )
        channel.receiver = self._receiver
        self._channel = channel
        if not self.opened.done():
            self.opened.set_result(channel)

    def timer_expired(self, port: UdpSocket, now: float) -> None:
        """Do what time asks for."""
        if self._channel is None:
            self._handshake.on_timer(now)
            self._put_out_handshake()
            return
        connection = self._channel.connection
        connection.scheduled_at = NEVER
        connection.on_timer(now)
        self._channel.flush()

    def writable(self, port: UdpSocket) -> None:
        """Send what has waited."""
        if self._channel is not None:
            self._channel.continue_sending(perf_counter())

    def error_received(self, port: UdpSocket, error: OSError) -> None:
        """Fail while connecting; later take another way out if ours has gone."""
        if not self.opened.done():
            self.opened.set_exception(error)
        elif self._channel is not None and error.errno in _NO_WAY_OUT:
            self._reopen(self._channel)

    def _reopen(self, channel: UdpChannel) -> None:
        """Go on from another address: a laptop that changed its network has lost the old one.

        The server knows us by the connection's id.
        """
        now = perf_counter()
        if channel.closed or now < self._reopen_at_earliest:
            return
        self._reopen_at_earliest = now + _REOPEN_INTERVAL_S
        # There may be no network at all; then the next datagram tries again.
        with suppress(OSError):
            port = self._open_port()
            self._port.close()
            channel.port = self._port = port
            self._schedule(channel.connection)

    def _open_port(self) -> UdpSocket:
        sock = connected_datagram_socket(self._candidate, self._options)
        return UdpSocket(sock, self)

    def _put_out_handshake(self) -> None:
        for datagram in self._handshake.outgoing:
            self._port.send(datagram, None)
        self._handshake.outgoing.clear()
        self._port.set_timer(self._handshake.deadline)

    def _schedule(self, connection: DatagramConnection) -> None:
        connection.scheduled_at = connection.deadline
        self._port.set_timer(connection.deadline)

    def _finished(self, channel: UdpChannel) -> None:
        self._port.close()


class UdpListener(Listener):
    """The server's sockets and all channels on them."""

    def __init__(
        self, transport: UdpTransport, sockets: list[socket.socket], accept: AcceptCallback
    ) -> None:
        self.transport: UdpTransport = transport
        self.addresses = tuple(address_of(sock.getsockname()) for sock in sockets)
        self._accept = accept
        self._endpoint = DatagramEndpoint(SystemRandom(), perf_counter())
        self._channels: dict[DatagramConnection, UdpChannel] = {}
        self._ports = [UdpSocket(sock, self) for sock in sockets]

    async def close(self) -> None:
        """Say goodbye to everyone, then close the sockets."""
        self._endpoint.accepting = False
        try:
            await asyncio.gather(*(channel.close() for channel in self._channels.values()))
        finally:
            for port in self._ports:
                port.close()

    def datagram_received(
        self, port: UdpSocket, datagram: bytes, address: SocketAddress, received_at: float
    ) -> None:
        """Give a datagram to its channel, or answer it as the endpoint says."""
        endpoint = self._endpoint
        connection = endpoint.route(datagram, address, received_at)
        if connection is not None:
            self._channels[connection].datagram_received(datagram, received_at)
            if not endpoint.replies:
                return
        for reply, to in endpoint.replies:
            port.send(reply, to)
        endpoint.replies.clear()
        self._welcome(port)
        self._follow_moves(port)

    def timer_expired(self, port: UdpSocket, now: float) -> None:
        """Wake the connections whose time has come."""
        for connection in self._endpoint.expire(now):
            if (channel := self._channels.get(connection)) is not None:
                channel.flush()
        self._ports[0].set_timer(self._endpoint.deadline)

    def writable(self, port: UdpSocket) -> None:
        """Let every channel of the port send what has waited."""
        now = perf_counter()
        for channel in list(self._channels.values()):
            if channel.port is port:
                channel.continue_sending(now)

    def error_received(self, port: UdpSocket, error: OSError) -> None:
        """Ignore it: it is about one peer of many, and does not say about which.

        (Windows reports a vanished peer as a "reset" of the server's whole socket.)
        """

    def _welcome(self, port: UdpSocket) -> None:
        for connection in self._endpoint.accepted:
            channel = UdpChannel(self.transport, connection, port, self._schedule, self._finished)
            self._channels[connection] = channel
            channel.receiver = self._accept(channel)
        self._endpoint.accepted.clear()

    def _follow_moves(self, port: UdpSocket) -> None:
        for connection in self._endpoint.moved:
            channel = self._channels[connection]
            channel.port = port
            channel.peer = address_of(connection.address)
        self._endpoint.moved.clear()

    def _schedule(self, connection: DatagramConnection) -> None:
        self._endpoint.schedule(connection)
        self._ports[0].set_timer(self._endpoint.deadline)

    def _finished(self, channel: UdpChannel) -> None:
        self._channels.pop(channel.connection, None)
        self._endpoint.remove(channel.connection, perf_counter())
