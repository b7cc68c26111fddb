"""The common part of both ends of a session: pings, silence, application messages, close.  [pure]

A session runs over one channel. It carries the application's values without reading them: the
payloads of hello and welcome, states and events. ``send``, ``clock`` and ``enable_encryption``
come in as arguments. ``net/session/messages.py`` has the layouts.

Without a password, a new client is accepted at once::

    HELLO  ->  WELCOME

With a password, or when a client wants its slot back, the server asks for a proof first::

    HELLO  ->  CHALLENGE  ->  PROOF  ->  WELCOME

A proof covers both nonces and every byte sent before it (``net/security/proofs.py``), like the
transcript hash of TLS 1.3 (RFC 8446, section 4.4.1). An overheard proof is worth nothing in
another session. With a password the welcome proves that the server knows it too.

On a channel that can encrypt, the server encrypts from the welcome on, and the client from the
arrival of the welcome on. Hello, challenge and proof are readable on the wire.
Without a password a session hides nothing from a listener.
"""

from collections.abc import Callable

from net.errors import DecodeError, SessionRefused
from net.session.liveness import PEER_TIMEOUT_S, Liveness, liveness_of
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
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import LANE_PING, LANE_STATE, Delivery

__all__ = [
    "PING_INTERVAL_S",
    "Clock",
    "EnableEncryption",
    "ReceivedMessage",
    "Send",
    "Session",
]

# Ten round-trip samples a second give the clock filter a hundred to choose from in its window,
# and cost less than 1 KB a second.
PING_INTERVAL_S = 0.1

# Sends a message: bytes, delivery, lane; see ``Channel.send``.
Send = Callable[[bytes, Delivery, int], None]
# Returns the time in seconds.
Clock = Callable[[], float]
# Takes the key to send under and the key to receive under; see ``Channel.enable_encryption``.
EnableEncryption = Callable[[bytes, bytes], None]


ReceivedMessage = (
    Hello | Welcome | SessionRefused | Close | SessionEvent | ApplicationMessage | ClockSample
)

# Looked up once for all messages: Python 3.11 takes 0.1 µs to find a member of an enum.
_APPLICATION = MessageType.APPLICATION
_APPLICATION_PREFIX = bytes((_APPLICATION,))


class Session:
    """One end of a session; ``ClientSession`` and ``ServerSession`` add the handshake.

    ``clock_filter`` collects the round trips of our pings. One filter for all sessions with the
    same server keeps the estimate when the transport changes.
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
        # The only message type that is read now; None for every type.
        self._expected_type: MessageType | None = None

    def message_received(self, message: bytes, received_at: float) -> ReceivedMessage | None:
        """Read a message and return its value; None if the session has handled it itself.

        Raises ``DecodeError`` for a message that no honest peer sends.
        """
        # This check comes before all parsing, pings included. An unauthenticated peer gets no
        # answer but to a hello or a proof, and reaches no other code.
        if self._expected_type is not None and message[:1] != bytes((self._expected_type,)):
            raise DecodeError(
                f"expected {self._expected_type.name} (type {self._expected_type}), "
                f"received {_type_text(message)}"
            )
        self.last_received_at = received_at
        message_type = message[0] if message else 0
        # Application messages are by far the most frequent, so they are tested first.
        if message_type == _APPLICATION:
            return ApplicationMessage(message[1:])
        if message_type == MessageType.PING:
            self._on_ping(message, received_at)
            return None
        if message_type == MessageType.PONG:
            return self._on_pong(message, received_at)
        if message_type == MessageType.CLOSE:
            return decode_close(message)
        return self._on_handshake_message(message_type, message)

    def _on_handshake_message(self, message_type: int, message: bytes) -> ReceivedMessage | None:
        raise DecodeError(f"a message of type {message_type} is not expected here")

    def send_application(self, body: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send the application's bytes."""
        self._send(_APPLICATION_PREFIX + body, delivery, lane)

    def send_close(self, text: str) -> None:
        """Tell the peer that this end leaves, and why. The caller closes the channel."""
        self._send(encode_close(text), Delivery.RELIABLE, LANE_STATE)

    def send_ping_if_due(self, now: float) -> bool:
        """Send a ping if the ping interval has passed; return whether one was sent.

        Call this at least once in a ping interval.
        """
        if now < self._next_ping_at:
            return False
        # After a pause one ping is due, not all that were missed.
        self._next_ping_at = max(self._next_ping_at, now - self._ping_interval_s)
        self._next_ping_at += self._ping_interval_s
        self._send(PING_LAYOUT.pack(MessageType.PING, now), Delivery.LATEST, LANE_PING)
        return True

    def silence_s(self, now: float) -> float:
        """Return the time since the last message of the peer, in seconds."""
        return max(0.0, now - self.last_received_at)

    def liveness(self, now: float) -> Liveness:
        """Return what the time since the last message of the peer means."""
        return liveness_of(self.silence_s(now))

    def _on_ping(self, message: bytes, received_at: float) -> None:
        if len(message) != PING_LAYOUT.size:
            raise DecodeError(f"a ping of {len(message)} bytes")
        _, t1 = PING_LAYOUT.unpack(message)
        # The pong carries both of our stamps, so that the peer can subtract our processing time
        # from the round trip (RFC 5905, section 8).
        pong = PONG_LAYOUT.pack(MessageType.PONG, t1, received_at, self._clock())
        self._send(pong, Delivery.LATEST, LANE_PING)

    def _on_pong(self, message: bytes, received_at: float) -> ClockSample | None:
        if len(message) != PONG_LAYOUT.size:
            raise DecodeError(f"a pong of {len(message)} bytes")
        _, t1, t2, t3 = PONG_LAYOUT.unpack(message)
        # t1 is our own stamp, echoed: one that is older than a timeout or lies in the future was
        # never sent. A t3 before its t2 is a broken clock. NaN fails every comparison.
        if received_at - PEER_TIMEOUT_S <= t1 <= received_at and t2 <= t3:
            return self.clock_filter.add(t1, t2, t3, received_at)
        return None


def _type_text(message: bytes) -> str:
    if not message:
        return "an empty message"
    try:
        name = MessageType(message[0]).name
    except ValueError:
        return f"type {message[0]}"
    return f"{name} (type {message[0]})"
