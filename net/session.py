"""What both ends say before and beside the game: hello, welcome, pings, events, goodbye.  [pure]

A session runs over one channel. It carries the application's values (a hello's and a welcome's
payload, states, events) without reading them, and knows no clock, socket or transport: ``send``
and ``clock`` come in as arguments.

The first byte of a message is its kind; what follows, by kind:

    HELLO        codec array: version, codec, token, last event, payload      client -> server
    WELCOME      codec array: version, token, resumed, last event, payload    server -> client
    REFUSE       codec array: reason, text                                    server -> client
    PING         f64 t1                                                       both ways
    PONG         f64 t1, f64 t2, f64 t3                                       both ways
    BYE          codec array: text                                            both ways
    EVENT        u32 number, then the application's bytes                     server -> client
    APPLICATION  the application's bytes                                      both ways

The handshake is always msgpack; the codec named in the hello holds for what the application says.
A session proves nothing about who is at the other end, and hides nothing from who listens.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from net.clock import ClockFilter, Exchange
from net.codec import CODECS, MSGPACK, Value
from net.errors import DecodeError, Refused
from net.transport import LANE_EVENT, LANE_PING, LANE_STATE, Delivery

PROTOCOL_VERSION = 1

PING_INTERVAL_S = 0.1
# Below half a second a player has not noticed yet; at two they have, and want to be told; after
# ten nobody waits any longer for the one who is gone.
SILENCE_WARN_S = 0.5
SILENCE_INTERRUPTED_S = 2.0
SILENCE_GONE_S = 10.0

Send = Callable[[bytes, Delivery, int], None]
Clock = Callable[[], float]


class Kind(IntEnum):
    """The first byte of every message."""

    HELLO = 1
    WELCOME = 2
    REFUSE = 3
    PING = 4
    PONG = 5
    BYE = 6
    EVENT = 7
    APPLICATION = 8


class Refusal(StrEnum):
    """Why a server refuses; the text beside it is for people."""

    WRONG_VERSION = "wrong-version"
    BAD_HELLO = "bad-hello"
    BAD_CODEC = "bad-codec"
    BAD_ROOM = "bad-room"
    FULL = "full"


class Silence(Enum):
    """How long the other end has not been heard, as a player would put it."""

    NONE = "none"
    WARN = "warn"
    INTERRUPTED = "interrupted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Hello:
    """A client's first words. ``token`` is empty unless it resumes a place it had."""

    codec: str
    payload: Value
    token: str = ""
    last_event: int = 0
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Welcome:
    """A server's answer. Events numbered up to ``last_event`` are contained in the payload."""

    token: str
    resumed: bool
    last_event: int
    payload: Value


@dataclass(frozen=True, slots=True)
class Bye:
    """The other end leaves of its own will."""

    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered event of the application."""

    number: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Application:
    """A message that the application reads."""

    body: bytes


Heard = Hello | Welcome | Refused | Bye | Event | Application | Exchange

# An event that nobody will repeat has no number.
UNNUMBERED = 0

_PING = struct.Struct("!Bd")
_PONG = struct.Struct("!Bddd")
_EVENT = struct.Struct("!BI")
_APPLICATION_PREFIX = bytes((Kind.APPLICATION,))


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
        self.last_heard_at = clock()

    def message_received(self, message: bytes, received_at: float) -> Heard | None:
        """Read a message; answer what the session answers itself, return what others must read.

        Raises ``DecodeError`` for a message that no honest peer sends.
        """
        self.last_heard_at = received_at
        kind = message[0] if message else 0
        if kind == Kind.APPLICATION:
            return Application(message[1:])
        if kind == Kind.PING:
            self._answer_ping(message, received_at)
            return None
        if kind == Kind.PONG:
            return self._take_pong(message, received_at)
        if kind == Kind.BYE:
            (text,) = _read_array(message, 1)
            return Bye(_text(text))
        return self._handshake_received(kind, message)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        raise DecodeError(f"a message of kind {kind} is not expected here")

    def send_application(self, body: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send the application's bytes."""
        self._send(_APPLICATION_PREFIX + body, delivery, lane)

    def send_bye(self, text: str) -> None:
        """Tell the other end that we leave; the channel is the caller's to close."""
        self._send(_array(Kind.BYE, [text]), Delivery.RELIABLE, LANE_STATE)

    def send_ping_if_due(self, now: float) -> None:
        """Send a ping if the last is a ping interval ago; call at least that often."""
        if now < self._next_ping_at:
            return
        # After a pause one ping is due, not all that were missed.
        self._next_ping_at = max(self._next_ping_at, now - self._ping_interval_s)
        self._next_ping_at += self._ping_interval_s
        self._send(_PING.pack(Kind.PING, now), Delivery.LATEST, LANE_PING)

    def silence_s(self, now: float) -> float:
        """Return for how many seconds nothing was heard."""
        return max(0.0, now - self.last_heard_at)

    def silence(self, now: float) -> Silence:
        """Return what the silence means."""
        silent_s = self.silence_s(now)
        if silent_s >= SILENCE_GONE_S:
            return Silence.GONE
        if silent_s >= SILENCE_INTERRUPTED_S:
            return Silence.INTERRUPTED
        return Silence.WARN if silent_s >= SILENCE_WARN_S else Silence.NONE

    def _answer_ping(self, message: bytes, received_at: float) -> None:
        if len(message) != _PING.size:
            raise DecodeError(f"a ping of {len(message)} bytes")
        _, t1 = _PING.unpack(message)
        pong = _PONG.pack(Kind.PONG, t1, received_at, self._clock())
        self._send(pong, Delivery.LATEST, LANE_PING)

    def _take_pong(self, message: bytes, received_at: float) -> Exchange | None:
        if len(message) != _PONG.size:
            raise DecodeError(f"a pong of {len(message)} bytes")
        _, t1, t2, t3 = _PONG.unpack(message)
        # A t1 we cannot have sent, or a t3 before its t2, is a peer's lie or a broken clock.
        if received_at - SILENCE_GONE_S <= t1 <= received_at and t2 <= t3:
            return self.clock_filter.add(t1, t2, t3, received_at)
        return None


