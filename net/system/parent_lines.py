"""Lines that a parent process writes to this process's standard input."""

import asyncio
import os
import threading
from contextlib import suppress

__all__ = ["lines_of_parent"]

_STDIN = 0
_READ_BYTES = 64 * 1024


def lines_of_parent() -> asyncio.Queue[bytes]:
    """Return a queue of the lines of standard input, and an empty one at its end.

    A thread reads them, since not all systems can wait for a pipe in the event loop.
    """
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    arguments = asyncio.get_running_loop(), lines
    threading.Thread(target=_read_lines, args=arguments, daemon=True).start()
    return lines


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
    # Not ``sys.stdin``: a thread that holds its lock would disturb the end of the interpreter.
    rest = b""
    # The loop is closed if this process ends by itself. Then nobody waits for a line.
    with suppress(RuntimeError):
        while read := os.read(_STDIN, _READ_BYTES):
            *whole, rest = (rest + read).split(b"\n")
            for line in whole:
                loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, b"")
