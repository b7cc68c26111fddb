"""Suspend: one end's computer sleeps for a minute and wakes up.

During the sleep the program does not run. Its clock runs on (Windows) or stops (Linux, macOS).
No real time passes in these tests: the end that is awake gets a time a minute later.
``test_ticker.py`` tests the ticks after a suspend, ``test_scene_builder.py`` the scenes.
"""

from time import perf_counter

import pytest

from game.client.frame import Status
from game.match.controls import Controls
from game.protocol.messages import PlayerLeft
from net.session.liveness import PEER_TIMEOUT_S, SILENCE_INTERRUPTED_S
from net.session.slots import RESERVATION_S
from tests.game.support import TRANSPORTS, playing, serving, until

MINUTE_S = 60.0
assert MINUTE_S > PEER_TIMEOUT_S + RESERVATION_S

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


def check_server_timeouts(server, after_s):
    """Check the timeouts of a server as after so much silence."""
    for connection in list(server.connections):
        connection.check_timeouts(perf_counter() + after_s)


def expire_slots(server):
    server.lobby.expire_slots(perf_counter() + MINUTE_S)


async def plays_again(server, player, lost):
    """Wait until a client plays over another connection, and its controls move its player."""
    await until(lambda: player.client.connection not in (None, lost))
    await until(lambda: player.is_playing)
    (room,) = server.rooms.values()
    body = room.match.world.players[player.look().own_id]
    before = body.y
    player.client.set_controls(Controls(0, 127 if before < 0 else -127, False))
    await until(lambda: abs(body.y - before) > 20.0)
    await until(lambda: len(server.connections) == 1)
    assert len(room.match.roster()) == 1
    # At once, but for a moment in which a busy machine stands still.
    await until(lambda: silence_of(player) < SILENCE_INTERRUPTED_S)


def silence_of(player):
    silence_s = player.look().network.silence_s
    assert silence_s is not None
    return silence_s


@every_transport
async def test_a_client_whose_clock_stopped_joins_anew(transport):
    """The client does not know that it has timed out: for its clock no time has passed."""
    async with serving() as server, playing(server.base_port, transport) as player:
        lost = player.client.connection
        check_server_timeouts(server, MINUTE_S)
        # The aborted channels end in the next pass of the loop. The client sleeps meanwhile.
        for connection in list(server.connections):
            server.on_disconnect(connection, was_closed_by_peer=False)
        expire_slots(server)
        assert len(server.lobby.slots) == 0
        await plays_again(server, player, lost)


@every_transport
async def test_a_client_whose_clock_ran_on_resumes_while_its_slot_is_reserved(transport):
    """A sleep longer than the timeout, and shorter than the reservation."""
    async with serving() as server, playing(server.base_port, transport) as player:
        own_id, lost = player.look().own_id, player.client.connection
        player.events.clear()
        lost.tick(perf_counter() + PEER_TIMEOUT_S + 1.0)
        await plays_again(server, player, lost)
        assert player.look().own_id == own_id
        assert not [event for event in player.events if isinstance(event, PlayerLeft)]


@every_transport
async def test_when_both_ends_time_out_the_player_returns(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        own_id, lost = player.look().own_id, player.client.connection
        lost.tick(perf_counter() + MINUTE_S)
        check_server_timeouts(server, MINUTE_S)
        await plays_again(server, player, lost)
        assert player.look().own_id == own_id


@every_transport
async def test_the_first_frame_after_a_minute_shows_the_last_state_as_starved(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        frame = player.client.frame(perf_counter() + MINUTE_S)
        assert frame.status is Status.PLAYING
        assert frame.is_starved
        assert frame.network.silence_s > PEER_TIMEOUT_S
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
