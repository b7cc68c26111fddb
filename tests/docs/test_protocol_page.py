"""``docs/protocol.md`` agrees with the code, and its exchanges with a real server."""

import asyncio
import hashlib
import hmac
import json
import re
import socket
import struct
from contextlib import suppress
from importlib import import_module
from random import Random

import pytest

from game.match.controls import STICK_LIMIT, Controls
from game.match.physics import KICK_REACH, KICK_SPEED, PLAYER_TOP_SPEED
from game.match.pitch import MEDIUM_PITCH, PITCHES, PitchSize
from game.match.rules import Phase
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Team
from game.protocol.addresses import DEFAULT_PORT
from game.protocol.announcement import ANNOUNCEMENT_RECORDS
from game.protocol.encoding import EVENT_KINDS, RECORDS, decode_input, prepend_own_state
from game.protocol.messages import (
    QUANTUM,
    BlindStage,
    InputMessage,
    MessageKind,
    OwnState,
    RoomAction,
)
from game.server.settings import ServerSettings
from net.codec import JSON
from net.datagram import wire_format
from net.discovery.probe import (
    BODY_MAX_BYTES,
    DISCOVERY_PORTS,
    MULTICAST_GROUP,
    PROBE_BYTES,
    ProbeSender,
)
from net.discovery.responder import DiscoveryResponder
from net.session import messages as session_messages
from net.session.messages import PROTOCOL_VERSION, MessageType, RefusalReason
from net.stream.framing import CLOSE_FRAME, FRAME_HEADER_BYTES
from plugins.websocket import SUBPROTOCOL
from tests.docs.protocol_page import PAGE, byte_table, exchange, section, table
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

SESSION_RECORDS = {
    "Hello": session_messages.HELLO_FIELDS,
    "Welcome": session_messages.WELCOME_FIELDS,
    "Challenge": session_messages.CHALLENGE_FIELDS,
    "Proof": session_messages.PROOF_FIELDS,
}
ALL_RECORDS = {**SESSION_RECORDS, **RECORDS, **ANNOUNCEMENT_RECORDS}


@pytest.mark.parametrize("name", ALL_RECORDS)
def test_an_array_has_the_fields_of_the_page(name):
    rows = table(f"`{name}`")
    assert [int(row[0]) for row in rows] == list(range(len(rows)))
    on_page = [(field, kind, note.startswith("optional")) for _, field, kind, note in rows]
    in_code = [(f.name, f.description, f.is_optional) for f in ALL_RECORDS[name].fields]
    assert on_page == in_code


def test_every_array_of_the_page_exists():
    assert set(re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)) == set(ALL_RECORDS)


def test_message_types_are_those_of_the_code():
    rows = table("Session messages")
    assert {row[1]: int(row[0]) for row in rows} == {kind.name: kind.value for kind in MessageType}


def test_refusal_reasons_are_those_of_the_code():
    assert {row[0] for row in table("Refusal")} == {reason.value for reason in RefusalReason}


def test_event_kinds_are_those_of_the_code():
    assert {name: int(kind) for kind, name in table("Events")} == EVENT_KINDS


def test_named_numbers_are_those_of_the_code():
    in_code = {
        enum.__name__: ", ".join(f"{member.value} {member.name}" for member in enum)
        for enum in (Team, PitchSize, Phase, BlindStage, RoomAction)
    }
    assert dict(table("Numbers with names")) == in_code


def test_version_and_ports_are_those_of_the_code():
    assert PAGE.startswith(f"# The protocol, version {PROTOCOL_VERSION}\n")
    assert f"Its default is {DEFAULT_PORT}." in PAGE
    offsets = {name.lower(): port for name, port in table("Ports")}
    assert offsets == {
        name: f"base + {transport.port_offset}" if transport.port_offset else "base"
        for name, transport in TRANSPORTS.items()
    }
    assert f"subprotocol `{SUBPROTOCOL}`" in section("WebSocket")


@pytest.mark.parametrize(("what", "value", "path"), table("Limits"))
def test_a_limit_is_that_of_the_code(what, value, path):
    module, _, name = path.rpartition(".")
    try:
        owner = import_module(module)
    except ModuleNotFoundError:
        package, _, class_name = module.rpartition(".")
        owner = getattr(import_module(package), class_name)()
    assert float(value) == getattr(owner, name), what


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_pitch_is_that_of_the_code():
    x, y, goal, circle = ([*map(numbers, row[1:])] for row in table("The pitch"))
    for pitch in PITCHES.values():
        assert x[pitch.size] == [-pitch.half_width, pitch.half_width]
        assert y[pitch.size] == [-pitch.half_height, pitch.half_height]
        assert goal[pitch.size] == [-pitch.goal_half_height, pitch.goal_half_height]
        assert circle[pitch.size] == [pitch.centre_circle_radius]


