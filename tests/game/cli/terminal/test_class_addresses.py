"""Posters of a class: two addresses in large type, and the teacher's can be taken away."""

import io
import sys

import pytest

from game.cli.terminal.class_addresses import Posters
from game.cli.terminal.large_type import large_type
from game.cli.terminal.qr_code import qr_code

PAGE = "http://192.0.2.7:7780/"
TEACHER = f"{PAGE}teacher#abc23"
POSTERS = Posters([PAGE, "http://[2001:db8::7]:7780/"], TEACHER)
WIDTH = 80


def test_each_poster_has_its_address_its_qr_code_and_its_large_type() -> None:
    for lines, url, large in (
        (POSTERS.students_poster(WIDTH), PAGE, "192.0.2.7:7780"),
        (POSTERS.teacher_poster(WIDTH), TEACHER, "192.0.2.7:7780/teacher#abc23"),
    ):
        poster = "\n".join(lines)
        assert f" {url}\n" in poster
        assert qr_code(url) in poster
        assert "\n".join(large_type(large, WIDTH)) in poster


def test_the_students_poster_names_the_other_addresses_and_no_secret() -> None:
    poster = "\n".join(POSTERS.students_poster(WIDTH))
    assert "If it does not open: http://[2001:db8::7]:7780/\n" in poster
    assert "teacher" not in poster


def test_a_terminal_without_the_characters_shows_the_plain_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    poster = "\n".join(POSTERS.students_poster(WIDTH))
    assert PAGE in poster
    assert poster.isascii()
