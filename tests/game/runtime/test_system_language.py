"""The system's language, from the environment and the locale."""

import pytest

from game.runtime.system_language import system_language


def test_the_environment_decides_in_the_order_of_posix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    assert system_language() == "es_ES.UTF-8"
    monkeypatch.delenv("LC_ALL")
    assert system_language() == "en_GB.UTF-8"


def test_without_an_environment_the_locale_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("es_MX", "UTF-8"))
    assert system_language() == "es_MX"
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert system_language() == "en"
