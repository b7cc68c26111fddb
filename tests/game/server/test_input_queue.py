"""Input queue: one input a tick, whatever arrives."""

from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import NEUTRAL, Controls
from game.server.input_queue import HOLD_TICKS, QUEUE_LIMIT, WAITING_LIMIT, InputQueue

RIGHT, LEFT = Controls(127, 0, False), Controls(-127, 0, False)
KICK = Controls(0, 0, True)


def test_one_input_a_tick_is_used_however_many_arrive():
    queue = InputQueue()
    queue.push(3, (RIGHT, LEFT, RIGHT))
    assert [queue.pop() for _ in range(3)] == [RIGHT, LEFT, RIGHT]
    assert queue.last_used == 3


def test_a_repeated_input_is_used_once():
    queue = InputQueue()
    queue.push(2, (RIGHT, LEFT))
    queue.push(3, (RIGHT, LEFT, KICK))
    queue.push(3, (RIGHT, LEFT, KICK))
    queue.push(1, (RIGHT,))
    assert [queue.pop() for _ in range(3)] == [RIGHT, LEFT, KICK]
    assert queue.waiting == 0


def test_a_repetition_fills_the_gap_of_a_lost_message():
    queue = InputQueue()
    queue.push(1, (RIGHT,))
    queue.push(3, (RIGHT, LEFT, KICK))
    assert [queue.pop() for _ in range(3)] == [RIGHT, LEFT, KICK]


def test_without_new_inputs_the_last_one_is_held_for_a_while():
    queue = InputQueue()
    queue.push(1, (RIGHT,))
    used = [queue.pop() for _ in range(HOLD_TICKS + 2)]
    assert used == [RIGHT] * (HOLD_TICKS + 1) + [NEUTRAL]


def test_a_burst_is_skipped_but_its_kick_is_kept():
    queue = InputQueue()
    queue.push(8, (RIGHT, KICK, *[RIGHT] * 6))
    used = queue.pop()
    assert used == Controls(127, 0, True)
    assert queue.waiting == WAITING_LIMIT - 1
    assert queue.last_used == 5


def test_a_second_kick_behind_a_skipped_release_is_a_press_of_its_own():
    queue = InputQueue()
    queue.push(1, (KICK,))
    assert queue.pop().kick
    queue.push(9, (RIGHT, KICK, *[RIGHT] * 6))
    assert [queue.pop().kick for _ in range(3)] == [False, True, False]


def test_a_constant_surplus_is_reduced():
    """An input that waits in every tick adds latency and protects from nothing."""
    queue = InputQueue()
    queue.push(3, (RIGHT, RIGHT, RIGHT))
    for sequence in range(4, 200):
        queue.push(sequence, (RIGHT,))
        queue.pop()
    assert queue.waiting == 0


def test_a_flood_between_two_ticks_is_bounded():
    queue = InputQueue()
    for sequence in range(1, 10_001):
        queue.push(sequence, (RIGHT,))
        assert queue.waiting <= QUEUE_LIMIT
    queue.pop()
    assert queue.last_used == 10_000 - WAITING_LIMIT + 1
    assert queue.waiting == WAITING_LIMIT - 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=80))
def test_no_order_of_messages_gives_more_than_one_input_a_tick_or_grows_the_queue(messages):
    queue = InputQueue()
    used = []
    for newest, count in messages:
        queue.push(newest, (RIGHT,) * count)
        queue.pop()
        used.append(queue.last_used)
        assert queue.waiting <= WAITING_LIMIT + 8
    assert used == sorted(used)
