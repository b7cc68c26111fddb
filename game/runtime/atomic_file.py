"""Files that are written whole or not at all, whatever the disk has room for.

Knows nothing of what is in them.
"""

from pathlib import Path


def write_atomic(file: Path, data: bytes) -> None:
    """Write a file, or replace the one that is there; a failure leaves what was there before.

    Raises ``OSError``.
    """
    unfinished = file.with_name(f"{file.name}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(file)
    finally:
        # After a replacement there is none.
        unfinished.unlink(missing_ok=True)
