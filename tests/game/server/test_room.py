"""A room: who plays, who watches, and what they are told."""

from random import Random

import pytest

from game.match.controls import Controls
from game.match.formation import MAX_PLAYERS
from game.match.roster import MatchFullError
from game.match.rules import MatchSettings
from game.protocol.messages import NO_PLAYER, Goal, PhaseChanged, PlayerJoined, PlayerLeft, Roster
from game.server.room import Room, RoomSettings


def room_with(bots: int = 0, **match: float) -> Room:
    return Room("main", RoomSettings(bots=bots, match=MatchSettings(**match)), seed=1)


def of_kind(news, kind):
    return [event for event in news if isinstance(event, kind)]


def test_a_newcomer_is_announced_and_stands_on_the_team_sheet():
    room = room_with()
    member = room.join("Ana", "udp")
    news = room.step()
    assert of_kind(news, PlayerJoined)[0].name == "Ana"
    (entry,) = of_kind(news, Roster)[-1].entries
    assert (entry.player_id, entry.name, entry.transport) == (member.player_id, "Ana", "udp")
    assert not entry.is_bot


def test_a_taken_name_gets_a_number():
    room = room_with()
    assert [room.join("Ana", "tcp").name for _ in range(3)] == ["Ana", "Ana 2", "Ana 3"]


def test_a_watcher_takes_no_place_and_is_nobody_in_the_snapshot():
    room = room_with()
    watcher = room.join("Eva", "tcp", watch=True)
    assert watcher.player_id is None
    assert room.own_state(watcher).player_id == NO_PLAYER
    assert room.roster().entries == ()
    assert room.player_count == 0


def test_bots_make_way_for_people_until_the_match_is_full_of_people():
    room = room_with(bots=MAX_PLAYERS)
    members = [room.join(f"p{n}", "tcp") for n in range(MAX_PLAYERS)]
    assert len({member.player_id for member in members}) == MAX_PLAYERS
    assert not any(entry.is_bot for entry in room.roster().entries)
    with pytest.raises(MatchFullError):
        room.join("late", "tcp")
    room.join("late", "tcp", watch=True)


def test_who_leaves_is_announced_and_gone():
    room = room_with()
    ana, _ = room.join("Ana", "tcp"), room.join("Ben", "tcp")
    room.step()
    room.leave(ana)
    news = room.step()
    assert [event.name for event in of_kind(news, PlayerLeft)] == ["Ana"]
    assert [entry.name for entry in of_kind(news, Roster)[-1].entries] == ["Ben"]


def test_a_change_of_transport_shows_on_the_team_sheet():
    room = room_with()
    member = room.join("Ana", "tcp")
    room.step()
    room.set_transport(member, "udp")
    assert of_kind(room.step(), Roster)[-1].entries[0].transport == "udp"


def test_a_members_inputs_move_its_player_one_tick_at_a_time():
    room = room_with(kick_off_limit_s=0.01)
    member = room.join("Ana", "tcp")
    for sequence in range(1, 30):
        member.inputs.push(sequence, (Controls(0, 127, False),))
        room.step()
    assert room.match.world.players[member.player_id].vy > 50.0
    assert room.own_state(member).last_input == 29


def test_bots_score_and_everyone_is_told_with_the_tick():
    room = room_with(bots=8, half_s=40.0, goal_pause_s=0.5)
    room.join("Eva", "tcp", watch=True)
    news = [event for _ in range(60 * 200) for event in room.step()]
    goals = of_kind(news, Goal)
    assert goals
    assert of_kind(news, PhaseChanged)
    assert [goal.tick for goal in goals] == sorted(goal.tick for goal in goals)
    after = of_kind(news[news.index(goals[0]) :], Roster)[0]
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
