"""The send queue: bounds, order, and replacement of LATEST messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.errors import SendQueueOverflow
from net.stream.outbox import Outbox
from net.transport import LANES, RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES, Delivery

RELIABLE, LATEST = Delivery.RELIABLE, Delivery.LATEST


def drain(outbox):
    return [outbox.pop() for _ in range(len(outbox))]


def test_a_new_outbox_is_empty():
    assert len(Outbox()) == 0
    with pytest.raises(IndexError):
        Outbox().pop()


def test_reliable_messages_leave_in_order():
    outbox = Outbox()
    for message in (b"1", b"2", b"3"):
        outbox.put(message, RELIABLE, 0)
    assert drain(outbox) == [b"1", b"2", b"3"]


def test_a_newer_latest_message_takes_the_place_of_the_one_that_waits():
    outbox = Outbox()
    outbox.put(b"old", LATEST, 0)
    outbox.put(b"reliable", RELIABLE, 0)
    outbox.put(b"new", LATEST, 0)
    assert outbox.replaced == 1
    assert drain(outbox) == [b"new", b"reliable"]


def test_lanes_do_not_replace_each_other():
    outbox = Outbox()
    for lane in LANES:
        outbox.put(b"lane %d" % lane, LATEST, lane)
    assert drain(outbox) == [b"lane 0", b"lane 1", b"lane 2"]
    assert outbox.replaced == 0


def test_a_message_that_has_left_is_not_replaced():
    outbox = Outbox()
    outbox.put(b"first", LATEST, 0)
    assert outbox.pop() == b"first"
    outbox.put(b"second", LATEST, 0)
    assert drain(outbox) == [b"second"]
    assert outbox.replaced == 0


def test_too_many_reliable_messages_overflow():
    outbox = Outbox()
    for _ in range(RELIABLE_LIMIT_MESSAGES):
        outbox.put(b"", RELIABLE, 0)
    with pytest.raises(SendQueueOverflow):
        outbox.put(b"", RELIABLE, 0)


def test_too_many_reliable_bytes_overflow():
    outbox = Outbox()
    outbox.put(bytes(RELIABLE_LIMIT_BYTES), RELIABLE, 0)
    with pytest.raises(SendQueueOverflow):
        outbox.put(b"x", RELIABLE, 0)


def test_sent_bytes_make_room():
    outbox = Outbox()
    for _ in range(3):
        outbox.put(bytes(RELIABLE_LIMIT_BYTES), RELIABLE, 0)
        outbox.pop()
    assert len(outbox) == 0


def test_latest_messages_never_overflow():
    outbox = Outbox()
    for _ in range(3 * RELIABLE_LIMIT_MESSAGES):
        outbox.put(bytes(1000), LATEST, 0)
    assert len(outbox) == 1


actions = st.lists(
    st.one_of(
        st.tuples(st.just(RELIABLE), st.just(0)),
        st.tuples(st.just(LATEST), st.sampled_from(LANES)),
        st.just("pop"),
    ),
    max_size=60,
)


@given(actions)
def test_whatever_is_put_and_popped_nothing_reliable_is_lost_and_no_lane_goes_back(actions):
    outbox = Outbox()
    left = []
    put = {RELIABLE: 0, LATEST: 0}
    for number, action in enumerate(actions):
        if action == "pop":
            left += [outbox.pop()] if len(outbox) else []
        else:
            delivery, lane = action
            put[delivery] += 1
            outbox.put(b"%d %d %d" % (delivery is LATEST, lane, number), delivery, lane)
    left += drain(outbox)
    numbers_of = {}
    for message in left:
        latest, lane, number = map(int, message.split())
        numbers_of.setdefault((latest, lane), []).append(number)
    assert all(numbers == sorted(numbers) for numbers in numbers_of.values())
    assert len(numbers_of.get((0, 0), [])) == put[RELIABLE]
    assert len(left) + outbox.replaced == sum(put.values())
