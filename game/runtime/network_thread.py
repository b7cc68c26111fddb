"""Network thread: an event loop for clients, beside the thread that draws.

It stamps arrivals and answers pings on time, also while a frame takes long to draw.
"""

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from net.system import event_loop

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]

# Close messages take a second at most. A thread that runs longer than this hangs.
STOP_TIMEOUT_S = 2.0
# By default a computing thread keeps the interpreter for 5 ms, so that drawing would delay every
# arrival by a third of a frame. With a smaller value than this the drawing takes the interpreter
# from the network thread more often, and more stamps are late (``docs/speed.md``).
SWITCH_INTERVAL_S = 0.0001
# A garbage collection begins when this many more objects were made than freed. Once the ten seconds
# that a comparison keeps are full, each frame frees as many objects as it makes. So a collection
# comes seldom, but it examines all objects made since the last one. By default it holds the
# interpreter for up to 50 ms, and finds nothing, because frames and packets have no cycles. The ten
# seconds are 90,000 objects. So with this value none begins unless cycles pile up.
OBJECTS_BEFORE_COLLECTION = 200_000


class NetworkThread:
    """A context manager; inside its block the given coroutines run in one thread and event loop.

    ``works``: functions that return a coroutine. One that returns leaves the others running. One
    that fails cancels all, and ``check`` and the end of the block raise its exception. So does a
    callback of the event loop that fails.
    Leaving the block cancels what still runs, and waits until it has ended.
    """

    def __init__(self, *works: Work) -> None:
        self._works = works
        self._failure: BaseException | None = None
        self._is_up = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event
        # A daemon, so that a thread that hangs does not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)

    def __enter__(self) -> Self:
        self._switch_interval_before_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._gc_threshold_before = gc.get_threshold()
        gc.set_threshold(OBJECTS_BEFORE_COLLECTION, *self._gc_threshold_before[1:])
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
        """Raise the exception that ended the thread, if there is one."""
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Cancel what runs and wait for its end. Safe to call twice."""
        if self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._stopped.set)
            except RuntimeError:
                log.debug("the network thread had ended by itself")
            self._thread.join(STOP_TIMEOUT_S)
        if self._thread.is_alive():
            log.warning("the network thread did not end within %.0f s", STOP_TIMEOUT_S)
        sys.setswitchinterval(self._switch_interval_before_s)
        gc.set_threshold(*self._gc_threshold_before)

    def _run(self) -> None:
        try:
            event_loop.run(event_loop.end_on_callback_error(self._run_works()))
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
    """Wait until a task has failed, all have returned, or ``stopping`` is done."""
    running = set(tasks)
    while running and not stopping.done():
        done, _ = await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        running -= done
        if any(task.cancelled() or task.exception() for task in done):
            return
