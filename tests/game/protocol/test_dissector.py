"""Tests of the Wireshark dissector with ``tshark``: recorded matches, and garbage."""

import re
import ssl
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.cli.app import main
from game.lab.simulate.simulation import SimulationSettings, simulate
from game.match.controls import Controls
from game.protocol.encoding import (
    DELTA_FIELDS,
    EVENT_KINDS,
    RECORDS,
    encode_input,
    prepend_own_state,
)
from game.protocol.messages import Delta, InputMessage, MessageKind, OwnState
from net.codec import CODECS, Codec
from net.datagram.latest import fragment
from net.link.capture.packets_from_log import INTERFACES
from net.link.packet_log import DropCause, Flow, LogRecord, PacketRecord
from net.link.profile import RelayProtocol
from net.link.spec import parse_link
from net.link.tcp_segment import Packet, PacketType
from net.session.messages import (
    CHALLENGE_FIELDS,
    HELLO_FIELDS,
    PROOF_FIELDS,
    WELCOME_FIELDS,
    MessageType,
)
from net.transport import Address
from tests.examples import scaled
from tests.net.link.capture.tshark import fields, needs_tshark, write_capture

SCRIPT = files("game.protocol").joinpath("jitterball.lua")
LUA = ("-X", f"lua_script:{SCRIPT}", "-o", "tcp.reassemble_out_of_order:TRUE")
FLOWS = {
    protocol.value: Flow(protocol, 0, Address("127.0.0.1", 40000), Address("127.0.0.1", 4242))
    for protocol in RelayProtocol
}
# The dissector's own complaint, Wireshark's, and an error in the script.
BAD = 'jitterball.unreadable or _ws.malformed or _ws.lua.error or jitterball.kind == "unknown"'
# As the README has it.
ALL_SNAPSHOTS = 'jitterball.kind in {"snapshot", "delta"}'


@needs_tshark
@pytest.mark.parametrize("name", ["udp", pytest.param("tcp", marks=pytest.mark.slow)])
def test_every_packet_of_a_simulated_match_is_dissected(tmp_path: Path, name: str) -> None:
    records: list[LogRecord] = []
    link = parse_link("lossy")
    simulate(
        SimulationSettings(link, (name,), seconds=3.0), lambda _name, record: records.append(record)
    )
    packets = [each for each in records if isinstance(each, PacketRecord)]
    capture = write_capture(tmp_path / "a.pcapng", FLOWS[name], packets)
    assert fields(capture, BAD, options=LUA) == []
    rows = fields(
        capture,
        "jitterball",
        "jitterball.kind",
        "jitterball.Snapshot.tick",
        "jitterball.seq",
        options=LUA,
    )
    kinds = {kind for row in rows for kind in row["jitterball.kind"].split(",")}
    assert {"hello", "welcome", "ping", "pong", "input", "snapshot", "event"} <= kinds
    assert sum(bool(row["jitterball.Snapshot.tick"]) for row in rows) > 60
    if name == "udp":
        assert len(rows) == sum(1 + len(packet.arrivals) for packet in packets)
        numbered = [row for row in rows if row["jitterball.seq"]]
        assert len(numbered) == len(rows)


@needs_tshark
@pytest.mark.slow
@pytest.mark.parametrize("codec", ["msgpack", "json"])
def test_every_packet_of_a_recorded_match_is_dissected(tmp_path: Path, codec: str) -> None:
    capture = tmp_path / "a.pcapng"
    command = ["compare", "--link", "lossy", "--seed", "7", "--seconds", "4", "--codec", codec]
    assert main([*command, "--pcap", str(capture)]) == 0
    assert fields(capture, BAD, options=LUA) == []
    assert fields(capture, "udp and not jitterball", options=LUA) == []
    for transport in ("udp", "websocket", "tcp and not http and not websocket"):
        shown = f'jitterball.kind == "delta" and {transport}'
        rows = fields(capture, shown, "jitterball.Delta.tick", options=LUA)
        assert sum(bool(row["jitterball.Delta.tick"]) for row in rows) > 30


