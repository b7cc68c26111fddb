"""The layouts of a session's messages: kinds, values, and how both become bytes.  [pure]

The first byte of a message is its kind; what follows, by kind:

    HELLO        codec array: version, codec, nonce, place id,                client -> server
                 last event, payload
    CHALLENGE    codec array: nonce, salt, whether a password is needed,      server -> client
                 public key
    PROOF        codec array: password proof, token proof, public key         client -> server
    WELCOME      codec array: version, token, resumed, last event,            server -> client
                 payload, place id, password proof
    REFUSE       codec array: reason, text                                    server -> client
    PING         f64 t1                                                       both ways
    PONG         f64 t1, f64 t2, f64 t3                                       both ways
    BYE          codec array: text                                            both ways
    EVENT        u32 number, then the application's bytes                     server -> client
    APPLICATION  the application's bytes                                      both ways

Nonces and proofs are 32 bytes, the salt 16, public keys 32 (X25519); what is not needed is empty.
The token is said in the first welcome of a place and never again. The handshake is always
msgpack; the codec named in the hello holds for what the application says. Knows no state.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from net.codec import MSGPACK, Value
from net.errors import DecodeError, SessionRefused
from net.security.aead import PUBLIC_KEY_BYTES
from net.security.proofs import NONCE_BYTES, PROOF_BYTES, SALT_BYTES
from net.security.sanitize import printable

# HMAC's result of one end, where the other has nothing to prove or cannot.
NO_PROOF = b""


class RefusalReason(StrEnum):
    """Why a server refuses, or a client cannot go in; the text beside it is for people."""

    WRONG_VERSION = "wrong-version"
    BAD_CODEC = "bad-codec"
    BAD_ROOM = "bad-room"
    ROOM_FULL = "full"
    PASSWORD = "password"
    RATE_LIMITED = "slow-down"
    BAD_RESUME_TOKEN = "not-your-place"
    TOO_MANY_CONNECTIONS = "too-many"
    NO_ENCRYPTION = "no-encryption"
    NO_TLS = "no-tls"


@dataclass(frozen=True, slots=True)
class ClientProofs:
    """What a client proves: ``NO_PROOF`` where it knows no password, or wants no place back."""

    password_proof: bytes
    token_proof: bytes


PROTOCOL_VERSION = 2


# Longer than any line that we say.
MAX_LINE_CHARS = 400


# An event that nobody will repeat has no number.
UNNUMBERED = 0


PING_LAYOUT = struct.Struct("!Bd")


PONG_LAYOUT = struct.Struct("!Bddd")


EVENT_HEADER = struct.Struct("!BI")


class MessageType(IntEnum):
    """The first byte of every message."""

    HELLO = 1
    WELCOME = 2
    REFUSE = 3
    PING = 4
    PONG = 5
    CLOSE = 6
    EVENT = 7
    APPLICATION = 8
    CHALLENGE = 9
    PROOF = 10


@dataclass(frozen=True, slots=True)
class Hello:
    """A client's first words. ``place_id`` is empty unless it resumes a place it had."""

    codec: str
    payload: Value
    slot_id: str = ""
    last_event: int = 0
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Challenge:
    """A server's question. ``public_key`` is empty where the channel cannot encrypt."""

    nonce: bytes
    salt: bytes
    requires_password: bool
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """A client's answer to a challenge."""

    proofs: ClientProofs
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Welcome:
    """A server's answer. Events numbered up to ``last_event`` are contained in the payload.

    ``token`` is empty where the client has it already. ``password_proof`` shows that the server
    knows the password that it asked for.
    """

    token: str
    resumed: bool
    last_event: int
    payload: Value
    slot_id: str = ""
    password_proof: bytes = b""


@dataclass(frozen=True, slots=True)
class Close:
    """The other end leaves of its own will."""

    text: str


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """A numbered event of the application."""

    number: int
    body: bytes


@dataclass(frozen=True, slots=True)
class ApplicationMessage:
    """A message that the application reads."""

    body: bytes


def encode_hello(hello: Hello, nonce: bytes) -> bytes:
    """Return the message of a hello."""
    return _array(
        MessageType.HELLO,
        [hello.version, hello.codec, nonce, hello.slot_id, hello.last_event, hello.payload],
    )


def encode_challenge(challenge: Challenge) -> bytes:
    """Return the message of a challenge."""
    return _array(
        MessageType.CHALLENGE,
        [challenge.nonce, challenge.salt, challenge.requires_password, challenge.public_key],
    )


