"""The server's side of a datagram port: who is who, and answers that need no memory.  [pure]

Routes what arrives to its connection by the connection id and not by the address, so that a
player whose address changes stays the same. Keeps nothing for a stranger before it has shown
that it receives where it sends from, and never answers with more bytes than came. The layouts
stand in ``net/datagram/connection.py``.
"""

from collections import deque
from heapq import heappop, heappush
from random import Random

from net.datagram.connection import DatagramConnection, SocketAddress
from net.datagram.cookie import SECRET_LIFE_S, CookieGenerator
from net.datagram.reliable import NEVER
from net.datagram.wire_format import (
    ACCEPT,
    ACCEPT_LAYOUT,
    CHALLENGE,
    CHALLENGE_LAYOUT,
    DATAGRAM_LIMIT_BYTES,
    FROM_CLIENT,
    HEADER_BYTES,
    HELLO,
    HELLO_HEADER,
    ID_BYTES,
    PATH_CHALLENGE,
    PATH_LAYOUT,
    PATH_RESPONSE,
    RESET,
    RESET_LAYOUT,
    RESPONSE,
    RESPONSE_LAYOUT,
    TOKEN_BYTES,
    WIRE_MAGIC,
    WIRE_VERSION,
)

# A heard response must not bring an ended connection back while its cookie is good.
_ENDED_KEPT_S = 2 * SECRET_LIFE_S


