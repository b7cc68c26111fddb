"""Address racing: connecting to all addresses of a host, the first answer wins (RFC 8305).

Also called "Happy Eyeballs". A name may have addresses that never answer, often of IPv6. Tried
one after another, each would cost a whole timeout.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

__all__ = ["interleaved", "race"]

Contender = TypeVar("Contender")
Result = TypeVar("Result")

# The next address is tried after this, or when one has failed (RFC 8305, section 5).
ATTEMPT_DELAY_S = 0.25


async def race(
    contenders: Sequence[Contender],
    attempt: Callable[[Contender], Awaitable[Result]],
    discard: Callable[[Result], Any],
) -> Result:
    """Return the result of the first attempt that succeeds, and cancel the others.

    ``discard`` is called with the result of an attempt that succeeds beside the winner.
    Raises ``OSError`` if all attempts fail: the last refusal if a host has refused, else the last
    error. A refusal shows that the host was reached.
    """
    if len(contenders) == 1:
        # The usual case, without a task.
        return await attempt(contenders[0])
    waiting = deque(contenders)
    running: set[asyncio.Future[Result]] = set()
    failures: list[OSError] = []
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(attempt(waiting.popleft())))
            done, _ = await asyncio.wait(
                running,
                timeout=ATTEMPT_DELAY_S if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for each in done:
                running.discard(each)
                error = each.exception()
                if error is None:
                    # Those left in ``done`` are still in ``running``, and end below.
                    return each.result()
                if not isinstance(error, OSError):
                    raise error
                failures.append(error)
    finally:
        await _end(running, discard)
    refusals = [each for each in failures if isinstance(each, ConnectionRefusedError)]
    raise (refusals or failures)[-1]


def interleaved(contenders: Sequence[Contender], family: Callable[[Contender], Any]) -> list[Any]:
    """Return addresses with their families in turn, so that no family is tried last as a whole.

    (RFC 8305, section 4.)
    """
    queues: dict[Any, deque[Contender]] = {}
    for each in contenders:
        queues.setdefault(family(each), deque()).append(each)
    ordered = []
    while queues:
        for key in list(queues):
            ordered.append(queues[key].popleft())
            if not queues[key]:
                del queues[key]
    return ordered


async def _end(running: set[asyncio.Future[Result]], discard: Callable[[Result], Any]) -> None:
    for each in running:
        each.cancel()
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if not isinstance(outcome, BaseException):
            discard(outcome)
