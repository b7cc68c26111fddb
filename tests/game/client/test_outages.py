"""Outages: a network that fails for ten seconds, and a server that is killed."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import perf_counter

import pytest

from game.client.frame import Status
from game.protocol.messages import PlayerJoined, PlayerLeft
from game.server.local import LOOPBACK, PORT_LINE
from game.server.room import RoomSettings
from game.server.settings import ServerSettings
from net.link.profile import Link, LinkProfile
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, game_routes
from net.session.liveness import PEER_TIMEOUT_S, SILENCE_INTERRUPTED_S
from net.transport import Address
from tests.game.support import TRANSPORTS, Player, everyone_playing, serving, until

# The silence after which a session times out. Slots stay reserved, whichever end times out first
# and however far TCP's retransmission timeout has grown.
OUTAGE_S = PEER_TIMEOUT_S
PERFECT = Link(LinkProfile(), LinkProfile())


@asynccontextmanager
async def relayed(port: int) -> AsyncIterator[LinkRelay]:
    """Run a relay in front of a server, which can lose every packet."""
    routes = game_routes([transport.port_offset for transport in TRANSPORTS.values()])
    async with LinkRelay(RelaySettings(PERFECT, 7, Address(LOOPBACK, port), routes)) as relay:
        yield relay


@asynccontextmanager
async def server_process(port: int) -> AsyncIterator[tuple[int, Process]]:
    """Run a server process, yield its port, and kill it after the block."""
    command = [sys.executable, "-P", "-m", "game", "serve", "--as-child", "--host", LOOPBACK]
    process = await asyncio.create_subprocess_exec(
        *command, "--port", str(port), "--bots", "2", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        line = (await process.stdout.readline()).decode()
        assert line.startswith(PORT_LINE)
        yield int(line.removeprefix(PORT_LINE)), process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def drawn_tick(player: Player) -> int:
    return player.look().scene.tick


def people_seen_by(player: Player) -> int:
    return sum(not drawn.is_bot for drawn in player.look().scene.players)


def is_interrupted(player: Player) -> bool:
    """Return whether the client has noticed the outage, or lost its connection."""
    silence_s = player.look().network.silence_s
    return silence_s is None or silence_s > SILENCE_INTERRUPTED_S


@pytest.mark.slow
async def test_after_ten_seconds_without_a_network_every_player_resumes():
    settings = ServerSettings(port=0, room=RoomSettings(bots=2))
    async with (
        serving(settings) as server,
        relayed(server.base_port) as relay,
        everyone_playing(relay.port) as players,
    ):
        room = server.rooms["main"]
        await until(lambda: len(players[0].look().scene.players) == len(TRANSPORTS) + 2)
        ids = [player.look().own_id for player in players]
        teams = {entry.player_id: entry.team for entry in room.roster().entries}
        for player in players:
            player.events.clear()
        relay.burst_loss(OUTAGE_S)
        began = perf_counter()
        await until(lambda: all(is_interrupted(player) for player in players))
        await until(lambda: perf_counter() > began + OUTAGE_S)
        ticks = [room.match.world.tick] * len(players)
        await until(
            lambda: all(
                player.client.status is Status.PLAYING and drawn_tick(player) > tick
                for player, tick in zip(players, ticks, strict=True)
            )
        )
        assert [player.look().own_id for player in players] == ids
        assert {entry.player_id: entry.team for entry in room.roster().entries} == teams
        for player in players:
            assert not [e for e in player.events if isinstance(e, PlayerJoined | PlayerLeft)]


@pytest.mark.slow
async def test_after_a_server_was_killed_every_player_joins_the_new_one():
    async with server_process(0) as (port, first), everyone_playing(port) as players:
        lost = [player.client.connection for player in players]
        first.kill()
        await first.wait()
        async with server_process(port):
            await until(
                lambda: all(
                    player.is_playing and player.client.connection not in (None, old)
                    for player, old in zip(players, lost, strict=True)
                )
            )
            await until(lambda: all(people_seen_by(player) == len(players) for player in players))
            assert len({player.look().own_id for player in players}) == len(players)
