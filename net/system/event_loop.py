"""The event loop that all of Jitterball's sockets run in, the same kind on every system.

Knows no transport. Windows' default loop (Proactor) has no ``add_reader``, and there one vanished
UDP peer can silence a server, so Windows gets the selector loop too.
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
    """Run a coroutine to its end as ``asyncio.run`` does, on our kind of loop.

    Ctrl-C cancels the coroutine and then raises ``KeyboardInterrupt``.
    """
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


# What `select` can watch: its sets are arrays of so many bits (FD_SETSIZE).
_SELECTABLE_FILES = 1024


if sys.platform == "linux":

    class PreciseSelector(selectors.EpollSelector):
        """An epoll that waits for microseconds."""

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Return what is ready, after at most `timeout` seconds; None waits for ever."""
            if timeout is not None and timeout > 0 and self.fileno() < _SELECTABLE_FILES:
                ready, _, _ = select.select([self.fileno()], [], [], timeout)
                if not ready:
                    return []
                timeout = 0
            return super().select(timeout)

else:
    # macOS' kqueue takes nanoseconds and Windows' select microseconds: nothing to mend.
    PreciseSelector = selectors.DefaultSelector


def new_precise_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new selector event loop with timers as precise as the system allows."""
    return asyncio.SelectorEventLoop(PreciseSelector())


def run_precisely(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end as `asyncio.run` does, on a loop with precise timers."""
    with asyncio.Runner(loop_factory=new_precise_event_loop) as runner:
        return runner.run(main)
