"""Tests of the receiver: order, SACK blocks, and the times of acknowledgements."""

from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.tcp.receiver import READING_S, Receiver
from net.link.tcp_segment import MSS_BYTES, Block, Packet, PacketType

RTT_S, RTO_S = 0.05, 0.25


def data(start: int, end: int, stamp: float = 0.0) -> Packet:
    return Packet(PacketType.ORDINARY, start, end, 0, (), None, stamp, 0.0)


def receive(receiver: Receiver, now: float, start: int, end: int) -> int:
    return receiver.receive(now, data(start, end, stamp=now), RTT_S, RTO_S)


def two_way_receiver() -> Receiver:
    """Return one in the interactive mode: its side answers each message with data."""
    receiver = Receiver()
    for number in range(20):
        receive(receiver, number * 0.02, number * 64, (number + 1) * 64)
        receiver.sent_data(number * 0.02 + 0.005)
        receiver.acknowledgement()
    return receiver


BASE, NOW = 20 * 64, 0.4


def sacks(receiver: Receiver) -> tuple[Block, ...]:
    return receiver.acknowledgement()[1]


def test_data_in_order_is_delivered_at_once() -> None:
    receiver = Receiver()
    assert receive(receiver, 0.0, 0, 64) == 64
    assert receive(receiver, 0.02, 64, 200) == 136


def test_hole_holds_back_what_follows_and_releases_it_when_filled() -> None:
    receiver = Receiver()
    assert receive(receiver, 0.0, 64, 128) == 0
    assert receive(receiver, 0.0, 128, 192) == 0
    assert receiver.stalls == 1
    assert receive(receiver, 0.1, 0, 64) == 192


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(0, 2**32))
def test_every_byte_is_delivered_once_whatever_the_order(sizes: list[int], seed: int) -> None:
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    packets = list(zip([0, *ends], ends, strict=False))
    rng = Random(seed)
    arriving = packets + rng.choices(packets, k=5)
    rng.shuffle(arriving)
    receiver = Receiver()
    assert sum(receive(receiver, n * 0.01, *each) for n, each in enumerate(arriving)) == ends[-1]
    assert receiver.acknowledgement()[:2] == (ends[-1], ())


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_sacks_have_only_stored_data_and_the_latest_first(numbers: list[int]) -> None:
    receiver = Receiver()
    for n, number in enumerate(numbers):
        receive(receiver, n * 0.01, number * 64, number * 64 + 64)
        ack, blocks, _ = receiver.acknowledgement()
        held = {other for other in numbers[: n + 1] if other * 64 >= ack}
        reported = {start // 64 for block in blocks for start in range(*block, 64)}
        assert reported <= held
        assert len(blocks) <= 3
        if number * 64 >= ack:
            assert blocks[0][0] <= number * 64 < blocks[0][1]


def test_out_of_order_data_is_acknowledged_at_once() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE + 64, BASE + 128)
    assert receiver.ack_now
    assert sacks(receiver) == ((BASE + 64, BASE + 128),)


def test_filled_hole_is_acknowledged_at_once() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE + 64, BASE + 128)
    receiver.acknowledgement()
    receive(receiver, NOW + 0.01, BASE, BASE + 64)
    assert receiver.ack_now


def test_two_way_stream_waits_for_data_to_carry_the_acknowledgement() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE, BASE + 64)
    assert not receiver.ack_now
    assert 0.04 <= receiver.ack_at - NOW <= 0.05


def test_second_message_is_acknowledged_when_it_is_read() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE, BASE + 64)
    receive(receiver, NOW + 0.01, BASE + 64, BASE + 128)
    assert receiver.ack_at == pytest.approx(NOW + 0.01 + READING_S)


def test_messages_that_come_back_to_back_share_an_acknowledgement() -> None:
    receiver = Receiver()
    receive(receiver, 1.0, 0, 64)
    receive(receiver, 1.00001, 64, 128)
    assert not receiver.ack_now
    assert receiver.ack_at == pytest.approx(1.0 + READING_S)


def test_one_way_stream_is_acknowledged_message_by_message() -> None:
    receiver = Receiver()
    for number in range(40):
        receive(receiver, number * 0.02, number * 64, (number + 1) * 64)
        assert receiver.ack_at == pytest.approx(number * 0.02 + READING_S)
        receiver.acknowledgement()


def test_every_second_full_segment_of_a_bulk_transfer_is_acknowledged() -> None:
    receiver, acknowledged = Receiver(), 0
    for number in range(100):
        receive(receiver, number * 0.001, number * MSS_BYTES, (number + 1) * MSS_BYTES)
        if receiver.ack_now:
            acknowledged += 1
            receiver.acknowledgement()
    # The first sixteen each, then every second.
    assert acknowledged == 16 + 42


def test_delayed_acknowledgement_without_data_ends_the_interactive_mode() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE, BASE + 64)
    receiver.on_timer()
    assert receiver.ack_now
    receiver.acknowledgement()
    receive(receiver, NOW + 0.1, BASE + 64, BASE + 128)
    assert receiver.ack_at == pytest.approx(NOW + 0.1 + READING_S)


def test_acknowledgement_settles_what_was_due() -> None:
    receiver = two_way_receiver()
    receive(receiver, NOW, BASE, BASE + 64)
    receiver.acknowledgement()
    assert receiver.ack_at == inf
    assert not receiver.ack_now


def test_duplicate_is_reported_once_in_place_of_a_block() -> None:
    receiver = Receiver()
    receive(receiver, 0.0, 0, 64)
    receive(receiver, 0.1, 0, 64)
    assert receiver.ack_now
    assert receiver.acknowledgement() == (64, (), (0, 64))
    assert receiver.acknowledgement() == (64, (), None)


def test_echo_is_the_stamp_of_what_the_last_acknowledgement_waited_for() -> None:
    receiver = Receiver()
    receive(receiver, 1.0, 0, 64)
    receiver.acknowledgement()
    receive(receiver, 2.0, 128, 192)  # above a hole: does not change the echo
    assert receiver.echo == 1.0
    receive(receiver, 3.0, 64, 128)
    assert receiver.echo == 3.0
