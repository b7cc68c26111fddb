"""The client's half of the handshake that opens a datagram connection.  [pure]

The byte tables are in ``net/datagram/wire_format.py``. Connection ids and nonces must not be
guessable, so ``rng`` is ``random.SystemRandom`` outside tests.
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

# A hello is repeated after this, and each time 1.5 times later. A client whose first datagram was
# lost hardly notices. A server that is away is not flooded by the clients that wait for it.
HELLO_INTERVAL_S = 0.25
HELLO_INTERVAL_MAX_S = 1.0
HELLO_BACKOFF = 1.5

# Attempts without an accept after which the handshake starts again. The cookie may be one of a
# server that has restarted, or of an address that has changed.
RESPONSE_ATTEMPTS = 5
# The least wait before that, in round trips as long as the one of the challenge. On a long path
# the answer to the first of these attempts is still on its way.
RESPONSE_ROUND_TRIPS = 2


class ClientHandshake:
    """The client's state machine from the first hello to a ``DatagramConnection``.

    The caller sends the datagrams in ``outgoing`` after every call, clears the list, and calls
    ``on_timer`` at ``deadline``.
    """

    def __init__(self, rng: Random, now: float) -> None:
        self.outgoing: list[bytes] = []
        self.deadline = NEVER
        self.invalid = 0
        self._rng = rng
        self._interval_s = HELLO_INTERVAL_S
        self._connection_id = b""
        self._start(now)

    @property
    def is_answered(self) -> bool:
        """True once the server has answered a hello."""
        return bool(self._connection_id)

    def receive(
        self, datagram: bytes, address: SocketAddress, now: float
    ) -> DatagramConnection | None:
        """Process a datagram of the server; return the connection when it is accepted.

        A numbered datagram that overtook the accept also opens the connection. The caller passes
        it to the connection's ``receive``.
        """
        kind = datagram[:1]
        if kind == bytes([CHALLENGE]) and self._response is None:
            self._receive_challenge(datagram, now)
        # Also after the handshake has started again: a late answer to a response counts.
        elif self._connection_id and self._accepts(datagram):
            return DatagramConnection(self._connection_id, address, is_server=False)
        else:
            self.invalid += 1
        return None

    def on_timer(self, now: float) -> None:
        """Repeat the hello or the response."""
        if self._response is None:
            # The hello is repeated with the same nonce. On a slow path the answer to the first one
            # may still arrive, and is as valid.
            self._back_off()
            self._send(self._hello, now)
        elif self._responses < RESPONSE_ATTEMPTS or now < self._restart_at:
            self._respond(self._response, now)
        else:
            self._back_off()
            self._start(now)

    def cancel(self) -> None:
        """Give up the handshake."""
        self.deadline = NEVER
        if self._connection_id:
            # The server may have accepted already, and would keep the connection for a while.
            connection = DatagramConnection(self._connection_id, (), is_server=False)
            connection.abort()
            self.outgoing.extend(connection.outgoing)

    def _start(self, now: float) -> None:
        self._started_at = now
        self._nonce = self._rng.randbytes(NONCE_BYTES)
        self._response: bytes | None = None
        self._responses = 0
        hello = HELLO_HEADER.pack(HELLO, WIRE_MAGIC, WIRE_VERSION, self._nonce)
        # Padded to full size, as QUIC's Initial (RFC 9000, section 14.1). A path that cannot carry
        # full datagrams is detected now and not in a match. The server's answer is shorter than
        # the hello, so it amplifies no attack.
        self._hello = hello.ljust(DATAGRAM_LIMIT_BYTES, b"\0")
        self._send(self._hello, now)

    def _back_off(self) -> None:
        self._interval_s = min(self._interval_s * HELLO_BACKOFF, HELLO_INTERVAL_MAX_S)

    def _respond(self, response: bytes, now: float) -> None:
        self._responses += 1
        self._send(response, now)

    def _send(self, datagram: bytes, now: float) -> None:
        self.outgoing.append(datagram)
        self.deadline = now + self._interval_s

    def _receive_challenge(self, datagram: bytes, now: float) -> None:
        if len(datagram) != CHALLENGE_LAYOUT.size:
            self.invalid += 1
            return
        _, nonce, connection_id, cookie = CHALLENGE_LAYOUT.unpack(datagram)
        # The answer to a hello from before the handshake started again, or a forgery.
        if nonce != self._nonce:
            return
        self._restart_at = now + RESPONSE_ROUND_TRIPS * (now - self._started_at)
        self._connection_id = connection_id
        self._response = RESPONSE_LAYOUT.pack(RESPONSE, nonce, connection_id, cookie)
        self._respond(self._response, now)

    def _accepts(self, datagram: bytes) -> bool:
        """Return whether a datagram shows that the server has opened our connection."""
        if datagram == ACCEPT_LAYOUT.pack(ACCEPT, self._connection_id):
            return True
        return (
            len(datagram) >= NUMBERED_HEADER.size
            and datagram[0] >= FROM_SERVER
            and datagram[1:9] == self._connection_id
        )
