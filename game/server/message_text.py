"""Descriptions of a client's messages in words, for the wire log.  [pure]"""

from game.protocol.encoding import (
    decode_input,
    decode_join_request,
    decode_report,
    decode_room_request,
    decode_vote,
)
from game.protocol.messages import InputMessage, JoinRequest, MessageKind
from net.codec import Codec
from net.errors import DecodeError
from net.security.sanitize import printable
from net.session.messages import (
    CHALLENGE_FIELDS,
    MessageType,
    decode_close,
    decode_hello,
    decode_proof,
    decode_refusal,
    decode_version,
    decode_welcome,
    hello_codec,
)

# Enough to recognise a wrong byte order, or a text that was sent without its type.
_BYTES_SHOWN = 16
_TEXT_SHOWN = 16


def message_type_of(message: bytes) -> MessageType | None:
    """Return the type of a message; None if it has none that is known."""
    try:
        return MessageType(message[0]) if message else None
    except ValueError:
        return None


def read_join_request(message: bytes) -> JoinRequest | None:
    """Return the join request in a hello; None if the message is no readable hello."""
    codec = hello_codec(message)
    if message_type_of(message) is not MessageType.HELLO or codec is None:
        return None
    try:
        return decode_join_request(decode_hello(message, codec).payload)
    except DecodeError:
        return None


def describe_received(message: bytes, codec: Codec) -> str:
    """Describe a message of a client; one that cannot be read by its error and its first bytes.

    ``codec``: that of the hello before; a hello itself needs none.
    """
    try:
        return _describe_received(message, codec)
    except DecodeError as error:
        shown = message[:_BYTES_SHOWN].hex(" ") + (" ..." if message[_BYTES_SHOWN:] else "")
        return f"{error} ({shown or 'no bytes'})"


def _describe_received(message: bytes, codec: Codec) -> str:
    match message_type_of(message):
        case MessageType.HELLO:
            return _describe_hello(message)
        case MessageType.PROOF:
            proof = decode_proof(message, codec)
            kinds = {"password": proof.password_proof, "token": proof.token_proof}
            given = [kind for kind, value in kinds.items() if value]
            return f"PROOF of {' and '.join(given) or 'nothing'}"
        case MessageType.CLOSE:
            return f"CLOSE: {decode_close(message).text}"
        case MessageType.APPLICATION if message[1:2] == bytes((MessageKind.REPORT,)):
            return f"REPORT of a {printable(decode_report(message[1:], codec).device, _TEXT_SHOWN)}"
        case MessageType.APPLICATION if message[1:2] == bytes((MessageKind.VOTE,)):
            return f"VOTE for {decode_vote(message[1:], codec)!r:.40}"
        case MessageType.APPLICATION if message[1:2] == bytes((MessageKind.ROOM_REQUEST,)):
            request = decode_room_request(message[1:], codec)
            words = f": {printable(request.text, _TEXT_SHOWN)}" if request.text else ""
            return f"ROOM_REQUEST {request.action.name}{words}"
        case MessageType.APPLICATION:
            return _describe_input(decode_input(message[1:], codec))
        case None:
            raise DecodeError("no message of a known type")
        case message_type:
            return message_type.name


def _describe_input(sent: InputMessage) -> str:
    held = "" if sent.snapshot_tick is None else f"snapshot {sent.snapshot_tick} arrived"
    if not sent.controls:
        return f"INPUT without controls: {held}"
    newest, repeated = sent.controls[-1], len(sent.controls) - 1
    kick = ", kick" if newest.kick else ""
    more = f", and the {repeated} before" if repeated else ""
    return f"INPUT {sent.newest}: x {newest.x}, y {newest.y}{kick}{more}{held and '; ' + held}"


def _describe_hello(message: bytes) -> str:
    version, codec = decode_version(message), hello_codec(message)
    if codec is None:
        raise DecodeError(f"HELLO, version {version}: neither a JSON array nor a msgpack array")
    start = f"HELLO, version {version}, codec {codec.name}"
    try:
        hello = decode_hello(message, codec)
        request = decode_join_request(hello.payload)
    except DecodeError as error:
        raise DecodeError(f"{start}: {error}") from error
    slot = f", back to slot {hello.slot_id} after event {hello.last_event}" * bool(hello.slot_id)
    watch = ", as a spectator" * request.watch
    return f"{start}, name {request.name!r}, room {request.room!r}{watch}{slot}"


def describe_sent(message: bytes, codec: Codec) -> str:
    """Describe the server's answer in a handshake, or its close."""
    match message_type_of(message):
        case MessageType.WELCOME:
            resumed = decode_welcome(message, codec).resumed
            return "WELCOME to the old slot" if resumed else "WELCOME to a new slot"
        case MessageType.CHALLENGE:
            challenge = CHALLENGE_FIELDS.read(codec.decode(message[1:]))
            asked = "the password" if challenge.requires_password else "the token of the slot"
            return f"CHALLENGE: a PROOF of {asked} must follow"
        case MessageType.REFUSE:
            refusal = decode_refusal(message)
            return f"REFUSE, {refusal.reason}: {refusal}"
        case MessageType.CLOSE:
            return f"CLOSE: {decode_close(message).text}"
        case message_type:
            return message_type.name if message_type else "a message"
