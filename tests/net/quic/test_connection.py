"""Messages over QUIC in virtual time: loss, blackouts, limits, closing, moving."""

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from net.errors import PeerReset, PeerTimeout, ProtocolError, SendQueueOverflow
from net.quic.aioquic_adapter import CLIENT_STREAM
from net.quic.connection import IDLE_TIMEOUT_S
from net.transport import LANE_EVENT, LANE_STATE, MESSAGE_LIMIT_BYTES
from tests.net.quic.virtual_path import CLIENT, VirtualPath

SNAPSHOT_INTERVAL_S = 1 / 30
SNAPSHOT = bytes(250)


def stamped(path):
    return b"%.4f " % path.now + SNAPSHOT


def ages(path, end):
    """Return how old each snapshot was on arrival."""
    return [
        at - float(message.split(b" ")[0]) for at, message in path.heard[end] if b" " in message
    ]


def stream_snapshots(path, duration_s, start_s=None):
    """Let the server send snapshots, as in a match, and the client inputs."""
    start = path.now if start_s is None else start_s
    for number in range(int(duration_s / SNAPSHOT_INTERVAL_S)):
        at = start + number * SNAPSHOT_INTERVAL_S
        path.at(at, lambda: path.send_latest(path.server, stamped(path), LANE_STATE))
        for half in (0.0, SNAPSHOT_INTERVAL_S / 2):
            path.at(at + half, lambda: path.send_latest(path.client, b"input", LANE_STATE))


def test_the_handshake_takes_one_round_trip_until_the_client_may_send():
    path = VirtualPath(delay_s=0.1)
    while not path.client.is_open:
        path.run(0.001)
    assert path.now == pytest.approx(1.2, abs=0.01)
    path.open()
    assert path.now == pytest.approx(1.3, abs=0.01)


def test_nothing_queues_behind_a_blackout():
    path = VirtualPath(delay_s=0.025, loss=0.05, seed=7)
    path.open()
    start = path.now
    stream_snapshots(path, 5.0)
    path.at(start + 2.0, lambda: setattr(path, "is_dark", True))
    path.at(start + 4.0, lambda: setattr(path, "is_dark", False))
    path.run(7.0)
    assert max(ages(path, path.client)) <= 0.055
    assert path.server.replaced > 10
    after_s = [at for at, _ in path.heard[path.client] if at > start + 4.0]
    assert after_s[0] < start + 4.5, "the first probe that arrives lets snapshots flow again"


def test_a_lost_event_delays_no_snapshot():
    path = VirtualPath(delay_s=0.05)
    path.open()
    start = path.now
    stream_snapshots(path, 1.0)
    # Events are sent in the dark, so they are retransmitted; snapshots before and after are not.
    for at, is_dark in ((0.300, True), (0.310, False)):
        path.at(start + at, lambda is_dark=is_dark: setattr(path, "is_dark", is_dark))
    path.at(start + 0.305, lambda: path.send_reliable(path.server, b"goal"))
    path.run(2.0)
    assert max(ages(path, path.client)) == pytest.approx(0.05, abs=0.001)
    (goal_at,) = [at for at, message in path.heard[path.client] if message == b"goal"]
    assert goal_at > start + 0.305 + 0.05 + 0.05
    assert path.server.wire.retransmitted >= 1


def test_with_one_stream_a_lost_packet_delays_every_message_behind_it():
    path = VirtualPath(delay_s=0.05, one_stream=True)
    path.open()
    start = path.now
    stream_snapshots(path, 1.0)
    for at, is_dark in ((0.299, True), (0.302, False)):
        path.at(start + at, lambda is_dark=is_dark: setattr(path, "is_dark", is_dark))
    path.run(2.0)
    assert len(ages(path, path.client)) == 30
    assert sum(age > 0.08 for age in ages(path, path.client)) >= 2
    assert path.server.wire.retransmitted >= 1


def test_the_longest_messages_arrive_by_either_delivery():
    path = VirtualPath(delay_s=0.001)
    path.open()
    large = bytes(range(256)) * (MESSAGE_LIMIT_BYTES // 256)
    path.send_reliable(path.client, large)
    path.run(1.0)
    path.send_latest(path.client, large, LANE_EVENT)
    path.run(1.0)
    assert path.messages(path.server) == [large, large]


@pytest.mark.parametrize("size", range(1160, 1175))
def test_a_datagram_at_the_limit_blocks_none_behind_it(size):
    path = VirtualPath(delay_s=0.001)
    path.open()
    for message in (bytes(size), b"next"):
        path.send_latest(path.client, message, LANE_STATE)
        path.run(0.1)
    assert path.messages(path.server) == [bytes(size), b"next"]


def test_two_inputs_share_an_acknowledgement_or_a_snapshot_carries_it():
    path = VirtualPath()
    path.open()
    path.run(0.5)
    before = path.server.packets_sent
    stream_snapshots(path, 2.0)
    path.run(2.5)
    snapshots, inputs = 60, 120
    assert path.server.packets_sent - before <= snapshots + inputs / 2 + 5


def test_too_many_reliable_messages_end_the_connection():
    path = VirtualPath()
    path.open()
    path.is_dark = True
    for _ in range(100):
        path.send_reliable(path.server, bytes(MESSAGE_LIMIT_BYTES))
    assert isinstance(path.server.error, SendQueueOverflow)


def test_a_silent_peer_is_given_up_after_ten_seconds():
    path = VirtualPath()
    path.open()
    path.run(1.0)
    path.is_dark = True
    path.run(IDLE_TIMEOUT_S + 1.0)
    assert isinstance(path.client.error, PeerTimeout)
    assert isinstance(path.server.error, PeerTimeout)


@pytest.mark.parametrize("loss", [0.0, 0.3])
def test_a_close_waits_for_what_was_sent(loss):
    path = VirtualPath(loss=loss, seed=5)
    path.open()
    for number in range(10):
        path.send_reliable(path.server, b"%d" % number)
    path.server.close(path.now)
    path.carry(path.server)
    path.run(3.0)
    assert path.server.ended
    assert path.client.ended
    if path.server.error is None:
        assert path.messages(path.client) == [b"%d" % number for number in range(10)]
        assert path.client.error is None


def test_an_abort_is_a_reset_for_the_peer():
    path = VirtualPath()
    path.open()
    path.client.abort(path.now)
    path.carry(path.client)
    path.run(0.1)
    assert path.client.error is None
    assert isinstance(path.server.error, PeerReset)


def test_a_client_that_moves_keeps_its_connection():
    path = VirtualPath()
    path.open()
    path.run(0.2)
    path.client_address = ("198.51.100.9", 6000)
    path.client.wire.change_connection_id()
    stream_snapshots(path, 1.0)
    path.run(2.0)
    assert path.server.wire.peer_address == path.client_address != CLIENT
    assert len(ages(path, path.client)) >= 25


def test_a_peer_that_opens_another_stream_is_ended():
    path = VirtualPath()
    path.open()
    path.client.wire.quic._remote_max_streams_uni = 5
    path.client.wire.quic.send_stream_data(CLIENT_STREAM + 4, b"x")
    path.send_latest(path.client, b"x")
    path.run(0.5)
    assert isinstance(path.server.error, ProtocolError)


def test_a_stream_that_is_ended_instead_of_closed_is_an_error():
    path = VirtualPath()
    path.open()
    path.client.wire.quic.send_stream_data(CLIENT_STREAM, b"", end_stream=True)
    path.send_latest(path.client, b"x")
    path.run(0.5)
    assert isinstance(path.server.error, ProtocolError)
