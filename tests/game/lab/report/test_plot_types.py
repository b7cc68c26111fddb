"""The numbers on a logarithmic axis."""

import pytest

from game.lab.report.plot_types import log_axis


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((48.0, 62.0), (45, 50, 55, 60, 65, 70)),
        ((42.8, 44.0), (38, 40, 42, 44, 46, 48, 50)),
        ((8.0, 95.0), (10, 20, 50, 100)),
        ((30.0, 3000.0), (50, 100, 200, 500, 1000, 2000)),
        ((0.1, 10_000.0), (0.1, 1, 10, 100, 1000, 10_000)),
        ((25.0,), (22, 24, 26, 28)),
        ((), (0.9, 0.95, 1.0, 1.05, 1.1)),
    ],
)
def test_an_axis_has_a_few_plain_numbers(values, expected):
    (low, high), ticks = log_axis(values)
    assert ticks == pytest.approx(expected)
    assert low <= min(ticks)
    assert max(ticks) <= high


def test_an_axis_of_any_range_has_at_least_three_numbers_and_not_too_many():
    wrong = []
    for start in range(-10, 40):
        for ratio in (1.0, 1.01, 1.3, 2.0, 5.0, 9.9, 30.0, 900.0, 1e5, 1e9):
            low = 0.1 * 1.4**start
            _, ticks = log_axis((low, low * ratio))
            if not 3 <= len(ticks) <= 12:
                wrong.append((low, ratio, ticks))
    assert wrong == []
