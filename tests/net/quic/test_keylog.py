"""The key log of a client: with it ``tshark`` reads what a connection carried."""

from ipaddress import ip_address

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from net.link.capture.ip_packet import Ends, encode_datagram
from net.link.capture.pcapng_blocks import encode_header, encode_interface, encode_packet
from tests.net.link.capture.tshark import fields, needs_tshark
from tests.net.quic.virtual_path import CLIENT, SERVER, VirtualPath

DATAGRAM_FRAME = "0x31"


class RecordedPath(VirtualPath):
    """A path that writes the packets of both ends, and the client's keys."""

    def __init__(self, keylog):
        self.capture = encode_header() + encode_interface("client")
        super().__init__(keylog=keylog)

    def carry(self, end):
        source, target = (CLIENT, SERVER) if end is self.client else (SERVER, CLIENT)
        ends = Ends(ip_address(source[0]), source[1], ip_address(target[0]), target[1])
        for packet, _ in end.outgoing:
            datagram = encode_datagram(ends, 1, packet)
            self.capture += encode_packet(0, round(self.now * 1e9), datagram)
        super().carry(end)


@pytest.mark.slow
@needs_tshark
def test_tshark_reads_datagrams_and_stream_with_the_keys_and_not_without(tmp_path):
    keys, capture = tmp_path / "keys", tmp_path / "quic.pcapng"
    with keys.open("w") as keylog:
        path = RecordedPath(keylog)
        path.open()
        path.send_latest(path.server, b"snapshot")
        path.send_reliable(path.server, b"goal")
        path.run(1.0)
    capture.write_bytes(path.capture)
    options = ("-o", f"tls.keylog_file:{keys}")
    datagrams = fields(capture, f"quic.frame_type == {DATAGRAM_FRAME}", options=options)
    streams = fields(capture, "quic.stream.stream_id == 3", "quic.stream_data", options=options)
    assert len(datagrams) == 1
    assert any(b"goal".hex() in each["quic.stream_data"] for each in streams)
    assert fields(capture, f"quic.frame_type == {DATAGRAM_FRAME}") == []
