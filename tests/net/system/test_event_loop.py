"""The precise event loop: punctual timers, and sockets that are served meanwhile."""

import asyncio
import selectors
import socket

import pytest

from net.system import event_loop
from net.system.event_loop import PreciseSelector


def test_a_timeout_ends_with_nothing_ready() -> None:
    with PreciseSelector() as selector, socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        selector.register(sock, selectors.EVENT_READ)
        assert selector.select(0.0001) == []
        assert selector.select(0) == []
        assert selector.select(-1) == []


def test_a_ready_socket_ends_the_wait() -> None:
    with PreciseSelector() as selector, socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        selector.register(sock, selectors.EVENT_READ, "mine")
        sock.sendto(b"wake up", sock.getsockname())
        for timeout in (60.0, None, 0):
            ((key, events),) = selector.select(timeout)
            assert (key.data, events) == ("mine", selectors.EVENT_READ)


def test_timers_are_finer_than_epolls_milliseconds() -> None:
    """A loop without them is late by most of a millisecond every time, this one by far less.

    Other programs can delay it too, so one punctual timer of many is enough.
    """

    async def lateness_s() -> float:
        loop = asyncio.get_running_loop()
        due: asyncio.Future[float] = loop.create_future()
        at = loop.time() + 0.0031
        loop.call_at(at, lambda: due.set_result(loop.time() - at))
        return await due

    async def least_s() -> float:
        least_s = await lateness_s()
        for _ in range(2000):
            if least_s < 0.0005:
                break
            least_s = min(least_s, await lateness_s())
        return least_s

    assert 0.0 <= event_loop.run_precisely(least_s()) < 0.0005


def test_a_coroutine_runs_to_its_end() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert event_loop.run_precisely(answer()) == 42


def test_an_exception_in_a_callback_ends_a_client():
    async def wait_for_ever():
        asyncio.get_running_loop().call_soon(int, "no number")
        await asyncio.get_running_loop().create_future()

    with pytest.raises(ValueError, match="no number"):
        event_loop.run(event_loop.end_on_callback_error(wait_for_ever()))


def test_without_an_exception_the_result_is_returned():
    async def answer():
        await asyncio.sleep(0)
        return 42

    assert event_loop.run(event_loop.end_on_callback_error(answer())) == 42
