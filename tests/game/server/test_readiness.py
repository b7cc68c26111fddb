"""Readiness to go on in virtual time: who is counted, what ends, and what everybody is told."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import Controls
from game.match.physics import TICK_HZ
from game.match.rules import MatchSettings, Phase
from game.match.world import Team
from game.protocol.messages import PauseChanged, PhaseChanged, ReadyPlayers
from game.server.readiness import Readiness, Wait
from game.server.room import NO_MEMBER, Room, RoomSettings

LONG_BREAKS = MatchSettings(half_s=1.0, half_time_s=60.0, final_s=60.0, kick_off_limit_s=0.1)


def room_with(*names, **settings):
    room = Room("main", RoomSettings(match=LONG_BREAKS, **settings), 3)
    return room, [room.join(name, "udp") for name in names]


def run_until(room, phase, within_s=30.0):
    """Step until a phase begins; return all events."""
    events = []
    for _ in range(round(within_s * TICK_HZ)):
        events += room.step()
        if room.match.phase is phase:
            return events
    raise AssertionError(f"no {phase!r} within {within_s} s")


def told(events):
    """What the last event about ready players says: those who are, and those who are awaited."""
    *_, last = [event for event in events if isinstance(event, ReadyPlayers)]
    return last.ready, last.awaited


@pytest.mark.parametrize(
    ("phase", "follows"),
    [(Phase.HALF_TIME, (Phase.KICK_OFF, 2)), (Phase.FINAL, (Phase.KICK_OFF, 1))],
)
def test_a_break_ends_at_once_when_all_people_are_ready(phase, follows):
    room, (ana, eva) = room_with("Ana", "Eva", bots=4)
    if phase is Phase.FINAL:
        run_until(room, Phase.HALF_TIME)
        room.match.end_break()
    run_until(room, phase)
    assert told(room.step()) == ((), (ana.player_id, eva.player_id))
    room.set_ready(eva, True)
    assert told(room.step()) == ((eva.player_id,), (ana.player_id,))
    assert room.match.phase is phase
    room.set_ready(ana, True)
    events = room.step()
    assert told(events) == ((), ())
    (began,) = [event for event in events if isinstance(event, PhaseChanged)]
    assert (began.phase, began.half) == follows
    assert (room.match.phase, room.match.half) == follows


def test_a_player_may_take_it_back():
    room, (ana, eva) = room_with("Ana", "Eva")
    run_until(room, Phase.HALF_TIME)
    room.step()
    room.set_ready(ana, True)
    room.step()
    room.set_ready(ana, False)
    assert told(room.step()) == ((), (ana.player_id, eva.player_id))
    room.set_ready(eva, True)
    room.step()
    assert room.match.phase is Phase.HALF_TIME


def test_who_is_ready_before_the_first_tick_of_a_wait_counts():
    room, (ana, eva) = room_with("Ana", "Eva")
    room.step()
    room.set_paused(True, ana.name)
    room.set_ready(eva, True)
    assert told(room.step()) == ((eva.player_id,), (ana.player_id,))


def test_during_play_nobody_is_asked_and_nothing_is_kept():
    room, (ana,) = room_with("Ana")
    room.set_ready(ana, True)
    events = run_until(room, Phase.HALF_TIME)
    assert not [event for event in events if isinstance(event, ReadyPlayers)]
    assert told(room.step()) == ((), (ana.player_id,))
    assert room.match.phase is Phase.HALF_TIME


def test_bots_and_spectators_are_not_counted():
    room, _ = room_with(bots=4)
    spectator = room.join("Zoe", "udp", watch=True)
    events = run_until(room, Phase.HALF_TIME) + room.step()
    room.set_ready(spectator, True)
    events += room.step()
    assert not [event for event in events if isinstance(event, ReadyPlayers)]
    assert room.match.phase is Phase.HALF_TIME


def test_who_was_lost_and_who_is_idle_hold_nobody_up():
    room, (ana, eva, leo) = room_with("Ana", "Eva", "Leo", idle_s=0.5)
    for number in range(round(0.7 * TICK_HZ)):
        for member in (ana, eva):
            member.inputs.push(number + 1, (Controls(1, 0, False),))
        room.step()
    eva.is_connected = False
    room.match.settings = MatchSettings(half_s=0.01, half_time_s=60.0, kick_off_limit_s=0.1)
    for number in range(100, 140):
        ana.inputs.push(number, (Controls(1, 0, False),))
        room.step()
    assert room.match.phase is Phase.HALF_TIME
    ready = room.ready_players()
    assert (ready.ready, ready.awaited) == ((), (ana.player_id,))
    room.set_ready(leo, True)
    assert told(room.step()) == ((leo.player_id,), (ana.player_id,))
    room.set_ready(ana, True)
    room.step()
    assert room.match.phase is Phase.KICK_OFF


def test_where_all_are_idle_all_are_awaited_until_one_is_ready():
    room, (ana, eva) = room_with("Ana", "Eva", idle_s=0.3)
    for _ in range(round(0.5 * TICK_HZ)):
        room.step()
    room.set_paused(True, ana.name)
    assert told(room.step()) == ((), (ana.player_id, eva.player_id))
    room.set_ready(eva, True)
    assert told(room.step()) == ((), ())
    assert not room.is_paused


def test_who_joins_is_awaited_and_who_leaves_is_not():
    room, (ana, eva) = room_with("Ana", "Eva")
    run_until(room, Phase.HALF_TIME)
    room.step()
    room.set_ready(ana, True)
    leo = room.join("Leo", "tcp")
    assert told(room.step()) == ((ana.player_id,), (eva.player_id, leo.player_id))
    room.leave(leo)
    room.watch(eva)
    room.step()
    assert room.match.phase is Phase.KICK_OFF


def test_a_new_player_does_not_inherit_what_another_with_the_same_id_said():
    room, (ana, eva) = room_with("Ana", "Eva")
    run_until(room, Phase.HALF_TIME)
    room.set_ready(eva, True)
    room.leave(eva)
    leo = room.join("Leo", "udp", team=Team.SKY)
    assert leo.player_id == eva.player_id
    assert told(room.step()) == ((), (ana.player_id, leo.player_id))


def test_a_pause_of_the_room_ends_when_all_are_ready():
    room, (ana, eva) = room_with("Ana", "Eva")
    room.step()
    room.set_paused(True, ana.name)
    assert told(room.step()) == ((), (ana.player_id, eva.player_id))
    for member in (ana, eva):
        room.set_ready(member, True)
    events = room.step()
    assert not room.is_paused
    assert [each.is_paused for each in events if isinstance(each, PauseChanged)] == [False]
    assert told(events) == ((), ())


def test_the_teachers_pause_shows_who_is_ready_and_goes_on():
    room, (ana,) = room_with("Ana")
    room.step()
    room.set_paused(True, NO_MEMBER)
    room.step()
    room.set_ready(ana, True)
    assert told(room.step()) == ((ana.player_id,), ())
    assert room.is_paused
    room.set_paused(False, NO_MEMBER)
    assert told(room.step()) == ((), ())


IDS = st.integers(0, 3)


@given(st.lists(st.tuples(st.sampled_from([None, *Wait]), IDS, st.booleans()), max_size=40))
def test_ready_and_awaited_never_overlap_and_end_with_the_wait(script):
    rng, readiness, before = Random(1), Readiness(), None
    for wait, player_id, is_ready in script:
        readiness.say(player_id, is_ready)
        players = {} if wait is None else {i: rng.random() < 0.7 for i in range(4)}
        readiness.update(wait, players)
        assert not set(readiness.ready) & set(readiness.awaited)
        assert set(readiness.ready) | set(readiness.awaited) <= players.keys()
        if wait is not before:
            assert readiness.ready == ()
        assert not readiness.update(wait, players)
        before = wait
