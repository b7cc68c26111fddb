"""Tests of the fit of a peer's clock to a whole recording."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.lab.record.clock_fit import Passage, fit_clock

DELAY_S = 0.025


def passages(offset_s, drift_ratio, seconds=60, rate_hz=50, jitter_s=0.004):
    """Return probes both ways over a symmetric path to a clock with an offset and a drift."""
    rng = Random(7)

    def theirs(ours):
        return ours + offset_s + drift_ratio * ours

    times = [n / rate_hz for n in range(seconds * rate_hz)]
    delays = [DELAY_S + rng.random() * jitter_s for _ in times]
    up = [Passage(at, theirs(at + delay)) for at, delay in zip(times, delays, strict=True)]
    down = [Passage(theirs(at), at + delay) for at, delay in zip(times, delays, strict=True)]
    return up, down, theirs


@given(st.floats(-1e5, 1e5), st.floats(-200e-6, 200e-6))
def test_offset_and_drift_are_found(offset_s, drift_ratio):
    up, down, theirs = passages(offset_s, drift_ratio, rate_hz=20)
    fit = fit_clock(up, down)
    for at in (0.0, 30.0, 60.0):
        assert fit.ours(theirs(at)) == pytest.approx(at, abs=0.0005)
    assert fit.error_s < 0.0005
    assert fit.least_rtt_s == pytest.approx(2 * DELAY_S, abs=0.001)


def test_a_time_with_a_queue_in_one_direction_does_not_move_the_clock():
    up, down, theirs = passages(5.0, 20e-6)
    up = [p if p.sent_at < 40.0 else p._replace(received_at=p.received_at + 0.1) for p in up]
    fit = fit_clock(up, down)
    assert fit.ours(theirs(60.0)) == pytest.approx(60.0, abs=0.0005)


def test_a_short_recording_has_no_drift():
    up, down, _ = passages(1.0, 100e-6, seconds=5)
    assert fit_clock(up, down).drift_ratio == 0.0


def test_a_direction_without_probes_is_an_error():
    up, _, _ = passages(1.0, 0.0, seconds=2)
    with pytest.raises(ValueError, match="each direction"):
        fit_clock(up, [])