class DatagramEndpoint:
    """All connections of one server.

    Obligations of the caller: give every datagram to ``route``, and what it returns a connection
    for to that connection's ``receive``; then send what stands in ``replies``, welcome who stands
    in ``accepted``, look up the new address of who stands in ``moved``, and clear the three.
    ``schedule`` a connection when its ``deadline`` may have come nearer, call ``due`` at
    ``deadline``, and ``forget`` a connection that has ended.

    Nobody new is let in while ``accepting`` is false.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self.replies: list[tuple[bytes, SocketAddress]] = []
        self.accepted: list[DatagramConnection] = []
        self.moved: list[DatagramConnection] = []
        self.accepting = True
        self.invalid = 0
        self._rng = rng
        self._mint = CookieGenerator(rng, now)
        self._connections: dict[bytes, DatagramConnection] = {}
        self._ended: set[bytes] = set()
        self._ended_in_order: deque[tuple[float, bytes]] = deque()
        # Heap of (time, tie-breaker, connection). A deadline that has moved to a later time is
        # found out when the entry comes up: sending must not cost a timer.
        self._wake_ups: list[tuple[float, int, DatagramConnection]] = []
        self._wake_up_count = 0

    @property
    def deadline(self) -> float:
        """When to call ``due``."""
        return self._wake_ups[0][0] if self._wake_ups else NEVER

    @property
    def connections(self) -> list[DatagramConnection]:
        """All connections that have not been forgotten."""
        return list(self._connections.values())

    def route(
        self, datagram: bytes, address: SocketAddress, now: float
    ) -> DatagramConnection | None:
        """Return the connection that a datagram is for; answer it here if it is for none."""
        connection = self._connections.get(datagram[1:9])
        if connection is not None and len(datagram) >= HEADER_BYTES and datagram[0] & FROM_CLIENT:
            if address != connection.address and connection.is_newest(datagram):
                self._challenge_path(connection, address, now)
            return connection
        self._answer(datagram, address, now, connection)
        return None

    def schedule(self, connection: DatagramConnection) -> None:
        """Note when a connection must be woken."""
        if connection.deadline < connection.scheduled_at:
            connection.scheduled_at = connection.deadline
            self._wake_up_count += 1
            heappush(self._wake_ups, (connection.scheduled_at, self._wake_up_count, connection))

    def expire(self, now: float) -> list[DatagramConnection]:
        """Wake the connections whose time has come, and return them."""
        woken = []
        while self._wake_ups and self._wake_ups[0][0] <= now:
            at, _, connection = heappop(self._wake_ups)
            if at != connection.scheduled_at:
                continue
            connection.scheduled_at = NEVER
            # Mostly the acknowledgement has ridden on a snapshot meanwhile.
            if connection.deadline <= now:
                connection.on_timer(now)
                woken.append(connection)
            self.schedule(connection)
        return woken

    def remove(self, connection: DatagramConnection, now: float) -> None:
        """Drop a connection that has ended."""
        if self._connections.pop(connection.connection_id, None) is None:
            return
        while self._ended_in_order and self._ended_in_order[0][0] <= now - _ENDED_KEPT_S:
            self._ended.discard(self._ended_in_order.popleft()[1])
        self._ended.add(connection.connection_id)
        self._ended_in_order.append((now, connection.connection_id))

    def _answer(
        self,
        datagram: bytes,
        address: SocketAddress,
        now: float,
        connection: DatagramConnection | None,
    ) -> None:
        """Take what is no numbered datagram of a known connection."""
        kind, size = datagram[0] if datagram else 0, len(datagram)
        if kind == HELLO and size == DATAGRAM_LIMIT_BYTES and self.accepting:
            self._answer_hello(datagram, address, now)
        elif kind == RESPONSE and size == RESPONSE_LAYOUT.size and self.accepting:
            self._answer_response(datagram, address, now)
        elif kind == PATH_RESPONSE and size == PATH_LAYOUT.size and connection is not None:
            self._answer_path_response(datagram, connection, address, now)
        elif kind & FROM_CLIENT and kind < 2 * FROM_CLIENT and size >= HEADER_BYTES:
            self._reply(RESET_LAYOUT.pack(RESET, datagram[1:9]), address)
        else:
            self.invalid += 1

    def _answer_hello(self, datagram: bytes, address: SocketAddress, now: float) -> None:
        _, magic, version, nonce = HELLO_HEADER.unpack_from(datagram)
        if magic != WIRE_MAGIC or version != WIRE_VERSION:
            self.invalid += 1
            return
        connection_id = self._rng.randbytes(ID_BYTES)
        cookie = self._mint.issue(_facts(nonce, connection_id, address), now)
        self._reply(CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, connection_id, cookie), address)

    def _answer_response(self, datagram: bytes, address: SocketAddress, now: float) -> None:
        _, nonce, connection_id, cookie = RESPONSE_LAYOUT.unpack(datagram)
        if connection_id in self._ended or not self._mint.verify(
            cookie, _facts(nonce, connection_id, address), now
        ):
            self.invalid += 1
            return
        if connection_id not in self._connections:
            connection = DatagramConnection(connection_id, address, is_server=True)
            self._connections[connection_id] = connection
            self.accepted.append(connection)
        self._reply(ACCEPT_LAYOUT.pack(ACCEPT, connection_id), address)

    def _challenge_path(
        self, connection: DatagramConnection, address: SocketAddress, now: float
    ) -> None:
        token = self._mint.issue(_path_facts(connection, address), now)[:TOKEN_BYTES]
        self._reply(PATH_LAYOUT.pack(PATH_CHALLENGE, connection.connection_id, token), address)

    def _answer_path_response(
        self, datagram: bytes, connection: DatagramConnection, address: SocketAddress, now: float
    ) -> None:
        token = datagram[-TOKEN_BYTES:]
        if address == connection.address:
            # The answer to a second challenge, sent before the first answer came.
            return
        if self._mint.verify(token, _path_facts(connection, address), now):
            connection.migrate(address)
            self.moved.append(connection)
        else:
            self.invalid += 1

    def _reply(self, datagram: bytes, address: SocketAddress) -> None:
        self.replies.append((datagram, address))


def _facts(nonce: bytes, connection_id: bytes, address: SocketAddress) -> bytes:
    return nonce + connection_id + repr(address).encode()


def _path_facts(connection: DatagramConnection, address: SocketAddress) -> bytes:
    # With the count of moves a token is good for one move only: replayed, it is worthless.
    return b"move %d %b %b" % (
        connection.migrations,
        connection.connection_id,
        repr(address).encode(),
    )
