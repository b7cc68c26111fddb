"""A TCP relay: every connection it accepts goes on to one server, through a path of its own.

Accepts, and keeps the account of its connections; what happens on one stands in
`tcp_connection.py`. Any protocol over TCP passes unchanged.
"""

import asyncio
import socket
from contextlib import suppress
from typing import NamedTuple

from net.link.lateness import LatenessHistogram
from net.link.loss import flow_seed
from net.link.profile import Link, RelayProtocol
from net.link.relay.tcp_connection import TcpConnection
from net.link.stats import ConnectionStats, direction_stats
from net.link.tcp.endpoint import Side
from net.link.tcp.packet import MSS_BYTES
from net.link.tcp.path import TcpPath
from net.system.sockets import LISTEN_BACKLOG, address_of, connected_socket
from net.transport import Address, SocketOptions

# What an application sends waits in its own kernel and in ours before the model sees it. Ours takes
# little, so that the application feels the modelled backlog and not a hidden one; with much less,
# the smallest segments found no room, and TCP on loopback would stall by itself. Linux grants twice
# what is asked for.
STREAM_OPTIONS = SocketOptions(receive_buffer_bytes=32 * 1024)

# Read in one go at most: many segments, so that a fast stream costs fewer passes.
_READ_BYTES = 64 * 1024

# Out of file descriptors: the client waits in the kernel's queue until somebody has left.
_ACCEPT_RETRY_S = 1.0


class _Client(NamedTuple):
    number: int
    address: Address


class TcpRelay:
    """Relays all connections of one listening socket to one server."""

    def __init__(
        self,
        listening: socket.socket,
        target: Address,
        link: Link,
        seed: int,
        lateness: LatenessHistogram,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listening = listening
        self._port: int = listening.getsockname()[1]
        self._target = target
        self._link = link
        self._seed = seed
        self._lateness = lateness
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._connections: dict[TcpConnection, _Client] = {}
        self._openings: set[asyncio.Task[None]] = set()
        self._clients = 0
        self._is_open = True
        limit_segments(listening)
        self._start_accepting()

    def set_link(self, link: Link) -> None:
        """Hold `link` from the next packet on."""
        self._link = link
        now = self._loop.time()
        for connection in self._connections:
            connection.path.set_link(now, link)

    def connections(self) -> list[ConnectionStats]:
        """Return what the link did to each open connection, and the state of its TCP."""
        return [
            ConnectionStats(
                RelayProtocol.TCP,
                self._port,
                client.address,
                client.number,
                direction_stats(*connection.path.stats(Side.CLIENT)),
                direction_stats(*connection.path.stats(Side.SERVER)),
            )
            for connection, client in self._connections.items()
        ]

    async def close(self) -> None:
        """Stop accepting, and cut every connection at both ends."""
        self._is_open = False
        self._loop.remove_reader(self._listening)
        self._listening.close()
        for connection in list(self._connections):
            connection.close()
        await asyncio.gather(*self._openings, return_exceptions=True)

    def _start_accepting(self) -> None:
        if self._is_open:
            self._loop.add_reader(self._listening, self._accept_waiting)

    def _accept_waiting(self) -> None:
        for _ in range(LISTEN_BACKLOG):
            try:
                client, sockaddr = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                self._loop.remove_reader(self._listening)
                self._loop.call_later(_ACCEPT_RETRY_S, self._start_accepting)
                return
            self._begin(client, address_of(sockaddr))

    def _begin(self, client: socket.socket, address: Address) -> None:
        client.setblocking(False)
        # A client that has gone already may take no options, and needs none.
        with suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        seed = flow_seed(self._seed, self._clients)
        path = TcpPath(self._link, seed, self._loop.time())
        connection = TcpConnection(
            client,
            path,
            self._buffer,
            self._lateness,
            self._open_upstream,
            self._openings,
            self._remove,
        )
        self._connections[connection] = _Client(self._clients, address)
        self._clients += 1

    async def _open_upstream(self) -> socket.socket:
        """Connect to the server; raises ``ConnectError``."""
        return await connected_socket(
            self._target, socket.SOCK_STREAM, STREAM_OPTIONS, limit_segments
        )

    def _remove(self, connection: TcpConnection) -> None:
        self._connections.pop(connection, None)


def limit_segments(sock: socket.socket) -> None:
    """Have the peer of a socket, or of all accepted from it, send segments of Ethernet's size.

    Linux sizes a sender's buffer by its segments: with the 64 KiB of loopback it would hold
    megabytes that no real link would have taken yet.
    """
    # Windows has no such option, and others may refuse it: then it is as it was.
    if hasattr(socket, "TCP_MAXSEG"):
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, MSS_BYTES)
