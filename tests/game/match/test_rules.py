"""Rules: kick-offs, goals and scorers, clock, halves, and the next match."""

from dataclasses import replace
from itertools import product
from math import hypot, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.match.controls import Controls
from game.match.physics import TICK_HZ, TICK_S, BounceContact, KickContact
from game.match.pitch import MEDIUM_PITCH, PITCHES, PitchSize
from game.match.roster import MatchFullError
from game.match.rules import GoalScored, Match, MatchSettings, Phase, PhaseEntered
from game.match.world import PLAYER_RADIUS, Ball, Team
from tests.examples import scaled

SHORT = MatchSettings(
    half_s=5.0, goal_pause_s=1.0, half_time_s=1.5, final_s=2.0, kick_off_limit_s=3.0
)

ORANGE, SKY = Team


def run(match, seconds, controls=None):
    """Step for so many seconds and return what happened, without kicks and bounces."""
    events = []
    for _ in range(round(seconds * TICK_HZ)):
        events += match.step(controls or {})
    return [event for event in events if not isinstance(event, KickContact | BounceContact)]


def make_match(players=4, settings=SHORT, seed=1):
    match = Match(seed, settings)
    for index in range(players):
        match.join(f"player {index}")
    return match


def start_play(match):
    """Let the kick-off pass by its time limit, with everyone on the kick-off positions."""
    run(match, match.settings.kick_off_limit_s)
    assert match.phase is Phase.PLAY


def touch(match, player_id, kick=False):
    """Let a player touch, or kick, the ball far from the others, and return to its position."""
    body = match.world.players[player_id]
    home = body.x, body.y
    match.world.ball = Ball(0.0, 260.0)
    body.x, body.y = 0.0, 260.0 - 26.0
    if not kick:
        body.y = 260.0 - 22.0
    match.step({player_id: Controls(0, 0, kick)})
    body.x, body.y, body.vx, body.vy = *home, 0.0, 0.0


def shoot(match, sign):
    """Send the ball over the goal line of the side ``sign``, without a touch on the way."""
    for body in match.world.players.values():
        body.y = 240.0 if body.y >= 0.0 else -240.0
    match.world.ball = Ball(sign * (match.world.pitch.half_width - 40.0), 0.0, sign * 700.0, 0.0)
    return run(match, 0.25)


# Kick-off.


def test_a_match_begins_with_a_kick_off_and_everyone_in_place():
    match = make_match(10)
    world = match.world
    assert (match.phase, match.half, match.score, match.clock_s) == (Phase.KICK_OFF, 1, (0, 0), 0.0)
    assert (world.ball.x, world.ball.y) == (0.0, 0.0)
    for body in world.players.values():
        assert body.x * world.attack_sign(body.team) <= -PLAYER_RADIUS
        in_circle = hypot(body.x, body.y) < MEDIUM_PITCH.centre_circle_radius + PLAYER_RADIUS
        assert not in_circle or body.team is world.kickoff_team


def test_the_seed_decides_the_first_kick_off():
    openers = {Match(seed, SHORT).world.kickoff_team for seed in range(20)}
    assert openers == set(Team)
    assert len({Match(5, SHORT).world.kickoff_team for _ in range(5)}) == 1


def test_play_and_the_clock_begin_when_the_ball_is_touched():
    match = make_match(2)
    taker = next(b for b in match.world.players.values() if b.team is match.world.kickoff_team)
    towards = {taker.player_id: Controls(127 * match.world.attack_sign(taker.team), 0, False)}
    run(match, 0.1)
    assert (match.phase, match.clock_s) == (Phase.KICK_OFF, 0.0)
    assert run(match, 1.0, towards) == [PhaseEntered(Phase.PLAY, 1)]
    assert match.world.kickoff_team is None
    assert 0.0 < match.clock_s < 1.0


def test_a_kick_off_nobody_takes_is_open_to_all_after_the_limit():
    match = make_match(2)
    assert run(match, SHORT.kick_off_limit_s - 2 * TICK_S) == []
    assert run(match, 4 * TICK_S) == [PhaseEntered(Phase.PLAY, 1)]
    assert match.world.kickoff_team is None


def test_a_lone_player_kicks_off_whatever_the_seed():
    for seed in range(6):
        match = make_match(1, seed=seed)
        assert match.world.kickoff_team is ORANGE


