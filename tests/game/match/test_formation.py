"""Positions at a kick-off, and of players who join during the match."""

from itertools import combinations, product
from math import hypot

import pytest

from game.match.formation import MAX_PLAYERS, free_spot, kick_off_spots
from game.match.pitch import MEDIUM_PITCH, PITCHES, PitchSize
from game.match.world import PLAYER_RADIUS, Ball, PlayerBody, Team, World
from tests.game.match.pitches import each_pitch


def test_kick_off_positions_are_in_the_own_half_with_nobody_in_contact():
    for pitch, count, kicks_off, attack_sign in product(
        PITCHES.values(), (0, 1, 2, 5, 20, MAX_PLAYERS), (True, False), (1, -1)
    ):
        case = f"{pitch.size}, {count} players, kicks off: {kicks_off}, attacks {attack_sign}"
        spots = list(kick_off_spots(pitch, count, kicks_off, attack_sign))
        assert len(spots) == count, case
        for x, y in spots:
            assert -pitch.half_width < x * attack_sign <= -PLAYER_RADIUS, case
            assert abs(y) < pitch.half_height, case
        for a, b in combinations(spots, 2):
            assert hypot(a[0] - b[0], a[1] - b[1]) > 2.0 * PLAYER_RADIUS, case


@each_pitch
def test_only_the_team_that_kicks_off_has_a_player_in_the_circle(pitch):
    def in_circle(kicks_off):
        limit = pitch.centre_circle_radius + PLAYER_RADIUS
        spots = kick_off_spots(pitch, MAX_PLAYERS, kicks_off, 1)
        return [hypot(x, y) < limit for x, y in spots].count(True)

    assert in_circle(True) == 1
    assert in_circle(False) == 0


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("team", Team)
@pytest.mark.parametrize("size", PitchSize)
def test_forty_players_find_a_free_position_in_their_half(size, team, swapped):
    world = World(swapped=swapped, ball=Ball(-300.0, 0.0), pitch=PITCHES[size])
    for player_id in range(MAX_PLAYERS - 1):
        x, y = free_spot(world, team)
        assert x * world.attack_sign(team) < -PLAYER_RADIUS
        others = [*world.players.values(), world.ball]
        assert all(hypot(x - other.x, y - other.y) > 2.0 * PLAYER_RADIUS for other in others)
        world.players[player_id] = PlayerBody(player_id, team, x, y)


def test_without_a_free_position_one_is_returned_all_the_same():
    world = World()
    for player_id in range(400):
        body = PlayerBody(player_id, Team.SKY, 30.0 * (player_id % 20), 30.0 * (player_id // 20))
        body.y -= 290.0
        world.players[player_id] = body
    x, y = free_spot(world, Team.SKY)
    assert 0.0 < x < MEDIUM_PITCH.half_width
    assert abs(y) < MEDIUM_PITCH.half_height
