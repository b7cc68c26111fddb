"""Test of a window that is dragged on Windows: frames stop, the network continues.

While the system moves the window, it does not return to the program: no frame is drawn and no key
is read. The clients run in the network thread, so the drag does not affect them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import pytest

from game.client.client import MAX_PENDING_EVENTS, Client, ClientSettings
from game.client.frame import Status
from game.client.observer import ClientObserver
from game.match.physics import TICK_HZ
from game.protocol.messages import JoinRequest
from game.runtime.network_thread import NetworkThread
from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.transport import Address
from tests.disturbance import skip_if_disturbed
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

# The time a drag takes at the least, and the time in which its pings are answered.
DRAGGED_S = 3.0
ANSWERED_WITHIN_S = 0.25
# After so many more moving than frozen frames, less than half of those that were drawn are frozen.
MOVING_AHEAD_MAX = 50


class Answers(ClientObserver):
    """Observer that records the answered pings."""

    def __init__(self):
        self.exchanges = []

    def ping_answered(self, exchange):
        self.exchanges.append(exchange)


@asynccontextmanager
async def playing_in_a_thread(
    transport: str,
) -> AsyncIterator[tuple[GameServer, Client, Answers]]:
    """Run a server here and a client in a network thread; inside the block it is in the match."""
    async with serving(ServerSettings(port=0, room=RoomSettings(bots=3))) as server:
        address = Address(LOOPBACK, server.base_port)
        client = Client(TRANSPORTS, transport, ClientSettings(address, JoinRequest("Ana", "main")))
        answers = Answers()
        with NetworkThread(client.run):
            await until(lambda: client.frame(perf_counter()).scene)
            client.observers.append(answers)
            yield server, client, answers


every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


@every_transport
async def test_while_no_frame_is_drawn_the_player_stays_and_pings_are_answered(transport: str):
    async with playing_in_a_thread(transport) as (server, client, answers):
        (connection,) = server.connections
        inputs = connection.slot.owner.member.inputs
        before = client.frame(perf_counter())
        received = inputs.received
        await until(lambda: len(answers.exchanges) >= 20 and inputs.received - received >= 60)
        assert server.connections == {connection}
        # After the drag, the frame shows the present without catching up.
        await until(lambda: not client.frame(perf_counter()).is_starved)
        frame = client.frame(perf_counter())
        assert frame.status is Status.PLAYING
        assert frame.own_id == before.own_id
        # Snapshots arrived meanwhile.
        assert frame.scene.tick > before.scene.tick + 60
        assert len(frame.events) <= MAX_PENDING_EVENTS
        # Frames that nobody drew do not count as frozen: sixty of them would outweigh these. On a
        # busy computer some of those that were drawn are.
        moving_ahead = 0
        while (frame := client.frame(perf_counter())).network.lag.frozen_ratio >= 0.5:
            moving_ahead += -1 if frame.is_starved else 1
            assert moving_ahead < MOVING_AHEAD_MAX
            await asyncio.sleep(1 / TICK_HZ)


@pytest.mark.timing
@every_transport
async def test_a_drag_delays_neither_inputs_nor_pings_nor_snapshots(transport: str):
    async with playing_in_a_thread(transport) as (server, client, answers):
        (connection,) = server.connections
        inputs = connection.slot.owner.member.inputs
        with skip_if_disturbed():
            received = inputs.received
            await asyncio.sleep(DRAGGED_S)
            assert inputs.received - received > DRAGGED_S * 60 * 0.5
            assert len(answers.exchanges) > DRAGGED_S * 10 * 0.5
            delays_s = sorted(exchange.delay_s for exchange in answers.exchanges)
            assert delays_s[len(delays_s) // 2] < ANSWERED_WITHIN_S
            assert client.frame(perf_counter()).network.lag.longest_gap_s < DRAGGED_S / 2
