"""The race between addresses, with attempts whose outcome a test sets."""

import asyncio

import pytest

from net.system.address_racing import ATTEMPT_DELAY_S, interleaved, race

# Long enough for all attempts to start, on a busy machine too.
LIMIT_S = 30.0


class Course:
    """Attempts that take ``duration_s`` and end with a result or an error, by contender."""

    def __init__(self, **outcomes):
        self.outcomes = outcomes
        self.started, self.cancelled, self.discarded = [], [], []

    async def attempt(self, contender):
        self.started.append(contender)
        duration_s, error = self.outcomes[contender]
        try:
            await asyncio.sleep(duration_s)
        except asyncio.CancelledError:
            self.cancelled.append(contender)
            raise
        if error is not None:
            raise error
        return contender

    async def run(self):
        async with asyncio.timeout(LIMIT_S):
            return await race(list(self.outcomes), self.attempt, self.discarded.append)


async def test_the_first_address_wins_alone_if_it_answers_soon():
    course = Course(first=(0.0, None), second=(0.0, None))
    assert await course.run() == "first"
    assert course.started == ["first"]


async def test_silent_addresses_cost_a_moment_each():
    course = Course(silent=(60.0, None), mute=(60.0, None), right=(0.0, None))
    loop = asyncio.get_running_loop()
    started_at = loop.time()
    assert await course.run() == "right"
    assert loop.time() - started_at >= 2 * ATTEMPT_DELAY_S - 0.01
    assert sorted(course.cancelled) == ["mute", "silent"]


async def test_a_failure_starts_the_next_at_once():
    names = [f"dead{number}" for number in range(30)]
    course = Course(**{name: (0.0, OSError(name)) for name in names}, right=(0.0, None))
    # With the delay before each, it would take longer than the limit.
    assert await course.run() == "right"


async def test_a_slow_first_address_may_still_win():
    course = Course(slow=(2 * ATTEMPT_DELAY_S, None), silent=(60.0, None))
    assert await course.run() == "slow"
    assert course.cancelled == ["silent"]


async def test_of_two_that_answer_together_one_is_discarded():
    arrived = asyncio.Event()
    discarded = []

    async def attempt(contender):
        if contender == "second":
            arrived.set()
        await arrived.wait()
        return contender

    winner = await race(["first", "second"], attempt, discarded.append)
    assert sorted([winner, *discarded]) == ["first", "second"]


async def test_if_all_fail_a_refusal_says_most():
    course = Course(
        refused=(0.0, ConnectionRefusedError("refused")), nowhere=(0.0, OSError("no route"))
    )
    with pytest.raises(ConnectionRefusedError):
        await course.run()


async def test_cancelling_the_race_cancels_all():
    course = Course(silent=(60.0, None), mute=(60.0, None))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2 * ATTEMPT_DELAY_S):
            await race(list(course.outcomes), course.attempt, course.discarded.append)
    assert sorted(course.cancelled) == ["mute", "silent"]


def test_families_take_turns():
    addresses = ["6a", "6b", "6c", "4a", "4b"]
    assert interleaved(addresses, lambda each: each[0]) == ["6a", "4a", "6b", "4b", "6c"]
