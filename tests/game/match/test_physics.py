"""Physics: properties of every world, and the motion that the constants imply."""

from math import cos, hypot, isfinite, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.match.controls import NEUTRAL, Controls
from game.match.physics import (
    FOOT_RESTITUTION,
    KICK_MEMORY_TICKS,
    KICK_REACH,
    KICK_SPEED,
    MAX_SPEED,
    PLAYER_TOP_SPEED,
    TICK_HZ,
    BounceContact,
    KickContact,
    Touch,
    step,
)
from game.match.pitch import MEDIUM_PITCH, PITCHES
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Ball, PlayerBody, Team, World
from tests.examples import scaled

RIGHT = Controls(127, 0, False)
KICK = Controls(0, 0, True)
GOAL_LINE = MEDIUM_PITCH.half_width - BALL_RADIUS
CONTACT = PLAYER_RADIUS + BALL_RADIUS
EPSILON = 1e-6

angles = st.floats(0.0, 2.0 * pi)
controls = st.builds(Controls, st.integers(-127, 127), st.integers(-127, 127), st.booleans())
pitches = st.sampled_from(list(PITCHES.values()))


@st.composite
def velocities(draw, most=MAX_SPEED):
    speed, angle = draw(st.floats(0.0, most)), draw(angles)
    return speed * cos(angle), speed * sin(angle)


def field_positions(pitch):
    """Positions between the lines as (x, y)."""
    width, height = pitch.half_width - BALL_RADIUS, pitch.half_height - BALL_RADIUS
    return st.tuples(st.floats(-width, width), st.floats(-height, height))


@st.composite
def balls(draw, pitch):
    """A ball anywhere, half of the time in front of a goal, where most cases are."""
    x, y = draw(field_positions(pitch))
    if draw(st.booleans()):
        x = (pitch.half_width - 40.0 * abs(x) / pitch.half_width) * (1 if x > 0.0 else -1)
        y *= 0.5
    near_a_post = pitch.post_radius + BALL_RADIUS + 1.0
    if hypot(abs(x) - pitch.half_width, abs(y) - pitch.goal_half_height) < near_a_post:
        x *= 0.9
    goal_line = pitch.half_width - BALL_RADIUS
    x = max(-goal_line, min(goal_line, x))
    return Ball(x, y, *draw(velocities()))


@st.composite
def worlds(draw, most_players=40):
    pitch = draw(pitches)
    positions = field_positions(pitch)
    players = {
        player_id: PlayerBody(
            player_id, Team(player_id % 2), *draw(positions), *draw(velocities(400.0))
        )
        for player_id in range(draw(st.integers(0, most_players)))
    }
    ball, swapped = draw(balls(pitch)), draw(st.booleans())
    return World(ball=ball, players=players, swapped=swapped, pitch=pitch)


def lone_player(x=0.0, y=0.0, ball=None, **fields):
    far_ball = Ball(-400.0, 200.0)
    body = PlayerBody(0, Team.ORANGE, x, y, **fields)
    return World(players={0: body}, ball=far_ball if ball is None else ball), body


def run(world, ticks, held=NEUTRAL):
    contacts = []
    for _ in range(ticks):
        contacts += step(world, dict.fromkeys(world.players, held))
    return contacts


def energy(world):
    """Twice the kinetic energy, with a player of three times the mass of the ball."""
    bodies = world.players.values()
    moving = sum(3.0 * (body.vx * body.vx + body.vy * body.vy) for body in bodies)
    return moving + world.ball.vx * world.ball.vx + world.ball.vy * world.ball.vy


def assert_all_inside(world):
    pitch = world.pitch
    for body in world.players.values():
        assert all(map(isfinite, (body.x, body.y, body.vx, body.vy)))
        assert abs(body.x) <= pitch.outer_half_width - PLAYER_RADIUS + EPSILON
        assert abs(body.y) <= pitch.outer_half_height - PLAYER_RADIUS + EPSILON
        assert_clear_of_posts(pitch, body, PLAYER_RADIUS)
    ball = world.ball
    assert all(map(isfinite, (ball.x, ball.y, ball.vx, ball.vy)))
    assert hypot(ball.vx, ball.vy) <= MAX_SPEED + EPSILON
    assert abs(ball.y) <= pitch.half_height - BALL_RADIUS + EPSILON
    if abs(ball.x) > pitch.half_width - BALL_RADIUS:
        assert abs(ball.y) <= pitch.goal_half_height - BALL_RADIUS + EPSILON
        assert abs(ball.x) <= pitch.half_width + pitch.goal_depth - BALL_RADIUS + EPSILON
    assert_clear_of_posts(pitch, ball, BALL_RADIUS)