def deltas_and_inputs(codec: Codec) -> list[bytes]:
    """Return a delta, an input that acknowledges a snapshot, and an acknowledgement alone."""
    delta = codec.encode(DELTA_FIELDS.write(Delta(900, 4, 0, 300, b"\x18\x7f")))
    own = OwnState(3, 70_000, 1)
    inputs = InputMessage(7, (Controls(1, -2, True),), 900)
    return [
        b"\x90" + bytes(16) + b"\x08" + prepend_own_state(delta, own, MessageKind.DELTA),
        b"\x50" + bytes(16) + b"\x08" + encode_input(inputs, codec),
        b"\x50" + bytes(16) + b"\x08" + encode_input(InputMessage(0, (), 900), codec),
    ]


@needs_tshark
def test_deltas_and_acknowledged_inputs_are_dissected(tmp_path: Path) -> None:
    messages = [message for codec in CODECS.values() for message in deltas_and_inputs(codec)]
    records = [
        PacketRecord(True, n, n / 100, 100, (n / 100,), DropCause.NONE, payload=payload)
        for n, payload in enumerate(messages)
    ]
    flow = Flow(RelayProtocol.UDP, 0, Address("127.0.0.1", 40000), Address("127.0.0.1", 7777))
    capture = write_capture(tmp_path / "a.pcapng", flow, records)
    assert fields(capture, BAD, options=LUA) == []
    names = ("kind", "Delta.tick", "Delta.baseline_ticks", "newest_snapshot", "newest_input")
    rows = fields(capture, "jitterball", *(f"jitterball.{name}" for name in names), options=LUA)
    once = [
        ("delta", "900", "4", "", ""),
        ("acknowledged input", "", "", "900", "7"),
        ("acknowledged input", "", "", "900", "0"),
    ]
    # Each packet is there as it was sent, and as it was received.
    both = [row for row in once for _ in INTERFACES]
    assert [tuple(row.values()) for row in rows] == both * len(CODECS)
    shown = fields(capture, ALL_SNAPSHOTS, "jitterball.kind", options=LUA)
    assert [row["jitterball.kind"] for row in shown] == ["delta"] * len(INTERFACES) * len(CODECS)


@needs_tshark
@pytest.mark.parametrize(
    "passes",
    [
        pytest.param((), id="one pass"),
        pytest.param(("-2",), id="two passes", marks=pytest.mark.slow),
    ],
)
def test_fragments_are_joined_on_the_side_that_has_all(
    tmp_path: Path, passes: tuple[str, ...]
) -> None:
    header = b"\xa0" + bytes(8)
    notice = bytes((MessageType.CLOSE,)) + b"bye " * 700
    parts = fragment(notice)
    assert len(parts) == 3
    records = []
    # The second message misses a fragment at the receiver. The first comes twice, in disorder.
    for n, (number, index, arrives) in enumerate(
        [(7, 0, 1), (9, 2, 1), (8, 1, 2), (20, 0, 1), (21, 1, 0), (22, 2, 1)]
    ):
        payload = header + number.to_bytes(2) + bytes(6) + parts[index]
        arrivals = (0.5 + n / 100,) * arrives
        drop = DropCause.NONE if arrives else DropCause.LOSS
        records.append(PacketRecord(False, n, n / 100, 1300, arrivals, drop, payload=payload))
    capture = write_capture(tmp_path / "a.pcapng", FLOWS["udp"], records)
    options = (*LUA, *passes)
    assert fields(capture, BAD, options=options) == []
    names = ("jitterball.seq", "jitterball.text", "frame.interface_id")
    rows = fields(capture, 'jitterball.kind == "close"', *names, options=options)
    assert {row["jitterball.text"] for row in rows} == {"bye " * 700}
    found = [(row["frame.interface_id"], row["jitterball.seq"]) for row in rows]
    # What the server sent is whole twice, what the client received once.
    assert [number for side, number in found if side == "1"] == ["8", "22"]
    assert [number for side, number in found if side == "0"] == ["8"]


