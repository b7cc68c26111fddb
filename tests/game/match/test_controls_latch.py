"""Tests of the latches: presses between two readings are read, each as a press of its own."""

from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from game.match.controls_latch import ControlsLatch, PressLatch


def count_presses(states: list[bool]) -> int:
    """Return how often the state changes from up to down."""
    return sum(
        is_down and not was_down
        for was_down, is_down in zip([False, *states], states, strict=False)
    )


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=200))
def test_a_press_that_no_reading_falls_into_is_read_at_the_next(
    steps: list[tuple[bool, bool]],
) -> None:
    latch = PressLatch()
    unread = 0
    states = []
    was_down = False
    for is_down, is_read in steps:
        latch.set(is_down)
        unread += is_down and not was_down
        was_down = is_down
        if is_read:
            before = count_presses(states)
            # A second press may need one reading more, for the release between the two.
            states += [latch.read(), latch.read()]
            assert (count_presses(states) > before) == (unread > 0), steps
            unread = 0


@given(st.lists(st.booleans(), max_size=100))
def test_with_one_reading_a_setting_nothing_changes(states: list[bool]) -> None:
    latch = PressLatch()
    readings = []
    for is_down in states:
        latch.set(is_down)
        readings.append(latch.read())
    assert readings == states


def test_a_released_latch_has_forgotten_its_press() -> None:
    latch = PressLatch()
    latch.set(True)
    latch.release()
    assert not latch.read()


def test_a_tap_between_two_readings_is_read_once() -> None:
    latch = ControlsLatch()
    latch.set(Controls(STICK_LIMIT, 0, True))
    latch.set(NEUTRAL)
    assert latch.read() == Controls(STICK_LIMIT, 0, True)
    assert latch.read() == NEUTRAL


def test_the_direction_held_now_counts_more_than_a_tap() -> None:
    latch = ControlsLatch()
    latch.set(Controls(STICK_LIMIT, 0, False))
    latch.set(Controls(0, STICK_LIMIT, False))
    assert [latch.read(), latch.read()] == [Controls(0, STICK_LIMIT, False)] * 2
