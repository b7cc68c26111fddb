"""Stand-ins for what an encoding lacks."""

import sys
from io import BytesIO, TextIOWrapper

import pytest
from rich.table import Table

from game.cli.terminal.plain_text import PLAIN_ERRORS, encodable
from game.cli.terminal.tables import print_table

POOR_ENCODINGS = ("ascii", "cp866", "cp874", "cp932", "latin-1")


@pytest.mark.parametrize("encoding", POOR_ENCODINGS)
def test_every_text_can_be_written_and_keeps_its_meaning(encoding):
    text = encodable("± 5 ms → 3 \N{MULTIPLICATION SIGN} 2 ─│┼ ▁█ ¿cómo?", encoding)
    assert text.encode(encoding).decode(encoding) == text
    assert "5 ms" in text
    assert "3 ? 2" not in text


def test_ascii_gets_plain_words():
    assert encodable("± 5 → ─│┌ áñ…", "ascii") == "+/- 5 -> -|+ an..."


def test_encodable_characters_are_not_replaced():
    assert encodable("± José", "latin-1") == "± José"
    assert encodable("± ─ José", "utf-8") == "± ─ José"


def test_an_unknown_encoding_counts_as_ascii():
    assert encodable("±", "no-such-encoding") == "+/-"


@pytest.mark.parametrize("encoding", POOR_ENCODINGS)
def test_a_table_stays_in_line(encoding, monkeypatch):
    written = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(written, encoding, PLAIN_ERRORS))
    table = Table("a", "b")
    table.add_row("± 5", "x")
    table.add_row("none", "x")
    print_table(table)
    sys.stdout.flush()
    lines = written.getvalue().decode(encoding).splitlines()
    assert len(lines) == 6
    assert len({len(line) for line in lines}) == 1
