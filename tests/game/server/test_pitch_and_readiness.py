"""Pitch size and readiness between a real server and real clients, over every transport."""

import pytest

from game.match.pitch import PITCHES, PitchSize
from game.match.rules import MatchSettings, Phase
from game.protocol.messages import (
    JoinRequest,
    LimitsChanged,
    PauseChanged,
    ReadyPlayers,
    RoomAction,
    RoomRequest,
)
from game.server.room import RoomSettings
from game.server.settings import ServerSettings
from net.session.event_log import MAX_KEPT_EVENTS
from tests.game.support import everyone_playing, playing, serving, until

SMALL = MatchSettings(pitch_size=PitchSize.SMALL)
ON_SMALL = ServerSettings(port=0, room=RoomSettings(bots=2, match=SMALL))


def sees(player, size):
    return player.look().scene.pitch is PITCHES[size]


async def test_players_and_spectators_over_every_transport_see_the_pitch_of_the_match():
    watch = JoinRequest("Eva", "main", watch=True)
    async with (
        serving(ON_SMALL) as server,
        everyone_playing(server.base_port) as players,
        playing(server.base_port, "udp", watch) as spectator,
    ):
        room = server.rooms["main"]
        everyone = [*players, spectator]
        assert all(sees(each, PitchSize.SMALL) for each in everyone)
        # The first of them is there longest.
        players[0].client.ask_room(RoomRequest(RoomAction.SET_PITCH, str(int(PitchSize.LARGE))))
        await until(lambda: room.match.settings.pitch_size is PitchSize.LARGE)
        assert all(sees(each, PitchSize.SMALL) for each in everyone)
        room.restart()
        for each in everyone:
            await until(lambda each=each: sees(each, PitchSize.LARGE))
        assert not server.rejections.counts


async def test_the_pitch_stays_over_a_switch_of_transport():
    async with serving(ON_SMALL) as server, playing(server.base_port, "tcp") as player:
        for transport in ("udp", "websocket"):
            player.client.switch(transport)
            await until(lambda wanted=transport: player.client.transport == wanted)
            newest = player.client.newest_time_s
            await until(lambda newest=newest: player.client.newest_time_s > newest + 0.1)
            assert sees(player, PitchSize.SMALL)


async def test_the_match_goes_on_when_a_player_over_each_transport_is_ready():
    breaks = MatchSettings(half_s=0.1, half_time_s=600.0, kick_off_limit_s=0.1)
    settings = ServerSettings(port=0, room=RoomSettings(bots=1, match=breaks))
    async with (
        serving(settings) as server,
        everyone_playing(server.base_port) as players,
    ):
        match = server.rooms["main"].match
        await until(lambda: match.phase is Phase.HALF_TIME)
        count = len(players)
        for ready, player in enumerate(players):
            await until(lambda left=count - ready: len(players[0].look().scene.awaited_ids) == left)
            assert len(players[0].look().scene.ready_ids) == ready
            assert match.phase is Phase.HALF_TIME
            player.client.ask_room(RoomRequest(RoomAction.READY))
        await until(lambda: match.half == 2)
        await until(lambda: not players[0].look().scene.ready_ids)


async def test_who_comes_during_a_pause_is_told_who_is_ready():
    async with serving() as server, playing(server.base_port, "tcp") as player:
        room = server.rooms["main"]
        server.classroom.pause(is_on=True)
        player.client.ask_room(RoomRequest(RoomAction.READY))
        await until(lambda: room.ready_players().ready)
        watch = JoinRequest("Eva", "main", watch=True)
        async with playing(server.base_port, "udp", watch) as spectator:
            own_id = player.look().own_id
            await until(lambda: spectator.look().scene.ready_ids == (own_id,))
            assert any(isinstance(each, ReadyPlayers) for each in spectator.events)
        assert room.is_paused


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_who_resumes_past_the_end_of_the_event_log_is_told_the_present_state(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        classroom, room = server.classroom, server.rooms["main"]
        (slot,) = server.lobby.all_slots()
        classroom.pause(is_on=True)
        classroom.set_limits(60.0, 3, PitchSize.LARGE)
        classroom.blind_test.begin()
        player.client.ask_room(RoomRequest(RoomAction.READY))
        await until(lambda: player.look().scene.ready_ids and player.look().blind_choices)
        assert player.look().scene.half_s == 60.0
        player.events.clear()
        lost = player.client.connection
        lost.channel.abort()
        # The client is not there: what happens until it comes back is more than the log keeps.
        classroom.pause(is_on=False)
        classroom.set_limits(120.0, 0, PitchSize.MEDIUM)
        classroom.blind_test.end()
        room.step()
        for _ in range(MAX_KEPT_EVENTS):
            slot.events.append(b"")
        await until(lambda: player.client.connection not in (None, lost))
        await until(lambda: not player.look().blind_choices)
        scene = player.look().scene
        assert (scene.ready_ids, scene.awaited_ids, scene.half_s) == ((), (), 120.0)
        told = {type(event): event for event in player.events}
        assert not told[PauseChanged].is_paused
        limits = told[LimitsChanged]
        assert (limits.goal_limit, limits.pitch_size) == (0, PitchSize.MEDIUM)
