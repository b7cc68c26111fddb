"""Controls refuse what no key or stick can send."""

import pytest

from game.match.controls import NEUTRAL, Controls


@pytest.mark.parametrize(("x", "y"), [(0, 0), (127, 127), (-127, -127), (1, -64)])
def test_takes_the_whole_range_of_a_stick(x, y):
    assert (Controls(x, y, True).x, Controls(x, y, True).y) == (x, y)


@pytest.mark.parametrize(
    ("x", "y", "kick", "culprit"),
    [
        (128, 0, False, "x"),
        (0, -128, False, "y"),
        (10**30, 0, False, "x"),
        (1.0, 0, False, "x"),
        (float("nan"), 0, False, "x"),
        (True, 0, False, "x"),
        (0, "1", False, "y"),
        (0, None, False, "y"),
        (0, 0, 1, "kick"),
        (0, 0, None, "kick"),
    ],
)
def test_refuses_anything_else_and_names_it(x, y, kick, culprit):
    with pytest.raises(ValueError, match=f"controls: {culprit} must be"):
        Controls(x, y, kick)


def test_neutral_holds_nothing_down():
    assert Controls(0, 0, False) == NEUTRAL
