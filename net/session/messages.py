"""Session messages: types, layouts, encoders and decoders.  [pure]

The first byte of a message is its type. The rest, by type:

    HELLO        codec array: version, codec, nonce, slot id,                 client -> server
                 last event, payload
    CHALLENGE    codec array: nonce, salt, whether a password is needed,      server -> client
                 public key
    PROOF        codec array: password proof, token proof, public key         client -> server
    WELCOME      codec array: version, token, resumed, last event,            server -> client
                 payload, slot id, password proof
    REFUSE       codec array: reason, text                                    server -> client
    PING         f64 t1                                                       both ways
    PONG         f64 t1, f64 t2, f64 t3                                       both ways
    CLOSE        codec array: text                                            both ways
    EVENT        u32 number, then the application's bytes                     server -> client
    APPLICATION  the application's bytes                                      both ways

Numbers are in network byte order. Nonces and proofs are 32 bytes, the salt 16, public keys 32
(X25519, RFC 7748). A field that is not needed is empty.
A token is sent once, in the first welcome of its slot.
Handshake arrays are always msgpack. The codec named in the hello is that of the application.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from net.codec import MSGPACK, Value
from net.errors import DecodeError, SessionRefused
from net.security.aead import PUBLIC_KEY_BYTES
from net.security.proofs import NONCE_BYTES, PROOF_BYTES, SALT_BYTES
from net.security.sanitize import printable

__all__ = [
    "PROTOCOL_VERSION",
    "UNNUMBERED",
    "ApplicationMessage",
    "Close",
    "Hello",
    "MessageType",
    "RefusalReason",
    "SessionEvent",
    "Welcome",
]

# Each end refuses any other version. It goes up by one with every change of a layout.
PROTOCOL_VERSION = 2

# Longer than any text that we send.
MAX_LINE_CHARS = 400

# Stands where an end has nothing to prove, or cannot.
NO_PROOF = b""

# The number of an event that is never repeated.
UNNUMBERED = 0

PING_LAYOUT = struct.Struct("!Bd")
PONG_LAYOUT = struct.Struct("!Bddd")
EVENT_HEADER = struct.Struct("!BI")


class MessageType(IntEnum):
    """First byte of every message."""

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


class RefusalReason(StrEnum):
    """Reason why a client is not accepted. The text beside it is for people.

    The values are on the wire and in logs, so they never change.
    """

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
    """Proofs of a client: ``NO_PROOF`` for a secret that it does not have."""

    password_proof: bytes
    token_proof: bytes


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of a client. ``slot_id`` is empty unless the client resumes a session.

    ``last_event`` is the number of the last event that the client received.
    """

    codec: str
    payload: Value
    slot_id: str = ""
    last_event: int = 0
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Challenge:
    """Request for a proof. ``public_key`` is empty where the channel cannot encrypt."""

    nonce: bytes
    salt: bytes
    requires_password: bool
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Response to a challenge."""

    proofs: ClientProofs
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Welcome:
    """Acceptance of a client. The payload contains all events up to number ``last_event``.

    ``token`` is empty if the client has it already.
    ``password_proof`` proves that the server knows the password that it asked for.
    """

    token: str
    resumed: bool
    last_event: int
    payload: Value
    slot_id: str = ""
    password_proof: bytes = b""


@dataclass(frozen=True, slots=True)
class Close:
    """Announcement that the peer leaves. ``text`` says why, for people."""

    text: str


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Event of the application with its number; ``UNNUMBERED`` if it may be lost."""

    number: int
    body: bytes


@dataclass(frozen=True, slots=True)
class ApplicationMessage:
    """Message that only the application reads."""

    body: bytes


def encode_hello(hello: Hello, nonce: bytes) -> bytes:
    """Encode a hello. ``nonce`` is empty for a client without credentials."""
    return _array(
        MessageType.HELLO,
        [hello.version, hello.codec, nonce, hello.slot_id, hello.last_event, hello.payload],
    )


def encode_challenge(challenge: Challenge) -> bytes:
    """Encode a challenge."""
    return _array(
        MessageType.CHALLENGE,
        [challenge.nonce, challenge.salt, challenge.requires_password, challenge.public_key],
    )


def encode_proof(proof: Proof) -> bytes:
    """Encode a proof."""
    proofs = proof.proofs
    return _array(MessageType.PROOF, [proofs.password_proof, proofs.token_proof, proof.public_key])


