"""What both ends say before and beside the game: hello, welcome, pings, events, goodbye.  [pure]

A session runs over one channel. It carries the application's values (a hello's and a welcome's
payload, states, events) without reading them, and knows no clock, socket or transport: ``send``,
``clock`` and, for a channel that can encrypt, ``enable_encryption`` come in as arguments. The
layouts stand in ``net/session/messages.py``.

A client that joins afresh where no password is set is let in at once:

    HELLO  ->  WELCOME

Where a password is set, or a client wants its place back, it is asked for a proof first:

    HELLO  ->  CHALLENGE  ->  PROOF  ->  WELCOME

Proofs are made over both nonces and every byte said so far (``net/security/proofs.py``), so one
that was overheard is worth nothing in another conversation. With a password the welcome proves that
the server knows it too, and a channel that can encrypt is sealed by the server from the welcome on,
by the client from the welcome's arrival on: hello, challenge and proof can be read on the wire.
Without a password a session hides nothing from who listens.
"""

from collections.abc import Callable
from enum import Enum

from net.errors import DecodeError, SessionRefused
from net.session.messages import (
    PING_LAYOUT,
    PONG_LAYOUT,
    ApplicationMessage,
    Close,
    Hello,
    MessageType,
    SessionEvent,
    Welcome,
    decode_close,
    encode_close,
)
from net.sync.clock import ClockFilter, ClockSample
from net.transport import LANE_PING, LANE_STATE, Delivery

PING_INTERVAL_S = 0.1


# Below half a second a player has not noticed yet; at two they have, and want to be told; after
# ten nobody waits any longer for the one who is gone.
SILENCE_WARN_S = 0.5


SILENCE_INTERRUPTED_S = 2.0


PEER_TIMEOUT_S = 10.0


Send = Callable[[bytes, Delivery, int], None]


Clock = Callable[[], float]


# Given the key to send under and the key to receive under; see ``Channel.enable_encryption``.
EnableEncryption = Callable[[bytes, bytes], None]


class Liveness(Enum):
    """How long the other end has not been heard, as a player would put it."""

    ALIVE = "none"
    WARN = "warn"
    INTERRUPTED = "interrupted"
    GONE = "gone"


ReceivedMessage = (
    Hello | Welcome | SessionRefused | Close | SessionEvent | ApplicationMessage | ClockSample
)


_APPLICATION_PREFIX = bytes((MessageType.APPLICATION,))


class Session:
    """One end of a session; ``ClientSession`` and ``ServerSession`` add who speaks first.

    ``clock`` filters the answers to our pings; keep one for all sessions with the same server
    and it survives a change of transport.
    """

    def __init__(
        self, send: Send, clock: Clock, clock_filter: ClockFilter, ping_interval_s: float
    ) -> None:
        self._send = send
        self._clock = clock
        self.clock_filter = clock_filter
        self._ping_interval_s = ping_interval_s
        self._next_ping_at = clock()
        self.last_received_at = clock()

    def message_received(self, message: bytes, received_at: float) -> ReceivedMessage | None:
        """Read a message; answer what the session answers itself, return what others must read.

        Raises ``DecodeError`` for a message that no honest peer sends.
        """
        self.last_received_at = received_at
        kind = message[0] if message else 0
        if kind == MessageType.APPLICATION:
            return ApplicationMessage(message[1:])
        if kind == MessageType.PING:
            self._on_ping(message, received_at)
            return None
        if kind == MessageType.PONG:
            return self._on_pong(message, received_at)
        if kind == MessageType.CLOSE:
            return decode_close(message)
        return self._handshake_received(kind, message)

    def _handshake_received(self, kind: int, message: bytes) -> ReceivedMessage | None:
        raise DecodeError(f"a message of kind {kind} is not expected here")

    def send_application(self, body: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send the application's bytes."""
        self._send(_APPLICATION_PREFIX + body, delivery, lane)

    def send_close(self, text: str) -> None:
        """Tell the other end that we leave; the channel is the caller's to close."""
        self._send(encode_close(text), Delivery.RELIABLE, LANE_STATE)

    def send_ping_if_due(self, now: float) -> None:
        """Send a ping if the last is a ping interval ago; call at least that often."""
        if now < self._next_ping_at:
            return
        # After a pause one ping is due, not all that were missed.
        self._next_ping_at = max(self._next_ping_at, now - self._ping_interval_s)
        self._next_ping_at += self._ping_interval_s
        self._send(PING_LAYOUT.pack(MessageType.PING, now), Delivery.LATEST, LANE_PING)

    def silence_s(self, now: float) -> float:
        """Return for how many seconds nothing was heard."""
        return max(0.0, now - self.last_received_at)

    def liveness(self, now: float) -> Liveness:
        """Return what the silence means."""
        silent_s = self.silence_s(now)
        if silent_s >= PEER_TIMEOUT_S:
            return Liveness.GONE
        if silent_s >= SILENCE_INTERRUPTED_S:
            return Liveness.INTERRUPTED
        return Liveness.WARN if silent_s >= SILENCE_WARN_S else Liveness.ALIVE

    def _on_ping(self, message: bytes, received_at: float) -> None:
        if len(message) != PING_LAYOUT.size:
            raise DecodeError(f"a ping of {len(message)} bytes")
        _, t1 = PING_LAYOUT.unpack(message)
        pong = PONG_LAYOUT.pack(MessageType.PONG, t1, received_at, self._clock())
        self._send(pong, Delivery.LATEST, LANE_PING)

    def _on_pong(self, message: bytes, received_at: float) -> ClockSample | None:
        if len(message) != PONG_LAYOUT.size:
            raise DecodeError(f"a pong of {len(message)} bytes")
        _, t1, t2, t3 = PONG_LAYOUT.unpack(message)
        # A t1 we cannot have sent, or a t3 before its t2, is a peer's lie or a broken clock.
        if received_at - PEER_TIMEOUT_S <= t1 <= received_at and t2 <= t3:
            return self.clock_filter.add(t1, t2, t3, received_at)
        return None
