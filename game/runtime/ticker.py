"""Ticks at absolute deadlines, on an event loop that goes on serving the network.

Knows nothing of what happens in a tick. ``asyncio.sleep(1 / 60)`` would drift (57.6 Hz measured),
and ``loop.call_at`` is late by up to the millisecond to which epoll rounds.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator
from time import perf_counter, sleep

# For ticks on time a sleep is ended this much early, and the rest spent in passes of the loop that
# still serve every socket: epoll rounds up to whole milliseconds. It costs some 5% of a core.
EARLY_S = 0.0012
# After a pause (a closed lid, a debugger) the missed ticks are not made up for: a simulation that
# races to catch up is worse to play than one that was late.
CATCH_UP_LIMIT_S = 0.25


async def ticks(interval_s: float, early_s: float = 0.0) -> AsyncGenerator[float, None]:
    """Yield each tick's deadline (``perf_counter`` seconds) when it has come.

    Deadlines lie ``interval_s`` apart, whatever the body took; a body that falls behind is called
    again at once, until it is more than ``CATCH_UP_LIMIT_S`` late: then the deadlines start anew.
    ``early_s`` of ``EARLY_S`` makes them exact, for one loop of a program that needs it.
    """
    deadline = perf_counter()
    while True:
        await _wait_until(deadline, early_s)
        yield deadline
        deadline += interval_s
        if perf_counter() - deadline > CATCH_UP_LIMIT_S:
            deadline = perf_counter()


async def _wait_until_by_loop(deadline: float, early_s: float) -> None:
    # Also when the deadline has passed: whoever is always late must let others run all the same.
    await asyncio.sleep(max(0.0, deadline - perf_counter() - early_s))
    # No event to wait for: only time passes, and the sockets are served meanwhile.
    while perf_counter() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def _wait_until_by_thread(deadline: float, _early_s: float) -> None:
    """Wait in a thread: Windows' selectors and timers step by up to 15.6 ms, its sleep does not."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        sleep(max(0.0, deadline - perf_counter()))
        try:
            loop.call_soon_threadsafe(woken.set)
        except RuntimeError:
            # The loop was closed while the thread slept: nobody is left to be woken.
            return

    threading.Thread(target=wake, name="tick", daemon=True).start()
    await woken.wait()


_wait_until = _wait_until_by_thread if sys.platform == "win32" else _wait_until_by_loop
