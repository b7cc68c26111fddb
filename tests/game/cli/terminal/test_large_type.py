"""Large type in a terminal."""

from string import ascii_lowercase, digits

import pytest

from game.cli.terminal.large_type import large_type

# As wide and high as four pixels and seven are.
SEVEN = [
    "▀▀▀█",
    "  █ ",
    " █  ",
    " ▀  ",
]


def test_a_letter_is_drawn_in_half_lines() -> None:
    assert large_type("7", width=7) == SEVEN


def test_it_is_twice_as_large_where_there_is_room() -> None:
    lines = large_type("7", width=8)
    assert len(lines) == 8
    assert lines[0] == "████████"


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = large_type("192.168.200.254:17780/teacher#abcdefgh23456789", width)
    assert lines
    assert max(map(len, lines)) <= width


def test_a_line_is_broken_before_a_mark() -> None:
    address = "192.168.1.38:7780"
    whole = large_type(address, width=80)
    assert len(whole) == 4
    first, second = large_type("192.168.1.38", width=60), large_type(":7780", width=30)
    assert large_type(address, width=60) == first + second


def test_every_letter_of_an_address_differs_from_the_others() -> None:
    letters = ascii_lowercase + digits + ".:/#-_%[]"
    drawn = {letter: tuple(large_type(letter, width=9)) for letter in letters}
    assert all(drawn.values())
    assert len(set(drawn.values())) == len(letters)


def test_a_capital_is_shown_as_a_small_letter() -> None:
    assert large_type("Lab", width=80) == large_type("lab", width=80)


@pytest.mark.parametrize("text", ["", "aula de música"])
def test_another_character_has_no_large_type(text: str) -> None:
    assert large_type(text, width=80) == []
