"""The queue of handshakes that a server has not begun."""

from net.quic.handshake_queue import (
    HALF_OPEN_LIMIT,
    HANDSHAKES_PER_S,
    RETRY_FROM_HALF_OPEN,
    HandshakeQueue,
    may_begin,
)

TICK_S = 1 / 60


def test_thirty_that_arrive_at_once_begin_one_a_tick():
    queue = HandshakeQueue(now=0.0)
    for number in range(30):
        queue.put(b"%d" % number, number)
    begun, now = [], 0.0
    while queue:
        now += TICK_S
        in_this_tick = []
        while (item := queue.pop(now)) is not None:
            in_this_tick.append(item)
        assert len(in_this_tick) <= 2
        begun += in_this_tick
    assert begun == list(range(30))
    assert now <= 30 / HANDSHAKES_PER_S + 2 * TICK_S


def test_a_client_that_repeats_its_first_packet_waits_once():
    queue = HandshakeQueue(now=0.0)
    queue.put(b"a", 1)
    queue.put(b"a", 2)
    assert len(queue) == 1
    assert queue.pop(0.0) == 1
    queue.put(b"a", 3)
    assert queue.pop(1.0) == 3


def test_a_full_queue_drops_and_counts():
    queue = HandshakeQueue(now=0.0)
    for number in range(1000):
        queue.put(b"%d" % number, number)
    assert len(queue) + queue.dropped == 1000
    assert len(queue) < 200


def test_half_open_and_waiting_clients_together_ask_for_a_proof_of_the_address():
    queue = HandshakeQueue(now=0.0)
    assert not queue.requires_address_proof(half_open=RETRY_FROM_HALF_OPEN - 1)
    assert queue.requires_address_proof(half_open=RETRY_FROM_HALF_OPEN)
    queue.put(b"a", 1)
    assert queue.requires_address_proof(half_open=RETRY_FROM_HALF_OPEN - 1)


def test_no_handshake_begins_beside_the_most_half_open_connections():
    assert may_begin(HALF_OPEN_LIMIT - 1)
    assert not may_begin(HALF_OPEN_LIMIT)
