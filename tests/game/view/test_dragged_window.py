"""Test of a window that is dragged on Windows: frames stop, the network continues.

While the system moves the window, it does not return to the program: no frame is drawn and no key
is read. The clients run in the network thread, so the drag does not affect them.
"""

from time import perf_counter

import pytest

from game.client.client import MAX_PENDING_EVENTS, Client, ClientSettings
from game.client.frame import Status
from game.client.observer import ClientObserver
from game.protocol.messages import JoinRequest
from game.runtime.network_thread import NetworkThread
from game.server.room import RoomSettings
from game.server.settings import ServerSettings
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

DRAGGED_S = 3.0
# Pings are answered within a frame even on a busy machine.
ANSWERED_WITHIN_S = 0.25


class Answers(ClientObserver):
    """Observer that records the answered pings."""

    def __init__(self):
        self.exchanges = []

    def ping_answered(self, exchange):
        self.exchanges.append(exchange)


@pytest.mark.parametrize("transport", list(TRANSPORTS))
async def test_while_no_frame_is_drawn_the_player_stays_and_pings_are_answered(transport):
    settings = ServerSettings(port=0, room=RoomSettings(bots=3))
    async with serving(settings) as server:
        address = Address(LOOPBACK, server.base_port)
        client = Client(TRANSPORTS, transport, ClientSettings(address, JoinRequest("Ana", "main")))
        answers = Answers()
        with NetworkThread(client.run):
            await until(lambda: client.frame(perf_counter()).scene)
            (guest,) = server.connections
            inputs = guest.slot.owner.member.inputs
            own_id = client.frame(perf_counter()).own_id
            client.observers.append(answers)
            received, began_at = inputs.received, perf_counter()
            await until(lambda: perf_counter() > began_at + DRAGGED_S)
            assert server.connections == {guest}
            assert inputs.received - received > DRAGGED_S * 60 * 0.5
            assert len(answers.exchanges) > DRAGGED_S * 10 * 0.5
            delays_s = sorted(exchange.delay_s for exchange in answers.exchanges)
            assert delays_s[len(delays_s) // 2] < ANSWERED_WITHIN_S
            # After the drag, the frame shows the present without catching up.
            await until(lambda: not client.frame(perf_counter()).is_starved)
            frame = client.frame(perf_counter())
            assert frame.status is Status.PLAYING
            assert frame.own_id == own_id
            # Frames that nobody drew do not count as frozen, and snapshots arrived meanwhile.
            assert frame.network.lag.frozen_ratio < 0.5
            assert frame.network.lag.longest_gap_s < DRAGGED_S / 2
            assert len(frame.events) <= MAX_PENDING_EVENTS
