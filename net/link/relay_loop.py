"""An event loop whose timers are on time, for relays that deliver packets at a set moment.

Linux's epoll takes whole milliseconds, and the standard selector rounds up: a timer comes 0.5 ms
late at the median. `select` takes microseconds and can watch the epoll itself, so it does the
waiting here and epoll says which sockets are ready: 0.07 ms late, for 3 us more a wake-up. Knows
no packet and no link.
"""

import asyncio
import select
import selectors
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

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


def new_relay_loop() -> asyncio.AbstractEventLoop:
    """Return a new selector event loop with timers as precise as the system allows."""
    return asyncio.SelectorEventLoop(PreciseSelector())


def run_precisely(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end as `asyncio.run` does, on a loop with precise timers."""
    with asyncio.Runner(loop_factory=new_relay_loop) as runner:
        return runner.run(main)
