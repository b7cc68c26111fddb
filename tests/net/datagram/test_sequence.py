"""Sequence numbers, compared with a model that stores everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.datagram.sequence import (
    HISTORY_NUMBERS,
    ArrivalKind,
    ReceiveWindow,
    SendHistory,
    set_bits,
    unwrap,
)

ALL_ARRIVED = 0xFFFF_FFFF


def arrive(arrivals, number):
    """Classify a number, and record it if it is fresh, as a connection does."""
    verdict = arrivals.classify(number)
    if verdict is ArrivalKind.FRESH:
        arrivals.record(number)
    return verdict


@given(near=st.integers(0, 1 << 40), distance=st.integers(-0x8000, 0x7FFF))
def test_a_wrapped_number_is_found_again_within_half_the_range(near, distance):
    assert unwrap((near + distance) & 0xFFFF, near) == near + distance


def test_nothing_is_lost_before_anything_came():
    arrivals = ReceiveWindow()
    assert (arrivals.newest, arrivals.lost) == (0, 0)
    assert arrivals.classify(0) is ArrivalKind.DUPLICATE
    assert arrivals.classify(-5) is ArrivalKind.DUPLICATE


def test_bit_n_says_whether_the_one_n_plus_1_before_the_newest_came():
    arrivals = ReceiveWindow()
    for number in range(1, 41):
        if number not in (39, 30):
            arrive(arrivals, number)
    missing = set(range(32)) - set(set_bits(arrivals.ack_bits))
    assert missing == {40 - 1 - 39, 40 - 1 - 30}


def test_a_gap_is_lost_at_once_and_found_again_when_it_comes_late():
    arrivals = ReceiveWindow()
    for number in (1, 2, 6):
        arrive(arrivals, number)
    assert arrivals.lost == 3
    assert arrive(arrivals, 4) is ArrivalKind.FRESH
    assert arrivals.lost == 2
    assert arrive(arrivals, 4) is ArrivalKind.DUPLICATE
    assert arrivals.lost == 2


def test_a_number_older_than_the_history_counts_as_lost():
    arrivals = ReceiveWindow()
    for number in (1, 2 + HISTORY_NUMBERS):
        arrive(arrivals, number)
    assert arrive(arrivals, 2) is ArrivalKind.TOO_OLD
    assert arrive(arrivals, 3) is ArrivalKind.FRESH
    assert arrivals.lost == HISTORY_NUMBERS - 1


@given(
    steps=st.lists(
        st.one_of(st.integers(-40, 40), st.integers(-HISTORY_NUMBERS - 5, 2 * HISTORY_NUMBERS)),
        max_size=50,
    )
)
def test_arrivals_agree_with_a_set_of_everything(steps):
    arrivals, seen = ReceiveWindow(), set()
    newest = 0
    for step in steps:
        number = newest + step
        verdict = arrive(arrivals, number)
        if number < 1 and number > newest - HISTORY_NUMBERS:
            expected = ArrivalKind.DUPLICATE
        elif number <= newest - HISTORY_NUMBERS:
            expected = ArrivalKind.TOO_OLD
        else:
            expected = ArrivalKind.DUPLICATE if number in seen else ArrivalKind.FRESH
        assert verdict is expected
        if verdict is ArrivalKind.FRESH:
            seen.add(number)
            newest = max(newest, number)
        assert arrivals.newest == newest
        assert arrivals.lost == newest - len(seen)
        for bit in range(32):
            before = newest - 1 - bit
            assert (arrivals.ack_bits >> bit) & 1 == (before in seen or before < 1)


def send(acknowledgements, count):
    acknowledgements.next_number += count


def test_an_acknowledgement_confirms_each_number_once():
    acknowledgements = SendHistory()
    send(acknowledgements, 5)
    assert acknowledgements.confirm(3, 0b01) == 0b011
    assert acknowledgements.newest == 3
    assert acknowledgements.confirm(3, 0b01) == 0
    assert acknowledgements.confirm(4, 0b111) == 0b1001
    assert acknowledgements.confirm(3, 0b11) == 0


def test_numbers_that_were_never_sent_cannot_be_confirmed():
    acknowledgements = SendHistory()
    send(acknowledgements, 5)
    for ack_bits in (0, ALL_ARRIVED):
        assert acknowledgements.confirm(6, ack_bits) is None
        assert acknowledgements.newest == 0
    assert acknowledgements.confirm(5, 0) is not None


def test_an_acknowledgement_without_gaps_confirms_what_is_new_and_a_repeated_one_nothing():
    acknowledgements = SendHistory()
    send(acknowledgements, 5)
    assert acknowledgements.confirm(1, ALL_ARRIVED) == 0b1
    assert acknowledgements.confirm(4, ALL_ARRIVED) == 0b111
    assert acknowledgements.confirm(4, ALL_ARRIVED) == 0
    assert acknowledgements.confirm(3, ALL_ARRIVED) == 0
    assert acknowledgements.newest == 4
    assert acknowledgements.unacknowledged == 0


@pytest.mark.parametrize("ahead", [33, 34, 1000])
def test_numbers_below_the_ack_bitfield_are_unacknowledged(ahead):
    acknowledgements = SendHistory()
    send(acknowledgements, ahead)
    acknowledgements.confirm(ahead, 0)
    # The newest is acknowledged; the 32 before it still may be.
    assert acknowledgements.unacknowledged == ahead - 33


@given(
    lost=st.sets(st.integers(1, 100)),
    lost_acknowledgements=st.sets(st.integers(1, 100)),
    # The second wraps on the way.
    start=st.sampled_from([0, 0xFFFF - 50]),
)
def test_both_ends_agree_on_what_arrived(lost, lost_acknowledgements, start):
    """Check that what is acknowledged arrived, and vice versa unless all acks were lost."""
    acknowledgements, arrivals = SendHistory(), ReceiveWindow()
    for number in filter(None, (start // 2, start)):
        # Two steps: one must stay under half the range.
        send(acknowledgements, number + 1 - acknowledgements.next_number)
        arrive(arrivals, number)
        acknowledgements.confirm(number, arrivals.ack_bits)
    unacknowledged_before = acknowledgements.unacknowledged
    confirmed, reported = set(), set()
    for number in range(start + 1, start + 101):
        send(acknowledgements, 1)
        if number - start not in lost:
            arrive(arrivals, number)
        if number - start not in lost_acknowledgements:
            bits = acknowledgements.confirm(arrivals.newest & 0xFFFF, arrivals.ack_bits)
            confirmed |= {acknowledgements.newest - bit for bit in set_bits(bits)}
            reported |= {
                n
                for n in range(max(start, arrivals.newest - 32), arrivals.newest + 1)
                if n > start and n - start not in lost
            }
    assert confirmed == reported
    # Of the numbers before the start, only the 32 of the first bitfield have left the window.
    left_window = range(max(start - 32, 1), acknowledgements.newest - 32)
    assert acknowledgements.unacknowledged - unacknowledged_before == sum(
        1 for n in left_window if n not in confirmed and n != start
    )
