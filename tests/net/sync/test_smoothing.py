"""Smoothing of corrections: the drawn position never jumps, and reaches the new one."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.sync.smoothing import HALF_LIFE_S, CorrectionSmoother


def test_an_offset_starts_at_the_drawn_position_and_halves():
    offset = CorrectionSmoother(snap_distance=100.0)
    offset.add(10.0, 8.0, -4.0)
    assert offset.offset_at(10.0) == (8.0, -4.0)
    assert offset.offset_at(10.0 + HALF_LIFE_S) == pytest.approx((4.0, -2.0))
    assert offset.offset_at(11.0) == pytest.approx((0.0, 0.0), abs=1e-5)


def test_an_offset_is_not_larger_before_its_correction():
    offset = CorrectionSmoother(snap_distance=100.0)
    offset.add(500.0, 3.0, -4.0)
    # A frame that a busy computer draws late, and one of a program that was stopped for minutes.
    for now in (499.9, 100.0):
        assert offset.offset_at(now) == pytest.approx((3.0, -4.0))


def test_an_offset_beyond_the_snap_distance_is_dropped():
    offset = CorrectionSmoother(snap_distance=100.0)
    offset.add(1.0, 60.0, 0.0)
    offset.add(1.0, 60.0, 0.0)
    assert offset.offset_at(1.0) == (0.0, 0.0)


@given(
    corrections=st.lists(
        st.tuples(st.floats(0, 0.1), st.floats(-9, 9), st.floats(-9, 9)), max_size=30
    )
)
def test_the_drawn_position_never_jumps(corrections):
    """A correction does not move the drawn position: the new position plus the offset."""
    offset, x, y, now = CorrectionSmoother(snap_distance=1e9), 0.0, 0.0, 0.0
    for elapsed_s, dx, dy in corrections:
        now += elapsed_s
        before = (x + offset.offset_at(now)[0], y + offset.offset_at(now)[1])
        x, y = x - dx, y - dy
        offset.add(now, dx, dy)
        after = (x + offset.offset_at(now)[0], y + offset.offset_at(now)[1])
        assert after == pytest.approx(before, abs=1e-6)
        assert hypot(*offset.offset_at(now + 1.0)) <= hypot(*offset.offset_at(now)) * 1e-5 + 1e-9