@pytest.mark.slow
@needs_tshark
def test_tls_on_the_default_port_is_shown_as_tls(tmp_path: Path) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    hello = outgoing.read()
    data = b"\x17\x03\x03\x00\x40" + bytes(range(64))
    records, start = [], 0
    # The second record comes in two segments. The last one begins like nothing known.
    for n, payload in enumerate([hello, data[:30], data[30:]]):
        end = start + len(payload)
        segment = Packet(PacketType.ORDINARY, start, end, 0, (), None, n / 100, 0.0)
        record = PacketRecord(True, n, n / 100, end - start, (n / 100,), DropCause.NONE, segment)
        records.append(record._replace(payload=payload))
        start = end
    server = Address("127.0.0.1", 7777)
    flow = Flow(RelayProtocol.TCP, 0, Address("127.0.0.1", 40000), server)
    capture = write_capture(tmp_path / "a.pcapng", flow, records)
    assert fields(capture, BAD, options=LUA) == []
    assert fields(capture, "jitterball", options=LUA) == []
    rows = fields(capture, "tls", "tls.record.content_type", options=LUA)
    # A handshake and application data, at both ends.
    assert [row["tls.record.content_type"] for row in rows] == ["22", "22", "23", "23"]


datagrams = st.one_of(
    st.binary(max_size=80),
    # Headers that look right, and a body that is anything.
    st.tuples(
        st.sampled_from([0x40, 0x41, 0x42, 0x50, 0x61, 0x80, 0x82, 0x90, 0x98, 0xA0]),
        st.binary(min_size=16, max_size=16),
        st.binary(max_size=4),
        st.sampled_from([b"", *(bytes([kind]) for kind in MessageType), b"\x08\x01", b"\x08\x02"]),
        st.binary(max_size=60),
    ).map(lambda parts: bytes([parts[0]]) + b"".join(parts[1:])),
)


@needs_tshark
@settings(max_examples=scaled(3))
@given(st.lists(datagrams, min_size=150, max_size=200))
def test_garbage_makes_no_error(
    tmp_path_factory: pytest.TempPathFactory, garbage: list[bytes]
) -> None:
    records = [
        PacketRecord(True, n, n / 100, 100, (n / 100,), DropCause.NONE, payload=payload)
        for n, payload in enumerate(garbage)
    ]
    # On the port of the game nothing depends on whether the content looks right.
    flow = Flow(RelayProtocol.UDP, 0, Address("127.0.0.1", 40000), Address("127.0.0.1", 7777))
    capture = write_capture(tmp_path_factory.mktemp("garbage") / "a.pcapng", flow, records)
    assert fields(capture, "_ws.lua.error", options=LUA) == []


def test_the_dissector_names_the_fields_as_the_protocol_does() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    table = source[source.index("local RECORDS") : source.index("-- The kind of an event")]
    found = {
        name: re.findall(r'"([a-z_0-9]+)', body)
        for name, body in re.findall(r"    (\w+) = \{(.*?)\}", table, re.DOTALL)
    }
    session = (HELLO_FIELDS, CHALLENGE_FIELDS, PROOF_FIELDS, WELCOME_FIELDS)
    records = {**RECORDS, **{each.description: each for each in session}}
    assert found == {
        name: [field.name for field in record.fields] for name, record in records.items()
    }
    events = source[source.index("local EVENTS") : source.index("local fields")]
    assert re.findall(r'"(\w+)"', events) == sorted(EVENT_KINDS, key=lambda e: EVENT_KINDS[e])


def test_it_is_printed_and_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dissector"]) == 0
    printed = capsys.readouterr().out
    assert printed == SCRIPT.read_text(encoding="utf-8")
    assert main(["dissector", "--install", "--folder", str(tmp_path / "plugins")]) == 0
    assert (tmp_path / "plugins" / "jitterball.lua").read_text(encoding="utf-8") == printed


def test_a_folder_that_cannot_be_made_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["dissector", "--install", "--folder", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "cannot be written" in error
