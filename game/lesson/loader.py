"""Loader of lesson files: those of the program, and one of a teacher."""

from importlib.resources import files
from pathlib import Path

from game.lesson.lesson import Lesson
from game.lesson.parser import LessonError, parse_lesson

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
        with file.open("rb") as opened:
            data = opened.read(_FILE_MAX_BYTES + 1)
    except OSError as error:
        raise LessonError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    if len(data) > _FILE_MAX_BYTES:
        raise LessonError(f"{str(file)!r} is too long for a lesson")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LessonError(f"{str(file)!r} is not a text file in UTF-8") from error
    return _parse(str(file), text)


def _parse(name: str, text: str) -> Lesson:
    try:
        return parse_lesson(Path(name).stem, text)
    except LessonError as error:
        raise LessonError(f"{name!r}: {error}") from error
