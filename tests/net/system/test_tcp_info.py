"""The kernel's TCP counters, and their estimate where it has none."""

import socket
import struct
import sys

import pytest

from net.system.tcp_info import TcpInfo, estimate_tcp_info, parse_tcp_info, read_tcp_info


def packed(options, total_retrans, segs_out, segs_in, bytes_sent):
    """Return a ``struct tcp_info`` with these fields; all others hold a meaningless value."""
    raw = bytearray(b"\xee" * 240)
    raw[5] = options
    struct.pack_into("=I", raw, 100, total_retrans)
    struct.pack_into("=II", raw, 136, segs_out, segs_in)
    struct.pack_into("=Q", raw, 200, bytes_sent)
    return bytes(raw)


def test_the_fields_are_read_where_linux_puts_them():
    raw = packed(options=0b0111, total_retrans=3, segs_out=40, segs_in=50, bytes_sent=6000)
    assert parse_tcp_info(raw) == TcpInfo(
        segments_sent=40,
        segments_received=50,
        segments_retransmitted=3,
        bytes_sent=6000,
        tcp_header_bytes=32,
    )


def test_a_connection_without_timestamps_has_the_shorter_header():
    info = parse_tcp_info(packed(0b0110, 0, 0, 0, 0))
    assert info is not None
    assert info.tcp_header_bytes == 20


@pytest.mark.parametrize("size", [0, 104, 207])
def test_a_kernel_that_tells_less_tells_nothing(size):
    assert parse_tcp_info(packed(1, 1, 1, 1, 1)[:size]) is None


def test_the_estimate_takes_each_write_and_read_for_a_segment():
    info = estimate_tcp_info(writes=7, reads=5, bytes_sent=700)
    assert (info.segments_sent, info.segments_received) == (7, 5)
    assert info.bytes_sent == 700
    assert info.segments_retransmitted == 0


def test_a_socket_that_is_not_tcp_has_none():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        assert read_tcp_info(sock) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has TCP_INFO")
def test_the_kernel_counts_what_is_sent():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as peer,
    ):
        client.sendall(bytes(1000))
        peer.recv(1000, socket.MSG_WAITALL)
        info = read_tcp_info(client)
    assert info is not None
    assert info.bytes_sent == 1000
    # Two of the handshake, and at least one with data.
    assert info.segments_sent >= 3
