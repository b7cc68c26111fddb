"""Ticker: ticks at absolute deadlines, on an event loop that serves sockets in between.

``asyncio.sleep(1 / 60)`` in a loop drifts: it was measured at 57.6 Hz. ``loop.call_at`` is late by
up to a millisecond, since ``epoll`` rounds timeouts up.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator
from time import perf_counter, sleep

# A precise ticker sleeps until this long before the deadline. It spends the rest in passes of the
# loop, which still serve every socket. More than ``epoll``'s millisecond; costs 5% of a core.
EARLY_S = 0.0012
# After a longer pause (a suspended laptop, a debugger) the missed ticks are dropped. A match that
# runs at double speed to catch up is worse to play than one that stood still.
CATCH_UP_LIMIT_S = 0.25


async def ticks(interval_s: float, early_s: float = 0.0) -> AsyncGenerator[float, None]:
    """Yield each tick's deadline, in seconds of ``perf_counter``, when it has come.

    Deadlines lie ``interval_s`` apart, however long the body takes. A late body is resumed at
    once; more than ``CATCH_UP_LIMIT_S`` late, the deadlines start again from now.
    ``early_s``: ``EARLY_S`` for precise ticks, which cost more CPU.
    """
    deadline = perf_counter()
    while True:
        await wait_until(deadline, early_s)
        yield deadline
        # From the deadline, not from now: lateness of one tick must not shift all that follow.
        deadline += interval_s
        if perf_counter() - deadline > CATCH_UP_LIMIT_S:
            deadline = perf_counter()


async def wait_until_by_loop(deadline: float, early_s: float) -> None:
    """Sleep until ``early_s`` before the deadline, then pass through the loop until it."""
    # Also after the deadline: a loop that is always late must still let the sockets be served.
    await asyncio.sleep(max(0.0, deadline - perf_counter() - early_s))
    # Only time passes here, so there is no event to wait for.
    while perf_counter() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def wait_until_by_thread(deadline: float, _early_s: float) -> None:
    """Wait in a thread: on Windows selectors and timers step by 15.6 ms, ``sleep`` does not."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        sleep(max(0.0, deadline - perf_counter()))
        try:
            loop.call_soon_threadsafe(woken.set)
        except RuntimeError:
            # The loop was closed while this thread slept.
            return

    threading.Thread(target=wake, name="tick", daemon=True).start()
    await woken.wait()


wait_until = wait_until_by_thread if sys.platform == "win32" else wait_until_by_loop
