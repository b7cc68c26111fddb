"""Seeds: valid inputs for every target, made by our own encoders.

Random bytes rarely pass the first check. The fuzzer mutates these instead.
"""

from collections.abc import Callable, Iterator
from random import Random

from websockets.frames import Close, CloseCode, Frame, Opcode

from game.match.controls import Controls
from game.match.pitch import PitchSize
from game.protocol import encoding
from game.protocol.delta_snapshots import SnapshotEncoder
from game.protocol.messages import (
    ClientReport,
    InputMessage,
    JoinRequest,
    Kicked,
    LimitsChanged,
    ReadyPlayers,
    RoomAction,
    RoomRequest,
)
from game.protocol.snapshot import snapshot_of
from game.server.room import Room, RoomSettings
from net.codec import CODECS, JSON, MSGPACK, Value
from net.datagram.client_handshake import ClientHandshake
from net.datagram.connection import DatagramConnection
from net.datagram.wire_format import CHALLENGE, CHALLENGE_LAYOUT, HELLO_HEADER, ID_BYTES
from net.session.authenticator import Authenticator
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello, SessionEvent, Welcome
from net.session.server import ServerSession
from net.stream.framing import CLOSE_FRAME, encode_frame
from net.sync.clock_filter import ClockFilter
from tests.fuzz.targets import CONNECTION_ID, PEER, UPGRADE, pack

PASSWORD = "a word"
OTHER_EVENTS = (
    Kicked(1, 2),
    LimitsChanged(1, 150.0, 3, PitchSize.LARGE),
    ReadyPlayers(1, (2,), (0, 5)),
)
# More than one datagram holds.
LONG = bytes(2500)
VALUES: list[Value] = [1, -2, 2.5, "a", None, True, {"key": [[]]}]


def seeds_of(target: str) -> list[bytes]:
    """Return the seeds of a target; none where random bytes do as well."""
    return list(_SEEDS[target]()) if target in _SEEDS else []


def _frames() -> Iterator[bytes]:
    yield pack([encode_frame(b"whole"), encode_frame(b"in two")[:7], b"wo", CLOSE_FRAME])


def _connection() -> DatagramConnection:
    """Return a client's connection with a datagram of every kind to send."""
    connection = DatagramConnection(CONNECTION_ID, PEER, is_server=False)
    connection.send_latest(b"state", 0)
    connection.send_latest(LONG, 1)
    connection.send_reliable(b"event", 100.0)
    connection.flush(100.0)
    connection.abort()
    return connection


def _datagrams() -> Iterator[bytes]:
    yield pack([datagram[:1] + datagram[1 + ID_BYTES :] for datagram in _connection().outgoing])


def _sealed_datagrams() -> Iterator[bytes]:
    """Kind, acknowledgements and body; the target numbers and encrypts them."""
    for sender in (b"\x00", b"\xff"):
        yield pack([sender + sent[:1] + sent[3 + ID_BYTES :] for sent in _connection().outgoing])


def _endpoint_datagrams() -> Iterator[bytes]:
    """A hello without its padding, and datagrams of a connection."""
    hello = ClientHandshake(Random(1), 100.0).outgoing[0]
    yield pack([hello[: HELLO_HEADER.size], *_connection().outgoing])


def _client_datagrams() -> Iterator[bytes]:
    """The server's answers to the hello of a client with this seed."""
    nonce = HELLO_HEADER.unpack_from(ClientHandshake(Random(1), 100.0).outgoing[0])[3]
    challenge = CHALLENGE_LAYOUT.pack(CHALLENGE, nonce, CONNECTION_ID, bytes(16))
    yield pack([challenge, b"\x04" + CONNECTION_ID])


def _conversation() -> tuple[list[bytes], list[bytes]]:
    """Return the messages of a client and of a server, from hello to close."""
    up: list[bytes] = []
    down: list[bytes] = []
    authenticator = Authenticator(Random(1), lambda _slot_id: None, PASSWORD)
    encrypt = lambda _send_key, _receive_key: None  # noqa: E731
    server = ServerSession(
        *(_into(down), lambda: 100.0, ClockFilter(), 1.0),
        authenticator=authenticator,
        enable_encryption=encrypt,
    )
    hello = Hello("msgpack", encoding.encode_join_request(JoinRequest("Ana", "lab")))
    credentials = Credentials(Random(2), PASSWORD)
    client = ClientSession(
        *(_into(up), lambda: 100.0, ClockFilter(), hello),
        credentials=credentials,
        enable_encryption=encrypt,
    )
    server.message_received(up[0], 100.0)
    client.message_received(down[0], 100.0)
    server.message_received(up[1], 100.0)
    server.welcome(Welcome("token", False, 0, _welcome_payload(), "place"))
    client.message_received(down[1], 100.0)
    server.send_event(SessionEvent(1, b"event"))
    for end in (client, server):
        end.send_ping_if_due(200.0)
        end.send_close("left")
    return up, down


