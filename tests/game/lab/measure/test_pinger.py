"""Pings over real sockets on loopback."""

import socket
from contextlib import suppress

import pytest

from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger
from net.errors import ConnectError
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, running, serving, until


def pinger_at(port, name="udp", count=3, on_answer=lambda answer: None):
    return Pinger(TRANSPORTS[name], Address(LOOPBACK, port), count, INTERVAL_MIN_S, on_answer)


@pytest.mark.parametrize("name", TRANSPORTS)
async def test_every_ping_is_answered_in_turn_on_every_transport(name):
    told = []
    async with serving() as server:
        pinger = pinger_at(server.base_port, name, on_answer=told.append)
        await pinger.run()
        await until(lambda: not server.rooms)
    assert [answer.number for answer in told] == [1, 2, 3]
    assert pinger.answers == told
    for answer in told:
        assert answer.t1 <= answer.t2 <= answer.t3 <= answer.t4
        assert answer.delay_s == pytest.approx(
            (answer.t4 - answer.t1) - (answer.t3 - answer.t2), abs=1e-9
        )
        # One clock serves both ends here.
        assert abs(answer.offset_s) <= answer.delay_s / 2


async def test_a_pinger_takes_no_place_in_the_match():
    async with serving() as server:
        pinger = pinger_at(server.base_port, count=None)
        async with running(pinger.run()):
            await until(lambda: pinger.answers)
            (room,) = server.rooms.values()
            assert room.player_count == 0
        await until(lambda: not server.rooms)


async def test_it_ends_when_the_server_leaves_and_says_why():
    async with serving() as server:
        pinger = pinger_at(server.base_port, "tcp", count=None)
        async with running(pinger.run()) as pinging:
            await until(lambda: pinger.answers)
            await server.__aexit__(None, None, None)
            with suppress(TimeoutError):
                await pinging
    assert "closed" in pinger.farewell


@pytest.mark.parametrize("name", TRANSPORTS)
async def test_where_nobody_listens_no_channel_comes_to_be(name):
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        free_port = sock.getsockname()[1]
    with pytest.raises(ConnectError):
        await pinger_at(free_port, name).run()