class ClientSession(Session):
    """The client's end: says hello when it begins, then hears a welcome or a refusal."""

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        hello: Hello,
        ping_interval_s: float = PING_INTERVAL_S,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        words: list[Value] = [
            hello.version,
            hello.codec,
            hello.token,
            hello.last_event,
            hello.payload,
        ]
        send(_array(Kind.HELLO, words), Delivery.RELIABLE, LANE_STATE)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        if kind == Kind.WELCOME:
            return _read_welcome(message)
        if kind == Kind.REFUSE:
            reason, text = _read_array(message, 2)
            return Refused(_text(reason), _text(text))
        if kind == Kind.EVENT:
            return _read_event(message)
        return super()._handshake_received(kind, message)


class ServerSession(Session):
    """The server's end: hears one hello, answers with a welcome or a refusal.

    Everything else before the hello, and a second hello, is a ``DecodeError``.
    """

    def __init__(
        self, send: Send, clock: Clock, clock_filter: ClockFilter, ping_interval_s: float
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._hello_heard = False

    def message_received(self, message: bytes, received_at: float) -> Heard | None:
        """Read a message as ``Session`` does.

        Raises ``Refused`` when the hello is one that the session itself must refuse (the refusal
        has been sent), and ``DecodeError``.
        """
        if not self._hello_heard and (not message or message[0] != Kind.HELLO):
            raise DecodeError("the first message is no hello")
        return super().message_received(message, received_at)

    def welcome(self, welcome: Welcome) -> None:
        """Let the client in."""
        words: list[Value] = [
            PROTOCOL_VERSION,
            welcome.token,
            welcome.resumed,
            welcome.last_event,
            welcome.payload,
        ]
        self._send(_array(Kind.WELCOME, words), Delivery.RELIABLE, LANE_STATE)

    def refuse(self, reason: Refusal, text: str) -> Refused:
        """Turn the client away; the channel is the caller's to close."""
        self._send(_array(Kind.REFUSE, [reason.value, text]), Delivery.RELIABLE, LANE_STATE)
        return Refused(reason, text)

    def send_event(self, event: Event) -> None:
        """Send a numbered event."""
        message = _EVENT.pack(Kind.EVENT, event.number) + event.body
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def send_latest_event(self, body: bytes) -> None:
        """Send an event that may be lost: a lesson's choice, never a game's."""
        self._send(_EVENT.pack(Kind.EVENT, UNNUMBERED) + body, Delivery.LATEST, LANE_EVENT)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        if kind != Kind.HELLO or self._hello_heard:
            return super()._handshake_received(kind, message)
        self._hello_heard = True
        version = _read_version(message)
        if version != PROTOCOL_VERSION:
            raise self.refuse(
                Refusal.WRONG_VERSION,
                f"the server speaks version {PROTOCOL_VERSION} and the client {version}: "
                f"update the {'client' if version < PROTOCOL_VERSION else 'server'}",
            )
        hello = _read_hello(message)
        if hello.codec not in CODECS:
            raise self.refuse(
                Refusal.BAD_CODEC, f"codec {hello.codec!r}: the server has {', '.join(CODECS)}"
            )
        return hello


def _array(kind: Kind, words: list[Value]) -> bytes:
    return bytes((kind,)) + MSGPACK.encode(words)


def _read_array(message: bytes, length: int) -> list[Value]:
    """Read an array of at least ``length`` items: a later version may say more behind them."""
    words = MSGPACK.decode(message[1:])
    if not isinstance(words, list) or len(words) < length:
        raise DecodeError(f"kind {message[0]} carries no array of {length} items")
    return words[:length]


def _read_version(message: bytes) -> int:
    return _number(_read_array(message, 1)[0])


def _read_hello(message: bytes) -> Hello:
    version, codec, token, last_event, payload = _read_array(message, 5)
    return Hello(_text(codec), payload, _text(token), _number(last_event), _number(version))


def _read_welcome(message: bytes) -> Welcome:
    _version, token, resumed, last_event, payload = _read_array(message, 5)
    if not isinstance(resumed, bool):
        raise DecodeError("the welcome does not say whether it resumes")
    return Welcome(_text(token), resumed, _number(last_event), payload)


def _read_event(message: bytes) -> Event:
    if len(message) < _EVENT.size:
        raise DecodeError(f"an event of {len(message)} bytes")
    _, number = _EVENT.unpack_from(message)
    return Event(number, message[_EVENT.size :])


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise DecodeError(f"{value!r:.40} is no text")
    return value


def _number(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 32:
        raise DecodeError(f"{value!r:.40} is no number of 32 bits")
    return value