def test_the_discs_are_those_of_the_code():
    assert [numbers(value) for _, value in table("The discs")] == [
        [MEDIUM_PITCH.run_off],
        [PLAYER_RADIUS, BALL_RADIUS],
        [KICK_REACH],
        [PLAYER_TOP_SPEED, KICK_SPEED],
    ]
    assert QUANTUM == 1 / 32


def test_byte_tables_have_the_sizes_of_the_code():
    body = wire_format.BODY_LIMIT_BYTES
    assert byte_table("TCP: frames", length=0) == FRAME_HEADER_BYTES
    assert byte_table("HELLO") == wire_format.DATAGRAM_LIMIT_BYTES
    assert byte_table("CHALLENGE and RESPONSE") == wire_format.CHALLENGE_LAYOUT.size
    assert byte_table("ACCEPT and RESET") == wire_format.ACCEPT_LAYOUT.size
    assert byte_table("PATH_CHALLENGE and PATH_RESPONSE") == wire_format.PATH_LAYOUT.size
    assert byte_table("PROBE_START") == wire_format.PROBE_START_LAYOUT.size
    assert byte_table("PROBE_STATUS") == wire_format.PROBE_STATUS_LAYOUT.size
    assert byte_table("PROBE_UP and PROBE_DOWN", zeros=0) == wire_format.PROBE_LAYOUT.size
    request_bytes = wire_format.PROBE_RECEIPTS_REQUEST_LAYOUT.size
    assert byte_table("PROBE_RECEIPTS_REQUEST") == request_bytes
    assert byte_table("PROBE_RECEIPTS", receipts=0) == wire_format.PROBE_RECEIPTS_HEADER.size
    assert byte_table("Numbered datagram", body=0) == wire_format.HEADER_BYTES
    assert f"at most {body} bytes" in section("Numbered datagram")
    assert byte_table("Segment", length=0) == wire_format.SEGMENT_HEADER.size
    assert byte_table("Fragment", rest=0) == wire_format.FRAGMENT_HEADER.size
    assert byte_table("Snapshot") == len(prepend_own_state(b"", OwnState(0, 0, 0)))


def test_probe_and_reply_are_those_of_the_code():
    text = section("Finding a server")
    assert ", ".join(map(str, DISCOVERY_PORTS[:3])) + f" and {DISCOVERY_PORTS[3]}" in text
    assert f"`{MULTICAST_GROUP}`" in text
    assert byte_table("Finding a server") == PROBE_BYTES
    assert byte_table("Reply", rest=0) == PROBE_BYTES - BODY_MAX_BYTES
    probe = ProbeSender(Random(1)).probe(0.0)
    reply = DiscoveryResponder(lambda: b"", 0.0).answer(probe, LOOPBACK, 0.0)
    for title, datagram in (("Finding a server", probe), ("Reply", reply)):
        (_, _, magic), *_ = table(title)
        assert bytes.fromhex(magic.partition(" (")[0]) == datagram[:8]


def test_kinds_of_datagrams_are_those_of_the_code():
    rows = {name: kind for kind, name, *_ in table("Kinds of datagrams") if name.isupper()}
    for name, kind in rows.items():
        assert int(re.findall(r"[0-9A-F]{2}", kind)[0], 16) == getattr(wire_format, name), name
    assert (wire_format.FROM_CLIENT, wire_format.FROM_SERVER) == (0x40, 0x80)


def test_the_formula_of_a_code_is_that_of_the_server():
    assert "`(x + 127) * 512 + (y + 127) * 2 + kick`" in section("Input")
    for x, y, kick in ((127, 0, 1), (-127, -127, 0), (-3, 88, 1)):
        code = (x + STICK_LIMIT) * 512 + (y + STICK_LIMIT) * 2 + kick
        message = bytes((MessageKind.INPUT,)) + b"[5,%d]" % code
        assert decode_input(message, JSON) == InputMessage(5, (Controls(x, y, bool(kick)),))


class StreamPeer:
    """A TCP connection that returns one frame, WebSocket frame or HTTP header at a time."""

    def __init__(self, reader, writer, is_websocket):
        self._reader, self._writer = reader, writer
        self._is_websocket = is_websocket
        self._is_open = False

    def send(self, data):
        self._writer.write(data)

    async def receive(self):
        if not self._is_websocket:
            header = await self._reader.readexactly(4)
            if header == CLOSE_FRAME:
                return header
            return header + await self._reader.readexactly(*struct.unpack("!I", header))
        if not self._is_open:
            self._is_open = True
            return await self._reader.readuntil(b"\r\n\r\n")
        header = await self._reader.readexactly(2)
        length = header[1]
        if length == 126:
            header += await self._reader.readexactly(2)
            (length,) = struct.unpack("!H", header[2:])
        return header + await self._reader.readexactly(length)

    def close(self):
        self._writer.close()


