"""A world rebuilt from a snapshot moves as the server's does."""

from random import Random

import pytest

from game.match import physics
from game.match.controls import Controls
from game.match.rules import Match
from game.messages import NO_PLAYER, QUANTUM, OwnPart, decode_snapshot, encode_snapshot, with_own
from game.snapshots import snapshot_of, world_of
from net.codec import MSGPACK

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
def test_an_unquantised_snapshot_is_the_whole_state_of_the_physics(ticks):
    match = played_match(seed=5, ticks=ticks)
    rebuilt, world = world_of(snapshot_of(match, 1.0, 0.0)), match.world.copy()
    rng = Random(9)
    for _ in range(60):
        controls = some_controls(rng)
        assert physics.step(rebuilt, controls) == physics.step(world, controls)
    assert (rebuilt.ball.x, rebuilt.ball.y) == (world.ball.x, world.ball.y)
    assert list(rebuilt.players) == list(world.players)
    for player_id, body in world.players.items():
        twin = rebuilt.players[player_id]
        assert (twin.x, twin.y, twin.vx, twin.vy) == (body.x, body.y, body.vx, body.vy)


def test_a_snapshot_over_the_wire_is_the_match_within_the_quantum():
    match = played_match(seed=8, ticks=400)
    sent = snapshot_of(match, time_s=12.5, late_s=0.001)
    message = with_own(encode_snapshot(sent, MSGPACK), OwnPart(NO_PLAYER, 0, 0))
    world = world_of(decode_snapshot(message, MSGPACK)[1])
    assert world.tick == match.world.tick == 400
    assert world.kickoff_team == match.world.kickoff_team
    assert abs(world.ball.x - match.world.ball.x) <= QUANTUM / 2
    for player_id, body in match.world.players.items():
        assert abs(world.players[player_id].x - body.x) <= QUANTUM / 2
        assert world.players[player_id].kick_memory_ticks == body.kick_memory_ticks