def encode_welcome(welcome: Welcome) -> bytes:
    """Encode a welcome."""
    items: list[Value] = [
        PROTOCOL_VERSION,
        welcome.token,
        welcome.resumed,
        welcome.last_event,
        welcome.payload,
        welcome.slot_id,
        welcome.password_proof,
    ]
    return _array(MessageType.WELCOME, items)


def encode_refusal(reason: str, text: str) -> bytes:
    """Encode a refusal."""
    return _array(MessageType.REFUSE, [reason, text])


def encode_close(text: str) -> bytes:
    """Encode a close."""
    return _array(MessageType.CLOSE, [text])


def decode_version(message: bytes) -> int:
    """Decode only the version of a hello; the rest may have another layout."""
    return _number(_read_array(message, 1)[0])


def decode_hello(message: bytes) -> Hello:
    """Decode a hello of ``PROTOCOL_VERSION``.

    Its nonce is checked but not returned: only the transcript hash uses it, as a part of the
    message.
    """
    version, codec, nonce, slot_id, last_event, payload = _read_array(message, 6)
    _bytes(nonce, NONCE_BYTES)
    return Hello(_text(codec), payload, _text(slot_id), _number(last_event), _number(version))


def decode_challenge(message: bytes) -> Challenge:
    """Decode a challenge."""
    nonce, salt, requires_password, public_key = _read_array(message, 4)
    return Challenge(
        _bytes(nonce, NONCE_BYTES),
        _bytes(salt, SALT_BYTES),
        _flag(requires_password),
        _bytes(public_key, PUBLIC_KEY_BYTES),
    )


def decode_proof(message: bytes) -> Proof:
    """Decode a proof."""
    password_proof, token_proof, public_key = _read_array(message, 3)
    proofs = ClientProofs(_bytes(password_proof, PROOF_BYTES), _bytes(token_proof, PROOF_BYTES))
    return Proof(proofs, _bytes(public_key, PUBLIC_KEY_BYTES))


def decode_welcome(message: bytes) -> Welcome:
    """Decode a welcome."""
    _version, token, resumed, last_event, payload, slot_id, proof = _read_array(message, 7)
    return Welcome(
        _text(token),
        _flag(resumed),
        _number(last_event),
        payload,
        _text(slot_id),
        _bytes(proof, PROOF_BYTES),
    )


def decode_refusal(message: bytes) -> SessionRefused:
    """Decode a refusal."""
    reason, text = _read_array(message, 2)
    return SessionRefused(_line(reason), _line(text))


def decode_close(message: bytes) -> Close:
    """Decode a close."""
    return Close(_line(_read_array(message, 1)[0]))


def decode_event(message: bytes) -> SessionEvent:
    """Decode an event, numbered or not."""
    if len(message) < EVENT_HEADER.size:
        raise DecodeError(f"an event of {len(message)} bytes")
    _, number = EVENT_HEADER.unpack_from(message)
    return SessionEvent(number, message[EVENT_HEADER.size :])


def _array(message_type: MessageType, items: list[Value]) -> bytes:
    return bytes((message_type,)) + MSGPACK.encode(items)


def _read_array(message: bytes, length: int) -> list[Value]:
    """Decode an array of at least ``length`` items; a later version may append more."""
    items = MSGPACK.decode(message[1:])
    if not isinstance(items, list) or len(items) < length:
        raise DecodeError(f"message type {message[0]} carries no array of {length} items")
    return items[:length]


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise DecodeError(f"{value!r:.40} is no text")
    return value


def _line(value: Value) -> str:
    """Decode a text for people: one line, printable, of bounded length."""
    return printable(_text(value), MAX_LINE_CHARS)


def _flag(value: Value) -> bool:
    if not isinstance(value, bool):
        raise DecodeError(f"{value!r:.40} is neither yes nor no")
    return value


def _bytes(value: Value, size: int) -> bytes:
    """Decode bytes of exactly ``size``, or empty bytes."""
    if not isinstance(value, bytes) or len(value) not in (0, size):
        raise DecodeError(f"{value!r:.40} are no {size} bytes")
    return value


def _number(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 32:
        raise DecodeError(f"{value!r:.40} is no number of 32 bits")
    return value
