"""Tests of the viewport: the whole pitch is visible in any rectangle, undistorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.match.pitch import MEDIUM_PITCH, PITCHES, Pitch
from game.view.pitch.viewport import Viewport


@given(
    st.sampled_from(list(PITCHES.values())),
    st.tuples(st.integers(-500, 500), st.integers(-500, 500)),
    st.tuples(st.integers(50, 4000), st.integers(50, 4000)),
)
def test_every_corner_of_the_run_off_is_inside_the_rectangle(
    pitch: Pitch, left_top: tuple[int, int], size: tuple[int, int]
) -> None:
    (left, top), (width, height) = left_top, size
    view = Viewport.fit(pitch, left, top, width, height)
    for x in (-pitch.outer_half_width, pitch.outer_half_width):
        for y in (-pitch.outer_half_height, pitch.outer_half_height):
            pixel_x, pixel_y = view.point(x, y)
            assert left <= pixel_x <= left + width
            assert top <= pixel_y <= top + height


def test_the_centre_spot_is_in_the_middle() -> None:
    assert Viewport.fit(MEDIUM_PITCH, 100, 50, 600, 400).point(0.0, 0.0) == (400.0, 250.0)


def test_both_axes_have_one_scale() -> None:
    view = Viewport.fit(MEDIUM_PITCH, 0, 0, 1000, 300)
    x, y = view.point(10.0, 10.0)
    centre_x, centre_y = view.point(0.0, 0.0)
    assert x - centre_x == pytest.approx(y - centre_y)


def test_neighbouring_rectangles_leave_no_gap() -> None:
    view = Viewport.fit(MEDIUM_PITCH, 0, 0, 777, 433)
    left, _, width, _ = view.corners(-40.0, 0.0, 13.7, 10.0)
    assert view.corners(13.7, 0.0, 60.0, 10.0)[0] == left + width
