"""Session messages: types, layouts, encoders and decoders.  [pure]

The first byte of a message is its type. The rest, by type:

    HELLO        u8 version, then a codec array as in ``HELLO_FIELDS``        client -> server
    CHALLENGE    codec array as in ``CHALLENGE_FIELDS``                       server -> client
    PROOF        codec array as in ``PROOF_FIELDS``                           client -> server
    WELCOME      codec array as in ``WELCOME_FIELDS``                         server -> client
    REFUSE       text: reason, colon, space, explanation                      server -> client
    PING         f64 t1                                                       both ways
    PONG         f64 t1, f64 t2, f64 t3                                       both ways
    CLOSE        text                                                         both ways
    EVENT        u32 number, then the application's bytes                     server -> client
    APPLICATION  the application's bytes                                      both ways

Numbers are in network byte order, texts are UTF-8. A token is sent once, in the first welcome of
its slot. The codec of the hello is that of the whole session: its first byte tells JSON from
msgpack. Version and texts need no codec, so clients of every version and codec can read a refusal.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar

from net.codec import CODECS, Codec, Value, codec_of_array
from net.errors import DecodeError, SessionRefused
from net.schema import ANY, BOOLEAN, RecordCodec, bytes_of, integer, record, text
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
PROTOCOL_VERSION = 3

# Longer than any text that we send.
MAX_LINE_CHARS = 400

# Stands where an end has nothing to prove, or cannot.
NO_PROOF = b""

# Longer than a slot id and a token of ours: 16 and 32 hexadecimal digits.
MAX_ID_CHARS = 64

U32_MAX = (1 << 32) - 1

# The number of an event that is never repeated.
UNNUMBERED = 0

PING_LAYOUT = struct.Struct("!Bd")
PONG_LAYOUT = struct.Struct("!Bddd")
EVENT_HEADER = struct.Struct("!BI")
# Type and version.
HELLO_HEADER_BYTES = 2

T = TypeVar("T")


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
    BAD_MESSAGE = "bad-message"
    SENT_OUT = "sent-out"


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of a client. ``slot_id`` is empty unless the client resumes a session.

    ``codec`` names the codec that the hello is written in, and with it the session.
    ``last_event`` is the number of the last event that the client received.
    """

    codec: str
    payload: Value
    slot_id: str = ""
    last_event: int = 0
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class _HelloArray:
    """The part of a hello that is a codec array. ``nonce`` is random, for proofs."""

    payload: Value
    nonce: bytes = b""
    slot_id: str = ""
    last_event: int = 0


