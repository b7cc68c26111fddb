"""The event loop that all of Jitterball's sockets run in, the same kind on every system.

Knows no transport. Windows' default loop (Proactor) has no ``add_reader``, and there one vanished
UDP peer can silence a server, so Windows gets the selector loop too.
"""

import asyncio
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
