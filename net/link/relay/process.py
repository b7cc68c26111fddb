"""A relay in a process of its own: outside the program under test, and as punctual as it can be.

In a thread beside one that draws, a relay waits for Python's interpreter lock at every packet; a
process waits for nobody. Knows pipes and lines, nothing of what the relay does.
"""

import json
import sys
from types import TracebackType
from typing import IO, Any, Self

from net.errors import ListenError
from net.link.json_lines import encode_line, link_to_json
from net.link.lateness import LatenessStats
from net.link.profile import Link
from net.link.relay.control_protocol import settings_to_json, stats_from_json
from net.link.relay.settings import RelaySettings
from net.link.stats import ConnectionStats
from net.system.child_process import ChildProcess

# It cuts its connections and is gone; nothing that it waits for takes longer.
STOP_WITHIN_S = 2.0


class RelayProcess:
    """A context manager: inside the block a process relays from `port` (on loopback).

    Entering takes about a quarter of a second, and raises `ListenError` when the relay cannot be.
    All methods may be called from any thread and never wait.
    """

    def __init__(self, settings: RelaySettings) -> None:
        self.link = settings.link
        self.port = settings.listen.port
        self._settings = settings
        self._connections: list[ConnectionStats] = []
        self._lateness = LatenessStats(0, 0.0, 0.0, 0.0)

    def __enter__(self) -> Self:
        # -P: a folder called net, where the player happens to be, is not ours.
        command = [sys.executable, "-P", "-m", "net.link.relay.child"]
        self._child = ChildProcess(command, STOP_WITHIN_S)
        try:
            self._tell(settings_to_json(self._settings))
            self.port = _read_port(self._child.output)
        except BaseException:
            self._child.stop()
            raise
        self._child.start_reader(self._listen, "relay's answers")
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
        """The number of the relay's process."""
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is still there; somebody may have killed it."""
        return self._child.is_running

    def set_link(self, link: Link) -> None:
        """Hold `link` from the next packet on."""
        self.link = link
        self._tell({"set_link": link_to_json(link)})

    def burst_loss(self, duration_s: float) -> None:
        """Lose every packet of both directions for a while."""
        self._tell({"burst_s": duration_s})

    def connections(self) -> list[ConnectionStats]:
        """Return the figures that the relay told last, and ask it for newer ones.

        Called ten times a second, they are a tenth of a second old; nobody's packets wait for it.
        """
        self._tell({"tell": "figures"})
        return self._connections

    def lateness(self) -> LatenessStats:
        """Return, in the same way, how late the relay hands over what has arrived."""
        self._tell({"tell": "figures"})
        return self._lateness

    def _tell(self, order: dict[str, Any]) -> None:
        # A relay that was killed cuts all its connections: their ends learn of it there.
        self._child.write(encode_line(order))

    def _listen(self) -> None:
        while line := self._child.output.readline():
            told = json.loads(line)
            self._connections = [stats_from_json(plain) for plain in told["connections"]]
            self._lateness = LatenessStats(**told["late"])


def _read_port(answers: IO[bytes]) -> int:
    line = answers.readline()
    answer: dict[str, Any] = json.loads(line) if line else {"error": "the relay did not start"}
    if "error" in answer:
        raise ListenError(answer["error"])
    return int(answer["port"])
