"""Atomic file writes: the whole new content, or the old file unchanged."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from typing import TextIO


@contextmanager
def atomic_text(file: Path) -> Iterator[TextIO]:
    """Yield a text file that replaces ``file`` at the end of the block, unless it fails.

    Line ends are written as they are. Raises ``OSError``.
    """
    unfinished = _part_of(file)
    try:
        with unfinished.open("w", newline="", encoding="utf-8") as text:
            yield text
        unfinished.replace(file)
    finally:
        # After a replacement there is none.
        unfinished.unlink(missing_ok=True)


def check_writable(file: Path) -> None:
    """Try to create the file that ``write_atomic`` begins with, and leave nothing.

    Raises ``OSError`` if ``file`` could not be written, or is a folder.
    """
    unfinished = _part_of(file)
    unfinished.open("wb").close()
    unfinished.unlink(missing_ok=True)
    # ``os.path`` asks without an exception, unlike ``Path`` before Python 3.14.
    if os.path.isdir(file):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(file))


def write_atomic(file: Path, data: bytes) -> None:
    """Write or replace a file; after a failure the old content is still there.

    Raises ``OSError`` if the file cannot be written.
    """
    unfinished = _part_of(file)
    try:
        # A full disk fails here. The rename that follows is atomic (POSIX ``rename``).
        unfinished.write_bytes(data)
        unfinished.replace(file)
    except OSError as error:
        # The caller knows the file, and not the part beside it.
        error.filename = str(file)
        raise
    finally:
        # Already gone if the rename succeeded.
        unfinished.unlink(missing_ok=True)


def _part_of(file: Path) -> Path:
    """Return the file beside ``file`` that has the new content until it is whole."""
    return file.with_name(f"{file.name}.part")
