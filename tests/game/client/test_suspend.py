"""A laptop's lid, closed for a minute and opened again, at either end and on every system.

Under the lid a program does not run, and its clock goes on (Windows) or stands still (Linux and
macOS). No time passes here: whoever is awake is shown the minute, and the sleeper is not asked.
Ticks after such a minute are tested in ``test_pacing.py``, pictures in ``test_picture.py``.
"""

from time import perf_counter

import pytest

from game.client.frame import Status
from game.match.controls import Controls
from game.protocol.messages import PlayerLeft
from net.session.session import PEER_TIMEOUT_S, SILENCE_INTERRUPTED_S
from net.session.slots import RESERVATION_S
from tests.game.support import TRANSPORTS, playing, serving, until

MINUTE_S = 60.0
assert MINUTE_S > PEER_TIMEOUT_S + RESERVATION_S

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


def server_gives_up(server, after_s):
    """Have a server look after its guests as it does after so much silence."""
    for guest in list(server.connections):
        guest.check_timeouts(perf_counter() + after_s)


def expire_slots(server):
    server.lobby.expire_slots(perf_counter() + MINUTE_S)


async def plays_again(server, player, lost):
    """Wait until a client plays over another visit, and its keys move its player."""
    await until(lambda: player.client.connection not in (None, lost))
    await until(lambda: player.is_playing)
    (room,) = server.rooms.values()
    body = room.match.world.players[player.look().own_id]
    before = body.y
    player.client.set_controls(Controls(0, 127 if before < 0 else -127, False))
    await until(lambda: abs(body.y - before) > 20.0)
    await until(lambda: len(server.connections) == 1)
    assert len(room.match.roster()) == 1
    silence_s = player.look().network.silence_s
    assert silence_s is not None
    assert silence_s < SILENCE_INTERRUPTED_S


@every_transport
async def test_a_player_whose_clock_stood_still_joins_afresh(transport):
    """The sleeper heard nothing of being given up, and believes that no time has passed."""
    async with serving() as server, playing(server.base_port, transport) as player:
        lost = player.client.connection
        server_gives_up(server, MINUTE_S)
        # The channels end in the next pass of the loop; a client is not awake to see it.
        for guest in list(server.connections):
            server.on_disconnect(guest, was_closed_by_peer=False)
        expire_slots(server)
        assert len(server.lobby.slots) == 0
        await plays_again(server, player, lost)


@every_transport
async def test_a_player_whose_clock_went_on_comes_back_while_its_place_is_kept(transport):
    """A nap: longer than silence is borne, shorter than a place is kept."""
    async with serving() as server, playing(server.base_port, transport) as player:
        own_id, lost = player.look().own_id, player.client.connection
        player.events.clear()
        lost.tick(perf_counter() + PEER_TIMEOUT_S + 1.0)
        await plays_again(server, player, lost)
        assert player.look().own_id == own_id
        assert not [event for event in player.events if isinstance(event, PlayerLeft)]


@every_transport
async def test_when_both_wake_and_think_each_other_gone_the_player_is_back(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        own_id, lost = player.look().own_id, player.client.connection
        lost.tick(perf_counter() + MINUTE_S)
        server_gives_up(server, MINUTE_S)
        await plays_again(server, player, lost)
        assert player.look().own_id == own_id


@every_transport
async def test_a_frame_drawn_first_after_a_minute_shows_the_last_state_as_interrupted(transport):
    async with serving() as server, playing(server.base_port, transport) as player:
        frame = player.client.frame(perf_counter() + MINUTE_S)
        assert frame.status is Status.PLAYING
        assert frame.is_starved
        assert frame.network.silence_s > PEER_TIMEOUT_S
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
