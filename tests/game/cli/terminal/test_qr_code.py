"""QR codes in a terminal."""

import io
import sys

import pytest

from game.cli.terminal.qr_code import qr_code


def test_it_fits_into_a_terminal() -> None:
    lines = qr_code("https://192.168.100.200:17780/").splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) < 40


def test_a_terminal_without_the_characters_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert qr_code("http://127.0.0.1:7780/") == ""
