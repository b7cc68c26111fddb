"""Tactics, each in one small world."""

from itertools import pairwise

import pytest

from game.match import tactics
from game.match.physics import step
from game.match.pitch import MEDIUM_PITCH
from game.match.tactics import SeenDisc
from game.match.world import BALL_RADIUS, Ball, PlayerBody, Team, World

GOAL_X = MEDIUM_PITCH.half_width


def make_world(orange=(), sky=(), ball=(0.0, 0.0), swapped=False, kickoff_team=None):
    """Return a world; players are (x, y) or (x, y, vx, vy), ids count orange first."""
    positions = [(Team.ORANGE, p) for p in orange] + [(Team.SKY, p) for p in sky]
    players = {i: PlayerBody(i, team, *position) for i, (team, position) in enumerate(positions)}
    return World(players=players, ball=Ball(*ball), swapped=swapped, kickoff_team=kickoff_team)


def perception_of(world, player_id=0):
    return tactics.perceive(world, world.players[player_id])


def test_both_teams_perceive_themselves_attacking_to_the_right_in_both_halves():
    world = make_world([(-100.0, 20.0, 30.0, 40.0)], [(200.0, 50.0)], (10.0, 5.0, 60.0, 7.0))
    for swapped, sign in ((False, 1.0), (True, -1.0)):
        world.swapped = swapped
        perception = perception_of(world)
        assert perception.me == SeenDisc(0, -100.0 * sign, 20.0, 30.0 * sign, 40.0)
        assert perception.opponents == (SeenDisc(1, 200.0 * sign, 50.0, 0.0, 0.0),)
        assert perception.ball == SeenDisc(-1, 10.0 * sign, 5.0, 60.0 * sign, 7.0)
        assert perception_of(world, 1).me.x == -200.0 * sign


def test_in_a_crowd_distances_are_computed_for_contenders_only():
    crowd = [(-20.0 * i, 0.0) for i in range(1, 15)]
    perception = perception_of(make_world(crowd, ball=(0.0, 0.0)), 13)
    assert sorted(perception.own_distances) == [0, 1, 2, 3, 4, 5]


def test_a_ball_at_rest_is_met_where_it_lies():
    assert tactics.meeting_point(MEDIUM_PITCH, -100.0, 0.0, Ball(50.0, 60.0)) == (50.0, 60.0)


def test_a_rolling_ball_is_met_about_where_it_really_will_be():
    x, y = tactics.meeting_point(MEDIUM_PITCH, 0.0, 0.0, Ball(200.0, -100.0, -150.0, 60.0))
    world = make_world(ball=(200.0, -100.0, -150.0, 60.0))
    nearest = 1e9
    for _ in range(75):
        step(world, {})
        nearest = min(nearest, abs(world.ball.x - x) + abs(world.ball.y - y))
    assert nearest < 3.0


def test_a_meeting_point_is_on_the_pitch():
    x, y = tactics.meeting_point(MEDIUM_PITCH, -500.0, 0.0, Ball(400.0, 260.0, 700.0, 700.0))
    assert abs(x) <= MEDIUM_PITCH.half_width - BALL_RADIUS
    assert abs(y) <= MEDIUM_PITCH.half_height - BALL_RADIUS


def test_a_team_of_two_has_no_keeper_and_of_three_it_is_the_rearmost():
    assert tactics.keeper(perception_of(make_world([(-500.0, 0.0), (0.0, 0.0)])), True) is None
    world = make_world([(0.0, 0.0), (-500.0, 0.0), (-100.0, 0.0)])
    assert tactics.keeper(perception_of(world), True) == 1


def test_the_nearest_chases_the_ball_and_all_teammates_agree():
    world = make_world(
        [(-300.0, 0.0, 50.0, 0.0), (-90.0, 0.0, 50.0, 0.0), (-200.0, 9.0, 50.0, 0.0)]
    )
    assert [tactics.chaser(perception_of(world, i), None, 0.0, False) for i in range(3)] == [
        1,
        1,
        1,
    ]


def test_a_player_in_front_of_the_ball_counts_as_further_away():
    world = make_world([(60.0, 0.0, 50.0, 0.0), (-80.0, 0.0, 50.0, 0.0)])
    assert tactics.chaser(perception_of(world), None, 0.0, False) == 1


def test_an_idle_teammate_is_not_waited_for():
    world = make_world([(-300.0, 0.0), (-150.0, 0.0)])
    assert tactics.chaser(perception_of(world, 0), None, 0.0, False) == 0
    assert tactics.chaser(perception_of(world, 0), None, 0.0, True) == 1


def test_an_idle_teammate_beside_the_goal_is_no_keeper():
    world = make_world([(0.0, 0.0), (-300.0, 0.0), (-540.0, -150.0)], ball=(0.0, 200.0))
    assert tactics.keeper(perception_of(world, 1), True) == 2
    assert tactics.keeper(perception_of(world, 1), False) == 1
    world.players[2].vy = 90.0
    assert tactics.keeper(perception_of(world, 1), False) == 2


def test_the_keeper_does_not_chase_the_ball():
    world = make_world([(-100.0, 0.0, 50.0, 0.0), (-50.0, 0.0, 50.0, 0.0)])
    assert tactics.chaser(perception_of(world, 0), 1, 0.0, False) == 0


