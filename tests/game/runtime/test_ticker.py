"""Ticks at absolute deadlines, in virtual time; the two waits in a few real milliseconds."""

from collections.abc import Callable
from contextlib import aclosing
from random import Random
from time import perf_counter
from types import SimpleNamespace

import pytest

from game.runtime import ticker
from game.runtime.ticker import CATCH_UP_LIMIT_S, EARLY_S, ticks

INTERVAL_S = 1 / 60
# The duration of a pass of the loop that waits for nothing.
PASS_S = 10e-6


class VirtualTime:
    """Replaces the clock and ``asyncio.sleep``, which oversleeps as on a busy system."""

    def __init__(self, oversleeps_s: Callable[[], float] = lambda: 0.0) -> None:
        self.now = 1000.0
        self.sleeps = 0
        self._oversleeps_s = oversleeps_s

    def perf_counter(self) -> float:
        return self.now

    async def sleep(self, delay_s: float) -> None:
        self.sleeps += 1
        self.now += delay_s + self._oversleeps_s() if delay_s > 0.0 else PASS_S


@pytest.fixture
def virtual(monkeypatch):
    """Return a function that puts the ticker into virtual time."""

    def begin(oversleeps_s: Callable[[], float] = lambda: 0.0) -> VirtualTime:
        time = VirtualTime(oversleeps_s)
        monkeypatch.setattr(ticker, "perf_counter", time.perf_counter)
        monkeypatch.setattr(ticker, "asyncio", SimpleNamespace(sleep=time.sleep))
        monkeypatch.setattr(ticker, "wait_until", ticker.wait_until_by_loop)
        return time

    return begin


async def ticked(time: VirtualTime, count: int, body_s: Callable[[int], float], early_s=0.0):
    """Return deadline and lateness of each tick; ``body_s`` is the duration of its body."""
    seen = []
    async with aclosing(ticks(INTERVAL_S, early_s)) as deadlines:
        async for deadline in deadlines:
            seen.append((deadline, time.now - deadline))
            if len(seen) == count:
                return seen
            time.now += body_s(len(seen))
    pytest.fail("the ticks came to an end")


async def test_deadlines_do_not_drift_when_ticks_are_late(virtual):
    rng = Random(1)
    time = virtual(lambda: rng.uniform(0.0, 0.001))
    began = time.now
    seen = await ticked(time, 3600, lambda _: rng.uniform(0.0, 0.012))
    assert [deadline for deadline, _ in seen] == pytest.approx(
        [began + n * INTERVAL_S for n in range(3600)], abs=1e-6
    )
    assert all(0.0 <= late <= 0.001 + PASS_S for _, late in seen)


async def test_a_precise_ticker_is_never_later_than_a_pass_of_the_loop(virtual):
    """Timers are late by up to a millisecond. Passes of the loop fill the time before it."""
    rng = Random(2)
    time = virtual(lambda: rng.uniform(0.0, 0.001))
    seen = await ticked(time, 600, lambda _: rng.uniform(0.0, 0.012), EARLY_S)
    assert all(0.0 <= late <= PASS_S for _, late in seen)


async def test_after_a_long_tick_the_missed_ones_follow_at_once(virtual):
    time = virtual()
    began = time.now
    seen = await ticked(time, 60, lambda n: 0.1 if n == 10 else 0.001)
    assert seen[10][1] == pytest.approx(0.1 - INTERVAL_S, abs=0.001)
    assert seen[-1][0] == pytest.approx(began + 59 * INTERVAL_S, abs=1e-6)
    assert seen[-1][1] <= PASS_S


async def test_after_a_long_pause_the_missed_ticks_are_dropped(virtual):
    time = virtual()
    pause_s = 20 * CATCH_UP_LIMIT_S
    seen = await ticked(time, 40, lambda n: pause_s if n == 10 else 0.001)
    assert seen[10][0] - seen[9][0] == pytest.approx(pause_s, abs=0.01)
    assert all(late <= PASS_S for _, late in seen)


async def test_a_ticker_that_is_always_late_still_lets_the_loop_run(virtual):
    time = virtual()
    seen = await ticked(time, 100, lambda _: 2 * INTERVAL_S)
    assert time.sleeps >= len(seen)
    assert max(late for _, late in seen) <= CATCH_UP_LIMIT_S + 2 * INTERVAL_S


@pytest.mark.parametrize("wait", [ticker.wait_until_by_loop, ticker.wait_until_by_thread])
async def test_both_waits_end_at_the_deadline(wait):
    deadline = perf_counter() + 0.01
    await wait(deadline, EARLY_S)
    assert perf_counter() >= deadline
    await wait(deadline, EARLY_S)


@pytest.mark.parametrize("early_s", [0.0, EARLY_S])
async def test_after_a_suspend_of_a_minute_there_are_sixty_ticks_a_second(virtual, early_s):
    """The clock jumps during a wait, as on a system whose clock runs on during the sleep."""
    sleeps = 0

    def oversleep() -> float:
        nonlocal sleeps
        sleeps += 1
        return 60.0 if sleeps == 30 else 0.0

    time = virtual(oversleep)
    seen = await ticked(time, 120, lambda _: 0.001, early_s)
    (slept,) = (n for n, (_, late_s) in enumerate(seen) if late_s > 1.0)
    deadlines = [deadline for deadline, _ in seen]
    assert deadlines[slept + 1] - deadlines[slept] == pytest.approx(60.0, abs=INTERVAL_S)
    assert deadlines[slept + 61] - deadlines[slept + 1] == pytest.approx(1.0)
