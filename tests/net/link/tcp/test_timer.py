"""Tests of kernel timers: they fire on a tick, never early, and late by at most one slot."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.tcp.timer import TICK_S, RetransmissionTimer, TimerType, expiry


@given(st.floats(0, 1e6), st.floats(0, 0.252))
def test_short_timers_are_late_by_less_than_two_ticks(now: float, delay_s: float) -> None:
    late_s = expiry(now, delay_s) - now - delay_s
    assert -1e-6 <= late_s <= 2 * TICK_S + 1e-6


@given(st.floats(0, 1e6), st.floats(0.253, 2.0))
def test_longer_timers_are_late_by_up_to_eight_ticks_more(now: float, delay_s: float) -> None:
    late_s = expiry(now, delay_s) - now - delay_s
    assert -1e-6 <= late_s <= 10 * TICK_S + 1e-6


def test_expiry() -> None:
    expected = {
        (0.0, 0.040): 0.044,
        (0.0039, 0.040): 0.044,
        (0.004, 0.040): 0.048,
        (0.0, 0.252): 0.256,
        (0.0, 0.253): 0.288,  # slots of 32 ms from here
        (1.0, 0.3): 1.312,
        (0.0, 2.1): 2.304,  # slots of 256 ms
    }
    found = {timer: expiry(*timer) for timer in expected}
    assert found == pytest.approx(expected)


def test_timer_holds_one_cause_at_a_time() -> None:
    timer = RetransmissionTimer()
    assert (timer.cause, timer.at) == (TimerType.NOTHING, inf)
    timer.arm(TimerType.TIMEOUT, 0.0, 0.22)
    timer.arm(TimerType.PROBE, 0.0, 0.1)
    assert (timer.cause, timer.at) == (TimerType.PROBE, pytest.approx(0.104))
    timer.disarm()
    assert (timer.cause, timer.at) == (TimerType.NOTHING, inf)
