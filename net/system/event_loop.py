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
