"""Small files that the user names: passwords, certificates, keys."""

from pathlib import Path

from game.cli.errors import CliError
from game.runtime.bounded_file import FileTooLong, read_bounded

# A chain of certificates has some KiB.
SMALL_FILE_LIMIT_BYTES = 1024 * 1024


def read_small_file(file: Path) -> bytes:
    """Return the content. Raises ``CliError`` if the file cannot be read, or is too long."""
    try:
        return read_bounded(file, SMALL_FILE_LIMIT_BYTES)
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    except FileTooLong as error:
        mib = SMALL_FILE_LIMIT_BYTES // 1024**2
        raise CliError(f"{str(file)!r} has more than {mib} MiB: it must be another file") from error
