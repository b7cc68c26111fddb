"""Dimensions of the pitch, and what the physics assumes about them."""

from math import sqrt

from game.match.physics import MAX_SPEED, PLAYER_TOP_SPEED, TICK_HZ
from game.match.pitch import PITCH
from game.match.world import BALL_RADIUS, PLAYER_RADIUS


def test_everything_fits_in_1200_by_640_units():
    assert PITCH.outer_half_width == 600.0
    assert PITCH.outer_half_height == 320.0


def test_a_post_covers_the_corner_of_ball_and_goal_line():
    # Else the ball could slip between the end of the wall and the post.
    assert PITCH.post_radius + BALL_RADIUS > sqrt(2.0) * BALL_RADIUS


def test_the_fastest_ball_moves_less_per_tick_than_the_reach_of_any_obstacle():
    farthest = MAX_SPEED / TICK_HZ
    assert farthest < PITCH.post_radius + BALL_RADIUS
    assert farthest + PLAYER_TOP_SPEED / TICK_HZ < PLAYER_RADIUS + BALL_RADIUS


def test_a_player_fits_between_a_wall_and_a_ball_that_rests_against_it():
    assert PITCH.run_off >= 2.0 * PLAYER_RADIUS


def test_a_player_fits_through_the_goal_mouth_and_the_ball_into_the_net():
    assert PITCH.goal_half_height > PITCH.post_radius + 2.0 * PLAYER_RADIUS
    assert PITCH.goal_depth > 3.0 * BALL_RADIUS