def encode_proof(proof: Proof) -> bytes:
    """Return the message of a proof."""
    answer = proof.proofs
    return _array(MessageType.PROOF, [answer.password_proof, answer.token_proof, proof.public_key])


def encode_welcome(welcome: Welcome) -> bytes:
    """Return the message of a welcome."""
    words: list[Value] = [
        PROTOCOL_VERSION,
        welcome.token,
        welcome.resumed,
        welcome.last_event,
        welcome.payload,
        welcome.slot_id,
        welcome.password_proof,
    ]
    return _array(MessageType.WELCOME, words)


def encode_refusal(reason: str, text: str) -> bytes:
    """Return the message of a refusal."""
    return _array(MessageType.REFUSE, [reason, text])


def encode_close(text: str) -> bytes:
    """Return the message of a goodbye."""
    return _array(MessageType.CLOSE, [text])


def decode_version(message: bytes) -> int:
    """Return the version of a hello, of which nothing else may be known."""
    return _number(_read_array(message, 1)[0])


def decode_hello(message: bytes) -> Hello:
    """Read a hello of our own version; its nonce is only part of the transcript."""
    version, codec, nonce, place_id, last_event, payload = _read_array(message, 6)
    _bytes(nonce, NONCE_BYTES)
    return Hello(_text(codec), payload, _text(place_id), _number(last_event), _number(version))


def decode_challenge(message: bytes) -> Challenge:
    """Read a challenge."""
    nonce, salt, requires_password, public_key = _read_array(message, 4)
    return Challenge(
        _bytes(nonce, NONCE_BYTES),
        _bytes(salt, SALT_BYTES),
        _flag(requires_password),
        _bytes(public_key, PUBLIC_KEY_BYTES),
    )


def decode_proof(message: bytes) -> Proof:
    """Read a proof."""
    password_proof, token_proof, public_key = _read_array(message, 3)
    answer = ClientProofs(_bytes(password_proof, PROOF_BYTES), _bytes(token_proof, PROOF_BYTES))
    return Proof(answer, _bytes(public_key, PUBLIC_KEY_BYTES))


def decode_welcome(message: bytes) -> Welcome:
    """Read a welcome."""
    _version, token, resumed, last_event, payload, place_id, proof = _read_array(message, 7)
    return Welcome(
        _text(token),
        _flag(resumed),
        _number(last_event),
        payload,
        _text(place_id),
        _bytes(proof, PROOF_BYTES),
    )


def decode_refusal(message: bytes) -> SessionRefused:
    """Read a refusal."""
    reason, text = _read_array(message, 2)
    return SessionRefused(_line(reason), _line(text))


def decode_close(message: bytes) -> Close:
    """Read a goodbye."""
    return Close(_line(_read_array(message, 1)[0]))


def decode_event(message: bytes) -> SessionEvent:
    """Read an event, numbered or not."""
    if len(message) < EVENT_HEADER.size:
        raise DecodeError(f"an event of {len(message)} bytes")
    _, number = EVENT_HEADER.unpack_from(message)
    return SessionEvent(number, message[EVENT_HEADER.size :])


def _array(kind: MessageType, words: list[Value]) -> bytes:
    return bytes((kind,)) + MSGPACK.encode(words)


def _read_array(message: bytes, length: int) -> list[Value]:
    """Read an array of at least ``length`` items: a later version may say more behind them."""
    words = MSGPACK.decode(message[1:])
    if not isinstance(words, list) or len(words) < length:
        raise DecodeError(f"kind {message[0]} carries no array of {length} items")
    return words[:length]


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise DecodeError(f"{value!r:.40} is no text")
    return value


def _line(value: Value) -> str:
    """Read what people will read."""
    return printable(_text(value), MAX_LINE_CHARS)


def _flag(value: Value) -> bool:
    if not isinstance(value, bool):
        raise DecodeError(f"{value!r:.40} is neither yes nor no")
    return value


def _bytes(value: Value, size: int) -> bytes:
    """Read bytes of one size, or none."""
    if not isinstance(value, bytes) or len(value) not in (0, size):
        raise DecodeError(f"{value!r:.40} are no {size} bytes")
    return value


def _number(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 32:
        raise DecodeError(f"{value!r:.40} is no number of 32 bits")
    return value
