"""Worlds made from snapshots, which move as the server's world does."""

from random import Random

import pytest

from game.match import physics
from game.match.controls import Controls
from game.match.rules import Match
from game.match.world import World
from game.protocol.encoding import decode_snapshot, encode_snapshot, prepend_own_state
from game.protocol.messages import NO_PLAYER, QUANTUM, OwnState
from game.protocol.snapshot import snapshot_of, world_of
from net.codec import MSGPACK
from net.sync.prediction import Predictor

PLAYERS = 6


def some_controls(rng: Random) -> dict[int, Controls]:
    return {
        player_id: Controls(rng.randint(-127, 127), rng.randint(-127, 127), rng.random() < 0.3)
        for player_id in range(PLAYERS)
    }


def played_match(seed: int, ticks: int) -> Match:
    match = Match(seed)
    rng = Random(seed)
    for number in range(PLAYERS):
        match.join(f"player {number}")
    for _ in range(ticks):
        match.step(some_controls(rng))
    return match


@pytest.mark.parametrize("ticks", [0, 100, 700])
def test_a_snapshot_before_rounding_is_the_whole_state_of_the_physics(ticks):
    match = played_match(seed=5, ticks=ticks)
    rebuilt, world = world_of(snapshot_of(match, 1.0, 0.0)), match.world.copy()
    rng = Random(9)
    for _ in range(60):
        controls = some_controls(rng)
        assert physics.step(rebuilt, controls) == physics.step(world, controls)
    assert (rebuilt.ball.x, rebuilt.ball.y) == (world.ball.x, world.ball.y)
    assert list(rebuilt.players) == list(world.players)
    for player_id, body in world.players.items():
        copy = rebuilt.players[player_id]
        assert (copy.x, copy.y, copy.vx, copy.vy) == (body.x, body.y, body.vx, body.vy)


def test_a_decoded_snapshot_is_the_match_within_the_quantum():
    match = played_match(seed=8, ticks=400)
    sent = snapshot_of(match, time_s=12.5, late_s=0.001)
    message = prepend_own_state(encode_snapshot(sent, MSGPACK), OwnState(NO_PLAYER, 0, 0))
    world = world_of(decode_snapshot(message, MSGPACK)[1])
    assert world.tick == match.world.tick == 400
    assert world.kickoff_team == match.world.kickoff_team
    assert abs(world.ball.x - match.world.ball.x) <= QUANTUM / 2
    for player_id, body in match.world.players.items():
        assert abs(world.players[player_id].x - body.x) <= QUANTUM / 2
        assert world.players[player_id].kick_memory_ticks == body.kick_memory_ticks


def test_prediction_from_snapshots_agrees_with_the_server_within_the_quantum():
    """A single player, six ticks from the server: the only difference is rounding."""
    match = Match(seed=4)
    own_id = match.join("own")
    rng = Random(6)

    def step(world: World, controls: Controls) -> World:
        after = world.copy()
        physics.step(after, {own_id: controls})
        return after

    def distance(one: World, other: World) -> float:
        here, there = one.players[own_id], other.players[own_id]
        return max(abs(here.x - there.x), abs(here.y - there.y))

    predictor = Predictor(match.world.copy(), step, distance, tolerance=4 * QUANTUM)
    in_flight: list[tuple[int, World]] = []
    controls = Controls(0, 0, False)
    for sequence in range(1, 240):
        if sequence % 12 == 0:
            controls = Controls(rng.randint(-127, 127), rng.randint(-127, 127), False)
        predictor.predict(sequence, controls)
        match.step({own_id: controls})
        message = prepend_own_state(
            encode_snapshot(snapshot_of(match, 0.0, 0.0), MSGPACK), OwnState(own_id, sequence, 0)
        )
        own, snapshot = decode_snapshot(message, MSGPACK)
        in_flight.append((own.last_input, world_of(snapshot)))
        if len(in_flight) > 6:
            predictor.reconcile(*in_flight.pop(0))
    assert predictor.stats().reconciliations == 233
    assert predictor.stats().count == 0
