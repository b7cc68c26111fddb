"""A text stream whose writes never wait for the terminal, pipe or file behind it.

A terminal that was stopped (Ctrl-S), a pager, or text selected in a Windows console blocks every
program that writes to it. An event loop that logs or draws a table must go on.
"""

import io
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Protocol

from game.cli.language import say
from game.cli.terminal.plain_text import PLAIN_ERRORS

# Some minutes of a server's log or table. More would be of no use after the pause, and cost memory.
QUEUE_LIMIT_BYTES = 256 * 1024


class RawOutput(Protocol):
    """The unbuffered binary stream behind a text stream, such as ``io.FileIO``."""

    def write(self, data: bytes, /) -> int | None:
        """Write a part of ``data``, and return its length."""
        ...

    def fileno(self) -> int:
        """Return the file descriptor. Raises ``OSError`` if there is none."""
        ...

    def isatty(self) -> bool:
        """Return whether this is a terminal."""
        ...


def dropped_text(count: int) -> str:
    """Return the English words for ``count`` dropped lines."""
    return f"{count} lines were dropped while this output was stopped"


def dropped_line(count: int) -> str:
    """Return the line that stands for ``count`` dropped ones, in the present language."""
    return f"[{say(dropped_text(count))}]\n"


class BackgroundStream(io.TextIOBase):
    """A text stream with a bounded queue and a daemon thread that writes.

    Whole lines are queued, or what was written before a ``flush``. When the queue is full all
    further lines are dropped until the thread has emptied it. ``describe_dropped`` then makes the
    line that tells their number.

    ``error`` is the error that ended the output; after it ``write`` raises ``BrokenPipeError`` if
    the reader of a pipe has gone, and else drops.
    Thread: any thread may write.
    """

    def __init__(self, raw: RawOutput, encoding: str, describe_dropped: Callable[[int], str]):
        self.error: OSError | None = None
        self.describe_dropped = describe_dropped
        self.dropped_lines = 0
        self._raw = raw
        self._encoding = encoding
        self._line: list[str] = []
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._written_bytes = 0
        self._is_dropping = False
        # Reentrant: a signal handler may write while the main thread does.
        self._changed = threading.Condition(threading.RLock())
        threading.Thread(target=self._run, name="output", daemon=True).start()

    # The superclass has these as attributes that can be set; here they are constants.
    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding; characters that it lacks get a stand-in."""
        return self._encoding

    @property
    def errors(self) -> str:  # type: ignore[override]
        """The error handler of the encoder."""
        return PLAIN_ERRORS

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor. Raises ``OSError`` if there is none."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Return whether this is a terminal."""
        return self._raw.isatty()

    def write(self, text: str, /) -> int:
        """Queue a text, at the end of its line.

        Raises ``BrokenPipeError`` if nobody reads.
        Raises ``TypeError`` for bytes: libraries test a stream with bytes.
        """
        if not isinstance(text, str):
            raise TypeError(f"a text stream takes str, not {type(text).__name__}")
        if isinstance(self.error, BrokenPipeError):
            raise BrokenPipeError(self.error.errno, self.error.strerror)
        with self._changed:
            self._line.append(text)
            if "\n" in text:
                self._enqueue_line()
        return len(text)

    def writelines(self, lines: Iterable[str], /) -> None:  # type: ignore[override]
        """Queue texts."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Queue what is left of a line. Does not wait; see ``drain``."""
        with self._changed:
            self._enqueue_line()

    def drain(self, stalled_s: float | None) -> bool:
        """Wait until all is written; return False after ``stalled_s`` without progress.

        None waits as long as it takes.
        """
        self.flush()
        with self._changed:
            while self._queued_bytes and self.error is None:
                before, deadline = self._written_bytes, monotonic() + (stalled_s or 0.0)
                while self._queued_bytes and self._written_bytes == before and self.error is None:
                    rest_s = None if stalled_s is None else deadline - monotonic()
                    if rest_s is not None and rest_s <= 0:
                        return False
                    self._changed.wait(rest_s)
        return self.error is None

    def _enqueue_line(self) -> None:
        text = "".join(self._line)
        self._line.clear()
        if not text or self.error is not None:
            return
        if self._queued_bytes >= QUEUE_LIMIT_BYTES:
            self._is_dropping = True
        if self._is_dropping:
            self.dropped_lines += max(1, text.count("\n"))
            return
        self._append(text)

    def _append(self, text: str) -> None:
        data = text.replace("\n", os.linesep).encode(self._encoding, PLAIN_ERRORS)
        self._queue.append(data)
        self._queued_bytes += len(data)
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._queue:
                    self._resume()
                    if not self._queue:
                        self._changed.wait()
                data = self._queue[0]
            # Without the lock: this is the call that may take for ever.
            try:
                count = self._raw.write(data)
            except OSError as error:
                with self._changed:
                    self.error = error
                    self._changed.notify_all()
                return
            with self._changed:
                self._note_written(data, count or 0)

    def _note_written(self, data: bytes, count: int) -> None:
        if count < len(data):
            self._queue[0] = data[count:]
        else:
            self._queue.popleft()
        self._queued_bytes -= count
        self._written_bytes += count
        self._changed.notify_all()

    def _resume(self) -> None:
        """Accept lines again, after one that tells how many were dropped."""
        if self._is_dropping:
            self._is_dropping = False
            count, self.dropped_lines = self.dropped_lines, 0
            self._append(self.describe_dropped(count))
