"""Room: players, spectators, bots, and the events of a match."""

from random import Random

import pytest

from game.match.controls import Controls
from game.match.formation import MAX_PLAYERS
from game.match.pitch import PitchSize
from game.match.roster import MatchFullError
from game.match.rules import MatchSettings, Phase
from game.match.world import Team
from game.protocol.messages import (
    NO_PLAYER,
    Goal,
    LimitsChanged,
    PauseChanged,
    PhaseChanged,
    PlayerJoined,
    PlayerLeft,
    Roster,
)
from game.protocol.snapshot import snapshot_of
from game.server.room import Member, Room, RoomSettings


def room_with(bots: int = 0, **match: float) -> Room:
    return Room("main", RoomSettings(bots=bots, match=MatchSettings(**match)), seed=1)


def of_class(events, event_class):
    return [event for event in events if isinstance(event, event_class)]


def test_a_new_player_is_announced_and_in_the_roster():
    room = room_with()
    member = room.join("Ana", "udp")
    events = room.step()
    assert of_class(events, PlayerJoined)[0].name == "Ana"
    (entry,) = of_class(events, Roster)[-1].entries
    assert (entry.player_id, entry.name, entry.transport) == (member.player_id, "Ana", "udp")
    assert not entry.is_bot


def test_a_taken_name_gets_a_number():
    room = room_with()
    assert [room.join("Ana", "tcp").name for _ in range(3)] == ["Ana", "Ana 2", "Ana 3"]


def test_a_spectator_has_no_player():
    room = room_with()
    spectator = room.join("Eva", "tcp", watch=True)
    assert spectator.player_id is None
    assert room.own_state(spectator).player_id == NO_PLAYER
    assert room.roster().entries == ()
    assert room.player_count == 0


def test_people_replace_bots_until_the_match_is_full_of_people():
    room = room_with(bots=MAX_PLAYERS)
    members = [room.join(f"p{n}", "tcp") for n in range(MAX_PLAYERS)]
    assert len({member.player_id for member in members}) == MAX_PLAYERS
    assert not any(entry.is_bot for entry in room.roster().entries)
    with pytest.raises(MatchFullError):
        room.join("late", "tcp")
    room.join("late", "tcp", watch=True)


def sizes(room: Room) -> list[int]:
    teams = [entry.team for entry in room.roster().entries]
    return [teams.count(team) for team in Team]


def people(room: Room) -> list[int]:
    teams = [entry.team for entry in room.roster().entries if not entry.is_bot]
    return [teams.count(team) for team in Team]


def test_bots_even_the_teams_of_people_who_chose_the_same_side():
    room = room_with(bots=7)
    for number in range(4):
        room.join(f"p{number}", "tcp", team=Team.ORANGE)
        assert abs(sizes(room)[0] - sizes(room)[1]) <= 1
    assert sizes(room) == [6, 5]
    assert people(room) == [4, 0]


@pytest.mark.parametrize("panels", [1, 2, 3, 4])
def test_people_without_a_choice_are_spread_over_both_teams(panels: int):
    room = room_with(bots=7)
    for number in range(panels):
        room.join(f"p{number}", "tcp")
    assert abs(people(room)[0] - people(room)[1]) <= 1
    assert abs(sizes(room)[0] - sizes(room)[1]) <= 1


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))]
)
def test_the_teams_stay_even_while_people_come_and_go(seed: int):
    rng = Random(seed)
    room = room_with(bots=6, half_s=5.0, goal_pause_s=0.5, half_time_s=0.5, final_s=0.5)
    members = []
    for number in range(120):
        if members and rng.random() < 0.45:
            room.leave(members.pop(rng.randrange(len(members))))
        elif len(members) < 20:
            team = rng.choice([None, None, Team.ORANGE, Team.SKY])
            members.append(room.join(f"p{number}", "tcp", team=team))
        for _ in range(rng.randrange(30)):
            room.step()
        big = max(Team, key=lambda team: sizes(room)[team])
        has_bots = any(entry.is_bot and entry.team is big for entry in room.roster().entries)
        difference = abs(sizes(room)[0] - sizes(room)[1])
        assert difference <= 1 or not has_bots, (seed, number)
        # Bodies and roster agree, or a bot would play for its old side.
        bodies = room.match.world.players
        entries = room.roster().entries
        assert {e.player_id: e.team for e in entries} == {b: bodies[b].team for b in bodies}


