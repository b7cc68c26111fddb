"""A server in a process of its own, on free ports of this computer, for as long as it is needed.

It runs ``serve`` as a child, whose standard input is a pipe from us: when we are gone, however
that came, the pipe closes and the child ends. Knows no transport, and of the server only what it
writes.
"""

import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from types import TracebackType
from typing import Self

from net.system.child_process import ChildProcess
from net.transport import Address

LOOPBACK = "127.0.0.1"
# What the child writes once it can be joined, before the port.
PORT_LINE = "port "
# It says goodbye to its clients, which takes it a second at most.
STOP_TIMEOUT_S = 3.0


class LocalServerError(Exception):
    """The child ended before it could be joined; the message is what it said last."""


class LocalServer:
    """A context manager: inside the block there is a server at ``address``.

    ``options`` are those of ``jitterball serve``. What the server logs goes to our standard error.
    ``wrapper`` is a command that runs another, and ``host`` where to listen, for a server in a
    network of its own. ``while_starting`` is called while the child starts: work that takes as
    long, such as imports, costs no time there. Raises ``LocalServerError`` on entering.
    """

    def __init__(
        self,
        *options: str,
        host: str = LOOPBACK,
        wrapper: Sequence[str] = (),
        while_starting: Callable[[], None] = lambda: None,
    ) -> None:
        # -P: a file called game.py, where the player happens to be, is not ours.
        command = [sys.executable, "-P", "-m", "game", "serve", "--as-child", *options]
        self._command = [*wrapper, *command, "--host", host, "--port", "0"]
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
        self._child.start_reader(self._pass_on, "server's log")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._child.stop()

    @property
    def pid(self) -> int:
        """The number of the child's process."""
        return self._child.pid

    def _read_port(self) -> int:
        said = ""
        for line in self._output:
            if line.startswith(PORT_LINE):
                return int(line.removeprefix(PORT_LINE))
            said = line.strip() or said
        raise LocalServerError(said or f"it ended with code {self._child.wait()}")

    def _pass_on(self) -> None:
        """Show what the child says, for as long as it says something."""
        for line in self._output:
            print(line, end="", file=sys.stderr)
