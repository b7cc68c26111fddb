"""Look-ups of host names, each in a thread of its own.

``getaddrinfo`` blocks for as long as dead name servers take, and cannot be cancelled. asyncio runs
it in a pool of threads that the end of the program waits for. The threads here are daemons, which
nothing waits for: Ctrl-C ends the program at once.

All callers that ask for the same name share one look-up. It continues when they give up, and the
next attempt to connect gets its answer.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from time import perf_counter
from typing import Any

__all__ = ["AddressInfos", "look_up"]

# How long an answer is used again: by the next attempt to connect, or by another transport.
FRESH_S = 2.0

# The value of ``socket.getaddrinfo``.
AddressInfos = list[tuple[Any, ...]]

# The arguments of ``socket.getaddrinfo``: host, type, flags.
_Question = tuple[str | None, int, int]

_lock = threading.Lock()
_look_ups: dict[_Question, "_LookUp"] = {}


async def look_up(host: str | None, kind: socket.SocketKind, flags: int) -> AddressInfos:
    """Return ``socket.getaddrinfo`` of a host, with port 0.

    Raises ``OSError`` if it fails, ``ValueError`` if the name cannot be encoded.
    """
    question = (host, kind, flags)
    with _lock:
        for old in [each for each, found in _look_ups.items() if found.is_stale]:
            del _look_ups[old]
        if question not in _look_ups:
            _look_ups[question] = _LookUp(question)
        under_way = _look_ups[question]
    return await under_way.wait()


class _LookUp:
    """One look-up; the constructor starts its thread. Any thread may wait for it."""

    def __init__(self, question: _Question) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._answer: AddressInfos | OSError | ValueError | None = None
        self._answered_at = float("inf")
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        threading.Thread(target=self._run, name=f"look-up of {question[0]}", daemon=True).start()

    @property
    def is_stale(self) -> bool:
        """True if the answer came more than ``FRESH_S`` ago."""
        return perf_counter() > self._answered_at + FRESH_S

    async def wait(self) -> AddressInfos:
        """Wait for the answer and return it. Raises what ``socket.getaddrinfo`` raised."""
        answered = asyncio.Event()
        with self._lock:
            if self._answer is None:
                self._waiters.append((asyncio.get_running_loop(), answered))
            else:
                answered.set()
        await answered.wait()
        assert self._answer is not None
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def _run(self) -> None:
        host, kind, flags = self._question
        answer: AddressInfos | OSError | ValueError
        try:
            answer = socket.getaddrinfo(host, 0, type=kind, flags=flags)
        except (OSError, ValueError) as error:
            answer = error
        with self._lock:
            self._answer = answer
            self._answered_at = perf_counter()
            waiters = self._waiters
        for loop, answered in waiters:
            # The loop may be closed by now. Then its waiter was cancelled.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(answered.set)
