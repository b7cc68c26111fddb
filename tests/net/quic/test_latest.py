"""Slots of LATEST messages and their datagrams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram.wire_format import BODY_LIMIT_BYTES
from net.quic.latest import LatestInbox, LatestSlots
from net.transport import LANE_EVENT, LANE_PING, LANE_STATE


def arrived(inbox, datagrams):
    return [message for datagram in datagrams for message in inbox.receive(datagram)]


def test_the_newest_message_of_a_lane_replaces_one_that_waits():
    slots, inbox = LatestSlots(), LatestInbox()
    slots.put(b"old", LANE_STATE)
    slots.put(b"pong", LANE_PING)
    slots.put(b"newer", LANE_STATE)
    offered = slots.offer()
    slots.confirm_sent(len(offered))
    assert arrived(inbox, offered) == [b"newer", b"pong"]
    assert (slots.replaced, slots.replaced_bytes) == (1, 3)
    assert len(slots) == 0


def test_what_did_not_leave_is_offered_again_under_the_same_number():
    slots, inbox = LatestSlots(), LatestInbox()
    slots.put(b"first", LANE_STATE)
    slots.offer()
    slots.confirm_sent(0)
    slots.put(b"second", LANE_STATE)
    offered = slots.offer()
    slots.confirm_sent(1)
    assert arrived(inbox, offered) == [b"second"]
    assert inbox.lost == 0


def test_a_lost_datagram_leaves_a_gap_that_is_counted():
    slots, inbox = LatestSlots(), LatestInbox()
    sent = []
    for number in range(4):
        slots.put(b"%d" % number, LANE_STATE)
        sent += slots.offer()
        slots.confirm_sent(1)
    assert arrived(inbox, [sent[0], sent[3]]) == [b"0", b"3"]
    assert inbox.lost == 2
    assert arrived(inbox, [sent[1], sent[3]]) == []
    assert (inbox.lost, inbox.stale, inbox.duplicate) == (1, 1, 1)


def test_fragments_that_wait_go_before_another_lane():
    slots, inbox = LatestSlots(), LatestInbox()
    large = bytes(range(256)) * 20
    slots.put(large, LANE_EVENT)
    first = slots.offer()[:2]
    slots.confirm_sent(2)
    slots.put(b"state", LANE_STATE)
    rest = slots.offer()
    slots.confirm_sent(len(rest))
    assert arrived(inbox, first + rest) == [large, b"state"]


def test_a_newer_message_drops_the_rest_of_one_that_is_half_sent():
    slots, inbox = LatestSlots(), LatestInbox()
    slots.put(bytes(5000), LANE_STATE)
    first = slots.offer()[:2]
    slots.confirm_sent(2)
    slots.put(b"newer", LANE_STATE)
    rest = slots.offer()
    assert len(rest) == 1
    assert arrived(inbox, first + rest) == [b"newer"]
    assert (inbox.lost, slots.replaced) == (0, 0)


@pytest.mark.parametrize("datagram", [b"", b"\x10", b"\x10\x00", b"\x00\x00\x01x", b"\x20\x00\x01"])
def test_what_has_no_valid_header_is_counted(datagram):
    inbox = LatestInbox()
    assert inbox.receive(datagram) == ()
    assert inbox.invalid == 1


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from([1, BODY_LIMIT_BYTES, 3000]), st.integers(0, 4)
        ),
        max_size=40,
    )
)
def test_every_lane_stays_in_order_whatever_leaves_when(steps):
    slots, inbox = LatestSlots(), LatestInbox()
    newest = {}
    for number, (lane, size, leaving) in enumerate(steps):
        slots.put(b"%d %d " % (lane, number) + bytes(size), lane)
        offered = slots.offer()
        count = min(leaving, len(offered))
        slots.confirm_sent(count)
        for message in arrived(inbox, offered[:count]):
            heard_lane, heard_number = map(int, message.split(b" ")[:2])
            assert newest.get(heard_lane, -1) < heard_number
            newest[heard_lane] = heard_number
    assert inbox.lost == inbox.stale == inbox.duplicate == inbox.invalid == 0