def test_a_bot_that_changes_sides_appears_in_its_new_half_and_is_announced():
    room = room_with(bots=4)
    for _ in range(200):
        room.step()
    before = {entry.player_id: entry.team for entry in room.roster().entries}
    for number in range(2):
        room.join(f"p{number}", "tcp", team=Team.ORANGE)
    (roster, *_) = of_class(room.step(), Roster)[::-1]
    (moved,) = [e for e in roster.entries if e.is_bot and e.team is not before[e.player_id]]
    assert moved.team is Team.SKY
    assert room.match.world.players[moved.player_id].x > 0.0


@pytest.mark.parametrize("bots", [MAX_PLAYERS, MAX_PLAYERS - 1, MAX_PLAYERS - 4, 3, 0])
def test_bots_that_made_way_come_back(bots):
    room = room_with(bots=bots)
    watcher = room.join("Eva", "tcp", watch=True)
    for _ in range(3):
        members = [room.join(f"p{n}", "tcp") for n in range(5)]
        room.step()
        while members:
            room.leave(members.pop())
            kinds = [entry.is_bot for entry in room.roster().entries]
            assert kinds.count(False) == len(members)
            assert kinds.count(True) == min(bots, MAX_PLAYERS - len(members))
        (last, *_) = reversed(of_class(room.step(), Roster))
        assert sum(entry.is_bot for entry in last.entries) == bots
    room.leave(watcher)


def test_a_player_who_leaves_is_announced_and_removed():
    room = room_with()
    ana, _ = room.join("Ana", "tcp"), room.join("Ben", "tcp")
    room.step()
    room.leave(ana)
    events = room.step()
    assert [event.name for event in of_class(events, PlayerLeft)] == ["Ana"]
    assert [entry.name for entry in of_class(events, Roster)[-1].entries] == ["Ben"]


def test_a_change_of_transport_is_in_the_roster():
    room = room_with()
    member = room.join("Ana", "tcp")
    room.step()
    room.set_transport(member, "udp")
    assert of_class(room.step(), Roster)[-1].entries[0].transport == "udp"


def test_a_members_inputs_move_its_player_one_tick_at_a_time():
    room = room_with(kick_off_limit_s=0.01)
    member = room.join("Ana", "tcp")
    for sequence in range(1, 30):
        member.inputs.push(sequence, (Controls(0, 127, False),))
        room.step()
    assert room.match.world.players[member.player_id].vy > 50.0
    assert room.own_state(member).last_input == 29


def test_goals_are_events_with_their_tick():
    room = room_with(bots=8, half_s=40.0, goal_pause_s=0.5)
    room.join("Eva", "tcp", watch=True)
    events = [event for _ in range(60 * 90) for event in room.step()]
    goals = of_class(events, Goal)
    assert goals
    assert of_class(events, PhaseChanged)
    assert [goal.tick for goal in goals] == sorted(goal.tick for goal in goals)
    after = of_class(events[events.index(goals[0]) :], Roster)[0]
    scorer = [entry for entry in after.entries if entry.player_id == goals[0].scorer_id]
    assert goals[0].own_goal or scorer[0].goals == 1


def test_one_seed_gives_one_match():
    def played(seed):
        room = Room("main", RoomSettings(bots=6), seed)
        for _ in range(600):
            room.step()
        return [(body.x, body.y) for body in room.match.world.players.values()]

    seed = Random(5).getrandbits(32)
    assert played(seed) == played(seed)
    assert played(seed) != played(seed + 1)


