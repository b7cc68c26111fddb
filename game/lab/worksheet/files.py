"""Source of the worksheet and of its key: ``docs`` of a checkout, or installed."""

from pathlib import Path

from game.lab.shipped_files import shipped_folder

CHECKOUT_FOLDER = Path(__file__).parents[3] / "docs"


class NoWorksheet(Exception):
    """The installation has no worksheet."""


def read_worksheet(language: str) -> str:
    """Return the Markdown of the worksheet. Raises ``NoWorksheet``."""
    return _read("lab", language)


def read_key(language: str) -> str:
    """Return the Markdown of the key. Raises ``NoWorksheet``."""
    return _read("lab-answers", language)


def _read(name: str, language: str) -> str:
    folder = shipped_folder(CHECKOUT_FOLDER, "worksheet")
    suffix = ".md" if language == "en" else f".{language}.md"
    try:
        return (folder / f"{name}{suffix}").read_text(encoding="utf-8") if folder else _fail()
    except FileNotFoundError:
        return _fail()


def _fail() -> str:
    raise NoWorksheet("this installation has no worksheet: it is in docs/lab.md")
