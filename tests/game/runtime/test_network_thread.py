"""Network thread: its coroutines, its end, and its errors."""

import asyncio
import gc
import sys
import threading

import pytest

from game.runtime.network_thread import (
    OBJECTS_BEFORE_COLLECTION,
    SWITCH_INTERVAL_S,
    NetworkThread,
)

LIMIT_S = 60.0


class Worker:
    """Job that runs until it is cancelled, and then needs another pass of the loop to end."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.has_ended = False
        self.thread: threading.Thread | None = None

    async def run(self) -> None:
        self.thread = threading.current_thread()
        self.began.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.has_ended = True


async def _fail() -> None:
    raise ConnectionError("the cable is gone")


async def _return_at_once() -> None:
    await asyncio.sleep(0)


def test_all_run_in_one_other_thread_and_end_with_the_block() -> None:
    workers = [Worker(), Worker()]
    with NetworkThread(*(worker.run for worker in workers)):
        assert all(worker.began.wait(LIMIT_S) for worker in workers)
    assert all(worker.has_ended for worker in workers)
    assert len({worker.thread for worker in workers}) == 1
    assert workers[0].thread is not threading.current_thread()
    assert workers[0].thread is not None
    assert not workers[0].thread.is_alive()


def test_one_that_returns_leaves_the_others_running() -> None:
    worker = Worker()
    returned = threading.Event()

    async def return_and_set() -> None:
        await _return_at_once()
        returned.set()

    with NetworkThread(return_and_set, worker.run) as network:
        assert returned.wait(LIMIT_S)
        assert worker.began.wait(LIMIT_S)
        network.check()
        assert not worker.has_ended
    assert worker.has_ended


def _draw_until_it_fails(network: NetworkThread) -> None:
    """Check the thread in a loop, as a window does."""
    with network:
        while True:
            network.check()


def test_one_that_fails_ends_the_others_and_raises_in_check() -> None:
    worker = Worker()
    with pytest.raises(ConnectionError, match="cable"):
        _draw_until_it_fails(NetworkThread(worker.run, _fail))
    assert worker.has_ended


def test_the_end_of_the_block_raises_an_error_that_was_not_checked() -> None:
    with pytest.raises(ConnectionError, match="cable"), NetworkThread(_fail):
        pass


def test_an_error_of_the_thread_does_not_hide_one_of_the_block() -> None:
    with pytest.raises(ValueError, match="the screen"), NetworkThread(_fail):
        raise ValueError("the screen broke")


def _join_network_thread() -> None:
    for thread in threading.enumerate():
        if thread.name == "network":
            thread.join(LIMIT_S)


def test_stopping_twice_and_after_all_have_returned_is_safe() -> None:
    with NetworkThread(_return_at_once) as network:
        _join_network_thread()
        network.stop()
        network.stop()
    network.check()


def test_the_settings_of_the_interpreter_hold_inside_the_block_only() -> None:
    before_s, threshold = sys.getswitchinterval(), gc.get_threshold()
    with NetworkThread(_return_at_once):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
        assert gc.get_threshold() == (OBJECTS_BEFORE_COLLECTION, *threshold[1:])
    assert sys.getswitchinterval() == pytest.approx(before_s)
    assert gc.get_threshold() == threshold


def test_a_callback_that_fails_ends_the_thread_and_is_raised() -> None:
    async def fail_later() -> None:
        asyncio.get_running_loop().call_soon(int, "no number")
        await asyncio.get_running_loop().create_future()

    ended = threading.Event()

    async def note_end() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    network = NetworkThread(fail_later, note_end)
    network.__enter__()
    assert ended.wait(LIMIT_S)
    with pytest.raises(ValueError, match="no number"):
        network.__exit__(None, None, None)