# Goals.


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("scoring", Team)
def test_a_goal_counts_for_the_side_that_attacks_there(scoring, swapped):
    match = make_match()
    start_play(match)
    match.world.swapped = swapped
    scorer = next(i for i, entry in match.roster().items() if entry.team is scoring)
    touch(match, scorer)
    score = (1, 0) if scoring is ORANGE else (0, 1)
    events = shoot(match, match.world.attack_sign(scoring))
    assert events == [GoalScored(scoring, scorer, False, score), PhaseEntered(Phase.GOAL, 1)]
    assert match.score == score
    assert match.roster()[scorer].goals == 1


def test_a_ball_on_the_line_is_no_goal():
    match = make_match()
    start_play(match)
    match.world.ball = Ball(MEDIUM_PITCH.half_width + 8.0, 0.0)
    assert run(match, 0.2) == []
    assert match.score == (0, 0)


def test_after_a_goal_the_other_side_kicks_off():
    match = make_match()
    start_play(match)
    shoot(match, 1)
    assert match.phase is Phase.GOAL
    assert run(match, SHORT.goal_pause_s) == [PhaseEntered(Phase.KICK_OFF, 1)]
    assert match.world.kickoff_team is SKY
    assert (match.world.ball.x, match.world.ball.vx) == (0.0, 0.0)


def test_the_goal_limit_ends_the_match_after_the_pause():
    match = make_match(settings=replace(SHORT, goal_limit=1))
    start_play(match)
    shoot(match, 1)
    assert run(match, SHORT.goal_pause_s) == [PhaseEntered(Phase.FINAL, 1)]
    run(match, SHORT.final_s)
    assert (match.phase, match.score) == (Phase.KICK_OFF, (0, 0))


def test_another_pitch_comes_with_the_next_match():
    match = make_match(players=8)
    start_play(match)
    match.set_limits(SHORT.half_s, 0, PitchSize.SMALL)
    run(match, SHORT.half_s + SHORT.half_time_s)
    assert (match.half, match.world.pitch.size) == (2, PitchSize.MEDIUM)
    run(match, SHORT.kick_off_limit_s + SHORT.half_s + SHORT.final_s)
    assert (match.half, match.world.pitch.size) == (1, PitchSize.SMALL)
    small = PITCHES[PitchSize.SMALL]
    for body in match.world.players.values():
        assert abs(body.x) < small.half_width
        assert abs(body.y) < small.half_height


@pytest.mark.parametrize("size", PitchSize)
def test_a_goal_counts_behind_the_goal_line_of_each_pitch(size):
    match = make_match(settings=replace(SHORT, pitch_size=size))
    start_play(match)
    shoot(match, 1)
    assert match.score == (1, 0)
    assert match.world.pitch is PITCHES[size]


def test_a_goal_limit_is_not_negative():
    with pytest.raises(ValueError, match="goal_limit"):
        MatchSettings(goal_limit=-1)


def test_a_goal_counts_once_however_long_the_ball_lies_in_the_net():
    match = make_match()
    start_play(match)
    shoot(match, 1)
    run(match, 0.7)
    assert abs(match.world.ball.x) > MEDIUM_PITCH.half_width
    assert match.score == (1, 0)


def test_a_deflection_leaves_the_goal_to_the_striker():
    match = make_match()
    start_play(match)
    touch(match, 0)
    touch(match, 1)
    assert shoot(match, 1)[0] == GoalScored(ORANGE, 0, False, (1, 0))


def test_a_kick_into_the_own_goal_is_an_own_goal():
    match = make_match()
    start_play(match)
    touch(match, 0)
    touch(match, 1, kick=True)
    assert shoot(match, 1)[0] == GoalScored(ORANGE, 1, True, (1, 0))
    assert match.roster()[1].goals == 0


def test_carrying_the_ball_into_the_own_goal_is_an_own_goal():
    match = make_match()
    start_play(match)
    touch(match, 0)
    run(match, 1.5)
    touch(match, 1)
    assert shoot(match, 1)[0] == GoalScored(ORANGE, 1, True, (1, 0))


def counts(match):
    """Return goals, assists and own goals of each player with any."""
    sheet = {i: (e.goals, e.assists, e.own_goals) for i, e in match.roster().items()}
    return {i: each for i, each in sheet.items() if any(each)}


