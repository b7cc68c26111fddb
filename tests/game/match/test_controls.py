"""Controls: the range of their values, and the rejection of any other."""

from game.match.controls import NEUTRAL, Controls


def test_the_whole_range_of_a_stick_is_accepted():
    for x, y in [(0, 0), (127, 127), (-127, -127), (1, -64)]:
        controls = Controls(x, y, True)
        assert (controls.x, controls.y) == (x, y)


def error_of(x, y, kick):
    """Return the error for these values; empty if they are accepted."""
    try:
        Controls(x, y, kick)
    except ValueError as error:
        return str(error)
    return ""


def test_any_other_value_is_rejected_by_name():
    invalid = [
        ((128, 0, False), "x"),
        ((0, -128, False), "y"),
        ((10**30, 0, False), "x"),
        ((1.0, 0, False), "x"),
        ((float("nan"), 0, False), "x"),
        ((True, 0, False), "x"),
        ((0, "1", False), "y"),
        ((0, None, False), "y"),
        ((0, 0, 1), "kick"),
        ((0, 0, None), "kick"),
    ]
    errors = [(values, name, error_of(*values)) for values, name in invalid]
    assert [case for case in errors if f"controls: {case[1]} must be" not in case[2]] == []


def test_neutral_controls_do_nothing():
    assert Controls(0, 0, False) == NEUTRAL
