"""Loader of lesson files: those of the program, and one of a teacher."""

from importlib.resources import files
from pathlib import Path

from game.lesson.lesson import Lesson
from game.lesson.parser import LessonError, parse_lesson
from game.runtime.bounded_file import FileTooLong, read_bounded

__all__ = ["read_lesson", "read_lessons"]

SUFFIX = ".toml"
# A longer file is no lesson, but perhaps a film.
_FILE_MAX_BYTES = 64 * 1024


def read_lessons() -> tuple[Lesson, ...]:
    """Return the lessons of the program, in the order of their numbers.

    Raises ``LessonError`` if one is invalid.
    """
    folder = files("game.lesson") / "files"
    found = sorted(
        (each for each in folder.iterdir() if each.name.endswith(SUFFIX)),
        key=lambda each: each.name,
    )
    return tuple(_parse(each.name, each.read_text("utf-8")) for each in found)


def read_lesson(file: Path) -> Lesson:
    """Return the lesson in a file. Raises ``LessonError`` if it cannot be read or is invalid."""
    try:
        # Some editors write a byte order mark.
        text = read_bounded(file, _FILE_MAX_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise LessonError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    except FileTooLong as error:
        raise LessonError(f"{str(file)!r} is too long for a lesson") from error
    except UnicodeDecodeError as error:
        raise LessonError(f"{str(file)!r} is not a text file in UTF-8") from error
    return _parse(str(file), text)


def _parse(name: str, text: str) -> Lesson:
    try:
        return parse_lesson(Path(name).stem, text)
    except LessonError as error:
        raise LessonError(f"{name!r}: {error}") from error
