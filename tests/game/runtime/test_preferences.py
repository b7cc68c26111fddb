"""Preferences in a file: kept, and ignored where the file is broken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.runtime.preferences import (
    FOLDER_VARIABLE,
    Preferences,
    PreferencesError,
    change_preferences,
    preferences_file,
    read_preferences,
    write_preferences,
)

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(st.builds(Preferences, _TEXTS, _TEXTS, _TEXTS, _TEXTS, st.booleans()))
def test_preferences_are_read_as_they_were_written(tmp_path_factory, preferences):
    file = tmp_path_factory.mktemp("preferences") / "new" / "preferences.json"
    write_preferences(file, preferences)
    assert read_preferences(file) == preferences


def test_without_a_file_there_are_default_preferences(tmp_path):
    assert read_preferences(tmp_path / "none.json") == Preferences()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"[" * 60_000,
        b'{"name": 5}',
        b'{"first_minute_seen": "yes"}',
        json.dumps({"name": "a" * 201}).encode(),
        b" " * 70_000 + b"{}",
    ],
)
def test_a_broken_file_is_an_error_of_one_line(tmp_path, data):
    file = tmp_path / "preferences.json"
    file.write_bytes(data)
    with pytest.raises(PreferencesError) as caught:
        read_preferences(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_fields_of_a_later_version_are_ignored(tmp_path):
    file = tmp_path / "preferences.json"
    file.write_text('{"name": "Ana", "colour": "red"}')
    assert read_preferences(file) == Preferences(name="Ana")


def test_a_change_keeps_the_other_preferences(tmp_path):
    file = tmp_path / "preferences.json"
    change_preferences(file, name="Ana")
    change_preferences(file, first_minute_seen=True)
    assert read_preferences(file) == Preferences(name="Ana", first_minute_seen=True)


def test_a_change_replaces_a_broken_file(tmp_path):
    file = tmp_path / "preferences.json"
    file.write_text("{")
    change_preferences(file, name="Ana")
    assert read_preferences(file).name == "Ana"


def test_a_directory_that_cannot_be_made_is_an_error_of_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PreferencesError, match="cannot write"):
        change_preferences(tmp_path / "file" / "preferences.json", name="Ana")


def test_the_environment_names_another_directory(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert preferences_file().parent == tmp_path


def test_the_file_stands_in_a_directory_of_its_own(monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert preferences_file().parent.name == "jitterball"
