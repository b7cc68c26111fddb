"""Reading of small files that a user names or may have changed.

A device such as /dev/zero never ends, and a film given by mistake would fill the memory.
"""

from pathlib import Path

__all__ = ["FileTooLong", "read_bounded"]


class FileTooLong(ValueError):
    """The file is longer than its reader allows."""


def read_bounded(file: Path, limit_bytes: int) -> bytes:
    """Return the content of ``file``, and read no more than one byte over the limit.

    Raises ``OSError`` if the file cannot be read, ``FileTooLong`` if it is longer.
    """
    with file.open("rb") as opened:
        content = opened.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise FileTooLong("too long")
    return content
