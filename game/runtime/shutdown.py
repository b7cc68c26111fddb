"""Orderly shutdown on Ctrl-C, SIGTERM or SIGHUP, or at the end of the parent process."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

STDIN = 0
if sys.platform == "win32":
    # Ctrl-Break. Windows has no SIGTERM from other processes.
    _STOP_SIGNALS = (signal.SIGINT, signal.SIGBREAK)
else:
    # SIGHUP: somebody has closed the window of the terminal.
    _STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def first_interrupt_calls(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` on the first Ctrl-C inside the block; the second one is not caught.

    Work that polls a flag ends in order, where ``KeyboardInterrupt`` could come between any two
    lines. Call it in the main thread, where Python runs signal handlers.
    """
    before = signal.getsignal(signal.SIGINT)

    def handle(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop()

    # A shell starts background jobs of a script with SIGINT ignored: this must stay so.
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def run_until_signal(work: Coroutine[Any, Any, None], with_stdin: bool = False) -> None:
    """Run ``work`` until Ctrl-C, SIGTERM or SIGHUP, then cancel it and wait for its end.

    ``with_stdin``: also end when standard input closes. A parent process that holds the other end
    of the pipe closes it when it ends, however it ends.
    Call it in the main thread, where Python runs signal handlers.
    Raises what ``work`` raises.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def stop() -> None:
        loop.call_soon_threadsafe(stopped.set)

    with _signals_call(stop):
        if with_stdin:
            threading.Thread(target=_await_end_of_stdin, args=(stop,), daemon=True).start()
        await _run_until(stopped, work)


async def _run_until(stopped: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    working = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        working.cancel()
        await asyncio.wait({working, waiting})
    if not working.cancelled():
        working.result()


@contextmanager
def _signals_call(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` on the stop signals, inside the block."""
    # ``nohup`` starts a program with SIGHUP ignored: this must stay so.
    numbers = [each for each in _STOP_SIGNALS if not _is_ignored_hangup(each)]
    before = {number: signal.signal(number, lambda *_: stop()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_ignored_hangup(number: signal.Signals) -> bool:
    return number.name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN


def _await_end_of_stdin(stop: Callable[[], None]) -> None:
    # Not ``sys.stdin``: a thread that holds its buffer's lock blocks the interpreter's shutdown.
    while os.read(STDIN, 1024):
        pass
    try:
        stop()
    except RuntimeError:
        # The loop is closed: the program is ending already.
        return