@pytest.mark.parametrize(
    ("opponent", "is_open"),
    [((100.0, 0.0), False), ((100.0, 20.0), False), ((100.0, 90.0), True), ((-60.0, 0.0), True)],
)
def test_an_opponent_in_or_near_the_line_of_a_kick_blocks_it(opponent, is_open):
    opponents = [SeenDisc(1, *opponent, 0.0, 0.0)]
    assert (tactics.openness(0.0, 0.0, 200.0, 0.0, opponents) > 0.0) == is_open


def test_a_shot_aims_away_from_the_keeper():
    for side in (-1.0, 1.0):
        world = make_world([(350.0, 0.0)], [(GOAL_X - 30.0, side * 35.0)], (400.0, 0.0))
        _, (x, y) = tactics.best_shot(perception_of(world), 400.0, 0.0)
        assert x > GOAL_X
        assert y * side < 0.0
        assert abs(y) < MEDIUM_PITCH.goal_half_height - BALL_RADIUS


def test_a_pass_aims_ahead_of_the_open_teammate():
    world = make_world(
        [(0.0, 0.0), (200.0, 150.0, 100.0, 0.0), (200.0, -150.0)], [(100.0, -75.0)], (10.0, 0.0)
    )
    _, aim = tactics.best_pass(perception_of(world), 10.0, 0.0)
    assert aim == (245.0, 150.0)


def test_without_an_open_teammate_there_is_no_pass():
    world = make_world([(0.0, 0.0), (200.0, 0.0)], [(100.0, 0.0)])
    assert tactics.best_pass(perception_of(world), 0.0, 0.0) is None
    assert tactics.best_pass(perception_of(make_world([(0.0, 0.0)])), 0.0, 0.0) is None


def test_a_clearance_goes_forward_to_the_open_side():
    world = make_world([(-500.0, 0.0)], [(-350.0, -150.0), (-300.0, -100.0)], (-480.0, 0.0))
    x, y = tactics.clearance(perception_of(world), -480.0, 0.0)
    assert x > -480.0
    assert y > 0.0


def test_a_dribble_goes_forward_and_around_opponents():
    free = tactics.dribble_aim(perception_of(make_world([(0.0, 0.0)])), 0.0, 0.0)
    assert free == (90.0, 0.0)
    world = make_world([(0.0, 0.0)], [(60.0, 0.0)])
    x, y = tactics.dribble_aim(perception_of(world), 0.0, 0.0)
    assert x > 0.0
    assert abs(y) >= 40.0


@pytest.mark.parametrize("ball", [(0.0, 0.0), (-300.0, 200.0), (-540.0, 150.0), (500.0, -200.0)])
def test_the_keeper_stands_between_ball_and_goal(ball):
    x, y = tactics.keeper_spot(perception_of(make_world([(-500.0, 0.0)], ball=ball)))
    assert -GOAL_X < x < -GOAL_X + 60.0
    assert abs(y) < MEDIUM_PITCH.goal_half_height
    assert y * ball[1] >= 0.0


def test_the_keeper_goes_where_a_shot_will_cross():
    world = make_world([(-500.0, 0.0)], ball=(-300.0, 0.0, -400.0, 80.0))
    _, y = tactics.keeper_spot(perception_of(world))
    assert y == pytest.approx(47.8, abs=1.0)


def test_the_keeper_comes_out_only_for_a_near_ball_that_it_reaches_first():
    def comes_out(ball, opponent):
        return tactics.should_come_out(perception_of(make_world([(-530.0, 0.0)], [opponent], ball)))

    assert comes_out((-450.0, 0.0), (-200.0, 0.0))
    assert not comes_out((-450.0, 0.0), (-420.0, 0.0))
    assert not comes_out((-200.0, 0.0), (400.0, 0.0))


@pytest.mark.parametrize("has_possession", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3, 8, 18])
def test_supporters_spread_over_the_pitch(count, has_possession):
    world = make_world([(-100.0 - 5.0 * i, 0.0) for i in range(count)], ball=(50.0, 30.0))
    spots = []
    for player_id in range(count):
        perception = perception_of(world, player_id)
        spots.append(tactics.support_spot(perception, perception.teammates, has_possession))
    assert all(abs(x) < GOAL_X and abs(y) < MEDIUM_PITCH.half_height for x, y in spots)
    assert all(tactics.distance(x, y, 50.0, 30.0) > 50.0 for x, y in spots)
    ordered = sorted(spots)
    assert all(tactics.distance(*a, *b) > 15.0 for a, b in pairwise(ordered))


def test_without_the_ball_the_last_supporter_covers_the_goal():
    world = make_world([(-300.0, 50.0), (0.0, 0.0)], ball=(-200.0, 200.0))
    perception = perception_of(world)
    x, y = tactics.support_spot(perception, perception.teammates, False)
    assert -GOAL_X < x < -200.0
    assert 0.0 < y < 200.0


def test_supporters_keep_to_their_half_at_a_kick_off():
    world = make_world([(-100.0, 0.0), (-200.0, 0.0)], kickoff_team=Team.SKY)
    for player_id in range(2):
        perception = perception_of(world, player_id)
        assert tactics.support_spot(perception, perception.teammates, True)[0] < 0.0
