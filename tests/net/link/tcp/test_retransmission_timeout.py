"""Tests of the round-trip estimate and the timeout: RTT + 200 ms when it is steady."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.tcp.retransmission_timeout import RTO_MAX_S, RTO_MIN_S, RttEstimator


def after(*rtts_s: float) -> RttEstimator:
    """Return an estimator that took one sample a round trip."""
    rtt = RttEstimator()
    for number, rtt_s in enumerate(rtts_s):
        rtt.sample(rtt_s, una=number * 100 + 1, next_seq=(number + 1) * 100)
    return rtt


def test_timeout_is_a_second_before_any_sample() -> None:
    assert RttEstimator().rto_s == 1.0


def test_first_sample_gives_three_round_trips_or_rtt_and_200_ms() -> None:
    assert after(0.05).rto_s == pytest.approx(0.25)
    assert after(0.3).rto_s == pytest.approx(0.9)


def test_steady_round_trip_gives_rtt_and_200_ms() -> None:
    rtts_s = (0.001, 0.02, 0.05, 0.2, 0.6)
    estimates = {rtt_s: after(*[rtt_s] * 60) for rtt_s in rtts_s}
    smoothed_s = {rtt_s: rtt.smoothed_s for rtt_s, rtt in estimates.items()}
    rtos_s = {rtt_s: rtt.rto_s for rtt_s, rtt in estimates.items()}
    assert smoothed_s == pytest.approx({rtt_s: rtt_s for rtt_s in rtts_s})
    assert rtos_s == pytest.approx({rtt_s: rtt_s + RTO_MIN_S for rtt_s in rtts_s}, rel=0.01)


def test_smoothing_takes_an_eighth_of_the_difference() -> None:
    assert after(0.08, 0.16).smoothed_s == pytest.approx(0.09)


def test_deviation_rises_faster_than_it_follows_a_falling_round_trip() -> None:
    risen, fallen = after(*[0.1] * 40, 0.4), after(*[0.1] * 40, 0.001)
    assert risen.deviation_s > 0.25
    assert fallen.deviation_s < 0.02


def test_variance_falls_by_a_quarter_of_the_difference_a_round_trip() -> None:
    rtt = after(*[0.1] * 40, 1.0)
    high_s = rtt.variance_s
    for number in range(41, 47):
        rtt.sample(0.19, una=number * 100 + 1, next_seq=(number + 1) * 100)
        assert rtt.variance_s <= high_s
    assert rtt.variance_s < high_s
    assert rtt.variance_s >= RTO_MIN_S


@given(st.lists(st.floats(0.0001, 5.0), min_size=1, max_size=50))
def test_timeout_is_never_under_the_smoothed_round_trip_and_200_ms(rtts_s: list[float]) -> None:
    rtt = after(*rtts_s)
    assert rtt.rto_s >= min(rtt.smoothed_s + RTO_MIN_S, RTO_MAX_S) - 1e-9


def test_backing_off_doubles_up_to_two_minutes_until_a_sample_comes() -> None:
    rtt = after(*[0.05] * 60)
    first_s = rtt.rto_s
    rtt.back_off()
    assert rtt.rto_s == pytest.approx(2 * first_s)
    for _ in range(20):
        rtt.back_off()
    assert rtt.rto_s == RTO_MAX_S
    rtt.sample(0.05, una=0, next_seq=0)
    assert rtt.rto_s == pytest.approx(first_s)