def assert_clear_of_posts(pitch, disc, radius):
    gap = hypot(abs(disc.x) - pitch.half_width, abs(disc.y) - pitch.goal_half_height)
    assert gap >= radius + pitch.post_radius - EPSILON


# Properties: these hold whatever the players do.


@settings(max_examples=scaled(200))
@given(worlds(), st.lists(st.lists(controls, min_size=4, max_size=4), min_size=1, max_size=6))
def test_nothing_leaves_the_pitch_or_becomes_nan(world, script):
    for held in script:
        for _ in range(12):
            step(world, {player_id: held[player_id % 4] for player_id in world.players})
            assert_all_inside(world)


@settings(max_examples=scaled(40))
@given(st.integers(2, 40), st.floats(-300.0, 300.0), st.floats(-200.0, 200.0))
def test_a_pile_of_players_on_one_spot_comes_apart(count, x, y):
    players = {i: PlayerBody(i, Team(i % 2), x, y) for i in range(count)}
    world = World(players=players, ball=Ball(x, y))
    for _ in range(240):
        step(world, {})
        assert_all_inside(world)
    bodies = list(players.values())
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[:i]]
    assert min(hypot(a.x - b.x, a.y - b.y) for a, b in pairs) > 0.9 * 2.0 * PLAYER_RADIUS


@settings(max_examples=scaled(200))
@given(worlds(most_players=12))
def test_energy_never_grows_while_nobody_pushes_or_kicks(world):
    before = energy(world)
    for _ in range(40):
        step(world, {})
        after = energy(world)
        assert after <= before * (1.0 + 1e-12)
        before = after


@settings(max_examples=scaled(200))
@given(st.lists(controls, min_size=1, max_size=20), velocities(PLAYER_TOP_SPEED))
def test_no_input_makes_a_player_faster_than_the_top_speed(script, velocity):
    world, body = lone_player(vx=velocity[0], vy=velocity[1])
    for held in script:
        for _ in range(5):
            step(world, {0: held})
            assert hypot(body.vx, body.vy) <= PLAYER_TOP_SPEED + EPSILON


@settings(max_examples=scaled(600))
@given(pitches.flatmap(lambda pitch: st.builds(World, ball=balls(pitch), pitch=st.just(pitch))))
def test_the_ball_enters_a_net_only_between_the_posts_and_never_leaves_through_it(world):
    ball, pitch = world.ball, world.pitch
    for _ in range(60):
        was_in_net, y = abs(ball.x) > pitch.half_width, ball.y
        step(world, {})
        assert_all_inside(world)
        if was_in_net != (abs(ball.x) > pitch.half_width):
            assert max(abs(y), abs(ball.y)) < pitch.goal_half_height


@settings(max_examples=scaled(600))
@given(angles, st.floats(CONTACT, 60.0), angles, st.floats(0.0, MAX_SPEED), velocities(205.0))
def test_the_ball_never_passes_through_a_player(bearing, gap, heading, speed, player_velocity):
    ball = Ball(gap * cos(bearing), gap * sin(bearing), speed * cos(heading), speed * sin(heading))
    world, body = lone_player(ball=ball, vx=player_velocity[0], vy=player_velocity[1])
    for _ in range(20):
        dx, dy = ball.x - body.x, ball.y - body.y
        step(world, {})
        # Never on the far side of the player one tick later.
        assert dx * (ball.x - body.x) + dy * (ball.y - body.y) > 0.0
        assert hypot(ball.x - body.x, ball.y - body.y) >= CONTACT - EPSILON


@settings(max_examples=scaled(100))
@given(worlds(most_players=16), st.lists(controls, min_size=16, max_size=16))
def test_a_copied_world_steps_to_the_same_last_bit(world, held):
    copy = world.copy()
    inputs = dict(enumerate(held))
    for _ in range(20):
        assert step(world, inputs) == step(copy, inputs)
    assert repr((world.ball.x, world.ball.y)) == repr((copy.ball.x, copy.ball.y))
    for player_id, body in world.players.items():
        twin = copy.players[player_id]
        assert (body.x, body.y, body.vx, body.vy) == (twin.x, twin.y, twin.vx, twin.vy)


@settings(max_examples=scaled(200))
@given(worlds(most_players=10), st.lists(controls, min_size=10, max_size=10), st.sampled_from(Team))
def test_the_kick_off_barrier_holds_until_the_ball_is_touched(world, held, taking):
    world.ball, world.kickoff_team = Ball(), taking
    for body in world.players.values():
        least = world.pitch.centre_circle_radius + 2.0 * PLAYER_RADIUS
        body.x = -world.attack_sign(body.team) * max(least, abs(body.x))
    for _ in range(60):
        contacts = step(world, dict(enumerate(held)))
        if world.kickoff_team is None:
            assert world.players[contacts[0].player_id].team is taking
            return
        for body in world.players.values():
            assert body.x * world.attack_sign(body.team) <= -PLAYER_RADIUS + EPSILON
            if body.team is not taking:
                least = world.pitch.centre_circle_radius + PLAYER_RADIUS
                assert hypot(body.x, body.y) >= least - EPSILON


