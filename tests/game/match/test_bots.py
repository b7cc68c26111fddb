"""Bots: single situations, and whole matches that must look like football."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from random import Random

import pytest

from game.match import tactics
from game.match.bots import Bot, Skill
from game.match.controls import NEUTRAL
from game.match.physics import TICK_HZ, KickContact, step
from game.match.pitch import MEDIUM_PITCH, PitchSize
from game.match.rules import GoalScored, Match, MatchSettings, Phase
from game.match.world import BALL_RADIUS, Ball, PlayerBody, Team, World
from tests.game.match.pitches import each_pitch


def make_bots(skills, seed):
    rng = Random(seed)
    return {i: Bot(i, skill, Random(rng.getrandbits(64))) for i, skill in enumerate(skills)}


def play(world, bots, seconds):
    """Let bots play on a world without rules; yield after every tick."""
    for _ in range(round(seconds * TICK_HZ)):
        step(world, {player_id: bot.decide(world) for player_id, bot in bots.items()})
        yield world


@dataclass
class Record:
    """Statistics of one whole match between bots."""

    score: tuple[int, int] = (0, 0)
    own_goals: int = 0
    kicks: int = 0
    longest_stall_s: float = 0.0
    keeper_distances: list[float] = field(default_factory=list)
    crowd_sizes: list[int] = field(default_factory=list)


def play_match(
    seed, orange=Skill.NORMAL, sky=Skill.NORMAL, size=5, half_s=150.0, pitch_size=PitchSize.MEDIUM
):
    match = Match(seed, MatchSettings(half_s=half_s, pitch_size=pitch_size))
    for index in range(2 * size):
        match.join(f"bot {index}", is_bot=True)
    skills = [(orange, sky)[entry.team] for entry in match.roster().values()]
    bots = make_bots(skills, seed)
    record, watch = Record(), StallWatch()
    while match.phase is not Phase.FINAL:
        is_play = match.phase in (Phase.KICK_OFF, Phase.PLAY)
        for event in match.step({i: bot.decide(match.world, is_play) for i, bot in bots.items()}):
            record.kicks += isinstance(event, KickContact)
            record.own_goals += isinstance(event, GoalScored) and event.own_goal
        watch.look(match)
        if match.phase is Phase.PLAY and match.world.tick % 30 == 0:
            observe(match.world, record)
    record.score, record.longest_stall_s = match.score, watch.longest / TICK_HZ
    return record


class StallWatch:
    """Measure for how many ticks of play the ball stayed within 40 units."""

    def __init__(self):
        self.longest = self._ticks = 0
        self._x = self._y = 0.0

    def look(self, match):
        ball = match.world.ball
        moved = hypot(ball.x - self._x, ball.y - self._y) > 40.0
        if moved or match.phase is not Phase.PLAY:
            self._ticks, self._x, self._y = 0, ball.x, ball.y
        self._ticks += 1
        self.longest = max(self.longest, self._ticks)


def observe(world, record):
    for team in Team:
        own_goal_x = -MEDIUM_PITCH.half_width * world.attack_sign(team)
        side = [body for body in world.players.values() if body.team is team]
        record.keeper_distances.append(min(hypot(b.x - own_goal_x, b.y) for b in side))
        ball = world.ball
        near = [b for b in side if hypot(b.x - ball.x, b.y - ball.y) < 80.0]
        record.crowd_sizes.append(len(near))


# Whole matches.


# One worker plays the matches once for all tests that judge them.
whole_matches = pytest.mark.xdist_group("whole matches of bots")


@pytest.fixture(scope="module")
def normal_matches():
    """Three matches of five minutes, five against five, all of normal skill."""
    return [play_match(seed) for seed in (1, 2, 3)]


@pytest.mark.slow
@whole_matches
def test_normal_bots_score_a_few_goals_on_both_sides(normal_matches):
    goals = [sum(record.score) for record in normal_matches]
    assert all(2 <= count <= 14 for count in goals)
    assert 3.0 <= sum(goals) / len(goals) <= 10.0
    for team in Team:
        assert sum(record.score[team] for record in normal_matches) >= 2


@pytest.mark.slow
@whole_matches
def test_own_goals_are_accidents(normal_matches):
    assert sum(r.own_goals for r in normal_matches) <= len(normal_matches)


@pytest.mark.slow
@whole_matches
def test_the_ball_moves_on(normal_matches):
    assert all(record.longest_stall_s < 4.0 for record in normal_matches)
    assert all(record.kicks > 150 for record in normal_matches)


@pytest.mark.slow
@whole_matches
def test_a_keeper_is_near_the_goal(normal_matches):
    distances = sorted(d for record in normal_matches for d in record.keeper_distances)
    assert distances[len(distances) * 9 // 10] < 130.0


@pytest.mark.slow
@whole_matches
def test_few_players_chase_the_ball(normal_matches):
    sizes = [size for record in normal_matches for size in record.crowd_sizes]
    assert sum(sizes) / len(sizes) < 1.6
    assert sizes.count(5) == 0


@pytest.mark.slow
def test_hard_bots_beat_easy_ones_clearly():
    scores = [play_match(seed, Skill.HARD, Skill.EASY, half_s=60.0).score for seed in (1, 2, 3)]
    assert all(hard > easy for hard, easy in scores)
    assert sum(hard for hard, _ in scores) >= 2 * sum(easy for _, easy in scores)


@pytest.mark.parametrize("size", [1, 2, pytest.param(10, marks=pytest.mark.slow)])
def test_teams_of_other_sizes_get_the_ball_moving_too(size):
    record = play_match(5, size=size, half_s=30.0)
    assert record.kicks > 20
    assert record.longest_stall_s < 6.0


# Single situations.


def test_a_bot_that_is_not_on_the_pitch_does_nothing():
    assert Bot(3, Skill.NORMAL, Random(1)).decide(World()) == NEUTRAL


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("team", Team)
@pytest.mark.parametrize("skill", Skill)
@each_pitch
def test_a_bot_alone_scores_in_the_right_goal(pitch, skill, team, swapped):
    world = World(players={0: PlayerBody(0, team, 100.0, 50.0)}, swapped=swapped, pitch=pitch)
    for _ in play(world, make_bots([skill], 7), 20.0):
        if abs(world.ball.x) > pitch.half_width + BALL_RADIUS:
            break
    assert world.ball.x * world.attack_sign(team) > pitch.half_width


@pytest.mark.parametrize("x", [-1, 1])
@pytest.mark.parametrize("y", [-1, 1])
@pytest.mark.parametrize("skill", Skill)
def test_a_ball_in_a_corner_comes_out(skill, x, y):
    corner = Ball(
        x * (MEDIUM_PITCH.half_width - BALL_RADIUS), y * (MEDIUM_PITCH.half_height - BALL_RADIUS)
    )
    world = World(ball=corner)
    world.players[0] = PlayerBody(0, Team.ORANGE, x * 400.0, y * 150.0)
    world.players[1] = PlayerBody(1, Team.SKY, x * 400.0, y * 100.0)
    farthest = 0.0
    for _ in play(world, make_bots([skill, skill], 3), 6.0):
        dx = world.ball.x - x * MEDIUM_PITCH.half_width
        farthest = max(farthest, hypot(dx, world.ball.y - y * MEDIUM_PITCH.half_height))
    assert farthest > 150.0


@pytest.mark.parametrize("y", [-60.0, 0.0, 25.0, 200.0])
@pytest.mark.parametrize("skill", Skill)
def test_a_bot_on_the_wrong_side_of_the_ball_goes_round_it(skill, y):
    world = World(players={0: PlayerBody(0, Team.ORANGE, -380.0, y)}, ball=Ball(-450.0, y))
    for _ in play(world, make_bots([skill], 11), 5.0):
        assert world.ball.x > -MEDIUM_PITCH.half_width
    assert world.ball.x > -400.0


def test_a_kick_key_is_never_held_for_two_ticks():
    world = World(players={0: PlayerBody(0, Team.ORANGE, -100.0)})
    bot = Bot(0, Skill.HARD, Random(1))
    pressed = []
    for _ in range(20 * TICK_HZ):
        controls = bot.decide(world)
        pressed.append(controls.kick)
        step(world, {0: controls})
    assert any(pressed)
    assert not any(before and now for before, now in pairwise(pressed))


def test_in_a_pause_bots_walk_to_their_half_and_do_not_kick():
    world = World(players={0: PlayerBody(0, Team.ORANGE, 300.0)}, ball=Ball(340.0, 0.0))
    bot = Bot(0, Skill.HARD, Random(1))
    for _ in range(3 * TICK_HZ):
        controls = bot.decide(world, is_play=False)
        assert not controls.kick
        step(world, {0: controls})
    assert world.players[0].x < 150.0
    assert (world.ball.x, world.ball.y) == (340.0, 0.0)


def test_bots_await_the_opponents_kick_off_outside_the_circle():
    world = World(players={0: PlayerBody(0, Team.SKY, 300.0)}, kickoff_team=Team.ORANGE)
    for _ in play(world, make_bots([Skill.HARD], 1), 3.0):
        pass
    assert world.kickoff_team is Team.ORANGE
    assert 105.0 <= world.players[0].x < 125.0


def test_a_weaker_bot_decides_less_often(monkeypatch):
    looks = dict.fromkeys(Skill, 0)
    real_look = tactics.perceive

    def count(skill):
        def look(world, body):
            looks[skill] += 1
            return real_look(world, body)

        return look

    for skill in Skill:
        monkeypatch.setattr(tactics, "perceive", count(skill))
        world = World(players={0: PlayerBody(0, Team.ORANGE, -100.0)})
        for _ in play(world, make_bots([skill], 1), 10.0):
            pass
    assert looks[Skill.EASY] < 40 < looks[Skill.NORMAL] < 80 < looks[Skill.HARD] < 200


def test_bots_take_the_kick_off_that_an_absent_person_does_not():
    match = Match(1, MatchSettings())
    person = match.join("away", Team.ORANGE)
    bots = {}
    for index in range(5):
        player_id = match.join("bot", (Team.ORANGE, Team.SKY)[index % 2], is_bot=True)
        bots[player_id] = Bot(player_id, Skill.NORMAL, Random(index))
    match.world.kickoff_team = Team.ORANGE
    match.world.players[person].x, match.world.players[person].y = -45.0, 0.0
    while match.phase is Phase.KICK_OFF:
        match.step({i: bot.decide(match.world) for i, bot in bots.items()})
    assert 3.0 < match.world.tick / TICK_HZ < 6.0


def test_an_absent_person_in_front_of_goal_does_not_leave_it_without_a_keeper():
    world = World(ball=Ball(-200.0, 150.0))
    world.players[0] = PlayerBody(0, Team.ORANGE, -500.0, 0.0)
    for player_id in (1, 2, 3):
        world.players[player_id] = PlayerBody(player_id, Team.ORANGE, -100.0, 50.0 * player_id)
    bots = {i: Bot(i, Skill.HARD, Random(i)) for i in (1, 2, 3)}
    for _ in play(world, bots, 3.0):
        world.ball = Ball(-200.0, 150.0)
    assert min(hypot(b.x + 540.0, b.y - 30.0) for b in world.players.values()) < 30.0
