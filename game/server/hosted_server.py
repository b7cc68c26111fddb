"""Hosted server: a server for the whole network, as a child process of a window.

It takes the usual port if that is free, so that others need to type no port.
"""

import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from game.protocol.addresses import DEFAULT_PORT, HTTP_PORT_OFFSET
from game.server.local import LOOPBACK, LocalServer, LocalServerError
from net.transport import Address

# Base ports to try in turn. Ten apart, since each transport and the page add an offset.
_PORTS = (DEFAULT_PORT, *range(DEFAULT_PORT + 10, DEFAULT_PORT + 50, 10))
# The time without input after which a bot plays for a person.
_IDLE_S = 20.0


class HostedServer:
    """A server that starts in the background, and runs until ``stop``.

    ``bots``: in every room. ``password``: empty for an open server.
    ``address``: where this computer joins; None until clients can join.
    ``failure``: why it could not start; empty if it did, or still starts.
    ``page_port``: of the web page.
    """

    def __init__(self, bots: int, password: str) -> None:
        self.address: Address | None = None
        self.failure = ""
        self._bots = bots
        self._password = password
        self._closing = ExitStack()
        # A start takes a second, for which a window must not stand still.
        self._thread = threading.Thread(target=self._start, name="hosting", daemon=True)
        self._thread.start()

    @property
    def page_port(self) -> int:
        """The port of the web page."""
        assert self.address is not None
        return self.address.port + HTTP_PORT_OFFSET

    def stop(self) -> None:
        """End the server, also one that still starts. Safe to call twice."""
        self._thread.join()
        self._closing.close()
        self.address = None

    def _start(self) -> None:
        failure = ""
        for port in _PORTS:
            try:
                server = self._server(port)
            except (LocalServerError, OSError) as error:
                failure = str(error)
                continue
            self._closing.push(server)
            self.address = Address(LOOPBACK, server.address.port)
            return
        self.failure = failure

    def _server(self, port: int) -> LocalServer:
        """Return a server that runs at ``port``. Raises ``LocalServerError`` and ``OSError``."""
        options = ["--bots", str(self._bots), "--idle", str(_IDLE_S), "--log-level", "warning"]
        options += ["--http-port", str(port + HTTP_PORT_OFFSET)]
        # A file, because other users can read the arguments of a process.
        with tempfile.TemporaryDirectory(prefix="jitterball-") as folder:
            if self._password:
                file = Path(folder) / "password"
                file.touch(mode=0o600)
                file.write_text(f"{self._password}\n", encoding="utf-8")
                options += ["--password-file", str(file)]
            return LocalServer(*options, host="", port=port).__enter__()
