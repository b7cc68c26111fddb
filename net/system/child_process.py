"""Child processes whose life is bound to their parent's.

A child's standard input is a pipe from its parent. The pipe closes when the parent stops the child,
and also when the parent is killed. The child exits when it reads the end of the pipe.

Ctrl-C in a terminal interrupts every process of the foreground process group. A child must not end
before its parent: the parent still closes connections through it. So a child gets a process group
of its own, and only the parent handles Ctrl-C.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any


class ChildProcess:
    """A running child process, with pipes to its standard input and from its standard output.

    The constructor starts it. ``output`` holds what it writes; read it until its end, or the child
    blocks when the pipe is full. The owner calls ``stop``.

    All methods may be called from any thread.
    """

    def __init__(
        self, command: Sequence[str], stop_timeout_s: float, merge_stderr: bool = False
    ) -> None:
        """Start ``command``; ``stop`` waits ``stop_timeout_s`` for it, then kills it.

        With ``merge_stderr`` the standard error goes to ``output`` too, else to the parent's.
        """
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge_stderr else None,
            **new_process_group_options(),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self.output: IO[bytes] = self._process.stdout
        self._stop_timeout_s = stop_timeout_s
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """True if the process has not ended."""
        return self._process.poll() is None

    def write(self, data: bytes) -> None:
        """Write to the standard input; a child that was killed ignores it."""
        with suppress(BrokenPipeError):
            self._input.write(data)
            self._input.flush()

    def start_reader(self, read: Callable[[], None], name: str) -> None:
        """Call ``read`` in a thread; it returns when ``output`` ends."""
        self._reader = threading.Thread(target=read, name=name, daemon=True)
        self._reader.start()

    def wait(self) -> int:
        """Wait until the process has ended; return its exit code."""
        return self._process.wait()

    def stop(self) -> None:
        """Close the standard input and wait for the end of the process and of the reader.

        A reader that does not end within ``stop_timeout_s`` is left behind.
        """
        # Closing flushes, and a child that was killed reads nothing.
        with suppress(BrokenPipeError):
            self._input.close()
        try:
            self._process.wait(self._stop_timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._reader is not None:
            # The output ends only when the child's own children have closed it, too.
            self._reader.join(self._stop_timeout_s)
        if self._reader is None or not self._reader.is_alive():
            # Closing waits for a reader that still reads.
            self.output.close()


def new_process_group_options() -> dict[str, Any]:
    """Return the arguments of ``subprocess.Popen`` that keep a terminal's Ctrl-C from a child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}