# Motion.


def test_a_player_reaches_90_percent_of_top_speed_in_0_4_s():
    world, body = lone_player(-300.0)
    run(world, round(0.4 * TICK_HZ), RIGHT)
    assert body.vx >= 0.89 * PLAYER_TOP_SPEED
    run(world, TICK_HZ, RIGHT)
    assert body.vx == pytest.approx(PLAYER_TOP_SPEED, rel=0.01)


def test_a_diagonal_is_no_faster():
    world, body = lone_player(-300.0, -200.0)
    run(world, TICK_HZ, Controls(127, 127, False))
    assert hypot(body.vx, body.vy) == pytest.approx(PLAYER_TOP_SPEED, rel=0.01)
    assert body.vx == body.vy


def test_half_a_stick_is_half_the_speed():
    world, body = lone_player(-300.0)
    run(world, TICK_HZ, Controls(64, 0, False))
    assert body.vx == pytest.approx(PLAYER_TOP_SPEED * 64 / 127, rel=0.01)


def test_a_player_without_input_glides_to_a_halt():
    world, body = lone_player(vx=PLAYER_TOP_SPEED)
    run(world, TICK_HZ)
    assert 25.0 < body.x < 45.0
    assert body.vx < 1.0


def test_a_full_kick_rolls_about_half_the_pitch():
    world, _ = lone_player(-500.0, ball=Ball(-500.0 + CONTACT + 1.0, 0.0))
    run(world, 1, KICK)
    start = world.ball.x
    assert world.ball.vx == pytest.approx(KICK_SPEED, rel=0.02)
    run(world, 6 * TICK_HZ)
    assert 500.0 < world.ball.x - start < 700.0


def test_controls_of_unknown_ids_are_ignored():
    world, body = lone_player()
    step(world, {7: RIGHT})
    assert (body.x, body.vx, list(world.players)) == (0.0, 0.0, [0])


# The kick.


def approaching(ticks_away):
    """A ball that rolls into the reach of a standing player after ``ticks_away`` ticks or so."""
    gap = CONTACT + KICK_REACH + 300.0 / TICK_HZ * (ticks_away - 0.5)
    return lone_player(ball=Ball(gap, 0.0, -300.0, 0.0))


def kicks(contacts):
    return [contact for contact in contacts if isinstance(contact, KickContact)]


@pytest.mark.parametrize("ticks_away", [0, 1, 4, KICK_MEMORY_TICKS - 1])
def test_a_press_up_to_133_ms_early_still_kicks(ticks_away):
    world, _ = approaching(ticks_away)
    contacts = step(world, {0: KICK}) + run(world, 12)
    assert kicks(contacts) == [KickContact(0)]
    assert world.ball.vx > 0.8 * KICK_SPEED


def test_a_press_earlier_than_that_is_forgotten():
    world, _ = approaching(KICK_MEMORY_TICKS + 3)
    assert kicks(step(world, {0: KICK}) + run(world, 20)) == []


def test_one_press_kicks_once_however_long_it_is_held():
    world, body = lone_player(ball=Ball(CONTACT + 2.0, 0.0))
    contacts = run(world, 1, KICK)
    for _ in range(60):
        world.ball = Ball(body.x + CONTACT + 2.0, body.y)
        contacts += run(world, 1, KICK)
    assert kicks(contacts) == [KickContact(0)]


def test_a_second_press_kicks_again():
    world, body = lone_player(ball=Ball(CONTACT + 2.0, 0.0))
    contacts = run(world, 1, KICK) + run(world, 1)
    world.ball = Ball(body.x + CONTACT + 2.0, body.y)
    contacts += run(world, 1, KICK)
    assert kicks(contacts) == [KickContact(0), KickContact(0)]


def test_a_ball_out_of_reach_stays():
    world, _ = lone_player(ball=Ball(CONTACT + KICK_REACH + 1.0, 0.0))
    assert run(world, 30, KICK) == []
    assert world.ball.vx == 0.0


def test_a_hard_pass_is_returned_at_full_power():
    world, _ = lone_player(ball=Ball(CONTACT + 3.0, 0.0, -600.0, 0.0))
    run(world, 1, KICK)
    assert world.ball.vx == pytest.approx(KICK_SPEED, rel=0.02)


def test_a_kick_lifts_the_barrier_and_so_does_a_touch():
    for held in (KICK, RIGHT):
        world, _ = lone_player(-CONTACT - 1.0, ball=Ball())
        world.kickoff_team = Team.ORANGE
        run(world, 20, held)
        assert world.kickoff_team is None


