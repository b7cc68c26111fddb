"""Small files that the user names: passwords, certificates, keys."""

from pathlib import Path

from game.cli.errors import CliError

# A chain of certificates has some KiB. A device such as /dev/zero never ends.
SMALL_FILE_LIMIT_BYTES = 1024 * 1024


def read_small_file(file: Path) -> bytes:
    """Return the content. Raises ``CliError`` if the file cannot be read, or is too long."""
    try:
        with file.open("rb") as opened:
            content = opened.read(SMALL_FILE_LIMIT_BYTES + 1)
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    if len(content) > SMALL_FILE_LIMIT_BYTES:
        mib = SMALL_FILE_LIMIT_BYTES // 1024**2
        raise CliError(f"{str(file)!r} has more than {mib} MiB: it must be another file")
    return content
