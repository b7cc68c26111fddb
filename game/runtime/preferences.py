"""Preferences: the name and the choices of a player, kept between two runs of the program.

They are a JSON object in the user's configuration folder. A file that cannot be read is
ignored, and replaced by the next change.
"""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from game.runtime.atomic_file import write_atomic
from game.runtime.bounded_file import read_bounded

# Another folder for the file: of a test, or of a second player on one computer.
FOLDER_VARIABLE = "JITTERBALL_CONFIG"
_FILE_NAME = "preferences.json"
# No choice is longer. A file that was damaged must not fill a screen or the memory.
_TEXT_MAX_CHARS = 200
_FILE_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Preferences:
    """Remembered choices; an empty text stands for none.

    ``link``: as ``--link`` takes it. ``host``: the server that was typed last.
    ``first_minute_seen``: the guide of the comparison was shown.
    """

    name: str = ""
    transport: str = ""
    link: str = ""
    host: str = ""
    first_minute_seen: bool = False


class PreferencesError(Exception):
    """The file cannot be used; the message says in one line why."""


def configuration_folder() -> Path:
    """Return the folder of this user's files; it need not exist."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder)
    # Imported here: few commands have such a file.
    from platformdirs import user_config_path

    return Path(user_config_path("jitterball", appauthor=False))


def preferences_file() -> Path:
    """Return the file of this user's preferences; it need not exist."""
    return configuration_folder() / _FILE_NAME


def read_preferences(file: Path) -> Preferences:
    """Return the preferences in ``file``; the default ones if there is no file.

    Raises ``PreferencesError`` if the file cannot be read or does not hold preferences.
    """
    try:
        return _from_json(json.loads(read_bounded(file, _FILE_MAX_BYTES)))
    except FileNotFoundError:
        return Preferences()
    except OSError as error:
        raise PreferencesError(f"cannot read {file}: {error.strerror}") from error
    # ``RecursionError``: thousands of brackets.
    except (ValueError, RecursionError) as error:
        raise PreferencesError(f"{file} holds no preferences ({error})") from error


def write_preferences(file: Path, preferences: Preferences) -> None:
    """Replace ``file``, and make its folder if there is none.

    Raises ``PreferencesError`` if it cannot be written.
    """
    text = json.dumps(asdict(preferences), indent=2, ensure_ascii=False)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, f"{text}\n".encode())
    except OSError as error:
        raise PreferencesError(f"cannot write {file}: {error.strerror}") from error


def change_preferences(file: Path, **changes: Any) -> None:
    """Change some of the preferences in ``file``, and keep the others.

    A file that cannot be read counts as the default preferences.
    Raises ``PreferencesError`` if it cannot be written.
    """
    try:
        before = read_preferences(file)
    except PreferencesError:
        before = Preferences()
    after = replace(before, **changes)
    if after != before:
        write_preferences(file, after)


def _from_json(value: object) -> Preferences:
    """Return the preferences in a JSON value; unknown fields are those of a later version."""
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    default = Preferences()
    known = {}
    for name in (field.name for field in fields(Preferences)):
        found = value.get(name, getattr(default, name))
        if type(found) is not type(getattr(default, name)):
            raise ValueError(f"{name!r} has a wrong type")
        if isinstance(found, str) and len(found) > _TEXT_MAX_CHARS:
            raise ValueError(f"{name!r} is too long")
        known[name] = found
    return Preferences(**known)
