"""Pings over real sockets on loopback."""

import asyncio
from contextlib import suppress
from time import sleep

import pytest

from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger
from game.server.local import LocalServer
from net.errors import ConnectError
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, running, serving, until
from tests.ports import free_base_port


def pinger_at(port, name="udp", count=3, on_reply=lambda reply: None):
    address = Address(LOOPBACK, port)
    return Pinger(TRANSPORTS[name], address, on_reply, count=count, interval_s=INTERVAL_MIN_S)


@pytest.mark.parametrize("name", TRANSPORTS)
async def test_every_ping_is_answered_in_turn_on_every_transport(name):
    replies = []
    async with serving() as server:
        pinger = pinger_at(server.base_port, name, on_reply=replies.append)
        await pinger.run()
        await until(lambda: not server.rooms)
    assert [reply.number for reply in replies] == [1, 2, 3]
    assert pinger.replies == replies
    for reply in replies:
        assert reply.t1 <= reply.t2 <= reply.t3 <= reply.t4
        assert reply.delay_s == pytest.approx(
            (reply.t4 - reply.t1) - (reply.t3 - reply.t2), abs=1e-9
        )
        # One clock serves both ends here.
        assert abs(reply.offset_s) <= reply.delay_s / 2


async def test_a_pinger_joins_as_a_spectator():
    async with serving() as server:
        pinger = pinger_at(server.base_port, count=None)
        async with running(pinger.run()):
            await until(lambda: pinger.replies)
            (room,) = server.rooms.values()
            assert room.player_count == 0
        await until(lambda: not server.rooms)


async def test_it_ends_when_the_server_closes_and_says_why():
    async with serving() as server:
        pinger = pinger_at(server.base_port, "tcp", count=None)
        async with running(pinger.run()) as pinging:
            await until(lambda: pinger.replies)
            await server.__aexit__(None, None, None)
            with suppress(TimeoutError):
                await pinging
    assert "closed" in pinger.close_reason


@pytest.mark.parametrize("name", TRANSPORTS)
async def test_without_a_server_no_channel_is_opened(name):
    with pytest.raises(ConnectError):
        await pinger_at(free_base_port(), name).run()


@pytest.mark.parametrize("name", TRANSPORTS)
async def test_a_stopped_program_sends_no_pings_and_so_loses_none(name):
    async with serving() as server:
        pinger = pinger_at(server.base_port, name, count=8)
        async with running(pinger.run()) as pinging:
            await until(lambda: pinger.replies)
            # The server's loop is this one too: both stand still, as a suspended computer does.
            sleep(2.0)  # noqa: ASYNC251
            await pinging
    assert pinger.sent == 8
    assert len(pinger.replies) + pinger.untimed == 8


@pytest.mark.slow
async def test_a_reply_read_after_a_pause_is_an_answer_without_a_time():
    with LocalServer("--log-level", "error") as server:
        pinger = pinger_at(server.address.port, count=4)
        async with running(pinger.run()) as pinging:
            # In every pass of the loop: the reply comes a fraction of a millisecond later.
            while pinger.sent < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
            # The server is a process of its own, and answers in the meantime.
            sleep(1.0)  # noqa: ASYNC251
            await pinging
    assert (pinger.sent, pinger.untimed, len(pinger.replies)) == (4, 1, 3)
    assert max(reply.delay_s for reply in pinger.replies) < 0.5


class Unwritable(Exception):
    """Error that a callback may raise."""


@pytest.mark.parametrize("error", [Unwritable, BrokenPipeError])
@pytest.mark.parametrize("name", TRANSPORTS)
async def test_an_error_of_the_callback_ends_the_run(name, error):
    calls = []

    def fail(reply):
        calls.append(reply)
        raise error("nobody reads")

    async with serving() as server:
        pinger = pinger_at(server.base_port, name, count=None, on_reply=fail)
        with pytest.raises(error, match="nobody reads"):
            await pinger.run()
        await until(lambda: not server.rooms)
    assert len(calls) == 1
