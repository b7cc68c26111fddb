"""A relay in a child process, outside the program under test.

In a thread beside one that draws, a relay would wait for Python's interpreter lock at each packet.
A process of its own waits for nobody.
"""

import json
import logging
import sys
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import IO, Any, Self

from net.errors import AddressInUse, ListenError
from net.link.json_lines import encode_line, link_to_json
from net.link.lateness import LatenessStats
from net.link.packet_log import OnLog
from net.link.profile import Link
from net.link.relay.control_protocol import (
    client_from_json,
    client_to_json,
    decode_log,
    is_log,
    settings_to_json,
    stats_from_json,
)
from net.link.relay.settings import RelayClient, RelaySettings
from net.link.stats import ConnectionStats
from net.system.child_process import ChildProcess

__all__ = ["RelayProcess"]

log = logging.getLogger(__name__)

# The child only resets its connections, which takes milliseconds even under load.
STOP_TIMEOUT_S = 2.0


class RelayProcess:
    """Context manager: inside the block a child process relays from ``port`` on loopback.

    Entering takes about a quarter of a second.
    Raises ``ListenError`` on entering if the relay cannot listen.
    All methods may be called from any thread and never wait.
    """

    def __init__(self, settings: RelaySettings, on_log: OnLog | None = None) -> None:
        """With ``on_log`` the relay logs packets. A reader's thread calls it with each batch."""
        # A recording begins here, so that this process knows its position.
        self.link = settings.link.playing(monotonic())
        self.port = settings.listen.port
        self._settings = replace(settings, link=self.link, has_packet_log=on_log is not None)
        self._on_log = on_log
        self._clients: dict[int, RelayClient] = {}
        self._connections: list[ConnectionStats] = []
        self._lateness = LatenessStats(0, 0.0, 0.0, 0.0)

    def __enter__(self) -> Self:
        # -P keeps the current folder off the import path. It may hold another package ``net``.
        command = [sys.executable, "-P", "-m", "net.link.relay.child_main"]
        self._child = ChildProcess(command, STOP_TIMEOUT_S)
        try:
            self._send_command(settings_to_json(self._settings))
            self.port = _read_port(self._child.output)
        except BaseException:
            self._child.stop()
            raise
        self._child.start_reader(self._read_answers, "relay statistics")
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._child.stop()

    @property
    def pid(self) -> int:
        """The id of the relay's process."""
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """True if the process still runs. Somebody may have killed it."""
        return self._child.is_running

    @property
    def seed(self) -> int:
        """The seed of the link."""
        return self._settings.seed

    def client_at(self, port: int) -> RelayClient | None:
        """Return the client behind the connection from this port; None if none was announced.

        A server that is connected to from a port finds its client here: it was announced before.
        """
        return self._clients.get(port)

    def set_link(self, link: Link, client: RelayClient | None = None) -> None:
        """Apply ``link`` from the next packet on: to one client, or to all without their own."""
        if client is None:
            self.link = link = link.playing(monotonic(), self.link)
        self._send_command({"set_link": link_to_json(link), "of": client_to_json(client)})

    def clear_link(self, client: RelayClient) -> None:
        """Give a client the link of all others."""
        self._send_command({"clear_link": client_to_json(client)})

    def burst_loss(self, duration_s: float, client: RelayClient | None = None) -> None:
        """Lose every packet of both directions for ``duration_s``, of one client or of all."""
        self._send_command({"burst_s": duration_s, "of": client_to_json(client)})

    def connections(self) -> list[ConnectionStats]:
        """Return the statistics received last, and request newer ones.

        Nothing waits for the answer: called ten times a second, they are a tenth of a second old.
        """
        self._send_command({"get": "stats"})
        return self._connections

    def lateness(self) -> LatenessStats:
        """Return how late the relay delivers packets, in the same way."""
        self._send_command({"get": "stats"})
        return self._lateness

    def _send_command(self, command: dict[str, Any]) -> None:
        # A killed relay resets its connections, so their ends notice. No error is raised here.
        self._child.write(encode_line(command))

    def _note_client(self, port: int, client: RelayClient | None) -> None:
        if client is None:
            self._clients.pop(port, None)
        else:
            # Before the answer, after which the relay connects.
            self._clients[port] = client
            # The pipe is closed while the relay is being stopped.
            with suppress(ValueError):
                self._send_command({"confirm": port})

    def _read_answers(self) -> None:
        while line := self._child.output.readline():
            if is_log(line):
                if self._on_log is not None:
                    self._on_log(decode_log(line))
                continue
            answer = json.loads(line)
            if "opened" in answer:
                self._note_client(answer["opened"], client_from_json(answer["client"]))
                continue
            if "warning" in answer:
                log.warning("%s", answer["warning"])
                continue
            self._connections = [stats_from_json(plain) for plain in answer["connections"]]
            self._lateness = LatenessStats(**answer["late"])


def _read_port(output: IO[bytes]) -> int:
    line = output.readline()
    answer: dict[str, Any] = json.loads(line) if line else {"error": "the relay did not start"}
    if "error" in answer:
        # The user of a port in use can choose another one.
        kind = AddressInUse if answer.get("is_in_use") else ListenError
        raise kind(answer["error"])
    return int(answer["port"])
