"""Reliable delivery over simulated numbered datagrams, in virtual time."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram.reliable import (
    BACKOFF_MAX_S,
    CONGESTION_WINDOW_MAX,
    CONGESTION_WINDOW_MIN,
    CONGESTION_WINDOW_START,
    LATE_LIMIT_DATAGRAMS,
    NEVER,
    SEGMENT_HEADER,
    TIMEOUT_MAX_S,
    TIMEOUT_MIN_S,
    TIMEOUT_START_S,
    WINDOW_SEGMENTS,
    ReliableReceiver,
    ReliableSender,
    RttEstimator,
)
from net.errors import ProtocolError, SendQueueOverflow
from net.transport import MESSAGE_LIMIT_BYTES, RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES

ROOM_BYTES = 1167


class SimulatedChannel:
    """Numbered bodies, stored until the test lets them arrive and be acknowledged."""

    def __init__(self):
        self.sender = ReliableSender()
        self.receiver = ReliableReceiver()
        self.number = 0
        self.newest = 0
        self.bodies = {}

    def pack(self, now):
        """Send all that the windows allow; return the datagram numbers."""
        first = self.number + 1
        while body := self.sender.build_payload(self.number + 1, ROOM_BYTES, now):
            self.number += 1
            self.bodies[self.number] = body
        return list(range(first, self.number + 1))

    def arrive(self, number, now):
        """Deliver a datagram and its acknowledgement; return the messages."""
        messages = self.receiver.receive(self.bodies[number])
        self.sender.acknowledge(number, now, is_first=number > self.newest)
        self.newest = max(self.newest, number)
        self.sender.detect_losses(self.newest, now)
        return messages


def test_an_acknowledged_message_is_forgotten():
    link = SimulatedChannel()
    link.sender.enqueue(b"kick-off", ROOM_BYTES)
    (number,) = link.pack(now=0.0)
    assert not link.sender.idle
    assert link.arrive(number, now=0.05) == [b"kick-off"]
    assert link.sender.idle
    assert link.sender.deadline == NEVER


def test_small_messages_share_a_datagram():
    link = SimulatedChannel()
    messages = [b"%03d" % index for index in range(100)]
    for message in messages:
        link.sender.enqueue(message, ROOM_BYTES)
    (number,) = link.pack(now=0.0)
    assert link.arrive(number, now=0.0) == messages


@pytest.mark.parametrize("size", [0, 1, ROOM_BYTES - 4, ROOM_BYTES - 3, MESSAGE_LIMIT_BYTES])
def test_a_message_of_any_size_arrives_whole(size):
    link = SimulatedChannel()
    message = Random(size).randbytes(size)
    link.sender.enqueue(message, ROOM_BYTES)
    received = []
    while numbers := link.pack(now=0.0):
        for number in numbers:
            assert len(link.bodies[number]) <= ROOM_BYTES
            received += link.arrive(number, now=0.0)
    assert received == [message]


def test_no_more_datagrams_are_under_way_than_the_window_lets():
    link = SimulatedChannel()
    for _ in range(100):
        link.sender.enqueue(bytes(1000), ROOM_BYTES)
    assert len(link.pack(now=0.0)) == CONGESTION_WINDOW_START


def test_the_window_opens_with_what_arrives_and_stays_under_its_limit():
    link = SimulatedChannel()
    for _ in range(2000):
        link.sender.enqueue(bytes(1000), ROOM_BYTES)
    most, in_flight = 0, link.pack(now=0.0)
    while in_flight:
        most = max(most, len(in_flight))
        link.arrive(in_flight.pop(0), now=0.01)
        in_flight += link.pack(now=0.01)
    assert most == CONGESTION_WINDOW_MAX


def test_a_datagram_that_three_later_ones_overtook_is_sent_again():
    link = SimulatedChannel()
    for index in range(8):
        link.sender.enqueue(bytes([index]) * 1000, ROOM_BYTES)
    first, *others = link.pack(now=0.0)
    received = []
    for number in others:
        received += link.arrive(number, now=0.05)
    assert received == []
    link.sender.detect_losses(link.newest, now=0.06)
    (again,) = link.pack(now=0.06)
    assert again not in (first, *others)
    assert link.sender.retransmitted == 1
    received = link.arrive(again, now=0.1)
    assert [message[0] for message in received] == list(range(8))


def test_reordering_within_an_eighth_of_a_round_trip_is_no_loss():
    link = SimulatedChannel()
    for index in range(5):
        link.sender.enqueue(bytes([index]) * 1000, ROOM_BYTES)
    first, *others = link.pack(now=0.0)
    for number in others:
        link.arrive(number, now=0.050)
    assert link.pack(now=0.050) == []
    assert len(link.arrive(first, now=0.054)) == 5
    assert link.sender.retransmitted == 0


def test_a_silent_peer_is_asked_again_at_doubled_intervals_up_to_a_second():
    link = SimulatedChannel()
    link.sender.enqueue(b"anybody?", ROOM_BYTES)
    link.pack(now=0.0)
    waits, now = [], 0.0
    for _ in range(5):
        waits.append(link.sender.deadline - now)
        now = link.sender.deadline
        link.sender.on_timer(now)
        assert len(link.pack(now)) == 1
    assert waits == pytest.approx(
        [TIMEOUT_START_S, 2 * TIMEOUT_START_S, BACKOFF_MAX_S, BACKOFF_MAX_S, BACKOFF_MAX_S]
    )


def test_a_late_acknowledgement_confirms_and_gives_the_window_back():
    wire = SimulatedChannel()
    for _ in range(CONGESTION_WINDOW_START):
        wire.sender.enqueue(bytes(1000), ROOM_BYTES)
    numbers = wire.pack(now=0.0)
    for now in (0.3, 0.9):
        wire.sender.on_timer(now)
        assert len(wire.pack(now)) == CONGESTION_WINDOW_MIN
    for number in numbers:
        wire.arrive(number, now=1.2)
    assert wire.sender.idle
    assert wire.sender.timeout_s > 1.2
    # What waited to be sent a second time is not sent any more.
    assert wire.pack(now=1.2) == []
    for _ in range(64):
        wire.sender.enqueue(bytes(1000), ROOM_BYTES)
    # Those that were sent again may still be under way.
    assert len(wire.pack(now=1.2)) == CONGESTION_WINDOW_START - CONGESTION_WINDOW_MIN


def test_a_late_acknowledgement_raises_the_timeout_until_there_is_a_sample():
    wire = SimulatedChannel()
    wire.sender.enqueue(b"kick-off", ROOM_BYTES)
    (number,) = wire.pack(now=0.0)
    wire.sender.on_timer(now=wire.sender.deadline)
    backed_off_s = wire.sender.timeout_s
    wire.arrive(number, now=3.0)
    assert wire.sender.idle
    assert wire.sender.timeout_s == 2 * backed_off_s
    # It had arrived long before, and the acknowledgements before this one were lost.
    wire.sender.enqueue(b"goal", ROOM_BYTES)
    (number,) = wire.pack(now=4.0)
    wire.arrive(number, now=4.1)
    assert wire.sender.timeout_s == wire.sender.round_trip.timeout_s < 0.3


def test_memory_of_lost_datagrams_is_bounded():
    wire = SimulatedChannel()
    wire.sender.enqueue(b"kick-off", ROOM_BYTES)
    (first,) = wire.pack(now=0.0)
    for _ in range(LATE_LIMIT_DATAGRAMS + 1):
        now = wire.sender.deadline
        wire.sender.on_timer(now)
        numbers = wire.pack(now)
    wire.sender.acknowledge(first, now, is_first=True)
    assert not wire.sender.idle
    wire.sender.acknowledge(numbers[0] - 1, now, is_first=True)
    assert wire.sender.idle


def test_the_timer_does_nothing_before_its_time():
    link = SimulatedChannel()
    link.sender.enqueue(b"patience", ROOM_BYTES)
    link.pack(now=0.0)
    link.sender.on_timer(link.sender.deadline - 0.001)
    assert link.pack(now=0.1) == []


def test_after_a_timeout_the_window_is_small():
    link = SimulatedChannel()
    for _ in range(CONGESTION_WINDOW_START):
        link.sender.enqueue(bytes(1000), ROOM_BYTES)
    link.pack(now=0.0)
    link.sender.on_timer(now=1.0)
    assert len(link.pack(now=1.0)) == CONGESTION_WINDOW_MIN


def test_losses_of_one_window_halve_it_once():
    link = SimulatedChannel()
    for _ in range(64):
        link.sender.enqueue(bytes(1000), ROOM_BYTES)
    numbers = link.pack(now=0.0)
    for number in numbers[8:]:
        link.arrive(number, now=0.05)
    link.sender.detect_losses(link.newest, now=0.08)
    # The window grew by 8/16, then was halved to 8.25. Nothing is in flight.
    assert len(link.pack(now=0.08)) == CONGESTION_WINDOW_START // 2 + 1


def test_no_segment_leaves_beyond_what_the_receiver_is_ready_to_keep():
    link = SimulatedChannel()
    for _ in range(WINDOW_SEGMENTS + 100):
        link.sender.enqueue(b"x", ROOM_BYTES)
    numbers = link.pack(now=0.0)
    sent = sum(len(link.bodies[number]) for number in numbers) // (SEGMENT_HEADER.size + 1)
    assert sent == WINDOW_SEGMENTS


@pytest.mark.parametrize(
    ("size", "count"),
    [(1, RELIABLE_LIMIT_MESSAGES), (60_000, RELIABLE_LIMIT_BYTES // 60_000)],
)
def test_too_much_that_waits_overflows(size, count):
    sender = ReliableSender()
    for _ in range(count):
        sender.enqueue(bytes(size), ROOM_BYTES)
    with pytest.raises(SendQueueOverflow, match="does not acknowledge"):
        sender.enqueue(bytes(size), ROOM_BYTES)


def test_the_timeout_follows_the_round_trip_within_its_bounds():
    round_trip = RttEstimator()
    assert round_trip.timeout_s == TIMEOUT_START_S
    for _ in range(50):
        round_trip.sample(0.1)
    assert round_trip.smoothed_s == pytest.approx(0.1)
    assert 0.1 <= round_trip.timeout_s < 0.11
    for _ in range(100):
        round_trip.sample(0.0001)
    assert round_trip.timeout_s == TIMEOUT_MIN_S
    round_trip.sample(1.2)
    # One sample of a path that has become slow is enough.
    assert round_trip.timeout_s > 1.2
    round_trip.sample(30.0)
    assert round_trip.timeout_s == TIMEOUT_MAX_S


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\x00\x00\x00",
        SEGMENT_HEADER.pack(0, 5) + b"four",
        SEGMENT_HEADER.pack(0, 3) + b"four",
        SEGMENT_HEADER.pack(WINDOW_SEGMENTS, 4) + b"four",
    ],
)
def test_an_invalid_body_changes_nothing(body):
    receiver = ReliableReceiver()
    with pytest.raises(ProtocolError):
        receiver.receive(body)
    assert receiver.receive(SEGMENT_HEADER.pack(0, 4) + b"good") == [b"good"]


def test_memory_that_a_peer_can_occupy_is_bounded():
    receiver = ReliableReceiver()
    part = bytes(ROOM_BYTES - SEGMENT_HEADER.size)

    def segment(number):
        return SEGMENT_HEADER.pack(number, len(part)) + part

    # All but the first segment, so that nothing can be delivered.
    for number in range(1, WINDOW_SEGMENTS):
        assert receiver.receive(segment(number)) == []
    with pytest.raises(ProtocolError, match="beyond the window"):
        receiver.receive(segment(WINDOW_SEGMENTS))
    assert WINDOW_SEGMENTS * len(part) < 600_000
    assert len(receiver.receive(segment(0))) == WINDOW_SEGMENTS


def test_a_message_that_never_ends_is_an_error():
    receiver = ReliableReceiver()
    more_follow = 0x8000
    number = 0
    while receiver.error is None:
        body = SEGMENT_HEADER.pack(number, more_follow | 1000) + bytes(1000)
        assert receiver.receive(body) == []
        number += 1
    assert number == MESSAGE_LIMIT_BYTES // 1000 + 1


@given(
    sizes=st.lists(st.sampled_from([0, 1, 20, 600, 1163, 1164, 5000]), min_size=1, max_size=60),
    seed=st.integers(0, 2**32),
    loss=st.sampled_from([0.0, 0.1, 0.5]),
)
def test_all_messages_arrive_once_and_in_order_whatever_is_lost_or_late(sizes, seed, loss):
    rng = Random(seed)
    link = SimulatedChannel()
    sent = [rng.randbytes(size) for size in sizes]
    for message in sent:
        link.sender.enqueue(message, ROOM_BYTES)
    received, now = [], 0.0
    while not link.sender.idle:
        numbers = link.pack(now)
        rng.shuffle(numbers)
        now += 0.05
        for number in numbers:
            if rng.random() < loss:
                continue
            received += link.receiver.receive(link.bodies[number])
            if rng.random() < loss:
                # The acknowledgement is lost, so the segments are sent again.
                continue
            received += link.arrive(number, now)
        now = max(now, min(link.sender.deadline, now + TIMEOUT_MAX_S))
        link.sender.on_timer(now)
    assert received == sent


@given(st.binary(max_size=64))
def test_garbage_never_breaks_the_receiver(body):
    receiver = ReliableReceiver()
    try:
        receiver.receive(body)
    except ProtocolError:
        assert receiver.receive(SEGMENT_HEADER.pack(0, 2) + b"ok") == [b"ok"]
