"""Tests of captures: ``tshark`` reads them, and agrees with the model's counts."""

from pathlib import Path

import pytest

from net.link.capture.capture_file import CaptureWriter
from net.link.capture.packets_from_log import CLIENT_INTERFACE, captured_packets
from net.link.loss import PacketDrawStream
from net.link.packet_log import Flow, FlowLog, LogRecord, PacketRecord
from net.link.packet_path import PacketPath
from net.link.profile import LinkProfile, RelayProtocol
from net.link.spec import parse_link
from net.link.tcp.endpoint import Side
from net.link.tcp.sent_bytes import SentBytes
from net.link.tcp.tcp_model import TcpPath
from net.link.tcp_segment import PacketType
from net.transport import Address
from tests.net.link.capture.tshark import fields, needs_tshark, write_capture

V4 = Address("127.0.0.1", 40000), Address("127.0.0.1", 4242)
V6 = Address("::1", 40000), Address("::1", 4242)
CHECKSUMS = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE")
UDP_CHECKSUMS = (*CHECKSUMS, "-o", "udp.check_checksum:TRUE")
BAD = "_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or "
BAD += "udp.checksum.status == 0 or tcp.analysis.ack_lost_segment"


def tcp_records(link: str, seed: int = 7) -> tuple[list[PacketRecord], TcpPath]:
    """Return the packets of snapshots down and few inputs up, and a FIN from both ends."""
    records: list[LogRecord] = []
    sent_bytes = SentBytes()
    path = TcpPath(parse_link(link), seed, 0.0, records.append, sent_bytes)
    for n in range(900):
        for side, data in ((Side.SERVER, bytes([n % 256]) * 200), (Side.CLIENT, b"input")):
            if side is Side.SERVER or n % 10 == 0:
                sent_bytes.append(side, data)
                path.write(1 + n / 60, side, len(data))
    for side in Side:
        path.finish(30.0, side)
    path.advance(100.0)
    return [each for each in records if isinstance(each, PacketRecord)], path


@needs_tshark
@pytest.mark.parametrize(
    ("client", "server"),
    [pytest.param(*V4, id="IPv4"), pytest.param(*V6, id="IPv6", marks=pytest.mark.slow)],
)
def test_tshark_agrees_with_the_model_of_tcp(
    tmp_path: Path, client: Address, server: Address
) -> None:
    records, path = tcp_records("lossy")
    capture = write_capture(
        tmp_path / "a.pcapng", Flow(RelayProtocol.TCP, 0, client, server), records
    )
    assert fields(capture, BAD, options=CHECKSUMS) == []
    rows = fields(
        capture,
        "",
        "frame.interface_name",
        "tcp.srcport",
        "tcp.analysis.retransmission",
        "tcp.analysis.out_of_order",
        "tcp.analysis.duplicate_ack",
        "tcp.options.sack_le",
        "frame.comment",
        "tcp.flags.str",
        "tcp.options.timestamp.tsval",
    )
    down = [
        row
        for row in rows
        if row["tcp.srcport"] == "4242" and row["frame.interface_name"] == "server"
    ]
    counters, stats = path.stats(Side.SERVER)
    assert len(down) == counters.sent
    # A retransmission within a round trip of the newest data looks like reordering to Wireshark.
    resent = [r for r in down if r["tcp.analysis.retransmission"] or r["tcp.analysis.out_of_order"]]
    assert len(resent) == stats.retransmits >= 20
    assert sum("sent again" in row["frame.comment"] for row in down) == stats.retransmits
    assert sum("lost" in row["frame.comment"] for row in down) == counters.lost
    arrived = [
        row
        for row in rows
        if row["tcp.srcport"] == "4242" and row["frame.interface_name"] == "client"
    ]
    assert len(arrived) == counters.sent - counters.lost
    acks = [
        row
        for row in rows
        if row["tcp.srcport"] == "40000" and row["frame.interface_name"] == "client"
    ]
    sacks = [each for each in records if each.is_up and each.segment and each.segment.sacks]
    assert sum(bool(row["tcp.options.sack_le"]) for row in acks) >= len(sacks) >= 20
    assert sum(bool(r["tcp.analysis.duplicate_ack"]) for r in acks) == duplicate_acks(records)
    assert all(row["tcp.options.timestamp.tsval"] for row in rows)
    assert sum("F" in row["tcp.flags.str"] for row in down) >= 1
    assert sum("S" in row["tcp.flags.str"] for row in down) == 1