def test_a_match_starts_anew_when_the_awaited_players_are_there():
    room = Room("test", RoomSettings(restart_with=2), seed=1)
    first = room.join("first", "tcp")
    for _ in range(60 * 9):
        room.step()
    assert room.match.clock_s > 0
    room.join("spectator", "tcp", watch=True)
    assert room.match.clock_s > 0
    room.join("second", "tcp")
    assert room.match.clock_s == 0
    assert [event.phase for event in of_class(room.step(), PhaseChanged)] == [Phase.KICK_OFF]
    room.join("third", "tcp")
    room.leave(first)
    assert not of_class(room.step(), PhaseChanged)


def test_a_player_changes_sides_and_bots_even_the_teams():
    room = room_with(bots=3)
    ana = room.join("Ana", "udp", team=Team.ORANGE)
    room.step()
    room.play_for(ana, Team.SKY)
    (entry,) = (e for e in of_class(room.step(), Roster)[-1].entries if e.name == "Ana")
    assert (entry.team, entry.player_id) == (Team.SKY, ana.player_id)
    assert sorted(sizes(room)) == [2, 2]


def test_a_player_becomes_a_spectator_and_comes_back():
    room = room_with(bots=4)
    ana = room.join("Ana", "udp")
    assert len(room.roster().entries) == 5
    room.step()
    room.watch(ana)
    events = room.step()
    assert [event.name for event in of_class(events, PlayerLeft)] == ["Ana"]
    assert room.own_state(ana).player_id == NO_PLAYER
    assert ana in room.members
    room.watch(ana)
    assert room.step() == []
    room.play_for(ana, Team.SKY)
    assert of_class(room.step(), PlayerJoined)[0].name == "Ana"
    assert room.own_state(ana).player_id == ana.player_id


def test_a_spectator_who_comes_in_gets_a_name_of_its_own():
    room = room_with()
    room.join("Ana", "udp")
    spectator = room.join("Ana", "udp", watch=True)
    room.play_for(spectator, Team.SKY)
    assert spectator.name == "Ana 2"


def test_a_spectator_cannot_come_into_a_match_that_is_full_of_people():
    room = room_with()
    spectator = room.join("Eva", "udp", watch=True)
    for _ in range(MAX_PLAYERS):
        room.join("Ana", "udp")
    with pytest.raises(MatchFullError):
        room.play_for(spectator, Team.SKY)
    assert spectator.player_id is None


def test_other_limits_hold_at_once_and_are_told_once():
    room = room_with()
    room.join("Ana", "udp")
    room.step()
    room.set_limits(60.0, 3, PitchSize.MEDIUM)
    room.set_limits(60.0, 3, PitchSize.MEDIUM)
    (told,) = of_class(room.step(), LimitsChanged)
    assert (told.half_s, told.goal_limit) == (60.0, 3)
    later = room.join("Eva", "tcp")
    assert room.join_response(later, 2).half_s == 60.0


def test_another_pitch_is_told_at_once_and_comes_with_the_next_match():
    room = room_with()
    room.join("Ana", "udp")
    room.step()
    room.set_limits(150.0, 0, PitchSize.LARGE)
    (told,) = of_class(room.step(), LimitsChanged)
    assert told.pitch_size is PitchSize.LARGE
    assert snapshot_of(room.match, 0.0, 0.0).pitch_size is PitchSize.MEDIUM
    room.restart()
    assert snapshot_of(room.match, 0.0, 0.0).pitch_size is PitchSize.LARGE


def test_a_paused_match_stands_still_and_says_who_stopped_it():
    room = room_with(bots=2)
    room.join("Ana", "udp")
    room.step()
    room.set_paused(True, "Ana")
    room.set_paused(True, "Eva")
    before = room.match.world.ball, room.match.clock_s, room.match.world.tick
    paused = of_class(room.step(), PauseChanged)
    assert [(e.is_paused, e.name) for e in paused] == [(True, "Ana")]
    assert (room.match.world.ball, room.match.clock_s) == before[:2]
    assert room.match.world.tick == before[2] + 1
    room.set_paused(False, "Ana")
    assert of_class(room.step(), PauseChanged)[0].is_paused is False


