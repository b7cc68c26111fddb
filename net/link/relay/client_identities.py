"""Identities of clients: the parent learns a client's address before its server does.

The server sees connections from the relay. The source port of such a connection identifies the
client. The PROXY protocol adds a header to the stream for that. A port works for every transport,
and adds nothing to what the server receives.
"""

import asyncio
import socket
from collections.abc import Callable

from net.link.relay.settings import LOOPBACK, RelayClient

__all__ = ["ClientIdentities"]

# Called with the port and its client; None for a client that is gone.
Announce = Callable[[int, RelayClient | None], None]


class ClientIdentities:
    """The ports of a relay's connections to the server, each with its client.

    ``announce`` tells the parent, which answers by ``confirm``.
    """

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._ports: set[int] = set()

    def bound_socket(self, kind: socket.SocketKind) -> tuple[socket.socket, int]:
        """Return a socket bound to an unused port on loopback, and that port.

        Raises ``OSError`` if there is no free port or file descriptor.
        """
        while True:
            sock = socket.socket(socket.AF_INET, kind)
            try:
                sock.setblocking(False)
                sock.bind((LOOPBACK, 0))
            except BaseException:
                sock.close()
                raise
            port: int = sock.getsockname()[1]
            # The system may give the same number for TCP and for UDP.
            if port not in self._ports:
                self._ports.add(port)
                return sock, port
            sock.close()

    def add(self, port: int, client: RelayClient) -> asyncio.Future[None]:
        """Announce a client; the result is done when the parent knows it."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[port] = future
        self._announce(port, client)
        return future

    def remove(self, port: int) -> None:
        """Announce that a client is gone."""
        self._ports.discard(port)
        self._waiting.pop(port, None)
        self._announce(port, None)

    def confirm(self, port: int) -> None:
        """Note that the parent knows the client of a port."""
        future = self._waiting.pop(port, None)
        if future is not None and not future.done():
            future.set_result(None)
