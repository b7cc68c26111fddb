"""The network's thread: what runs in it, how it ends, and how its errors come out."""

import asyncio
import sys
import threading

import pytest

from game.runtime.network_thread import SWITCH_INTERVAL_S, NetworkThread

LIMIT_S = 20.0


class Worker:
    """Works until it is cancelled, and says goodbye then."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.said_goodbye = False
        self.thread: threading.Thread | None = None

    async def run(self) -> None:
        self.thread = threading.current_thread()
        self.began.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.said_goodbye = True


async def _fail() -> None:
    raise ConnectionError("the cable is gone")


async def _return_at_once() -> None:
    await asyncio.sleep(0)


def test_all_run_in_one_other_thread_and_say_goodbye() -> None:
    workers = [Worker(), Worker()]
    with NetworkThread(*(worker.run for worker in workers)):
        assert all(worker.began.wait(LIMIT_S) for worker in workers)
    assert all(worker.said_goodbye for worker in workers)
    assert len({worker.thread for worker in workers}) == 1
    assert workers[0].thread is not threading.current_thread()
    assert workers[0].thread is not None
    assert not workers[0].thread.is_alive()


def test_one_that_returns_leaves_the_others_running() -> None:
    worker = Worker()
    returned = threading.Event()

    async def return_and_tell() -> None:
        await _return_at_once()
        returned.set()

    with NetworkThread(return_and_tell, worker.run) as network:
        assert returned.wait(LIMIT_S)
        assert worker.began.wait(LIMIT_S)
        network.check()
        assert not worker.said_goodbye
    assert worker.said_goodbye


def _draw_until_it_fails(network: NetworkThread) -> None:
    """Do as a window does."""
    with network:
        while True:
            network.check()


def test_one_that_fails_ends_the_others_and_reaches_who_draws() -> None:
    worker = Worker()
    with pytest.raises(ConnectionError, match="cable"):
        _draw_until_it_fails(NetworkThread(worker.run, _fail))
    assert worker.said_goodbye


def test_the_end_of_the_block_raises_what_nobody_looked_at() -> None:
    with pytest.raises(ConnectionError, match="cable"), NetworkThread(_fail):
        pass


def test_an_error_of_the_block_itself_is_not_hidden_by_the_thread() -> None:
    with pytest.raises(ValueError, match="the screen"), NetworkThread(_fail):
        raise ValueError("the screen broke")


def test_stopping_twice_and_after_all_have_returned_is_safe() -> None:
    with NetworkThread(_return_at_once) as network:
        network._thread.join(LIMIT_S)
        network.stop()
        network.stop()
    network.check()


def test_an_arrival_need_not_wait_long_for_the_drawing_thread() -> None:
    before_s = sys.getswitchinterval()
    with NetworkThread(_return_at_once):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
    assert sys.getswitchinterval() == pytest.approx(before_s)
