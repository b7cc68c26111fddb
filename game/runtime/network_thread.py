"""The network's thread: the event loop in which clients live while another thread draws.

Arrivals are stamped and pings answered here, whatever the screen is busy with. Knows no client,
only coroutines that end politely when they are cancelled.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from net.system import event_loop

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]

# The goodbyes take a second at most; a thread that does not end by then never will.
STOP_TIMEOUT_S = 2.0
# By default a thread that computes gives way to another only after 5 ms: the drawing thread would
# hold up every arrival by a third of a frame. With this, one arrival in a hundred is stamped more
# than 0.4 ms late while a comparison is drawn; with five times as much, 1.4 ms
# (tests/bench/stamping.py).
SWITCH_INTERVAL_S = 0.0001


class NetworkThread:
    """A context manager: inside the block every ``work`` runs in a thread of its own event loop.

    One that returns leaves the others running; one that fails ends them all, and ``check`` and
    the end of the block raise what it raised. Leaving the block cancels what still runs and waits
    for its goodbyes.
    """

    def __init__(self, *works: Work) -> None:
        self._works = works
        self._failure: BaseException | None = None
        self._is_up = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event
        # A daemon, so that nothing that hangs in it can keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)

    def __enter__(self) -> Self:
        self._switch_interval_before_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._thread.start()
        self._is_up.wait()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if exc is None:
            self.check()

    def check(self) -> None:
        """Raise what ended the thread, if something did."""
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End what runs, with its goodbyes. Safe to call twice."""
        if self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._stopped.set)
            except RuntimeError:
                log.debug("the thread had just ended by itself")
            self._thread.join(STOP_TIMEOUT_S)
        if self._thread.is_alive():
            log.warning("the network's thread did not end within %.0f s", STOP_TIMEOUT_S)
        sys.setswitchinterval(self._switch_interval_before_s)

    def _run(self) -> None:
        try:
            event_loop.run(self._run_works())
        except BaseException as failure:
            self._failure = failure
        finally:
            self._is_up.set()

    async def _run_works(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        tasks = {self._loop.create_task(work()) for work in self._works}
        stopping = self._loop.create_task(self._stopped.wait())
        self._is_up.set()
        try:
            await _until_first_failure(tasks, stopping)
        finally:
            for task in (stopping, *tasks):
                task.cancel()
            await asyncio.wait({stopping, *tasks})
        for task in tasks:
            if not task.cancelled():
                task.result()


async def _until_first_failure(tasks: set[asyncio.Task[None]], stopping: asyncio.Task[Any]) -> None:
    """Wait until one of the tasks has failed, all have returned, or ``stopping`` is done."""
    running = set(tasks)
    while running and not stopping.done():
        done, _ = await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        running -= done
        if any(task.cancelled() or task.exception() for task in done):
            return