def test_the_teammate_who_passed_to_the_scorer_has_an_assist():
    match = make_match()
    start_play(match)
    touch(match, 2)
    touch(match, 0)
    shoot(match, 1)
    assert counts(match) == {0: (1, 0, 0), 2: (0, 1, 0)}


def test_a_pass_long_before_the_goal_or_taken_by_the_other_side_is_no_assist():
    match = make_match()
    start_play(match)
    touch(match, 2)
    match.world.ball = Ball(0.0, 260.0)
    run(match, 2.0)
    touch(match, 1, kick=True)
    touch(match, 0)
    shoot(match, 1)
    assert counts(match) == {0: (1, 0, 0)}


def test_an_own_goal_is_counted_and_a_new_match_begins_at_zero():
    match = make_match()
    start_play(match)
    touch(match, 0)
    touch(match, 1, kick=True)
    shoot(match, 1)
    assert counts(match) == {1: (0, 0, 1)}
    match.restart()
    assert counts(match) == {}


def test_a_passer_who_left_has_no_assist():
    match = make_match()
    start_play(match)
    touch(match, 2)
    touch(match, 0)
    match.leave(2)
    shoot(match, 1)
    assert counts(match) == {0: (1, 0, 0)}


def test_a_goal_without_a_touch_has_no_scorer():
    match = make_match()
    start_play(match)
    assert shoot(match, -1)[0] == GoalScored(SKY, None, False, (0, 1))


def test_a_scorer_who_left_is_not_confused_with_the_next_player_of_that_id():
    match = make_match()
    start_play(match)
    touch(match, 0)
    match.leave(0)
    assert match.join("newcomer") == 0
    assert shoot(match, 1)[0] == GoalScored(ORANGE, None, False, (1, 0))


def test_kicks_and_bounces_are_reported():
    match = make_match(2)
    start_play(match)
    body = match.world.players[0]
    match.world.ball = Ball(body.x, body.y + 26.0)
    events = []
    for _ in range(3 * TICK_HZ):
        events += match.step({0: Controls(0, 0, True)})
    assert events[0] == KickContact(0)
    assert any(isinstance(event, BounceContact) and event.strength > 45.0 for event in events)


# The clock and the halves.


def test_the_clock_stops_outside_play():
    match = make_match()
    for _ in range(round(40 * TICK_HZ)):
        before, phase = match.clock_s, match.phase
        match.step({})
        if phase is Phase.PLAY:
            assert match.clock_s - before == pytest.approx(TICK_S)
        elif match.phase is not Phase.KICK_OFF:
            assert match.clock_s == before


def test_a_whole_match_goes_through_its_phases_in_their_times():
    match = make_match()
    opened = match.world.kickoff_team
    assert run(match, 3.0 + 5.0) == [PhaseEntered(Phase.PLAY, 1), PhaseEntered(Phase.HALF_TIME, 1)]
    assert not match.world.swapped
    assert run(match, 1.5) == [PhaseEntered(Phase.KICK_OFF, 2)]
    assert match.world.swapped
    assert match.world.kickoff_team is opened.other
    assert run(match, 3.0 + 5.0) == [PhaseEntered(Phase.PLAY, 2), PhaseEntered(Phase.FINAL, 2)]
    assert match.clock_s == pytest.approx(10.0)
    assert run(match, 2.0) == [PhaseEntered(Phase.KICK_OFF, 1)]
    assert not match.world.swapped
    assert match.world.kickoff_team is opened.other


def test_at_half_time_everyone_changes_sides():
    match = make_match(6)
    run(match, 3.0 + 5.0 + 1.5)
    assert match.half == 2
    for player_id, entry in match.roster().items():
        x = match.world.players[player_id].x
        assert x > 0.0 if entry.team is ORANGE else x < 0.0


def test_a_goal_in_the_last_moment_counts_and_then_the_half_ends():
    match = make_match()
    start_play(match)
    run(match, 5.0 - TICK_S)
    match.world.ball = Ball(MEDIUM_PITCH.half_width + 8.0, 0.0, 600.0, 0.0)
    assert match.step({}) == [GoalScored(ORANGE, None, False, (1, 0)), PhaseEntered(Phase.GOAL, 1)]
    assert run(match, SHORT.goal_pause_s) == [PhaseEntered(Phase.HALF_TIME, 1)]


