"""Atomic file writes: the whole new content, or the old file unchanged."""

from pathlib import Path


def write_atomic(file: Path, data: bytes) -> None:
    """Write or replace a file; after a failure the old content is still there.

    Raises ``OSError`` if the file cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.part")
    try:
        # A full disk fails here. The rename that follows is atomic (POSIX ``rename``).
        unfinished.write_bytes(data)
        unfinished.replace(file)
    finally:
        # Already gone if the rename succeeded.
        unfinished.unlink(missing_ok=True)
