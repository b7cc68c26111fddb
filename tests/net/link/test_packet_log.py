"""Tests of the packet log: what each record tells, and that the counters are its counts."""

from itertools import pairwise

import pytest

from net.link.loss import PacketDrawStream
from net.link.packet_log import (
    DropCause,
    Flow,
    FlowLog,
    LogRecord,
    PacketLog,
    PacketLogBuffer,
    PacketRecord,
    ReadableRecord,
    fan_out,
)
from net.link.packet_path import PacketPath, PathCounters
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay.control_protocol import decode_log, encode_log
from net.link.spec import parse_link
from net.link.tcp.endpoint import Side
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp.tcp_model import TcpPath
from net.link.tcp_segment import ResendCause
from net.transport import Address

FLOW = Flow(RelayProtocol.TCP, 3, Address("127.0.0.1", 5), Address("::1", 6))
LINKS = ["lossy", "wifi,loss=10%", "loss=5%,burst=4,duplicate=3%", "rate=200kbit,queue=20ms"]


def tcp_log(link: Link, seed: int = 7) -> tuple[list[LogRecord], TcpPath]:
    """Return the log of a stream with the traffic of a game, and a few bursts."""
    records: list[LogRecord] = []
    sent_bytes = SentBytes()
    path = TcpPath(link, seed, 0.0, records.append, sent_bytes)
    for n in range(1200):
        side = Side(n % 2)
        data = bytes([n % 256]) * (40 if n % 100 else 4000)
        sent_bytes.append(side, data)
        path.write(1 + n / 90, side, len(data))
        path.advance(1 + n / 90)
    for side in Side:
        path.finish(20.0, side)
    path.advance(300.0)
    return records, path


def packets_of(records: list[LogRecord], is_up: bool) -> list[PacketRecord]:
    return [each for each in records if isinstance(each, PacketRecord) and each.is_up is is_up]


def counts(packets: list[PacketRecord]) -> PathCounters:
    """Count what a path counts, by its records alone."""
    counters, newest_at = PathCounters(sent=len(packets)), 0.0
    for packet in packets:
        counters.lost += packet.drop in (DropCause.LOSS, DropCause.BURST)
        counters.queue_dropped += packet.drop is DropCause.QUEUE
        counters.duplicated += len(packet.arrivals) == 2
        for at in packet.arrivals:
            counters.reordered += at < newest_at
            newest_at = max(at, newest_at)
    return counters


@pytest.mark.parametrize("spec", LINKS)
def test_the_counters_of_a_stream_are_the_counts_of_its_log(spec: str) -> None:
    records, path = tcp_log(parse_link(spec))
    for side in Side:
        packets = packets_of(records, side is Side.CLIENT)
        counters, stats = path.stats(side)
        assert counts(packets) == counters
        assert [packet.number for packet in packets] == list(range(len(packets)))
        resent = [each for each in packets if each.segment and each.segment.end > 0 and each.resend]
        data = [each for each in resent if each.payload or each.is_fin]
        assert len(data) == stats.retransmits
        assert any(each.resend is ResendCause.TIMEOUT for each in packets) or not stats.timeouts


@pytest.mark.parametrize("spec", LINKS)
def test_the_counters_of_datagrams_are_the_counts_of_their_log(spec: str) -> None:
    path = PacketPath(parse_link(spec).down, PacketDrawStream(7, "down"))
    records = [path.record(False, n / 100, 500, path.send(n / 100, 500)) for n in range(3000)]
    assert counts(records) == path.counters
    assert all((each.drop is DropCause.NONE) is bool(each.arrivals) for each in records)


def test_every_cause_of_a_drop_and_of_a_retransmission_is_told() -> None:
    seen: set[DropCause | ResendCause] = set()
    for spec in LINKS:
        for record in tcp_log(parse_link(spec))[0]:
            if isinstance(record, PacketRecord):
                seen |= {record.drop, record.resend}
    assert {*DropCause} - seen == set()
    assert {*ResendCause} - seen == set()


def test_an_outage_is_a_burst() -> None:
    path = PacketPath(LinkProfile(loss_ratio=1.0), PacketDrawStream(7, "up"))
    assert path.record(True, 0.0, 50, path.send(0.0, 50)).drop is DropCause.BURST


def test_readable_bytes_follow_each_other_and_end_with_the_stream() -> None:
    records, _ = tcp_log(parse_link("loss=5%"))
    for is_up in (True, False):
        readable = [
            each for each in records if isinstance(each, ReadableRecord) and each.is_up is is_up
        ]
        assert readable[0].start == 0
        assert all(a.end == b.start and a.at <= b.at for a, b in pairwise(readable))
        packets = packets_of(records, is_up)
        assert readable[-1].end == max(each.segment.end for each in packets if each.segment)
        assert any(each.is_fin for each in packets)


def test_segments_carry_their_bytes_also_when_sent_again() -> None:
    records, _ = tcp_log(parse_link("lossy"))
    for is_up in (True, False):
        stream: dict[int, int] = {}
        for packet in packets_of(records, is_up):
            assert packet.segment is not None
            start, end = packet.segment.start, packet.segment.end
            assert len(packet.payload) == end - start - packet.is_fin
            for position, byte in enumerate(packet.payload, start):
                assert stream.setdefault(position, byte) == byte


def test_acknowledged_bytes_are_forgotten() -> None:
    records: list[LogRecord] = []
    sent_bytes = SentBytes()
    path = TcpPath(Link(), 7, 0.0, records.append, sent_bytes)
    sent_bytes.append(Side.CLIENT, b"first")
    path.write(0.1, Side.CLIENT, 5)
    path.advance(1.0)
    assert sent_bytes.between(Side.CLIENT, 0, 5) == b"first"
    sent_bytes.append(Side.CLIENT, b"second")
    path.write(1.0, Side.CLIENT, 6)
    assert sent_bytes.between(Side.CLIENT, 0, 5) == b""
    payloads = [each.payload for each in packets_of(records, True) if each.payload]
    assert payloads == [b"first", b"second"]


def test_a_batch_crosses_a_pipe_unchanged() -> None:
    records, _ = tcp_log(parse_link("lossy"))
    batch = [FlowLog(FLOW, tuple(records))]
    received = decode_log(encode_log(batch))
    assert received == batch
    # A plain tuple equals a named one, and a number its enumeration. Their texts differ.
    assert repr(received) == repr(batch)


def test_draining_forgets() -> None:
    log, buffer = PacketLog(), PacketLogBuffer()
    record = ReadableRecord(True, 0.0, 0, 1)
    log.log_of(FLOW)(record)
    buffer.add(log.drain())
    assert log.drain() == []
    assert buffer.drain() == [FlowLog(FLOW, (record,))]
    assert buffer.drain() == []


def test_a_batch_reaches_all_who_want_it() -> None:
    assert fan_out(None, None) is None
    first: list[list[FlowLog]] = []
    second: list[list[FlowLog]] = []
    batch = [FlowLog(FLOW, ())]
    alone, both = fan_out(None, first.append), fan_out(first.append, second.append)
    assert alone is not None
    assert both is not None
    alone(batch)
    both(batch)
    assert (first, second) == ([batch, batch], [batch])
