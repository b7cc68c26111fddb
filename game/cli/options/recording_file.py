"""The file of a recorded link: reading it, with errors for the user."""

from pathlib import Path

from game.runtime.bounded_file import FileTooLong, read_bounded
from net.link.recording import FILE_MAX_BYTES, LinkRecording, RecordingError, decode_recording

__all__ = ["read_recording", "read_text_file"]


def read_recording(file: str) -> LinkRecording:
    """Return the recording in a file. Raises ``RecordingError`` if there is none."""
    return decode_recording(read_text_file(file))


def read_text_file(file: str) -> str:
    """Return the text of a file. Raises ``RecordingError`` if it cannot be read, or is too long."""
    try:
        content = read_bounded(Path(file), FILE_MAX_BYTES)
    except FileTooLong as error:
        raise RecordingError(f"it is longer than {FILE_MAX_BYTES // 2**20} MiB") from error
    # ``ValueError``: a name with a NUL.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RecordingError(f"cannot be read: {reason}") from error
    try:
        # Some editors write a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordingError("it is no text in UTF-8") from error