def test_a_new_match_has_the_same_players_and_no_goals():
    match = make_match()
    start_play(match)
    touch(match, 0)
    shoot(match, 1)
    while match.phase is not Phase.FINAL:
        match.step({})
    assert match.score == (1, 0)
    run(match, SHORT.final_s)
    assert (match.score, match.clock_s, match.half) == ((0, 0), 0.0, 1)
    assert [entry.name for entry in match.roster().values()] == [f"player {i}" for i in range(4)]
    assert all(entry.goals == 0 for entry in match.roster().values())


def test_a_new_match_evens_the_teams_with_bots():
    match = Match(1, SHORT)
    for _ in range(2):
        match.join("ann", ORANGE)
    for _ in range(3):
        match.join("bot", ORANGE, is_bot=True)
    match.join("sam", SKY)
    for _ in range(round(40 * TICK_HZ)):
        match.step({})
    sides = [entry.team for entry in match.roster().values()]
    assert (sides.count(ORANGE), sides.count(SKY)) == (3, 3)
    for player_id, entry in match.roster().items():
        assert match.world.players[player_id].team is entry.team


# Coming and going.


def test_a_player_who_joins_late_appears_at_a_free_position_in_the_own_half():
    match = make_match(9)
    start_play(match)
    player_id = match.join("late")
    body = match.world.players[player_id]
    assert body.x * match.world.attack_sign(body.team) < -PLAYER_RADIUS
    others = [b for b in match.world.players.values() if b is not body]
    assert all(hypot(b.x - body.x, b.y - body.y) >= 2 * PLAYER_RADIUS for b in others)


def test_a_match_has_room_for_forty():
    match = make_match(40)
    with pytest.raises(MatchFullError):
        match.join("one more")
    assert len(match.roster()) == len(match.world.players) == 40


def test_a_player_who_leaves_is_removed_and_unknown_ids_are_an_error():
    match = make_match(3)
    match.leave(1)
    assert list(match.roster()) == list(match.world.players) == [0, 2]
    with pytest.raises(KeyError):
        match.leave(1)


def test_bodies_stay_in_the_order_of_ids():
    match = make_match(5)
    match.leave(2)
    match.leave(0)
    match.join("a")
    match.join("b")
    assert list(match.world.players) == [0, 1, 2, 3, 4]


def test_an_empty_match_waits_with_a_fresh_score():
    match = make_match(2)
    start_play(match)
    shoot(match, 1)
    tick = match.world.tick
    match.leave(0)
    match.leave(1)
    assert run(match, 60.0) == []
    assert (match.phase, match.score, match.clock_s) == (Phase.KICK_OFF, (0, 0), 0.0)
    assert match.world.tick == tick + 60 * TICK_HZ
    match.join("ann")
    assert match.world.kickoff_team is ORANGE


def test_when_the_side_that_kicks_off_goes_the_others_may_start_after_the_limit():
    match = make_match(2)
    taking = match.world.kickoff_team
    match.leave(next(i for i, entry in match.roster().items() if entry.team is taking))
    assert run(match, SHORT.kick_off_limit_s) == [PhaseEntered(Phase.PLAY, 1)]


held = st.builds(Controls, st.integers(-127, 127), st.integers(-127, 127), st.booleans())


@settings(max_examples=scaled(40))
@given(
    st.integers(1, 40),
    st.integers(0, 2**32),
    st.lists(st.tuples(st.integers(0, 39), held), min_size=1, max_size=25),
)
def test_any_number_may_play_come_and_go(count, seed, script):
    match = make_match(count, seed=seed)
    for player_id, controls in script:
        if player_id in match.roster() and controls.kick:
            match.leave(player_id)
        elif len(match.roster()) < 40:
            match.join("p")
        run(match, 0.4, dict.fromkeys(range(40), controls))
        assert list(match.roster()) == list(match.world.players)
        for body in match.world.players.values():
            assert isfinite(body.x + body.y)
            assert body.team is match.roster()[body.player_id].team


def is_rejected(field, value):
    """Return whether these settings are an error that names the field."""
    try:
        MatchSettings(**{field: value})
    except ValueError as error:
        return field in str(error)
    return False


def test_durations_that_are_not_positive_are_rejected():
    fields = ("half_s", "goal_pause_s", "half_time_s", "final_s", "kick_off_limit_s")
    values = (0.0, -1.0, float("nan"))
    assert [case for case in product(fields, values) if not is_rejected(*case)] == []