def idle_room(idle_s: float = 1.0) -> tuple[Room, Member]:
    room = Room("main", RoomSettings(bots=1, idle_s=idle_s), seed=1)
    member = room.join("Ana", "udp")
    room.step()
    return room, member


def shown_as_bot(events) -> list[bool]:
    """Return whether the rosters show Ana's disc as a bot's."""
    return [
        e.is_bot for roster in of_class(events, Roster) for e in roster.entries if e.name == "Ana"
    ]


def test_a_bot_plays_for_an_idle_player_until_the_player_moves():
    room, ana = idle_room()
    home = room.match.world.players[ana.player_id].x
    events = [event for _ in range(60) for event in room.step()]
    assert shown_as_bot(events)[-1:] == [True]
    for _ in range(240):
        room.step()
    assert abs(room.match.world.players[ana.player_id].x - home) > 20.0
    ana.inputs.push(1, (Controls(0, 127, False),))
    assert shown_as_bot(room.step()) == [False]
    y = room.match.world.players[ana.player_id].vy
    ana.inputs.push(2, (Controls(0, 127, False),))
    room.step()
    assert room.match.world.players[ana.player_id].vy > y - 1.0


def test_an_idle_player_who_leaves_frees_the_id_for_a_person():
    room, ana = idle_room()
    for _ in range(60):
        room.step()
    room.leave(ana)
    eva = room.join("Eva", "udp")
    (entry,) = (e for e in room.roster().entries if e.name == "Eva")
    assert eva.player_id == ana.player_id
    assert not entry.is_bot


def test_without_a_limit_an_idle_player_stands_still():
    room, _ = idle_room(idle_s=0.0)
    events = [event for _ in range(200) for event in room.step()]
    assert True not in shown_as_bot(events)


def counts(room: Room) -> tuple[int, int]:
    """Return the numbers of people and of bots."""
    bots = sum(entry.is_bot for entry in room.roster().entries)
    return len(room.roster().entries) - bots, bots


def test_bots_that_give_way_leave_one_for_each_person_and_come_back():
    room = Room("main", RoomSettings(bots=4, bots_give_way=True), seed=1)
    assert counts(room) == (0, 4)
    members = [room.join(f"p{n}", "tcp") for n in range(6)]
    assert counts(room) == (6, 0)
    for left, bots in enumerate((0, 0, 1, 2, 3, 4), start=1):
        room.leave(members.pop())
        assert counts(room) == (6 - left, bots)
        assert not room.match.world.players.keys() - {e.player_id for e in room.roster().entries}


def test_a_spectator_takes_no_bot_away():
    room = Room("main", RoomSettings(bots=2, bots_give_way=True), seed=1)
    member = room.join("Eva", "tcp", watch=True)
    assert counts(room) == (0, 2)
    room.play_for(member, Team.ORANGE)
    assert counts(room) == (1, 1)
    room.watch(member)
    assert counts(room) == (0, 2)


def test_with_bots_that_give_way_the_teams_stay_even():
    room = Room("main", RoomSettings(bots=6, bots_give_way=True), seed=1)
    for n in range(6):
        room.join(f"p{n}", "tcp")
        teams = [entry.team for entry in room.roster().entries]
        assert teams.count(Team.ORANGE) == teams.count(Team.SKY) == 3


def test_a_number_of_bots_that_the_teacher_sets_stays():
    room = Room("main", RoomSettings(bots=4, bots_give_way=True), seed=1)
    members = [room.join(f"p{n}", "tcp") for n in range(5)]
    room.set_bots(2)
    assert counts(room) == (5, 2)
    room.leave(members.pop())
    assert counts(room) == (4, 2)
