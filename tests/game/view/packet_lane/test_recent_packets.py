"""Tests of the kept packets: their fate, flow, and the numbers of the snapshots inside."""

import pytest

from game.match.rules import Match
from game.protocol.encoding import encode_snapshot, prepend_own_state
from game.protocol.messages import OwnState
from game.protocol.snapshot import snapshot_of
from game.view.packet_lane.recent_packets import KEPT_S, PacketHistory
from game.view.packet_lane.snapshot_ticks import SnapshotTicks
from net.codec import CODECS
from net.link.packet_log import DropCause, PacketRecord
from net.link.tcp_segment import Packet, PacketType, ResendCause
from net.session.messages import MessageType
from net.stream.framing import encode_frame
from tests.game.view.packet_lane.lossy_match import SECONDS, flow, flow_log, records, sent

HTTP_ANSWER = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


def message_of(tick: int, codec: str = "msgpack") -> bytes:
    match = Match(7)
    for _ in range(tick):
        match.step({})
    shared = encode_snapshot(snapshot_of(match, tick / 60, 0.0), CODECS[codec])
    return bytes((MessageType.APPLICATION,)) + prepend_own_state(shared, OwnState(1, 2, 3))


def web_socket_frame(message: bytes) -> bytes:
    length = len(message)
    short = bytes((0x82, length)) if length < 126 else b"\x82\x7e" + length.to_bytes(2)
    return short + message


def segment(start: int, payload: bytes, resend: ResendCause = ResendCause.NONE) -> PacketRecord:
    packet = Packet(PacketType.ORDINARY, start, start + len(payload), 0, (), None, 0.0, 0.0)
    return PacketRecord(
        False, 0, 0.0, 100, (0.1,), DropCause.NONE, packet, resend=resend, payload=payload
    )


@pytest.mark.parametrize("name", ["tcp", "udp"])
def test_each_packet_of_the_log_is_kept_with_its_fate(name: str) -> None:
    logged = [each for each in records(name) if isinstance(each, PacketRecord)]
    kept = sent(name)
    assert len(kept) == len(logged)
    assert [packet.is_lost for packet in kept] == [not record.arrivals for record in logged]


@pytest.mark.parametrize("name", ["tcp", "udp"])
def test_nearly_all_snapshots_of_a_match_are_numbered_in_order(name: str) -> None:
    ticks = [each.tick for each in sent(name) if each.tick and not each.resend]
    assert ticks == sorted(set(ticks))
    # The number of a packet is that of its newest snapshot.
    assert len(ticks) > 0.9 * SECONDS * 30


def test_a_copy_has_the_number_of_the_snapshot_that_it_repeats() -> None:
    by_start = {each.start: each.tick for each in sent("tcp") if not each.resend}
    copies = [each for each in sent("tcp") if each.resend and not each.is_up]
    assert copies
    assert sum(copy.tick == by_start.get(copy.start) for copy in copies) >= 0.9 * len(copies)


def test_only_what_arrived_over_a_stream_waits() -> None:
    assert not any(packet.waits for packet in sent("udp"))
    waiting = [packet for packet in sent("tcp") if packet.waits]
    assert waiting
    assert not any(packet.is_lost for packet in waiting)


@pytest.mark.parametrize("codec", ["msgpack", "json"])
@pytest.mark.parametrize("is_web_socket", [False, True])
def test_a_snapshot_is_found_however_the_stream_is_cut(codec: str, is_web_socket: bool) -> None:
    messages = [message_of(tick, codec) for tick in (5, 7, 9)]
    frame = web_socket_frame if is_web_socket else encode_frame
    stream = (HTTP_ANSWER if is_web_socket else b"") + b"".join(map(frame, messages))
    for size in (1, 7, len(stream)):
        ticks = SnapshotTicks()
        found = [
            ticks.ticks_of(segment(start, stream[start : start + size]))
            for start in range(0, len(stream), size)
        ]
        numbers = [tick for each in found for tick in each]
        assert numbers == [5, 7, 9]
        if size == len(stream):
            assert found == [(5, 7, 9)]


def test_a_copy_of_two_segments_has_the_snapshots_of_both() -> None:
    first, second = (encode_frame(message_of(tick)) for tick in (5, 7))
    ticks = SnapshotTicks()
    ticks.ticks_of(segment(0, first))
    ticks.ticks_of(segment(len(first), second))
    assert ticks.ticks_of(segment(0, first + second, ResendCause.TIMEOUT)) == (5, 7)
    assert ticks.ticks_of(segment(len(first), second, ResendCause.RACK)) == (7,)


def test_encrypted_bytes_and_a_missing_beginning_give_no_number() -> None:
    ticks = SnapshotTicks()
    assert ticks.ticks_of(segment(0, b"\x16\x03\x03\x00\x40" + bytes(64))) == ()
    ticks = SnapshotTicks()
    assert ticks.ticks_of(segment(500, encode_frame(message_of(3)))) == ()


def test_packets_are_kept_for_ten_seconds() -> None:
    history = PacketHistory()
    history.add([flow_log("udp")], 0.0, SECONDS)
    history.add([], 0.0, SECONDS + KEPT_S / 2)
    (kept,) = history.packets().flows
    assert min(packet.sent_at for packet in (*kept.down, *kept.up)) >= SECONDS - KEPT_S / 2
    history.add([], 0.0, SECONDS + 2 * KEPT_S)
    assert not history.packets().flows


def test_times_are_on_the_clock_of_the_screen() -> None:
    history = PacketHistory()
    history.add([flow_log("udp")], 100.0, 100.0 + SECONDS)
    (moved,) = history.packets().flows
    for packet, original in zip(moved.down, flow("udp").down, strict=True):
        assert packet.sent_at == pytest.approx(original.sent_at + 100.0)
        assert packet.is_lost or packet.arrived_at == pytest.approx(original.arrived_at + 100.0)


def test_the_present_flow_is_the_one_that_sends() -> None:
    history = PacketHistory()
    history.add([flow_log("tcp")], 0.0, SECONDS)
    # The player has switched: UDP's packets begin where those of TCP end.
    history.add([flow_log("udp")], SECONDS, SECONDS)
    packets = history.packets()
    before, after = packets.flow_at(SECONDS - 1.0), packets.flow_at(SECONDS + 1.0)
    assert before is not None
    assert after is not None
    assert (before.is_stream, after.is_stream) == (True, False)
    assert packets.flow_at(SECONDS * 3) is None
