"""How a connection over datagrams begins: the client's side, and the server's cookies.  [pure]

The layouts stand in ``net/datagram/connection.py``. Knows no socket; ``now`` and the randomness
come in from outside (``random.SystemRandom`` in earnest: ids and secrets must not be guessed).
"""

from random import Random

from net.datagram.connection import DatagramConnection, SocketAddress
from net.datagram.reliable import NEVER
from net.datagram.wire_format import (
    ACCEPT,
    ACCEPT_LAYOUT,
    CHALLENGE,
    CHALLENGE_LAYOUT,
    DATAGRAM_LIMIT_BYTES,
    FROM_SERVER,
    HELLO,
    HELLO_HEADER,
    NONCE_BYTES,
    NUMBERED_HEADER,
    RESPONSE,
    RESPONSE_LAYOUT,
    WIRE_MAGIC,
    WIRE_VERSION,
)

# Asked again after this, and each time 1.5 times later, so that a client whose first datagram was
# lost hardly notices, and a server that is gone is not flooded by those who wait for it.
HELLO_INTERVAL_S = 0.25


HELLO_INTERVAL_MAX_S = 1.0


HELLO_BACKOFF = 1.5


# A response that is not accepted so often may carry a cookie of a server that was restarted, or of
# an address that changed: begin again.
RESPONSE_ATTEMPTS = 5


class ClientHandshake:
    """The way from nothing to a ``DatagramConnection``, as the client goes it.

    Put out ``outgoing`` after every call and call ``on_timer`` at ``deadline``.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self.outgoing: list[bytes] = []
        self.deadline = NEVER
        self.invalid = 0
        self._rng = rng
        self._interval_s = HELLO_INTERVAL_S
        self._begin(now)

    def receive(
        self, datagram: bytes, address: SocketAddress, now: float
    ) -> DatagramConnection | None:
        """Take a datagram of the server; return the connection when it is accepted.

        A numbered datagram that overtook the acceptance says the same; the caller gives it to
        the connection as the first (which counts an acceptance as nothing).
        """
        kind = datagram[:1]
        if kind == bytes([CHALLENGE]) and self._response is None:
            self._take_challenge(datagram, now)
        elif self._response is not None and self._accepts(datagram):
            return DatagramConnection(self._connection_id, address, is_server=False)
        else:
            self.invalid += 1
        return None

    def on_timer(self, now: float) -> None:
        """Ask again."""
        if self._response is None:
            # The same hello: over a long way the answer to the first may still come.
            self._back_off()
            self._put_out(self._hello, now)
        elif self._responses < RESPONSE_ATTEMPTS:
            self._respond(self._response, now)
        else:
            self._back_off()
            self._begin(now)

    def cancel(self) -> None:
        """Give up; tells a server that may have accepted already."""
        self.deadline = NEVER
        if self._response is not None:
            connection = DatagramConnection(self._connection_id, (), is_server=False)
            connection.abort()
            self.outgoing.extend(connection.outgoing)

    def _begin(self, now: float) -> None:
        self._nonce = self._rng.randbytes(NONCE_BYTES)
        self._connection_id = b""
        self._response: bytes | None = None
        self._responses = 0
        hello = HELLO_HEADER.pack(HELLO, WIRE_MAGIC, WIRE_VERSION, self._nonce)
        # Full size: a path that cannot carry our datagrams is found out now and not in a match,
        # and the server may answer without ever sending more than it got.
        self._hello = hello.ljust(DATAGRAM_LIMIT_BYTES, b"\0")
        self._put_out(self._hello, now)

    def _back_off(self) -> None:
        self._interval_s = min(self._interval_s * HELLO_BACKOFF, HELLO_INTERVAL_MAX_S)

    def _respond(self, response: bytes, now: float) -> None:
        self._responses += 1
        self._put_out(response, now)

    def _put_out(self, datagram: bytes, now: float) -> None:
        self.outgoing.append(datagram)
        self.deadline = now + self._interval_s

    def _take_challenge(self, datagram: bytes, now: float) -> None:
        if len(datagram) != CHALLENGE_LAYOUT.size:
            self.invalid += 1
            return
        _, nonce, connection_id, cookie = CHALLENGE_LAYOUT.unpack(datagram)
        # An answer to a hello before we began again, or somebody's guess.
        if nonce != self._nonce:
            return
        self._connection_id = connection_id
        self._response = RESPONSE_LAYOUT.pack(RESPONSE, nonce, connection_id, cookie)
        self._respond(self._response, now)

    def _accepts(self, datagram: bytes) -> bool:
        if datagram == ACCEPT_LAYOUT.pack(ACCEPT, self._connection_id):
            return True
        return (
            len(datagram) >= NUMBERED_HEADER.size
            and datagram[0] >= FROM_SERVER
            and datagram[1:9] == self._connection_id
        )
