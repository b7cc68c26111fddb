"""A client in a match that moves to QUIC and back."""

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from game.client.client import Client
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from net.transport import Address
from tests.game.support import INSTALLED, LOOPBACK, Player, running, serving, until


async def test_a_player_keeps_its_slot_on_the_way_to_quic_and_back():
    async with serving(transports=INSTALLED) as server:
        settings = ClientSettings(Address(LOOPBACK, server.base_port), JoinRequest("Ana", "main"))
        player = Player(Client(INSTALLED, "tcp", settings))
        async with running(player.client.run()):
            await until(lambda: player.is_playing)
            own_id = player.look().own_id
            for name in ("quic", "tcp"):
                player.client.switch(name)
                await until(lambda name=name: player.client.transport == name)
                await until(lambda: player.is_playing and player.look().own_id == own_id)
            # The server hears later of the old channel's end than the client of its own switch.
            await until(lambda: len(server.stats().players) == 1)
