"""The HTTP server in a child process, fed through a pipe.

In the game's event loop a page load would delay ticks by up to 240 ms, in a thread by 4 ms.
"""

import json
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from game.web.http_protocol import (
    HttpSettings,
    Publication,
    encode_publication,
    encode_settings,
)
from game.web.teacher_actions import Action, read_action
from net.errors import ListenError
from net.system.child_process import ChildProcess

# Enough for a child to end: it closes its connections without waiting for their peers.
STOP_TIMEOUT_S = 2.0


class HttpProcess:
    """Context manager: inside the block a child process serves HTTP on ``port``.

    Entering takes about a quarter of a second. The page answers once something was published.
    Raises ``ListenError`` on entering if the port cannot be had.
    """

    def __init__(
        self, settings: HttpSettings, on_action: Callable[[Action], None] | None = None
    ) -> None:
        """``on_action`` gets each action of the teacher, in a thread of this process."""
        self._on_action = on_action
        self.port = settings.listen.port
        self._settings = settings
        # Writing to a full pipe blocks, and a tick must not wait. So a thread writes, and only the
        # newest publication.
        self._changed = threading.Condition()
        self._next: Publication | None = None
        self._is_over = False
        self._writer = threading.Thread(target=self._write, name="http statistics", daemon=True)

    def __enter__(self) -> Self:
        # -P keeps the current folder off the import path. It may hold another package ``game``.
        command = [sys.executable, "-P", "-m", "game.web.http_child"]
        self._child = ChildProcess(command, STOP_TIMEOUT_S)
        try:
            self._child.write(encode_settings(self._settings))
            self.port = self._read_port()
        except BaseException:
            self._child.stop()
            raise
        self._writer.start()
        self._child.start_reader(self._read_actions, "teacher's actions")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()
        # The writer ends before its pipe is closed. A child that reads nothing must not delay this.
        self._writer.join(STOP_TIMEOUT_S)
        self._child.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def publish(self, publication: Publication) -> None:
        """Serve this publication from now on, without waiting.

        A publication that was not written yet is replaced, and its ticks are not counted.
        """
        with self._changed:
            self._next = publication
            self._changed.notify()

    def _write(self) -> None:
        while (publication := self._wait_for_next()) is not None:
            self._child.write(encode_publication(publication))

    def _wait_for_next(self) -> Publication | None:
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._is_over)
            publication, self._next = self._next, None
            return None if self._is_over else publication

    def _read_actions(self) -> None:
        while line := self._child.output.readline():
            if self._on_action is not None:
                self._on_action(read_action(json.loads(line)))

    def _read_port(self) -> int:
        line = self._child.output.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "HTTP did not start"}
        if "error" in answer:
            raise ListenError(answer["error"])
        return int(answer["port"])
