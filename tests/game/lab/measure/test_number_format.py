"""The number formats of results."""

from game.lab.measure.number_format import format_number, format_percent, format_with_interval


def test_a_number_has_two_or_three_significant_digits():
    texts = {None: "-", 0.0: "0", 9.0: "9", 0.083: "0.08", 13.66: "13.7", 1234.5: "1234"}
    assert {value: format_number(value) for value in texts} == texts


def test_an_interval_is_half_its_width():
    assert format_with_interval(20.0, 18.0, 22.0) == "20 ±2"
    assert format_with_interval(20.0, None, 22.0) == "20"
    assert format_with_interval(0.0, 0.0, 9.0) == "0 <9"
    assert format_with_interval(0.0, 0.0, 0.0) == "0"


def test_a_percentage_of_nothing_is_unknown():
    assert (format_percent(1, 8), format_percent(0, 0)) == ("12.5", "-")