def _to_server() -> Iterator[bytes]:
    yield pack(_conversation()[0])


def _to_client() -> Iterator[bytes]:
    yield pack(_conversation()[1])


def _hello() -> Iterator[bytes]:
    yield _conversation()[0][0][1:]


def _handshake() -> Iterator[bytes]:
    up, down = _conversation()
    yield from (message[1:] for message in (down[0], up[1], down[1]))


def _room() -> Room:
    room = Room("lab", RoomSettings(bots=3), seed=1)
    room.join("Ana", "udp")
    return room


def _welcome_payload() -> Value:
    room = _room()
    member = next(iter(room.members))
    return encoding.encode_join_response(room.join_response(member, 2))


def _websocket() -> Iterator[bytes]:
    """Frames of a client after its handshake, together with it, and too early."""
    frames = [
        Frame(Opcode.PING, b"ping"),
        Frame(Opcode.BINARY, b"in ", fin=False),
        Frame(Opcode.CONT, b"parts"),
        Frame(Opcode.PONG, b""),
        Frame(Opcode.BINARY, b"whole"),
        Frame(Opcode.CLOSE, Close(CloseCode.NORMAL_CLOSURE, "left").serialize()),
    ]
    sent = [_masked(frame) for frame in frames]
    yield pack(sent)
    yield pack([b"".join(sent)])
    yield pack([UPGRADE, *sent])
    yield pack([UPGRADE + sent[-1]])
    yield pack([_masked(Frame(Opcode.TEXT, b"text")) + sent[-1]])


def _masked(frame: Frame) -> bytes:
    """Return a short frame of a client, masked with zeros, so that a mutation is not scrambled."""
    plain = frame.serialize(mask=False)
    return plain[:1] + bytes([plain[1] | 0x80]) + bytes(4) + plain[2:]


def _report() -> ClientReport:
    return ClientReport(
        *("page", ("tcp", "udp"), 12.5, 0.05, 0.001, -0.25, 0.125, 0.5, 0.75, 3, 0.0, 1.5, None),
        frame_gap_p99_s=0.016,
    )


def _game_messages() -> Iterator[bytes]:
    room = _room()
    events = [event for _ in range(120) for event in room.step()]
    own = room.own_state(next(iter(room.members)))
    for codec in CODECS.values():
        yield encoding.encode_input(InputMessage(7, (Controls(1, -2, True),) * 3), codec)
        snapshot = encoding.encode_snapshot(snapshot_of(room.match, 1.0, 0.0), codec)
        yield encoding.prepend_own_state(snapshot, own)
        yield encoding.encode_input(InputMessage(7, (Controls(1, -2, True),) * 3, 900), codec)
        encoder = SnapshotEncoder()
        encoder.add(snapshot_of(room.match, 1.0, 0.0))
        baseline_tick = room.match.world.tick
        room.step()
        encoder.add(snapshot_of(room.match, 1.02, 0.0))
        delta = encoder.encode(codec, baseline_tick)
        yield encoding.prepend_own_state(delta.data, own, delta.kind)
        yield from (encoding.encode_event(event, codec) for event in [*events, *OTHER_EVENTS])
        yield encoding.encode_report(_report(), codec)
        yield encoding.encode_vote("udp", codec)
        yield encoding.encode_room_request(RoomRequest(RoomAction.CHAT, "hello"), codec)
        yield encoding.encode_room_request(RoomRequest(RoomAction.SET_PITCH, "2"), codec)
        yield codec.encode(encoding.encode_join_request(JoinRequest("Ana", "lab")))
        yield codec.encode(_welcome_payload())


def _texts() -> Iterator[bytes]:
    yield b"delay=25ms,jitter=5ms,loss=5%,burst=3,up.rate=2mbit"
    yield b"lossy,up.loss=0%"
    yield b"[fe80::1%eth0]:7777"


def _msgpack() -> Iterator[bytes]:
    yield MSGPACK.encode([*VALUES, b"bytes"])


def _json() -> Iterator[bytes]:
    yield JSON.encode(VALUES)


def _into(sent: list[bytes]) -> Callable[..., None]:
    return lambda message, _delivery, _lane: sent.append(message)


_SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "frames": _frames,
    "datagram_connection": _datagrams,
    "sealed_datagrams": _sealed_datagrams,
    "datagram_endpoint": _endpoint_datagrams,
    "datagram_client": _client_datagrams,
    "msgpack": _msgpack,
    "json": _json,
    "server_session": _to_server,
    "client_session": _to_client,
    "hello": _hello,
    "handshake": _handshake,
    "websocket": _websocket,
    "game_messages": _game_messages,
    "texts": _texts,
}
