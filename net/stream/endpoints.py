"""Accepting streams: a listener that makes a channel of each peer that arrives.

``asyncio.Server`` does nearly the same, but one that is closed while a peer arrives loses the
peer's socket, and what its ``wait_closed`` waits for differs between versions of Python. Knows
no format of frames.
"""

import asyncio
import logging
import socket
import ssl
import sys
from time import perf_counter

from net.security.client_network import client_network, is_loopback
from net.security.rate_limit import KeyedTokenBuckets, LogThrottle
from net.stream.channel import AnyChannel, ChannelFactory, StreamChannel
from net.stream.tls import client_tls, server_context, server_tls
from net.system.sockets import LISTEN_BACKLOG, address_of, bound_sockets, connected_socket
from net.transport import AcceptCallback, Address, Listener, Receiver, SocketOptions, Transport

log = logging.getLogger(__name__)


# Out of file descriptors: the peer waits in the kernel's queue until somebody has left.
ACCEPT_AGAIN_AFTER_S = 1.0


# As many as a server allows of attempts to connect (``net/security/admission.py``), which it counts
# when a channel opens: too late for what a stream has cost by then, TLS's signature above all. A
# class behind one address arrives within the burst.
STREAMS_PER_S = 64.0


STREAMS_BURST = 256.0


# Of one visitor's streams so many may be without a finished handshake at the same moment: a class
# behind one address has all of its clients arrive at once, somebody who only connects gets no
# further. Not held against this computer itself.
HALF_OPEN_PER_NETWORK = 128


# Windows' ``select`` takes 512 sockets, and raises for one more: three transports over streams fit.
# Elsewhere the system itself says when there are no more to be had.
STREAMS_LIMIT = 160 if sys.platform == "win32" else sys.maxsize


class StreamListener(Listener):
    """Accepts streams on some listening sockets and knows the channels it made of them."""

    def __init__(
        self,
        transport: Transport,
        sockets: list[socket.socket],
        new_channel: ChannelFactory[StreamChannel],
        accept: AcceptCallback,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.transport = transport
        self.addresses = tuple(address_of(sock.getsockname()) for sock in sockets)
        self._sockets = sockets
        self._new_channel = new_channel
        self._accept = accept
        self._tls = tls
        self._turned_away = LogThrottle()
        self._allowances = KeyedTokenBuckets(STREAMS_PER_S, STREAMS_BURST)
        self._channels: set[StreamChannel] = set()
        self._arrivals: set[asyncio.Task[object]] = set()
        self._loop = asyncio.get_running_loop()
        for sock in sockets:
            self._watch(sock)

    async def close(self) -> None:
        """Stop accepting, close every channel accepted here, and give the port back."""
        for sock in self._sockets:
            self._loop.remove_reader(sock)
            sock.close()
        self._sockets = []
        await asyncio.gather(*self._arrivals, return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in self._channels))

    def _watch(self, sock: socket.socket) -> None:
        if sock in self._sockets:
            self._loop.add_reader(sock, self._accept_waiting, sock)

    def _accept_waiting(self, sock: socket.socket) -> None:
        for _ in range(LISTEN_BACKLOG):
            try:
                connection, peer = sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                self._loop.remove_reader(sock)
                self._loop.call_later(ACCEPT_AGAIN_AFTER_S, self._watch, sock)
                return
            if self._is_too_many(peer[0]):
                connection.close()
            else:
                self._begin(connection)

    def _is_too_many(self, host: str) -> bool:
        if len(self._channels) + len(self._arrivals) >= STREAMS_LIMIT:
            return True
        if is_loopback(host):
            return False
        visitor = client_network(host)
        if not self._allowances.consume(visitor, 1.0, perf_counter()):
            self._say(f"cut off {host}: more than {STREAMS_PER_S:.0f} streams a second")
            return True
        return self._has_too_many_half_open(visitor)

    def _has_too_many_half_open(self, visitor: str) -> bool:
        if len(self._channels) < HALF_OPEN_PER_NETWORK:
            return False
        half_open = (each for each in self._channels if not each.is_open)
        count = sum(client_network(each.peer.host) == visitor for each in half_open)
        return count >= HALF_OPEN_PER_NETWORK

    def _begin(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        arrival: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._new, connection)
        )
        self._arrivals.add(arrival)
        arrival.add_done_callback(self._arrivals.discard)

    def _new(self) -> StreamChannel:
        channel = self._new_channel(self._accept, self._channels)
        channel.on_tls_mismatch(self._say)
        if self._tls is not None:
            channel.enable_tls(server_tls(self._tls))
        return channel

    def _say(self, text: str) -> None:
        """Say whom we turn away, once a second at most: most of them try again and again."""
        more = self._turned_away.admit(perf_counter())
        if more is not None:
            log.info("%s%s", text, more)


async def listen_for_streams(
    transport: Transport,
    address: Address,
    accept: AcceptCallback,
    options: SocketOptions,
    new_channel: ChannelFactory[StreamChannel],
) -> StreamListener:
    """Listen on every address that a host stands for, and make a channel of each stream.

    Raises ``ListenError``.
    """
    tls = server_context(options.tls) if options.tls is not None else None
    sockets = await bound_sockets(address, socket.SOCK_STREAM, options)
    return StreamListener(transport, sockets, new_channel, accept, tls)


async def connect_stream(
    new_channel: ChannelFactory[AnyChannel],
    address: Address,
    receiver: Receiver,
    options: SocketOptions,
) -> AnyChannel:
    """Connect a stream and make it a channel; its handshake, if it has one, is not over yet.

    With ``options.tls`` TLS stands. Raises ``ConnectError``.
    """
    sock = await connected_socket(address, socket.SOCK_STREAM, options)
    channel = new_channel(lambda _channel: receiver, set())
    if options.tls is not None:
        channel.enable_tls(client_tls(options.tls, address.host))
    try:
        await asyncio.get_running_loop().create_connection(lambda: channel, sock=sock)
        await channel.wait_for_tls()
    except BaseException:
        channel.discard()
        raise
    return channel
