"""Paths named in ``docs/architecture.md`` and ``CONTRIBUTING.md`` exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md")

# A path below one of the project's folders, or a file at the top.
PATH = re.compile(r"(?<![\w./])((?:game|net|plugins|tests|docs|\.ci)/[\w./]*\w|pyproject\.toml)")


def named_paths(text: str) -> set[str]:
    """Return the paths of the project that a text names."""
    return set(PATH.findall(text))


def test_every_path_that_the_documents_name_exists() -> None:
    named = {path for document in DOCUMENTS for path in named_paths(document.read_text("utf-8"))}
    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_a_path_that_does_not_exist_would_be_found() -> None:
    assert named_paths("see `net/nowhere.py`, [it](game/x/) and tests/a.py.") == {
        "net/nowhere.py",
        "game/x",
        "tests/a.py",
    }
