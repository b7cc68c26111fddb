"""Connecting and accepting TCP streams, and making a channel of each.

``asyncio.Server`` does nearly the same as ``StreamListener``. But an ``asyncio.Server`` that is
closed while a client connects loses that client's socket, and what ``wait_closed`` waits for
differs between Python versions.
"""

import asyncio
import logging
import socket
import ssl
import sys
from time import perf_counter

from net.errors import ConnectStage
from net.security.client_network import is_loopback
from net.security.token_bucket import LogThrottle
from net.stream.arrival_limits import (
    HALF_OPEN_PER_NETWORK,
    STREAMS_PER_S,
    ArrivalLimiter,
    has_too_many_half_open,
)
from net.stream.channel import AnyChannel, ChannelFactory, StreamChannel
from net.stream.tls import client_tls, server_context, server_tls
from net.system.sockets import LISTEN_BACKLOG, address_of, bound_sockets, connected_socket
from net.transport import AcceptCallback, Address, Listener, Receiver, SocketOptions, Transport

__all__ = ["StreamListener", "connect_stream", "listen_for_streams"]

log = logging.getLogger(__name__)

# When the process is out of file descriptors, connections wait in the kernel's accept queue.
ACCEPT_RETRY_S = 1.0

# The same limit as WebSocket's handshake, which starts after this one. At a round trip of 4 s the
# handshake takes 8 s, and 4 s more if a segment is lost.
TLS_HANDSHAKE_TIMEOUT_S = 15.0

# Windows' ``select`` takes 512 sockets and raises for one more: three stream transports fit.
# Elsewhere ``accept`` reports that no descriptors are left.
STREAMS_LIMIT = 160 if sys.platform == "win32" else sys.maxsize


class StreamListener(Listener):
    """Listening sockets, and the channels of the streams accepted on them."""

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
        self._rejection_log = LogThrottle()
        self._arrivals = ArrivalLimiter()
        self._channels: set[StreamChannel] = set()
        self._accepting: set[asyncio.Task[object]] = set()
        self._loop = asyncio.get_running_loop()
        for sock in sockets:
            self._watch(sock)

    async def close(self) -> None:
        """Stop accepting, close every channel accepted here, and give the port back."""
        for sock in self._sockets:
            self._loop.remove_reader(sock)
            sock.close()
        self._sockets = []
        await asyncio.gather(*self._accepting, return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in self._channels))

    def _watch(self, sock: socket.socket) -> None:
        if sock in self._sockets:
            self._loop.add_reader(sock, self._accept_waiting, sock)

    def _accept_waiting(self, sock: socket.socket) -> None:
        # One accept for each pass of the event loop would let the queue overflow in a burst.
        for _ in range(LISTEN_BACKLOG):
            try:
                connection, peer = sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                # No descriptors are left. The socket stays readable, so without a pause the event
                # loop would call this again and again.
                self._loop.remove_reader(sock)
                self._loop.call_later(ACCEPT_RETRY_S, self._watch, sock)
                return
            if self._exceeds_limits(peer[0]):
                connection.close()
            else:
                self._start(connection)

    def _exceeds_limits(self, host: str) -> bool:
        if len(self._channels) + len(self._accepting) >= STREAMS_LIMIT:
            return True
        if is_loopback(host):
            return False
        if not self._arrivals.admit(host, perf_counter()):
            self._log_rejection(f"rejected {host}: more than {STREAMS_PER_S:.0f} streams a second")
            return True
        # To find the half-open ones takes a walk over all channels, so the cheap test comes first.
        if len(self._channels) < HALF_OPEN_PER_NETWORK:
            return False
        half_open = (each.peer.host for each in self._channels if not each.is_open)
        return has_too_many_half_open(host, half_open)

    def _start(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._new, connection)
        )
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)

    def _new(self) -> StreamChannel:
        channel = self._new_channel(self._accept, self._channels)
        channel.on_tls_mismatch(self._log_rejection)
        if self._tls is not None:
            channel.enable_tls(server_tls(self._tls), TLS_HANDSHAKE_TIMEOUT_S)
        return channel

    def _log_rejection(self, text: str) -> None:
        """Log a rejected peer, at most once a second: a rejected client tries again and again."""
        more = self._rejection_log.admit(perf_counter())
        if more is not None:
            log.info("%s%s", text, more)


async def listen_for_streams(
    transport: Transport,
    address: Address,
    accept: AcceptCallback,
    options: SocketOptions,
    new_channel: ChannelFactory[StreamChannel],
) -> StreamListener:
    """Listen on every address of a host, and make a channel of each accepted stream.

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
    """Connect a stream and make a channel of it.

    With ``options.tls`` the TLS handshake is complete on return. A handshake of the channel's own
    protocol (``StreamChannel.stream_opened``) has only started.

    Raises ``ConnectError``.
    """
    sock = await connected_socket(address, socket.SOCK_STREAM, options)
    channel = new_channel(lambda _channel: receiver, set())
    if options.tls is not None:
        options.enter(ConnectStage.TLS)
        channel.enable_tls(client_tls(options.tls, address.host), options.stage_timeout_s)
    try:
        await asyncio.get_running_loop().create_connection(lambda: channel, sock=sock)
        await channel.wait_for_tls()
    except BaseException:
        channel.discard()
        raise
    return channel
