"""Tests of the remembered first-minute guide."""

from pathlib import Path

import pytest

from game.cli.options.first_minute import remember_first_minute, was_first_minute_seen
from game.runtime.preferences import FOLDER_VARIABLE, preferences_file


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "config"))


def test_it_is_remembered() -> None:
    assert not was_first_minute_seen()
    remember_first_minute()
    assert was_first_minute_seen()


def test_a_broken_file_is_ignored_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    preferences_file().parent.mkdir()
    preferences_file().write_text("{", encoding="utf-8")
    assert not was_first_minute_seen()
    line = capsys.readouterr().err
    assert line.startswith("jitterball: the remembered choices are ignored:")
    assert line.count("\n") == 1


def test_a_directory_that_cannot_be_made_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file" / "below"))
    remember_first_minute()
    assert capsys.readouterr().err.startswith("jitterball: the choices are not remembered:")
