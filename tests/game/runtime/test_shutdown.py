"""Ending what runs for ever: by a signal, by itself, or when standard input closes."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from game.runtime.shutdown import run_until_signal

LIMIT_S = 20.0


class Work:
    """Runs until it is cancelled, which it notes as a server would say goodbye."""

    def __init__(self) -> None:
        self.said_goodbye = False

    async def run(self) -> None:
        signal.raise_signal(self.number)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.said_goodbye = True

    number = signal.SIGINT


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(
            signal.SIGTERM,
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows just ends a process"),
        ),
    ],
)
async def test_a_signal_cancels_the_work_and_waits_for_its_goodbye(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    work = Work()
    work.number = number
    await run_until_signal(work.run())
    assert work.said_goodbye
    assert signal.getsignal(number) is before


async def test_what_ends_by_itself_ends_the_wait() -> None:
    await run_until_signal(asyncio.sleep(0))


async def test_what_the_work_raises_comes_out() -> None:
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
