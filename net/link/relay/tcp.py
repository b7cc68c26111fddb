"""TCP relay: each accepted connection goes on to one server, through a path of its own.

``tcp_connection.py`` relays one connection. Any protocol over TCP passes unchanged.
"""

import asyncio
import socket
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from net.link.lateness import LatenessHistogram
from net.link.loss import flow_seed
from net.link.packet_log import Flow, Log, PacketLog
from net.link.profile import RelayProtocol
from net.link.relay.client_identities import ClientIdentities
from net.link.relay.client_links import ClientLinks
from net.link.relay.open_file_quota import OpenFileQuota
from net.link.relay.settings import RelayClient, RelaySettings
from net.link.relay.tcp_connection import TcpConnection
from net.link.stats import ConnectionStats, direction_stats
from net.link.tcp.endpoint import Side
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp.tcp_model import TcpPath
from net.link.tcp_segment import MSS_BYTES
from net.system.sockets import (
    LISTEN_BACKLOG,
    address_of,
    connect_failure,
    connected_socket,
    set_buffers,
)
from net.transport import Address, SocketOptions

__all__ = ["STREAM_OPTIONS", "TcpRelay"]

# The data of an application waits in its kernel and in this buffer before the model sees it.
# A small buffer lets the application notice the backlog of the modelled link. With much less, not
# even small segments fit, and TCP on loopback itself stalls. Linux grants twice the value.
STREAM_OPTIONS = SocketOptions(receive_buffer_bytes=32 * 1024)

# The most that one read takes: many segments, so that a fast stream needs fewer reads.
_READ_BYTES = 64 * 1024

# How long new clients wait in the kernel's queue while no file descriptor is free.
_ACCEPT_RETRY_S = 1.0


# The client's socket, and the one to the server.
_FILES_PER_CLIENT = 2


class _Client(NamedTuple):
    number: int
    address: Address


class TcpRelay:
    """Relay of all connections of one listening socket to one server.

    It owns the listening socket. ``log`` gets the records of all connections.
    With ``identities`` the target is on loopback, and the parent learns each client's address.
    """

    def __init__(
        self,
        listening: socket.socket,
        target: Address,
        settings: RelaySettings,
        lateness: LatenessHistogram,
        quota: OpenFileQuota,
        log: PacketLog | None,
        *,
        links: ClientLinks,
        identities: ClientIdentities | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.listening = listening
        self._port: int = listening.getsockname()[1]
        self._target = target
        self._links = links
        self._identities = identities
        self._seed = settings.seed
        self._log = log
        self._lateness = lateness
        self._quota = quota
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._connections: dict[TcpConnection, _Client] = {}
        self._announced_ports: dict[Address, int] = {}
        self._openings: set[asyncio.Task[None]] = set()
        self._clients = 0
        self._is_open = True
        limit_segments(listening)
        self._start_accepting()

    def apply_links(self) -> None:
        """Apply the links of the clients from the next packet on."""
        now = self._loop.time()
        for connection, client in self._connections.items():
            connection.path.set_link(now, self._links.link_of(_relay_client(client.address)))

    def connections(self) -> list[ConnectionStats]:
        """Return the packet counts and TCP state of each open connection."""
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
        """Stop accepting, and reset each connection at both ends."""
        self._is_open = False
        self._loop.remove_reader(self.listening)
        self.listening.close()
        for connection in list(self._connections):
            connection.close()
        await asyncio.gather(*self._openings, return_exceptions=True)

    def _start_accepting(self) -> None:
        if self._is_open:
            self._loop.add_reader(self.listening, self._accept_waiting)

    def _accept_waiting(self) -> None:
        for accepted in range(LISTEN_BACKLOG):
            if not self._quota.take(_FILES_PER_CLIENT):
                # After one was accepted, it is not known that another client waits. If so, this is
                # called again.
                if not accepted:
                    self._pause_accepting()
                return
            try:
                client, sockaddr = self.listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                self._quota.give_back(_FILES_PER_CLIENT)
                return
            except OSError:
                self._quota.give_back(_FILES_PER_CLIENT)
                self._pause_accepting()
                return
            self._begin(client, address_of(sockaddr))

    def _pause_accepting(self) -> None:
        """Leave new clients in the kernel's queue for a while: no file is free for them."""
        self._quota.report_full()
        self._loop.remove_reader(self.listening)
        self._loop.call_later(_ACCEPT_RETRY_S, self._start_accepting)

    def _begin(self, client: socket.socket, address: Address) -> None:
        client.setblocking(False)
        # A client that has disconnected already may refuse options.
        with suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        seed = flow_seed(self._seed, self._clients)
        log = self._flow_log(client, address)
        sent_bytes = None if log is None else SentBytes()
        link = self._links.link_of(_relay_client(address))
        path = TcpPath(link, seed, self._loop.time(), log, sent_bytes)
        connection = TcpConnection(
            client,
            path,
            self._buffer,
            self._lateness,
            open_upstream=partial(self._open_upstream, address),
            openings=self._openings,
            on_end=self._remove,
            sent_bytes=sent_bytes,
        )
        self._connections[connection] = _Client(self._clients, address)
        self._clients += 1

    def _flow_log(self, client: socket.socket, address: Address) -> Log | None:
        """Return the log of a new connection; None without a log."""
        if self._log is None:
            return None
        # The listening socket may listen on all addresses. The accepted one knows its own.
        server = address_of(client.getsockname())
        flow = Flow(RelayProtocol.TCP, self._clients, address, server)
        return self._log.log_of(flow)

    async def _open_upstream(self, client: Address) -> socket.socket:
        """Connect to the server for a client.

        Raises ``ConnectError`` if that fails.
        """
        if self._identities is not None:
            return await self._open_announced(self._identities, client)
        return await connected_socket(
            self._target, socket.SOCK_STREAM, STREAM_OPTIONS, limit_segments
        )

    async def _open_announced(self, identities: ClientIdentities, client: Address) -> socket.socket:
        try:
            sock, port = identities.bound_socket(socket.SOCK_STREAM)
        except OSError as error:
            raise connect_failure(error, self._target) from error
        self._announced_ports[client] = port
        try:
            await identities.add(port, _relay_client(client))
            set_buffers(sock, None, STREAM_OPTIONS.receive_buffer_bytes)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            limit_segments(sock)
            await self._loop.sock_connect(sock, self._target)
        except BaseException as error:
            sock.close()
            if isinstance(error, OSError):
                raise connect_failure(error, self._target) from error
            raise
        return sock

    def _remove(self, connection: TcpConnection) -> None:
        client = self._connections.pop(connection, None)
        if client is None:
            return
        self._quota.give_back(_FILES_PER_CLIENT)
        port = self._announced_ports.pop(client.address, None)
        if port is not None and self._identities is not None:
            self._identities.remove(port)


def _relay_client(address: Address) -> RelayClient:
    return RelayClient(RelayProtocol.TCP, address)


def limit_segments(sock: socket.socket) -> None:
    """Make the peer of ``sock``, or of sockets accepted from it, use segments of Ethernet's size.

    Linux sizes a sender's buffer by its segments. With loopback's 64 KiB it would hold megabytes
    that no real link would have accepted yet.
    """
    # Windows lacks the option, and other systems may refuse it. Then the buffer is larger.
    if hasattr(socket, "TCP_MAXSEG"):
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, MSS_BYTES)
