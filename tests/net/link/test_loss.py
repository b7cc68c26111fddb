"""Tests of draws and losses: what they depend on, how often and how long losses are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.loss import GilbertElliott, PacketDrawStream, loss_probabilities


def losses(loss_ratio: float, burst: float, packets: int = 200_000, seed: int = 7) -> list[bool]:
    process, draws = GilbertElliott(loss_ratio, burst), PacketDrawStream(seed, "up")
    return [process.is_lost(draws.draw()[0]) for _ in range(packets)]


def mean_burst(lost: list[bool]) -> float:
    bursts = sum(now and not before for before, now in zip([False, *lost], lost, strict=False))
    return sum(lost) / bursts


def test_packet_number_n_has_the_same_draws_in_each_stream_of_a_seed() -> None:
    first, second = PacketDrawStream(7, "up"), PacketDrawStream(7, "up")
    assert [first.draw() for _ in range(50)] == [second.draw() for _ in range(50)]


def test_another_seed_or_direction_has_other_draws() -> None:
    first = [PacketDrawStream(*stream).draw() for stream in ((7, "up"), (8, "up"), (7, "down"))]
    assert len(set(first)) == 3


def test_draws_of_a_seed_are_the_same_on_every_system() -> None:
    # With another value, each seed that a user has written down would give other losses.
    assert PacketDrawStream(7, "up").draw()[0] == 0.9712412452371751


@pytest.mark.parametrize("loss_ratio", [0.01, 0.05, 0.2, 0.6])
def test_independent_losses_come_as_often_as_told(loss_ratio: float) -> None:
    lost = losses(loss_ratio, burst=1.0)
    assert sum(lost) / len(lost) == pytest.approx(loss_ratio, rel=0.05)
    assert mean_burst(lost) == pytest.approx(1 / (1 - loss_ratio), rel=0.03)


@pytest.mark.parametrize("loss_ratio", [0.02, 0.05, 0.3])
@pytest.mark.parametrize("burst", [2.0, 5.0, 20.0])
def test_bursts_are_as_long_as_told_and_losses_as_many(loss_ratio: float, burst: float) -> None:
    lost = losses(loss_ratio, burst)
    bursts = len(lost) * loss_ratio / burst
    # Some standard deviations of a mean over so many bursts.
    tolerance = 4 / bursts**0.5
    assert sum(lost) / len(lost) == pytest.approx(loss_ratio, rel=tolerance)
    assert mean_burst(lost) == pytest.approx(burst, rel=tolerance)


@given(st.floats(0, 1), st.floats(1, 100))
def test_probabilities_are_valid_and_give_the_ratio(loss_ratio: float, burst: float) -> None:
    probabilities = loss_probabilities(loss_ratio, burst)
    assert 0 <= probabilities.after_arrival <= 1
    assert 0 <= probabilities.after_loss <= 1
    enter, leave = probabilities.after_arrival, 1 - probabilities.after_loss
    if enter + leave:
        assert math.isclose(enter / (enter + leave), loss_ratio, abs_tol=1e-9)


def test_nothing_is_lost_at_0_and_all_at_1() -> None:
    assert not any(losses(0.0, 5.0, packets=1000))
    assert all(losses(1.0, 5.0, packets=1000))


def test_new_probabilities_hold_from_the_next_packet() -> None:
    process = GilbertElliott(0.0)
    assert not process.is_lost(0.0)
    process.set_loss(1.0)
    assert process.is_lost(0.999)
