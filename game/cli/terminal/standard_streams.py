"""The standard streams of the program: present, never blocking, and able to write every text."""

import io
import os
import sys
from typing import Literal, Self, TextIO, cast

from game.cli.language import say
from game.cli.terminal.background_stream import BackgroundStream, dropped_line

# The descriptors of standard input, output and error.
_STANDARD_FILES = 3
# At the end of the program, for a terminal or a log that takes nothing. A pipe or a file has no
# such limit, since nothing that a command printed may be missing there.
STALLED_S = 1.0
# As in shells: 128 plus the number of SIGPIPE.
NO_READER = 141
CANNOT_WRITE = 1


class StandardStreams:
    """A context manager: inside its block the standard streams are fit for every command.

    Thread: the main thread enters and leaves it.
    """

    def __enter__(self) -> Self:
        _open_missing_streams()
        self._before = sys.stdout, sys.stderr
        self._output = _in_background(sys.stdout)
        self._error_output = _in_background(sys.stderr)
        sys.stdout = cast(TextIO, self._output or sys.stdout)
        sys.stderr = cast(TextIO, self._error_output or sys.stderr)
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._error_output is not None:
            self._error_output.drain(STALLED_S)
        sys.stdout, sys.stderr = self._before

    @property
    def has_reader(self) -> bool:
        """True if nobody has closed the other end of standard output."""
        return self._output is None or not isinstance(self._output.error, BrokenPipeError)

    def finish(self, code: int) -> int:
        """Wait for the output of a command that ended with ``code``; return the exit code.

        A command without a reader of its output (``| head``) ends quietly. Another error of the
        output is reported in one line.
        """
        if self._output is not None:
            self._output.drain(STALLED_S if self._output.isatty() else None)
        if not self.has_reader:
            return NO_READER
        if self._output is None or self._output.error is None:
            return code
        reason = self._output.error.strerror
        text = f"jitterball: standard output cannot be written: {reason}"
        print(say(text), file=sys.stderr)
        return code or CANNOT_WRITE


def _open_missing_streams() -> None:
    """Give the process null devices for the streams that it was started without.

    Shells start so with ``>&-`` or ``<&-``, Windows with ``pythonw``: then the stream is None. A
    null device is no terminal, so nothing is asked there, and no table is drawn.
    """
    # Else the next socket would get a standard descriptor, and a child process would inherit it.
    if os.name == "posix":
        while (descriptor := os.open(os.devnull, os.O_RDWR)) < _STANDARD_FILES:
            os.set_inheritable(descriptor, True)
        os.close(descriptor)
    sys.stdin = sys.stdin or _null_device("r")
    sys.stdout = sys.stdout or _null_device("w")
    sys.stderr = sys.stderr or _null_device("w")


def _null_device(mode: Literal["r", "w"]) -> TextIO:
    # Not closed: it lives as long as the process, as the stream that it replaces.
    return io.TextIOWrapper(io.FileIO(os.devnull, mode), encoding="utf-8")


def _in_background(stream: TextIO) -> BackgroundStream | None:
    """Return a stream that writes to the same file; None if ``stream`` has no file."""
    buffer = getattr(stream, "buffer", None)
    # With ``python -u`` there is no buffer between.
    raw = getattr(buffer, "raw", buffer)
    if not isinstance(raw, io.RawIOBase):
        return None
    stream.flush()
    return BackgroundStream(raw, stream.encoding or "ascii", dropped_line)