def duplicate_acks(records: list[PacketRecord]) -> int:
    """Count pure ACKs of the client with the number of the ACK before, while data is out.

    Before the FIN: an acknowledgement of that is another matter.
    """
    count, newest = 0, None
    for record in records:
        segment = record.segment
        if record.is_up and segment is not None and segment.kind is PacketType.ORDINARY:
            count += segment.start == segment.end and segment.ack == newest
            newest = segment.ack
    return count


@needs_tshark
def test_tshark_reads_datagrams_as_they_were(tmp_path: Path) -> None:
    path = PacketPath(
        LinkProfile(delay_s=0.02, loss_ratio=0.2, duplicate_ratio=0.1), PacketDrawStream(7, "up")
    )
    records = [
        path.record(True, n / 60, 50, path.send(n / 60, 50))._replace(payload=bytes([n]) * n)
        for n in range(200)
    ]
    capture = write_capture(tmp_path / "a.pcapng", Flow(RelayProtocol.UDP, 0, *V4), records)
    assert fields(capture, BAD, options=UDP_CHECKSUMS) == []
    rows = fields(capture, "", "frame.interface_name", "udp.payload", "frame.comment")
    sent = [row["udp.payload"] for row in rows if row["frame.interface_name"] == "client"]
    assert sent == [record.payload.hex() for record in records]
    arrived = [row["udp.payload"] for row in rows if row["frame.interface_name"] == "server"]
    assert sorted(arrived) == sorted(r.payload.hex() for r in records for _ in r.arrivals)
    assert sum("lost" in row["frame.comment"] for row in rows) == path.counters.lost > 10


@needs_tshark
def test_a_reset_is_one(tmp_path: Path) -> None:
    records: list[LogRecord] = []
    path = TcpPath(parse_link("lan"), 7, 0.0, records.append)
    path.send_reset(1.0, Side.CLIENT)
    packets = [each for each in records if isinstance(each, PacketRecord)]
    capture = write_capture(tmp_path / "a.pcapng", Flow(RelayProtocol.TCP, 0, *V4), packets)
    rows = fields(capture, "tcp.flags.reset == 1", "tcp.srcport", "frame.interface_name")
    assert [row["frame.interface_name"] for row in rows] == ["client", "server"]


def test_the_first_frame_is_the_senders() -> None:
    (record,) = (r for r in tcp_records("lan")[0][:1])
    first, second = captured_packets(Flow(RelayProtocol.TCP, 0, *V4), record)
    assert first.interface == CLIENT_INTERFACE != second.interface
    assert first.at < second.at


def test_comments_are_in_the_language_of_the_reader() -> None:
    records, _ = tcp_records("lossy")
    flow = Flow(RelayProtocol.TCP, 0, *V4)
    english, other = (
        [
            packet.comment
            for record in records
            for packet in captured_packets(flow, record, translate)
        ]
        for translate in (str, str.upper)
    )
    assert any(english)
    assert other == [comment.upper() for comment in english]


def no_error(error: OSError) -> None:
    raise AssertionError(error)


@needs_tshark
def test_batches_of_several_relays_are_put_in_order(tmp_path: Path) -> None:
    # Without the pauses at both ends: a batch of a relay spans no second.
    records = [each for each in tcp_records("lossy")[0] if 1.0 <= each.sent_at < 15.0]
    file = tmp_path / "a.pcapng"
    with CaptureWriter(file, no_error) as writer:
        for start in range(0, len(records), 20):
            part = tuple(records[start : start + 20])
            for n, (client, server) in enumerate((V4, V6)):
                writer.add([FlowLog(Flow(RelayProtocol.TCP, n, client, server), part)])
    times = [float(row["frame.time_epoch"]) for row in fields(file, "", "frame.time_epoch")]
    assert times == sorted(times)
    assert len(times) > 2 * len(records)


def test_a_full_disk_ends_the_capture_and_is_told_once(full_disk: Path) -> None:
    errors: list[OSError] = []
    records = tuple(tcp_records("lossy")[0])
    with CaptureWriter(full_disk, errors.append) as writer:
        for _ in range(3):
            writer.add([FlowLog(Flow(RelayProtocol.TCP, 0, *V4), records)])
    assert [error.strerror for error in errors] == ["No space left on device"]


@pytest.fixture
def full_disk() -> Path:
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("only Linux has /dev/full")
    return device
