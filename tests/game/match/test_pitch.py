"""Dimensions of the pitches, and what the physics and the wire format assume about them."""

from math import sqrt

import pytest

from game.match.physics import MAX_SPEED, PLAYER_TOP_SPEED, TICK_HZ
from game.match.pitch import MEDIUM_PITCH, PITCHES, PitchSize
from game.match.world import BALL_RADIUS, PLAYER_RADIUS
from game.protocol.messages import QUANTUM
from tests.game.match.pitches import each_pitch


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [(PitchSize.SMALL, 920, 500), (PitchSize.MEDIUM, 1200, 640), (PitchSize.LARGE, 1480, 780)],
)
def test_the_size_of_each_pitch_with_its_run_off(size, width, height):
    pitch = PITCHES[size]
    assert pitch.size is size
    assert 2.0 * pitch.outer_half_width == width
    assert 2.0 * pitch.outer_half_height == height


@each_pitch
def test_all_pitches_have_the_same_proportions(pitch):
    for length in ("half_width", "half_height", "goal_half_height", "centre_circle_radius"):
        assert getattr(pitch, length) == getattr(MEDIUM_PITCH, length) * pitch.scale


@each_pitch
def test_every_position_is_exact_in_sixteen_bits_of_the_wire_format(pitch):
    assert pitch.outer_half_width / QUANTUM < 1 << 15
    for length in (pitch.half_width, pitch.half_height, pitch.goal_half_height, pitch.run_off):
        assert (length / QUANTUM).is_integer()


@each_pitch
def test_a_post_covers_the_corner_of_ball_and_goal_line(pitch):
    # Else the ball could slip between the end of the wall and the post.
    assert pitch.post_radius + BALL_RADIUS > sqrt(2.0) * BALL_RADIUS


@each_pitch
def test_the_fastest_ball_moves_less_per_tick_than_the_reach_of_any_obstacle(pitch):
    farthest = MAX_SPEED / TICK_HZ
    assert farthest < pitch.post_radius + BALL_RADIUS
    assert farthest + PLAYER_TOP_SPEED / TICK_HZ < PLAYER_RADIUS + BALL_RADIUS


@each_pitch
def test_a_player_fits_between_the_outer_wall_and_a_post(pitch):
    # Else the post would push the player through the wall.
    assert pitch.run_off >= 2.0 * PLAYER_RADIUS + pitch.post_radius


@each_pitch
def test_a_player_fits_through_the_goal_mouth_and_the_ball_into_the_net(pitch):
    assert pitch.goal_half_height > pitch.post_radius + 2.0 * PLAYER_RADIUS
    assert pitch.goal_depth > 3.0 * BALL_RADIUS
