"""``jitterball worksheet``: the pages it writes."""

from pathlib import Path

import pytest

from game.cli.app import main
from tests.game.cli.command_line import check_errors


def test_it_writes_the_worksheet_and_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["worksheet", "--lang", "en"]) == 0
    assert main(["worksheet", "--answers", "--lang", "es", "--out", "clave.html"]) == 0
    assert capsys.readouterr().out == "wrote worksheet.html\nescrito clave.html\n"
    assert '<html lang="en">' in Path("worksheet.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in Path("clave.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        ("worksheet --out /no/such/a.html", "cannot write /no/such/a.html: No such file"),
        ("worksheet --lang fr", "no texts in 'fr': there are en and es"),
    ]
    check_errors(cases, capsys)
