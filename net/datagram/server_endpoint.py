"""The server's datagram endpoint: routing by connection id, and stateless replies.  [pure]

A datagram is routed by its connection id and not by its address. So a player whose address changes
keeps the connection (as in QUIC, RFC 9000, section 9). The endpoint stores nothing for a sender
before that sender has proved its address, and never answers with more bytes than arrived. The byte
tables are in ``net/datagram/wire_format.py``.
"""

from collections import deque
from collections.abc import Callable
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
    PROBE_KINDS_TO_SERVER,
    RESET,
    RESET_LAYOUT,
    RESPONSE,
    RESPONSE_LAYOUT,
    TOKEN_BYTES,
    WIRE_MAGIC,
    WIRE_VERSION,
)

# A recorded response must not open an ended connection again while its cookie is valid.
_ENDED_KEPT_S = 2 * SECRET_LIFE_S


class DatagramEndpoint:
    """All connections of one server.

    The caller

    - passes every datagram to ``route``, and to ``receive`` of the connection that it returns;
    - then handles and clears four lists. It sends the ``replies``, and makes a channel of each new
      connection in ``accepted``. It reads the new address of each in ``moved``, and passes each
      datagram in ``probes`` to the channel of its connection;
    - calls ``schedule`` when a connection's ``deadline`` may have become earlier, and ``expire`` at
      the endpoint's ``deadline``;
    - calls ``remove`` for a connection that has ended.

    While ``accepting`` is false no connection is opened.
    ``invalid`` counts datagrams of no known connection that break the format, and ``on_invalid``
    receives the sender's address and the reason of each.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self.replies: list[tuple[bytes, SocketAddress]] = []
        self.accepted: list[DatagramConnection] = []
        self.moved: list[DatagramConnection] = []
        self.probes: list[tuple[DatagramConnection, bytes]] = []
        self.accepting = True
        self.invalid = 0
        self.on_invalid: Callable[[SocketAddress, str], None] = _ignore
        self._rng = rng
        self._cookies = CookieGenerator(rng, now)
        self._connections: dict[bytes, DatagramConnection] = {}
        self._ended: set[bytes] = set()
        self._ended_in_order: deque[tuple[float, bytes]] = deque()
        # A heap of (time, tie-breaker, connection). A deadline moves to a later time with nearly
        # every datagram, which must not cost a heap operation. So an entry stays where it is, and
        # ``expire`` finds out whether it is still right.
        self._timers: list[tuple[float, int, DatagramConnection]] = []
        self._timer_count = 0

    @property
    def deadline(self) -> float:
        """Time at which to call ``expire``."""
        return self._timers[0][0] if self._timers else NEVER

    @property
    def connections(self) -> list[DatagramConnection]:
        """All connections that have not been removed."""
        return list(self._connections.values())

    @property
    def ended_count(self) -> int:
        """Count of ended connections whose ids are still refused."""
        return len(self._ended)

    def route(
        self, datagram: bytes, address: SocketAddress, now: float
    ) -> DatagramConnection | None:
        """Return the connection of a datagram, or None if it was answered or dropped here."""
        connection = self._connections.get(datagram[1:9])
        if connection is not None and len(datagram) >= HEADER_BYTES and datagram[0] & FROM_CLIENT:
            # Only the newest datagram may move a connection. A delayed copy from the old address
            # must not move it back (RFC 9000, section 9.3).
            if address != connection.address and connection.is_newest(datagram):
                self._challenge_path(connection, address, now)
            return connection
        self._answer(datagram, address, now, connection)
        return None

    def schedule(self, connection: DatagramConnection) -> None:
        """Set the timer of a connection to its ``deadline``, if that is earlier."""
        if connection.deadline < connection.scheduled_at:
            connection.scheduled_at = connection.deadline
            self._timer_count += 1
            heappush(self._timers, (connection.scheduled_at, self._timer_count, connection))

    def expire(self, now: float) -> list[DatagramConnection]:
        """Call ``on_timer`` of the connections that are due, and return them."""
        expired = []
        while self._timers and self._timers[0][0] <= now:
            at, _, connection = heappop(self._timers)
            if at != connection.scheduled_at:
                # An earlier entry has been pushed since, and this one is void.
                continue
            connection.scheduled_at = NEVER
            # Mostly a snapshot has carried the acknowledgement meanwhile, and nothing is due.
            if connection.deadline <= now:
                connection.on_timer(now)
                expired.append(connection)
            self.schedule(connection)
        return expired

    def remove(self, connection: DatagramConnection, now: float) -> None:
        """Forget a connection that has ended."""
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
        """Answer or count a datagram that is no numbered one of a known connection."""
        kind, size = datagram[0] if datagram else 0, len(datagram)
        if kind == HELLO and size == DATAGRAM_LIMIT_BYTES and self.accepting:
            self._answer_hello(datagram, address, now)
        elif kind == RESPONSE and size == RESPONSE_LAYOUT.size and self.accepting:
            self._answer_response(datagram, address, now)
        elif kind == PATH_RESPONSE and size == PATH_LAYOUT.size and connection is not None:
            self._answer_path_response(datagram, connection, address, now)
        elif kind in PROBE_KINDS_TO_SERVER and connection is not None:
            # Only to the proved address: the answers are longer than the requests.
            if address == connection.address:
                self.probes.append((connection, datagram))
        # Never to a kind ``FROM_SERVER``: two servers would send each other resets for ever.
        elif kind & FROM_CLIENT and kind < 2 * FROM_CLIENT and size >= HEADER_BYTES:
            self._reply(RESET_LAYOUT.pack(RESET, datagram[1:9]), address)
        else:
            self._count_invalid(address, _format_error(kind, size))

    def _answer_hello(self, datagram: bytes, address: SocketAddress, now: float) -> None:
        _, magic, version, nonce = HELLO_HEADER.unpack_from(datagram)
        if magic != WIRE_MAGIC or version != WIRE_VERSION:
            expected = f"{WIRE_MAGIC!r} and version {WIRE_VERSION}"
            self._count_invalid(
                address, f"HELLO has {magic!r} and version {version}, not {expected}"
            )
            return
        # The id is not stored either: it comes back in the response, protected by the cookie.
        connection_id = self._rng.randbytes(ID_BYTES)
        cookie = self._cookies.issue(_handshake_data(nonce, connection_id, address), now)
        self._reply(CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, connection_id, cookie), address)

    def _answer_response(self, datagram: bytes, address: SocketAddress, now: float) -> None:
        _, nonce, connection_id, cookie = RESPONSE_LAYOUT.unpack(datagram)
        if connection_id in self._ended or not self._cookies.verify(
            cookie, _handshake_data(nonce, connection_id, address), now
        ):
            self._count_invalid(address, "RESPONSE differs from the challenge, or is too late")
            return
        # A repeated response: our accept was lost, or is still on its way.
        if connection_id not in self._connections:
            connection = DatagramConnection(connection_id, address, is_server=True)
            self._connections[connection_id] = connection
            self.accepted.append(connection)
        self._reply(ACCEPT_LAYOUT.pack(ACCEPT, connection_id), address)

    def _challenge_path(
        self, connection: DatagramConnection, address: SocketAddress, now: float
    ) -> None:
        token = self._cookies.issue(_path_data(connection, address), now)[:TOKEN_BYTES]
        self._reply(PATH_LAYOUT.pack(PATH_CHALLENGE, connection.connection_id, token), address)

    def _answer_path_response(
        self, datagram: bytes, connection: DatagramConnection, address: SocketAddress, now: float
    ) -> None:
        token = datagram[-TOKEN_BYTES:]
        if address == connection.address:
            # The connection has moved already; this answers a second challenge.
            return
        if self._cookies.verify(token, _path_data(connection, address), now):
            connection.migrate(address)
            self.moved.append(connection)
        else:
            self._count_invalid(address, "PATH_RESPONSE differs from the challenge, or is too late")

    def _count_invalid(self, address: SocketAddress, reason: str) -> None:
        self.invalid += 1
        self.on_invalid(address, reason)

    def _reply(self, datagram: bytes, address: SocketAddress) -> None:
        self.replies.append((datagram, address))


def _ignore(address: SocketAddress, reason: str) -> None:
    """Do nothing: without a handler, the reason is not needed."""


def _format_error(kind: int, size: int) -> str:
    """Return what is wrong with a datagram that has no known kind and size."""
    sizes = {HELLO: DATAGRAM_LIMIT_BYTES, RESPONSE: RESPONSE_LAYOUT.size}
    expected = sizes.get(kind)
    if expected is not None and size != expected:
        return f"kind {kind:02x} has {size} bytes instead of {expected}"
    return f"kind {kind:02x} with {size} bytes opens no connection and belongs to none"


def _handshake_data(nonce: bytes, connection_id: bytes, address: SocketAddress) -> bytes:
    return nonce + connection_id + repr(address).encode()


def _path_data(connection: DatagramConnection, address: SocketAddress) -> bytes:
    # With the number of migrations a token is valid for one migration only, so a recorded token
    # cannot move the connection back.
    return b"move %d %b %b" % (
        connection.migrations,
        connection.connection_id,
        repr(address).encode(),
    )
