"""World: copies, and the direction of attack."""

from game.match.world import Ball, PlayerBody, Team, World


def state(world):
    discs = [world.ball, *world.players.values()]
    parts = [[getattr(disc, name) for name in disc.__slots__] for disc in discs]
    return world.tick, world.kickoff_team, world.swapped, list(world.players), parts


def make_world():
    players = {
        3: PlayerBody(3, Team.SKY, 1.0, 2.0, 3.0, 4.0, kick_memory_ticks=5, kicking=True),
        7: PlayerBody(7, Team.ORANGE, -9.0, -8.0, -7.0, -6.0),
    }
    return World(12, players, Ball(0.1, 0.2, 0.3, 0.4), Team.SKY, True)


def test_a_copy_holds_everything():
    world = make_world()
    assert state(world.copy()) == state(world)


def test_a_change_to_a_copy_leaves_the_original_alone():
    world = make_world()
    before = state(world)
    copy = world.copy()
    copy.tick += 1
    copy.ball.x += 1.0
    copy.players[3].vx += 1.0
    del copy.players[7]
    assert state(world) == before


def test_two_new_worlds_share_nothing():
    first, second = World(), World()
    first.players[0] = PlayerBody(0, Team.ORANGE)
    first.ball.x = 5.0
    assert second.players == {}
    assert second.ball.x == 0.0


def test_sides_swap():
    assert World().attack_sign(Team.ORANGE) == 1
    assert World().attack_sign(Team.SKY) == -1
    assert World(swapped=True).attack_sign(Team.ORANGE) == -1
    assert World(swapped=True).attack_sign(Team.SKY) == 1


def test_each_team_is_the_others_other():
    assert [team.other for team in Team] == [Team.SKY, Team.ORANGE]
