"""The wire log says in words what a client sends, and what is wrong with it."""

import asyncio
import logging
import socket
import struct
from dataclasses import replace

import pytest

from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.server.message_text import describe_received, describe_sent
from game.server.settings import ServerSettings
from game.server.wire_log import LINES_BURST, MAX_WAITING_LINES, WireLog
from net.codec import CODECS, JSON, MSGPACK
from net.errors import ProtocolError
from net.session.messages import (
    Challenge,
    Hello,
    Proof,
    Welcome,
    encode_challenge,
    encode_close,
    encode_hello,
    encode_proof,
    encode_refusal,
    encode_welcome,
)
from net.transport import LANE_STATE, Delivery
from tests.game.support import LOOPBACK, playing, serving, until

HELLO = Hello("json", encode_join_request(JoinRequest("Ana", "main")))
INPUT = b"\x08\x01[7,65152,130303]"


@pytest.fixture(autouse=True)
def lines(caplog):
    """Collect the lines of the wire log, each without the name of its connection."""
    caplog.set_level(logging.INFO)

    def collected():
        return [
            record.getMessage().partition(": ")[2]
            for record in caplog.records
            if record.name == "game.server.wire_log"
        ]

    return collected


@pytest.mark.parametrize("codec", CODECS)
def test_the_messages_of_a_client_are_described(codec):
    hello = replace(HELLO, codec=codec)
    text = describe_received(encode_hello(hello, b""), MSGPACK)
    assert text == f"HELLO, version 3, codec {codec}, name 'Ana', room 'main'"
    resumed = describe_received(encode_hello(replace(hello, slot_id="ab", last_event=4), b""), JSON)
    assert resumed == f"{text}, back to slot ab after event 4"
    proof = Proof(bytes(32), bytes(32))
    described = describe_received(encode_proof(proof, CODECS[codec]), CODECS[codec])
    assert described == "PROOF of password and token"


def test_inputs_pings_and_closes_are_described():
    described = [
        describe_received(message, JSON) for message in (INPUT, b"\x04" + bytes(8), b"\x06bye")
    ]
    assert described == ["INPUT 7: x 127, y 0, kick, and the 1 before", "PING", "CLOSE: bye"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"", "no message of a known type (no bytes)"),
        (b"hello", "no message of a known type (68 65 6c 6c 6f)"),
        (b"\x01", "a hello without a version (01)"),
        (b"\x01\x03Ana", "version 3: neither a JSON array nor a msgpack array (01 03 41 6e 61)"),
        (b"\x01\x03[[1]]", "codec json: JoinRequest has 1 fields of at least 2: room is"),
        (b"\x01\x03[]", "HELLO, version 3, codec json: Hello has 0 fields of at least 1: payload"),
        (b"\x01\x03[[1,2]]", "JoinRequest.name: 1 is no text of at most 128 characters"),
        (
            b"\x08\x02[1,2]",
            "a client sends messages of kind 1 (INPUT) or 4 (ACKNOWLEDGED_INPUT) only",
        ),
        (b"\x08\x01[1]", "[1] is no array of 1 to 8 inputs"),
        (b"\x08\x01" + bytes(99), " ...)"),
    ],
)
def test_an_unreadable_message_is_described_by_its_error_and_first_bytes(message, expected):
    assert expected in describe_received(message, JSON)


def test_the_answers_of_a_server_are_described():
    challenge = Challenge(bytes(32), bytes(16), True, b"")
    messages = (
        encode_welcome(Welcome("token", False, 0, None), JSON),
        encode_welcome(Welcome("", True, 0, None), JSON),
        encode_challenge(challenge, JSON),
        encode_challenge(replace(challenge, requires_password=False), JSON),
        encode_refusal("full", "no room"),
        encode_close("bye"),
    )
    assert [describe_sent(message, JSON) for message in messages] == [
        "WELCOME to a new slot",
        "WELCOME to the old slot",
        "CHALLENGE: a PROOF of the password must follow",
        "CHALLENGE: a PROOF of the token of the slot must follow",
        "REFUSE, full: no room",
        "CLOSE: bye",
    ]


def test_another_client_is_not_logged(lines):
    wire_log = WireLog("Eva", "here")
    wire_log.message_received(encode_hello(HELLO, b""))
    wire_log.message_received(INPUT)
    wire_log.logging_send(lambda *_: None)(encode_close("bye"), Delivery.RELIABLE, LANE_STATE)
    wire_log.channel_closed(None)
    assert lines() == []


def test_a_client_that_never_says_its_name_is_logged_at_its_end(lines):
    wire_log = WireLog("Eva", "here")
    for _ in range(2 * MAX_WAITING_LINES):
        wire_log.message_received(b"hello")
    assert lines() == []
    wire_log.channel_closed(ProtocolError("a frame of 1751477356 bytes"))
    assert "no message of a known type" in lines()[0]
    assert lines()[-1] == "closed: a frame of 1751477356 bytes"
    assert len(lines()) <= LINES_BURST + 1


def test_a_flood_of_inputs_is_a_few_lines(lines):
    wire_log = WireLog("ana", "here")
    wire_log.message_received(encode_hello(HELLO, b""))
    for _ in range(600):
        wire_log.message_received(INPUT)
    assert len(lines()) <= 1 + LINES_BURST + 2


async def test_a_server_logs_a_client_from_hello_to_end(lines):
    settings = ServerSettings(port=0, log_wire_of="Ana")
    async with serving(settings) as server, playing(server.base_port, "udp"):
        await until(lambda: any("INPUT" in line for line in lines()))
    assert "HELLO, version 3, codec msgpack, name 'Ana', room 'main'" in lines()[0]
    assert lines()[1] == "sent WELCOME to a new slot"
    assert any(line.endswith("CLOSE: left") for line in lines())


async def test_why_a_datagram_was_dropped_is_logged_for_debugging(caplog):
    caplog.set_level(logging.DEBUG, "net.datagram")
    async with serving() as server:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect((LOOPBACK, server.base_port))
            start = b"\x01JITR\x01" + bytes(8)
            sock.send(start)
            sock.send(b"\x01JITR\x09".ljust(1200, b"\0"))
            sock.send(start.ljust(1200, b"\0"))
            challenge = await loop.sock_recv(sock, 2048)
            sock.send(b"\x03" + challenge[1:-1] + bytes((challenge[-1] ^ 1,)))
            sock.send(b"\x03" + challenge[1:])
            await loop.sock_recv(sock, 2048)
            header = struct.Struct("!B8sHHI")
            sock.send(header.pack(0x42, challenge[9:17], 1, 9, 0))
            sock.send(header.pack(0x42, challenge[9:17], 2, 0, 0) + b"\0\0\0\x05no")
            for reason in (
                "kind 01 has 14 bytes instead of 1200",
                "HELLO has b'JITR' and version 9, not b'JITR' and version 1",
                "RESPONSE differs from the challenge",
                "it acknowledges number 9, which was never sent",
                "segments do not fill their datagram",
            ):
                await until(lambda reason=reason: reason in caplog.text, 5)