class DatagramPeer:
    """A UDP socket."""

    def __init__(self, port):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.connect((LOOPBACK, port))

    def send(self, data):
        self._socket.send(data)

    async def receive(self):
        return await asyncio.get_running_loop().sock_recv(self._socket, 2048)

    def close(self):
        self._socket.close()


async def open_peer(transport, base_port):
    if transport == "udp":
        return DatagramPeer(base_port)
    port = base_port + TRANSPORTS[transport].port_offset
    return StreamPeer(*await asyncio.open_connection(LOOPBACK, port), transport == "websocket")


async def receive_matching(peer, message):
    """Return the named bytes of the next message of the server that is as on the page."""
    others = []
    with suppress(TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(5):
            while (found := message.match(received := await peer.receive())) is None:
                others.append(received)
            return found
    raise AssertionError(f"expected {message}, received {others}")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_worked_exchange_is_what_a_server_does(transport):
    async with serving() as server:
        peer = await open_peer(transport, server.base_port)
        try:
            known = {}
            for message in exchange(transport):
                if message.is_from_client:
                    peer.send(message.bytes_to_send(known))
                else:
                    known.update(await receive_matching(peer, message))
        finally:
            peer.close()
        assert not server.rejections.counts
        # The close message has ended the slot, and with it the room.
        await until(lambda: not server.rooms)


def label(text: str) -> bytes:
    """Return a label of the proofs, which must stand on the page."""
    assert f'"{text}"' in section("`Proof`")
    return text.encode()


def mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def transcript_of(hello: bytes, challenge: bytes) -> bytes:
    parts = b"".join(len(part).to_bytes(8, "big") + part for part in (hello, challenge, b""))
    return hashlib.sha256(label("jitterball transcript 2") + parts).digest()


class JsonClient:
    """A client that does what the page says, with the standard library alone."""

    def __init__(self, peer: StreamPeer) -> None:
        self._peer = peer
        self.hello = b""

    def send(self, message: bytes) -> None:
        self._peer.send(struct.pack("!I", len(message)) + message)

    def say_hello(self, *fields: object) -> None:
        self.hello = b"\x01\x03" + json.dumps([["Ana", "main"], "ab" * 32, *fields]).encode()
        self.send(self.hello)

    async def next(self, message_type: int) -> bytes:
        async with asyncio.timeout(5):
            while (message := (await self._peer.receive())[4:])[:1] != bytes((message_type,)):
                assert message[:1] not in (b"\x03", b"\x06"), message
            return message


async def test_a_client_proves_password_and_slot_as_the_page_says():
    settings = ServerSettings(port=0, password="sésame")
    async with serving(settings) as server:
        peer = await open_peer("tcp", server.base_port)
        client = JsonClient(peer)
        client.say_hello()
        challenge = await client.next(9)
        _, salt, requires_password, public_key = json.loads(challenge[1:])
        assert (requires_password, public_key) == (True, "")
        assert "scrypt(password in NFC and UTF-8, salt, N=16384, r=8, p=1, 32 bytes)" in PAGE
        key = hashlib.scrypt(
            "sésame".encode(), salt=bytes.fromhex(salt), n=16384, r=8, p=1, dklen=32
        )
        transcript = transcript_of(client.hello, challenge)
        proof = mac(key, label("jitterball client knows password") + transcript)
        client.send(b"\x0a" + json.dumps([proof.hex()]).encode())
        token, resumed, _, _, slot_id, server_proof = json.loads((await client.next(2))[1:])
        assert not resumed
        expected = mac(key, label("jitterball server knows password") + transcript)
        assert server_proof == expected.hex()
        peer.close()

        peer = await open_peer("tcp", server.base_port)
        client = JsonClient(peer)
        client.say_hello(slot_id, 1)
        challenge = await client.next(9)
        transcript = transcript_of(client.hello, challenge)
        proof = mac(key, label("jitterball client knows password") + transcript)
        token_proof = mac(token.encode(), label("jitterball client knows token") + transcript)
        client.send(b"\x0a" + json.dumps([proof.hex(), token_proof.hex()]).encode())
        _, resumed, last_event, *_ = json.loads((await client.next(2))[1:])
        assert (resumed, last_event) == (True, 1)
        assert (await client.next(7))[:5] == b"\x07\0\0\0\x02"
        peer.close()


def test_every_link_within_the_page_leads_somewhere():
    anchors = re.findall(r"\]\(#([\w-]+)\)", PAGE)
    titles = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    ids = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
    assert set(anchors) <= ids
