"""Shutdown by a signal, by the work itself, or when standard input closes."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from game.runtime.shutdown import run_until_signal
from tests.platforms import posix_signals

LIMIT_S = 60.0


class Work:
    """Raises its signal, runs until it is cancelled, and then needs another pass to end."""

    def __init__(self) -> None:
        self.has_ended = False

    async def run(self) -> None:
        signal.raise_signal(self.number)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.has_ended = True

    number = signal.SIGINT


@pytest.mark.parametrize(
    "name", ["SIGINT", *(pytest.param(each, marks=posix_signals) for each in ("SIGTERM", "SIGHUP"))]
)
async def test_a_signal_cancels_the_work_and_waits_for_its_end(name: str) -> None:
    number = signal.Signals[name]
    before = signal.getsignal(number)
    work = Work()
    work.number = number
    await run_until_signal(work.run())
    assert work.has_ended
    assert signal.getsignal(number) is before


@posix_signals
async def test_an_ignored_hangup_stays_ignored() -> None:
    """``nohup jitterball serve`` goes on when its terminal is closed."""

    async def hang_up() -> None:
        signal.raise_signal(signal.SIGHUP)
        await asyncio.sleep(0)
        survived.append(True)

    survived: list[bool] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        await run_until_signal(hang_up())
    finally:
        signal.signal(signal.SIGHUP, before)
    assert survived == [True]


async def test_work_that_returns_ends_the_wait() -> None:
    await run_until_signal(asyncio.sleep(0))


async def test_an_error_of_the_work_is_raised() -> None:
    async def fail() -> None:
        raise OSError("no such address")

    with pytest.raises(OSError, match="no such address"):
        await run_until_signal(fail())


def test_a_closed_standard_input_ends_the_work() -> None:
    script = (
        "import asyncio\n"
        "from game.runtime.shutdown import run_until_signal\n"
        "asyncio.run(run_until_signal(asyncio.sleep(3600), with_stdin=True))\n"
        "print('ended')\n"
    )
    reader, writer = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=reader, stdout=subprocess.PIPE, text=True
    ) as child:
        os.close(reader)
        assert child.poll() is None
        os.close(writer)
        assert child.communicate(timeout=LIMIT_S) == ("ended\n", None)
