"""Tests of the private members of aioquic that ``net/quic/aioquic_adapter.py`` uses.

A failure here after an update of aioquic says what to change there.
"""

import hashlib

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from aioquic.quic.connection import QuicConnection
from aioquic.quic.stream import QuicStream
from aioquic.tls import Epoch

from net.quic.aioquic_adapter import ACK_DELAY_S
from net.security.certificates import fingerprint_of, make_self_signed
from tests.net.quic.virtual_path import VirtualPath

PRIVATE = (
    *("_ack_delay", "_close_event", "_datagrams_pending", "_local_max_streams_bidi"),
    *("_local_max_streams_uni", "_packet_number", "_spaces", "_streams"),
)
PRIVATE_OF_A_SENDER = ("_buffer_start", "_buffer_stop", "highest_offset", "on_data_delivery")


@pytest.fixture
def path():
    path = VirtualPath()
    path.open()
    path.run(0.2)
    return path


def test_the_private_members_are_there(path):
    quic: QuicConnection = path.client.wire.quic
    missing = [name for name in PRIVATE if not hasattr(quic, name)]
    stream = QuicStream(stream_id=2)
    missing += [name for name in PRIVATE_OF_A_SENDER if not hasattr(stream.sender, name)]
    missing += [] if hasattr(stream.receiver, "_buffer") else ["receiver._buffer"]
    missing += [] if hasattr(quic.tls, "_peer_certificate") else ["tls._peer_certificate"]
    assert not missing, f"aioquic no longer has {missing}"


def test_the_peers_certificate_is_read(path):
    certificate = path.client.wire.peer_certificate
    assert hashlib.sha256(certificate).digest() != fingerprint_of(
        make_self_signed().certificate_pem
    )
    assert len(certificate) > 200
    assert path.server.wire.peer_certificate == b""


def test_a_datagram_that_cannot_leave_is_taken_back(path):
    wire = path.client.wire
    path.is_dark = True
    sent = 1
    while sent:
        _, sent = wire.send([bytes(1000)], path.now)
    assert not wire.quic._datagrams_pending
    assert wire.quic.get_timer() is not None


def test_stream_bytes_are_counted_until_they_are_acknowledged(path):
    wire = path.client.wire
    wire.write_stream(bytes(50_000))
    assert wire.unsent_bytes == wire.unacknowledged_bytes == 50_000
    wire.send([], path.now)
    assert 0 < wire.unsent_bytes < 50_000
    assert wire.unacknowledged_bytes == 50_000


def test_lost_packets_and_stream_frames_are_counted(path):
    path.is_dark = True
    path.send_reliable(path.client, b"goal")
    path.is_dark = False
    path.run(1.0)
    assert path.messages(path.server) == [b"goal"]
    assert path.client.wire.retransmitted == 1
    assert path.client.wire.packets_lost >= 1


def test_an_acknowledgement_waits_for_a_packet_that_carries_it(path):
    path.send_latest(path.client, b"input")
    path.run(0.025)
    space = path.server.wire.quic._spaces[Epoch.ONE_RTT]
    assert space.ack_at == pytest.approx(path.now + ACK_DELAY_S, abs=1e-3)
    packets = path.server.packets_sent
    path.send_latest(path.server, b"snapshot")
    assert space.ack_at is None
    assert path.server.packets_sent == packets + 1


def test_a_close_of_the_peer_is_seen_at_once(path):
    path.client.wire.close(1)
    packets, _ = path.client.wire.send([], path.now)
    for packet, _ in packets:
        path.server.wire.receive(packet, ("192.0.2.1", 5000), path.now)
    close = path.server.wire.peer_close
    assert close is not None
    assert (close.is_application, close.code) == (True, 1)