# Collisions.


def test_a_touch_has_player_and_strength():
    world, _ = lone_player(ball=Ball(CONTACT + 5.0, 0.0, -400.0, 0.0))
    (touch,) = run(world, 1)
    assert isinstance(touch, Touch)
    assert touch.player_id == 0
    assert touch.strength == pytest.approx(400.0, rel=0.02)


def test_the_ball_bounces_off_a_standing_player_and_moves_it_a_little():
    world, body = lone_player(ball=Ball(CONTACT + 1.0, 0.0, -400.0, 0.0))
    run(world, 1)
    separation = world.ball.vx - body.vx
    assert separation == pytest.approx(FOOT_RESTITUTION * 400.0, rel=0.02)
    assert body.vx < 0.0


def test_two_players_who_run_into_each_other_share_their_momentum():
    left = PlayerBody(0, Team.ORANGE, -20.0, 0.0, 200.0, 0.0)
    right = PlayerBody(1, Team.SKY, 12.0, 0.0, 0.0, 0.0)
    world = World(players={0: left, 1: right}, ball=Ball(0.0, 200.0))
    run(world, 1)
    assert left.vx + right.vx == pytest.approx(182.0, rel=0.01)
    assert right.vx > left.vx > 0.0
    assert right.x - left.x >= 2.0 * PLAYER_RADIUS - EPSILON


def test_a_wall_returns_part_of_the_speed_and_reports_it():
    world = World(ball=Ball(0.0, MEDIUM_PITCH.half_height - BALL_RADIUS - 1.0, 0.0, 400.0))
    (bounce,) = run(world, 1)
    assert isinstance(bounce, BounceContact)
    assert not bounce.is_post
    assert bounce.strength == pytest.approx(400.0, rel=0.02)
    assert -330.0 < world.ball.vy < -250.0


def test_a_post_is_reported_as_such():
    world = World(
        ball=Ball(MEDIUM_PITCH.half_width - 60.0, MEDIUM_PITCH.goal_half_height, 600.0, 0.0)
    )
    bounces = run(world, 10)
    assert [bounce.is_post for bounce in bounces] == [True]
    assert world.ball.vx < 0.0


def test_a_ball_leaning_on_a_wall_makes_no_sound():
    world = World(ball=Ball(0.0, MEDIUM_PITCH.half_height - BALL_RADIUS, 100.0, 20.0))
    assert run(world, 30) == []


def test_a_net_keeps_the_ball():
    world = World(ball=Ball(MEDIUM_PITCH.half_width - 30.0, 0.0, 600.0, 0.0))
    run(world, 2 * TICK_HZ)
    assert world.ball.x > MEDIUM_PITCH.half_width


def test_a_player_can_get_behind_a_ball_that_rests_in_the_corner():
    corner = (MEDIUM_PITCH.half_width - BALL_RADIUS, MEDIUM_PITCH.half_height - BALL_RADIUS)
    world, _ = lone_player(corner[0] + 18.0, corner[1] + 18.0, ball=Ball(*corner))
    run(world, 1, KICK)
    assert world.ball.vx < -200.0
    assert world.ball.vy < -200.0


def test_a_ball_set_inside_a_post_comes_out_on_the_pitch():
    world = World(ball=Ball(MEDIUM_PITCH.half_width, MEDIUM_PITCH.goal_half_height))
    run(world, 1)
    assert_all_inside(world)


def test_a_ball_pressed_against_the_side_of_the_net_stays_inside():
    ball = Ball(MEDIUM_PITCH.half_width + 20.0, MEDIUM_PITCH.goal_half_height - BALL_RADIUS)
    world, _ = lone_player(ball.x, ball.y - 8.0, ball=ball, vy=200.0)
    run(world, 1)
    assert ball.x > MEDIUM_PITCH.half_width
    assert_all_inside(world)


def test_overlapping_players_who_move_apart_are_not_held():
    left = PlayerBody(0, Team.ORANGE, -10.0, 0.0, -100.0, 0.0)
    right = PlayerBody(1, Team.SKY, 10.0, 0.0, 100.0, 0.0)
    run(World(players={0: left, 1: right}, ball=Ball(0.0, 200.0)), 1)
    assert left.vx == -right.vx == pytest.approx(-91.0)


@pytest.mark.parametrize("y", [-200.0, 100.0, 271.0])
def test_a_ball_at_the_wall_stays_there_when_a_snapshot_has_rounded_it_outwards(y):
    world = World(ball=Ball(GOAL_LINE + 0.1, y))
    run(world, 1)
    assert (world.ball.x, world.ball.y) == (GOAL_LINE, y)
