"""Processes of bots: programs of other people, which must end with the match.

A bot gets a process group of its own, so that its end reaches what it has started too. On Linux a
mark in the environment also finds a program that has left the group, as daemons do. On Windows
``taskkill`` ends the tree.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from typing import IO

from net.system.child_process import new_process_group_options

# What a bot prints is kept up to this size; a flood must fill neither memory nor disk.
OUTPUT_KEPT_BYTES = 64 * 1024
_READ_BYTES = 64 * 1024
# A bot may send its close message before it ends.
END_TIMEOUT_S = 1.5
# Limit of the search: a program may start others faster than they are found.
_SEARCHES = 100
_SEARCH_INTERVAL_S = 0.02
_LAST_LINE_CHARS = 200
_LAST_OUTPUT_S = 0.2
_MARK_NAME = "JITTERBALL_BOT_MARK"


class BotStartError(Exception):
    """A bot that does not start; the message says what would be right."""


class BotProcess:
    """A running bot. The constructor starts it, and its owner calls ``end``.

    ``output``: the first ``OUTPUT_KEPT_BYTES`` of what it has printed.
    ``printed_bytes``: the length of all that it has printed.
    Raises ``BotStartError`` if it does not start.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.output = bytearray()
        self.printed_bytes = 0
        self._mark = token_hex()
        self._has_ended = False
        self._tail = b""
        self._end_at = 0.0
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment, _MARK_NAME: self._mark},
                **new_process_group_options(),
            )
        except OSError as error:
            raise BotStartError(_start_error(command[0], error)) from error
        assert self._process.stdout is not None
        # A daemon: a program that escaped may hold the other end of the pipe.
        self._reader = threading.Thread(
            target=self._read, args=(self._process.stdout,), name="bot's output", daemon=True
        )
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """The exit code; None while it runs. Negative: the signal that ended it."""
        return self._process.poll()

    @property
    def last_line(self) -> str:
        """The last line that the bot has printed, shortened; empty if there is none."""
        if self.exit_code is not None:
            # What it printed last may still be on its way.
            self._reader.join(_LAST_OUTPUT_S)
        lines = self._tail.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")[
            :_LAST_LINE_CHARS
        ]

    def request_end(self) -> None:
        """Interrupt the bot, as Ctrl-C in a terminal would; it may close its connection."""
        self._end_at = monotonic() + END_TIMEOUT_S
        with suppress(OSError):
            if sys.platform == "win32":
                self._process.send_signal(signal.CTRL_BREAK_EVENT)
            else:
                os.killpg(self._process.pid, signal.SIGINT)

    def end(self) -> tuple[str, ...]:
        """End the bot and all that it has started; return what it did wrong at its end.

        Waits until ``END_TIMEOUT_S`` after ``request_end``. A second call does nothing.
        """
        if self._has_ended:
            return ()
        self._has_ended = True
        warnings = []
        try:
            self._process.wait(max(0.0, self._end_at - monotonic()))
        except subprocess.TimeoutExpired:
            warnings.append("it ignored its end and was killed")
        leader_runs = self._process.poll() is None
        left = self._kill_all()
        self._process.wait()
        if left and not leader_runs:
            warnings.append("it left programs running, which were ended")
        self._reader.join(END_TIMEOUT_S)
        if self.printed_bytes > OUTPUT_KEPT_BYTES:
            kib = OUTPUT_KEPT_BYTES // 1024
            warnings.append(f"it printed {self.printed_bytes} bytes, of which {kib} KiB were kept")
        return tuple(warnings)

    def _kill_all(self) -> bool:
        """Kill what is left of the bot; return whether there was anything."""
        if sys.platform == "win32":
            was_running = self._process.poll() is None
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(self._process.pid)],
                capture_output=True,
                check=False,
            )
            return was_running
        found = _kill_group(self._process.pid)
        for _ in range(_SEARCHES):
            marked = _processes_with(f"{_MARK_NAME}={self._mark}".encode())
            if not marked:
                break
            found = True
            for pid in marked:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            sleep(_SEARCH_INTERVAL_S)
        return found

    def _read(self, stdout: IO[bytes]) -> None:
        with stdout:
            while data := os.read(stdout.fileno(), _READ_BYTES):
                self.printed_bytes += len(data)
                self.output += data[: OUTPUT_KEPT_BYTES - len(self.output)]
                self._tail = (self._tail + data)[-4 * _LAST_LINE_CHARS :]


def _kill_group(group: int) -> bool:
    """Kill a process group; return whether it had a process. POSIX only."""
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        # The group has no process left.
        return False
    return True


def _processes_with(mark: bytes) -> list[int]:
    """Return the ids of the processes of our user that have a mark in their environment.

    Only Linux shows it.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state = (folder / "stat").read_bytes().rpartition(b") ")[2][:1]
            # A zombie has no environment, and cannot be killed again.
            if state != b"Z" and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def _start_error(program: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no program {program!r}"
    if isinstance(error, PermissionError):
        return f"{program!r} is not executable: give its interpreter, as in 'python3 {program}'"
    return f"{program!r} does not start: {error.strerror or error}"
