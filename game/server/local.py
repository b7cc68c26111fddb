"""Local server: ``jitterball serve`` as a child process on free ports of this computer.

The child's standard input is a pipe from the parent. When the parent ends, for whatever reason,
the pipe closes and the child ends too.
"""

import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Self

from net.system.child_process import ChildProcess
from net.transport import Address

LOOPBACK = "127.0.0.1"
# The child writes this, then its base port, once clients can join.
PORT_LINE = "port "
# The child needs up to a second to send its close messages.
STOP_TIMEOUT_S = 3.0


class LocalServerError(Exception):
    """The child ended before clients could join; the message is its last output."""


class LocalServer:
    """A context manager; inside its block a server listens at ``address``.

    ``options``: those of ``jitterball serve``. The server's log goes to our standard error.
    ``host``: the address to listen at, ``port``: the base port; 0 takes any free one.
    ``wrapper``: a command that runs the child, to start it in another network namespace.
    ``while_starting``: called while the child starts, for work such as imports that takes as long.
    Raises ``LocalServerError`` on entering if the server does not start.
    """

    def __init__(
        self,
        *options: str,
        host: str = LOOPBACK,
        port: int = 0,
        wrapper: Sequence[str] = (),
        while_starting: Callable[[], None] = lambda: None,
    ) -> None:
        # -P: a file ``game.py`` in the current directory must not be imported instead of ours.
        command = [sys.executable, "-P", "-m", "game", "serve", "--as-child", *options]
        self._command = [*wrapper, *command, "--host", host, "--port", str(port)]
        self._while_starting = while_starting
        self.address = Address(host, 0)

    def __enter__(self) -> Self:
        self._child = ChildProcess(self._command, STOP_TIMEOUT_S, merge_stderr=True)
        self._output = TextIOWrapper(self._child.output, errors="replace")
        try:
            self._while_starting()
            self.address = self.address._replace(port=self._read_port())
        except BaseException:
            self._child.stop()
            raise
        self._child.start_reader(self._forward_log, "server's log")
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._child.stop()

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._child.pid

    def _read_port(self) -> int:
        last_line = ""
        for line in self._output:
            if line.startswith(PORT_LINE):
                return int(line.removeprefix(PORT_LINE))
            last_line = line.strip() or last_line
        raise LocalServerError(last_line or f"it ended with code {self._child.wait()}")

    def _forward_log(self) -> None:
        """Copy the child's output to our standard error until it ends."""
        for line in self._output:
            print(line, end="", file=sys.stderr)