@dataclass(frozen=True, slots=True)
class Challenge:
    """Request for a proof. ``public_key`` is empty where the channel cannot encrypt."""

    nonce: bytes
    salt: bytes
    requires_password: bool
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Response to a challenge: ``NO_PROOF`` for a secret that the client does not have."""

    password_proof: bytes = NO_PROOF
    token_proof: bytes = NO_PROOF
    public_key: bytes = b""


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


# Not frozen: that takes twice as long to make, and a server makes one of each input.
@dataclass(slots=True)
class ApplicationMessage:
    """Message that only the application reads."""

    body: bytes


_PROOF = bytes_of(PROOF_BYTES)
_PUBLIC_KEY = bytes_of(PUBLIC_KEY_BYTES)
_NUMBER = integer(0, U32_MAX)
_ID = text(MAX_ID_CHARS)

HELLO_FIELDS = record(_HelloArray, ANY, bytes_of(NONCE_BYTES), _ID, _NUMBER, title="Hello")
CHALLENGE_FIELDS = record(
    Challenge, bytes_of(NONCE_BYTES), bytes_of(SALT_BYTES), BOOLEAN, _PUBLIC_KEY
)
PROOF_FIELDS = record(Proof, _PROOF, _PROOF, _PUBLIC_KEY)
WELCOME_FIELDS = record(Welcome, _ID, BOOLEAN, _NUMBER, ANY, _ID, _PROOF)


def encode_hello(hello: Hello, nonce: bytes) -> bytes:
    """Encode a hello. ``nonce`` is empty for a client without credentials."""
    fields = _HelloArray(hello.payload, nonce, hello.slot_id, hello.last_event)
    header = bytes((MessageType.HELLO, hello.version))
    return header + CODECS[hello.codec].encode(HELLO_FIELDS.write(fields))


def encode_challenge(challenge: Challenge, codec: Codec) -> bytes:
    """Encode a challenge."""
    return _encode(MessageType.CHALLENGE, CHALLENGE_FIELDS.write(challenge), codec)


def encode_proof(proof: Proof, codec: Codec) -> bytes:
    """Encode a proof."""
    return _encode(MessageType.PROOF, PROOF_FIELDS.write(proof), codec)


def encode_welcome(welcome: Welcome, codec: Codec) -> bytes:
    """Encode a welcome."""
    return _encode(MessageType.WELCOME, WELCOME_FIELDS.write(welcome), codec)


def encode_refusal(reason: str, explanation: str) -> bytes:
    """Encode a refusal. ``explanation`` is for people."""
    return bytes((MessageType.REFUSE,)) + f"{reason}: {explanation}".encode()


def encode_close(reason: str) -> bytes:
    """Encode a close. ``reason`` is for people."""
    return bytes((MessageType.CLOSE,)) + reason.encode()


def decode_version(message: bytes) -> int:
    """Decode only the version of a hello; the rest may have another layout."""
    if len(message) < HELLO_HEADER_BYTES:
        raise DecodeError("a hello without a version")
    return message[1]


def hello_codec(message: bytes) -> Codec | None:
    """Return the codec that a hello is written in; None for no codec of ours."""
    return codec_of_array(message[HELLO_HEADER_BYTES:])


def decode_hello(message: bytes, codec: Codec) -> Hello:
    """Decode a hello of ``PROTOCOL_VERSION``.

    Its nonce is checked but not returned: only the transcript hash uses it, as a part of the
    message.
    """
    fields = HELLO_FIELDS.read(codec.decode(message[HELLO_HEADER_BYTES:]))
    return Hello(codec.name, fields.payload, fields.slot_id, fields.last_event, message[1])


def decode_challenge(message: bytes, codec: Codec) -> Challenge:
    """Decode a challenge."""
    return _decode(CHALLENGE_FIELDS, message, codec)


def decode_proof(message: bytes, codec: Codec) -> Proof:
    """Decode a proof."""
    return _decode(PROOF_FIELDS, message, codec)


def decode_welcome(message: bytes, codec: Codec) -> Welcome:
    """Decode a welcome."""
    return _decode(WELCOME_FIELDS, message, codec)


def decode_refusal(message: bytes) -> SessionRefused:
    """Decode a refusal."""
    reason, _, explanation = _text(message).partition(": ")
    return SessionRefused(_line(reason), _line(explanation))


def decode_close(message: bytes) -> Close:
    """Decode a close."""
    return Close(_line(_text(message)))


def decode_event(message: bytes) -> SessionEvent:
    """Decode an event, numbered or not."""
    if len(message) < EVENT_HEADER.size:
        raise DecodeError(f"an event of {len(message)} bytes")
    _, number = EVENT_HEADER.unpack_from(message)
    return SessionEvent(number, message[EVENT_HEADER.size :])


def _encode(message_type: MessageType, fields: Value, codec: Codec) -> bytes:
    return bytes((message_type,)) + codec.encode(fields)


def _decode(layout: RecordCodec[T], message: bytes, codec: Codec) -> T:
    return layout.read(codec.decode(message[1:]))


def _text(message: bytes) -> str:
    # A wrong byte is replaced: the text explains why the session ends, and half of it is better
    # than none.
    return message[1:].decode(errors="replace")


def _line(text: str) -> str:
    """Return a text for people as one line, printable, of bounded length."""
    return printable(text, MAX_LINE_CHARS)
