"""The event loops of all of Jitterball's sockets: the same kind on every system.

Windows' default loop (Proactor) has no ``add_reader``. With it the ICMP error of one vanished UDP
peer can also stop a server from receiving. So Windows gets the selector loop too.
"""

import asyncio
import select
import selectors
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new selector event loop."""
    return asyncio.SelectorEventLoop()


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end as ``asyncio.run`` does, on a selector loop.

    Raises ``KeyboardInterrupt`` after Ctrl-C, when the coroutine has been cancelled.
    """
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


async def end_on_callback_error(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine; raise the first exception from a callback of this event loop.

    asyncio only logs such an exception, so a program with a broken callback would go on for ever.
    This is for clients. A server must survive what one connection causes.
    """
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        # Without these two the context is of a task or a future that nobody waits for.
        is_from_callback = "handle" in context or "protocol" in context
        if error is not None and is_from_callback and not failed.done():
            failed.set_exception(error)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
    running = asyncio.ensure_future(main)
    awaited: set[asyncio.Future[Any]] = {running, failed}
    try:
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.set_exception_handler(None)
        running.cancel()
        await asyncio.wait({running})
        # A future with an exception that nobody reads is logged.
        error = failed.exception() if failed.done() else None
    if error is not None:
        raise error
    return running.result()


# The file descriptors that ``select`` can watch: its sets are arrays of FD_SETSIZE bits.
_SELECTABLE_FILES = 1024


if sys.platform == "linux":

    class PreciseSelector(selectors.EpollSelector):
        """An epoll selector with timeouts in microseconds.

        ``epoll_wait`` takes whole milliseconds, and asyncio rounds up: timers come a millisecond
        late. ``select`` takes microseconds. It waits for the epoll's own file descriptor, which is
        readable when one of the watched sockets is ready.
        """

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Return what is ready, after at most ``timeout`` seconds; None waits without limit."""
            if timeout is not None and timeout > 0 and self.fileno() < _SELECTABLE_FILES:
                ready, _, _ = select.select([self.fileno()], [], [], timeout)
                if not ready:
                    return []
                timeout = 0
            return super().select(timeout)

else:
    # macOS' kqueue takes nanoseconds and Windows' select microseconds.
    PreciseSelector = selectors.DefaultSelector


def new_precise_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new selector event loop with timers as precise as the system allows."""
    return asyncio.SelectorEventLoop(PreciseSelector())


def run_precisely(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end as ``asyncio.run`` does, on a loop with precise timers."""
    with asyncio.Runner(loop_factory=new_precise_event_loop) as runner:
        return runner.run(main)
