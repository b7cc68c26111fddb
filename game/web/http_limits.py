"""Limits and timeouts of HTTP connections.

uvicorn limits neither the time of a request nor how long a client takes to read an answer.
"""

import asyncio
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

from net.security.client_network import client_network
from net.system.open_file_limit import affordable_connections

# A class of forty with six connections each (what a browser opens to one host) fits twice.
CONNECTIONS_MAX = 512
# One address may stand for a whole class (NAT).
CONNECTIONS_PER_NETWORK = 320
# The time from one answer, or the start, to the end of the next. The largest file takes 3 s at
# 100 kbit/s.
REQUEST_TIMEOUT_S = 20.0
# An idle browser gives its connection back.
KEEP_ALIVE_S = 5
# A request has no body and is a few hundred bytes; cookies of other ports of a host may double it.
HEADER_LIMIT_BYTES = 8 * 1024


class ConnectionCounter:
    """Counters of open connections, in all and by client network."""

    def __init__(self) -> None:
        self._limit = affordable_connections(CONNECTIONS_MAX)
        self._by_network: Counter[str] = Counter()

    def acquire(self, network: str) -> bool:
        """Count a connection, unless it is one too many; return whether it was counted."""
        if self._by_network.total() >= self._limit:
            return False
        if self._by_network[network] >= CONNECTIONS_PER_NETWORK:
            return False
        self._by_network[network] += 1
        return True

    def release(self, network: str) -> None:
        """Forget a connection that was counted."""
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]


_connections = ConnectionCounter()


class LimitedProtocol(H11Protocol):
    """One connection: counted, and cut when a request or its answer takes too long."""

    _network: str | None = None
    _timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Serve the connection, or cut it if it is one too many."""
        super().connection_made(transport)
        network = client_network(self.client[0] if self.client else "")
        if not _connections.acquire(network):
            transport.abort()
            return
        self._network = network
        self._restart_timeout()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the connection's slot back."""
        if self._timeout is not None:
            self._timeout.cancel()
        if self._network is not None:
            _connections.release(self._network)
            self._network = None
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Give the next request its time."""
        self._restart_timeout()
        super().on_response_complete()

    def _restart_timeout(self) -> None:
        if self._timeout is not None:
            self._timeout.cancel()
        # Not closed: that would wait for a client that does not read.
        self._timeout = self.loop.call_later(REQUEST_TIMEOUT_S, self.transport.abort)
