"""Prediction of own player and ball, and its corrections, in a world stepped by the test."""

from dataclasses import replace

import pytest

from game.client.match_prediction import SNAP_DISTANCE_UNITS, LocalPrediction
from game.match import physics
from game.match.controls import NEUTRAL, Controls
from game.match.pitch import PITCHES, PitchSize
from game.match.rules import Phase
from game.match.world import PLAYER_RADIUS, Ball, PlayerBody, Team, World
from game.protocol.messages import QUANTUM, BallState, PlayerState, Snapshot
from game.protocol.snapshot import world_of

RIGHT = Controls(127, 0, False)
OWN, OTHER = 0, 1
TICK_S = 1 / physics.TICK_HZ


def world() -> World:
    bodies = {OWN: PlayerBody(OWN, Team.ORANGE, -200.0), OTHER: PlayerBody(OTHER, Team.SKY, 200.0)}
    return World(tick=100, players=bodies, ball=Ball(0.0, 100.0))


def snapshot(of: World) -> Snapshot:
    """Return the snapshot of a world, without the rounding of the wire."""
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


def test_an_input_shows_at_once():
    prediction = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    before = prediction.positions_at(0.0)
    prediction.predict(1, RIGHT, 0.0)
    assert prediction.positions_at(0.0).own_x > before.own_x


def test_the_own_player_is_predicted_up_to_the_wall_of_the_snapshots_pitch():
    small = PITCHES[PitchSize.SMALL]
    start = replace(snapshot(world()), pitch_size=PitchSize.SMALL)
    prediction = LocalPrediction(OWN, start, reconciling=True)
    for sequence in range(1, 101):
        prediction.predict(sequence, Controls(-127, 0, False), 0.0)
    own_x = prediction.positions_at(0.0).own_x
    assert own_x == PLAYER_RADIUS - small.outer_half_width


def test_a_server_state_with_the_same_inputs_corrects_nothing():
    server_state = world()
    prediction = LocalPrediction(OWN, snapshot(server_state), reconciling=True)
    now = 0.0
    for sequence in range(1, 61):
        prediction.predict(sequence, RIGHT, now)
        # The server state is six ticks old when it arrives.
        if sequence > 6:
            server_state = stepped(server_state, RIGHT)
            prediction.correct(sequence - 6, snapshot(server_state), now)
        now += TICK_S
    assert prediction.corrections.reconciliations == 54
    assert prediction.corrections.count == 0
    expected = stepped(world(), *[RIGHT] * 60).players[OWN]
    assert prediction.positions_at(now - TICK_S).own_x == pytest.approx(expected.x, abs=2 * QUANTUM)


def test_a_correction_is_counted_and_smoothed():
    """Another player has pushed the own player, which the client could not predict."""
    prediction = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    prediction.predict(1, NEUTRAL, 0.0)
    drawn = prediction.positions_at(0.0)
    bumped = world()
    bumped.players[OWN].y += 40.0
    prediction.correct(1, snapshot(bumped), 0.0)
    assert prediction.corrections.count == 1
    assert prediction.corrections.largest == pytest.approx(40.0)
    assert prediction.positions_at(0.0).own_y == pytest.approx(drawn.own_y)
    assert drawn.own_y < prediction.positions_at(0.05).own_y < 40.0
    assert prediction.positions_at(1.0).own_y == pytest.approx(40.0, abs=0.1)


def test_a_large_correction_is_not_smoothed():
    prediction = LocalPrediction(OWN, snapshot(world()), reconciling=True)
    kick_off = world()
    kick_off.players[OWN].x += SNAP_DISTANCE_UNITS + 1.0
    prediction.correct(0, snapshot(kick_off), 0.0)
    assert prediction.positions_at(0.0).own_x == pytest.approx(kick_off.players[OWN].x)


def test_without_reconciliation_the_server_state_replaces_the_prediction():
    prediction = LocalPrediction(OWN, snapshot(world()), reconciling=False)
    for sequence in range(1, 20):
        prediction.predict(sequence, RIGHT, 0.0)
    prediction.correct(1, snapshot(world()), 0.0)
    assert prediction.positions_at(0.0).own_x == pytest.approx(-200.0)
    prediction.set_reconciling(True)
    prediction.correct(1, snapshot(world()), 0.0)
    assert prediction.positions_at(10.0).own_x > -195.0


def test_between_ticks_the_ball_moves_on_by_one_tick_at_most():
    rolling = world()
    rolling.ball.vx = 120.0
    prediction = LocalPrediction(OWN, snapshot(rolling), reconciling=True)
    prediction.predict(1, NEUTRAL, 5.0)
    here = prediction.positions_at(5.0).ball_x
    half = prediction.positions_at(5.0 + TICK_S / 2).ball_x
    assert here < half < prediction.positions_at(5.0 + TICK_S).ball_x
    assert prediction.positions_at(9.0).ball_x == pytest.approx(
        prediction.positions_at(5.0 + TICK_S).ball_x
    )


def test_a_player_who_is_not_on_the_pitch_has_no_position():
    prediction = LocalPrediction(39, snapshot(world()), reconciling=True)
    prediction.predict(1, RIGHT, 0.0)
    prediction.correct(1, snapshot(world()), 0.0)
    assert prediction.positions_at(0.0) is None


def test_prediction_does_not_change_its_first_snapshot():
    first = snapshot(world())
    prediction = LocalPrediction(OWN, first, reconciling=True)
    prediction.predict(1, RIGHT, 0.0)
    assert snapshot(world_of(first)) == first
