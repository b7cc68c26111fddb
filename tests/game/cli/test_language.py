"""Tests of the command line's language: every help text has a Spanish one, and it is shown."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from game.cli import app
from game.cli.language import language_of, link_words, system_language
from game.cli.spanish_help import SPANISH
from game.cli.translated_log import translate_warnings

# Not from a command: typer's own titles and its help option.
TITLES = {"Options", "Commands", "Arguments", "[default: {}]", "[required]"}
TITLES |= {"Show this message and exit."}


def commands() -> Iterator[Any]:
    """Yield the group and every loaded command, in English."""
    yield typer.main.get_command(app._app)
    for name, summary in app.SUMMARIES.items():
        yield app.LazyCommand(name, summary).load()


def help_texts() -> set[str]:
    """Return every paragraph of help, with single spaces."""
    texts = set(app.SUMMARIES.values())
    for command in commands():
        texts.add(command.help)
        texts.update(getattr(parameter, "help", None) or "" for parameter in command.params)
    paragraphs = (paragraph for text in texts for paragraph in text.split("\n\n"))
    return {" ".join(paragraph.split()) for paragraph in paragraphs} - {""}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "400")


def test_every_help_text_has_a_spanish_one_and_none_is_left_over() -> None:
    texts = help_texts()
    assert len(texts) > 90
    assert not sorted(texts - set(SPANISH)), "without a translation"
    assert not sorted(set(SPANISH) - texts - TITLES), "nowhere used"
    assert not [key for key, text in SPANISH.items() if key == text]


@pytest.mark.parametrize("how", ["option", "equals", "after the command", "LANG", "LANGUAGE"])
def test_the_help_is_spanish_where_spanish_is_asked_for(
    how: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {
        "option": ["--lang", "es", "play", "--help"],
        "equals": ["--lang=es", "play", "--help"],
        "after the command": ["play", "--lang", "es", "--help"],
    }.get(how, ["play", "--help"])
    if how in ("LANG", "LANGUAGE"):
        monkeypatch.setenv(how, "es_ES.UTF-8")
    assert app.main(arguments) == 0
    out = capsys.readouterr().out
    assert SPANISH["Watch without playing."] in out
    assert SPANISH["Options"] in out
    assert "Watch without playing." not in out


def test_the_language_of_one_call_does_not_stay(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--lang", "es", "--help"]) == 0
    assert SPANISH[app.SUMMARIES["play"]] in capsys.readouterr().out
    assert system_language() == "en_GB.UTF-8"
    assert app.main(["--help"]) == 0
    assert app.SUMMARIES["play"] in capsys.readouterr().out


def test_an_unknown_language_is_named_with_the_right_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert app.main(["--lang", "xx"]) == 2
    error = capsys.readouterr().err
    assert "xx" in error
    assert "en and es" in error
    assert len(error.splitlines()) == 1


def test_the_label_of_a_link_follows_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert link_words().none == "none"
    monkeypatch.setenv("LANG", "es_AR.UTF-8")
    assert link_words().none == "ninguno"


def test_a_warning_outside_a_log_is_in_the_language_of_the_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = logging.lastResort
    assert handler is not None
    monkeypatch.setattr(handler, "formatter", None)
    text = "transport not available: no transport"
    record = logging.LogRecord("net", logging.WARNING, "", 1, "%s", (text,), None)
    for language in ("en", "es"):
        with language_of(["--lang", language]):
            translate_warnings()
            handler.handle(record)
    assert capsys.readouterr().err.splitlines() == [
        text,
        "transporte no disponible: no transport",
    ]
