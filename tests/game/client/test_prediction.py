"""The own player and the ball ahead of the server, in a match played by hand."""

import pytest

from game.client.prediction import SNAP_DISTANCE_UNITS, LocalPrediction
from game.match import physics
from game.match.controls import NEUTRAL, Controls
from game.match.rules import Phase
from game.match.world import Ball, PlayerBody, Team, World
from game.protocol.messages import QUANTUM, BallState, PlayerState, Snapshot
from game.protocol.snapshot import world_of

RIGHT = Controls(127, 0, False)
OWN, OTHER = 0, 1
TICK_S = 1 / physics.TICK_HZ


def world() -> World:
    bodies = {OWN: PlayerBody(OWN, Team.ORANGE, -200.0), OTHER: PlayerBody(OTHER, Team.SKY, 200.0)}
    return World(tick=100, players=bodies, ball=Ball(0.0, 100.0))


def snapshot(of: World) -> Snapshot:
    """Return the snapshot of a world, without the wire's rounding."""
    players = tuple(
        PlayerState(b.player_id, b.team, b.x, b.y, b.vx, b.vy, b.kicking, b.kick_memory_ticks)
        for b in of.players.values()
    )
    ball = BallState(of.ball.x, of.ball.y, of.ball.vx, of.ball.vy)
    return Snapshot(
        of.tick, of.tick * TICK_S, 0.0, Phase.PLAY, 1, 0.0, (0, 0), None, False, ball, players
    )


def stepped(start: World, *inputs: Controls) -> World:
    after = start.copy()
    for controls in inputs:
        physics.step(after, {OWN: controls})
    return after


def test_an_input_is_seen_at_once():
    foresight = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    before = foresight.positions_at(0.0)
    foresight.predict(1, RIGHT, 0.0)
    assert foresight.positions_at(0.0).own_x > before.own_x


def test_the_server_that_used_the_same_inputs_corrects_nothing():
    truth = world()
    foresight = LocalPrediction(OWN, snapshot(truth), reconciling=True)
    now = 0.0
    for sequence in range(1, 61):
        foresight.predict(sequence, RIGHT, now)
        # The answer is six ticks old when it comes.
        if sequence > 6:
            truth = stepped(truth, RIGHT)
            foresight.correct(sequence - 6, snapshot(truth), now)
        now += TICK_S
    assert foresight.corrections.reconciliations == 54
    assert foresight.corrections.count == 0
    expected = stepped(world(), *[RIGHT] * 60).players[OWN]
    assert foresight.positions_at(now - TICK_S).own_x == pytest.approx(expected.x, abs=2 * QUANTUM)


def test_a_correction_is_counted_but_glides():
    """Somebody bumped into the own player, which nobody here could know."""
    foresight = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    foresight.predict(1, NEUTRAL, 0.0)
    drawn = foresight.positions_at(0.0)
    bumped = world()
    bumped.players[OWN].y += 40.0
    foresight.correct(1, snapshot(bumped), 0.0)
    assert foresight.corrections.count == 1
    assert foresight.corrections.largest == pytest.approx(40.0)
    assert foresight.positions_at(0.0).own_y == pytest.approx(drawn.own_y)
    assert drawn.own_y < foresight.positions_at(0.05).own_y < 40.0
    assert foresight.positions_at(1.0).own_y == pytest.approx(40.0, abs=0.1)


def test_a_leap_is_not_glided():
    foresight = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    kick_off = world()
    kick_off.players[OWN].x += SNAP_DISTANCE_UNITS + 1.0
    foresight.correct(0, snapshot(kick_off), 0.0)
    assert foresight.positions_at(0.0).own_x == pytest.approx(kick_off.players[OWN].x)


def test_without_reconciliation_the_answer_is_taken_for_the_present():
    foresight = LocalPrediction(OWN, snapshot(world()), reconciling=False)
    for sequence in range(1, 20):
        foresight.predict(sequence, RIGHT, 0.0)
    foresight.correct(1, snapshot(world()), 0.0)
    assert foresight.positions_at(0.0).own_x == pytest.approx(-200.0)
    foresight.set_reconciling(True)
    foresight.correct(1, snapshot(world()), 0.0)
    assert foresight.positions_at(10.0).own_x > -195.0


def test_the_ball_rolls_on_between_two_ticks_but_no_further_than_one():
    rolling = world()
    rolling.ball.vx = 120.0
    foresight = LocalPrediction(OWN, snapshot(rolling), reconciling=True)
    foresight.predict(1, NEUTRAL, 5.0)
    here = foresight.positions_at(5.0).ball_x
    half = foresight.positions_at(5.0 + TICK_S / 2).ball_x
    assert here < half < foresight.positions_at(5.0 + TICK_S).ball_x
    assert foresight.positions_at(9.0).ball_x == pytest.approx(
        foresight.positions_at(5.0 + TICK_S).ball_x
    )


def test_who_is_not_on_the_pitch_is_not_drawn():
    foresight = LocalPrediction(39, snapshot(world()), reconciling=True)
    foresight.predict(1, RIGHT, 0.0)
    foresight.correct(1, snapshot(world()), 0.0)
    assert foresight.positions_at(0.0) is None


def test_the_snapshot_it_began_with_is_left_as_it_was():
    first = snapshot(world())
    foresight = LocalPrediction(OWN, first, reconciling=True)
    foresight.predict(1, RIGHT, 0.0)
    assert snapshot(world_of(first)) == first
