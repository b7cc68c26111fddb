"""SNTP server: the UDP sockets of ``jitterball serve --sntp-port``.

It answers with the time of the system's clock. ``jitterball time`` compares other clocks: those of
the game, which count from the start of each process. ``net/sync/sntp.py`` has the bytes.
"""

import math
import time
from typing import Any, Self

from net.datagram.server_sockets import ServerSockets
from net.datagram.udp_socket import UdpSocket
from net.security.client_network import client_network
from net.security.token_bucket import KeyedTokenBuckets
from net.sync.sntp import encode_reply
from net.system.sockets import address_of
from net.transport import Address, SocketOptions

__all__ = ["SntpServer"]

# Enough for a class behind one address that asks at the same moment. A flood gets no more, because
# each answer takes time from the game's event loop.
REPLIES_PER_S = 16.0
REPLIES_BURST = 64.0

# Reading the clock in Python takes longer than this, so a finer resolution would be false.
CLOCK_RESOLUTION_MIN_S = 1e-6


class SntpServer:
    """An SNTP server; an async context manager that answers inside its block.

    ``address``: where to listen. Port 0 lets the system choose; then it has the real port.
    ``answered``, ``dropped``: datagrams since the start. Dropped are those that are no request,
    and those of a network that asks too often.
    Entering raises ``ListenError``.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.answered = 0
        self.dropped = 0
        self._sockets = ServerSockets(self)
        self._buckets = KeyedTokenBuckets(REPLIES_PER_S, REPLIES_BURST)
        resolution_s = max(time.get_clock_info("time").resolution, CLOCK_RESOLUTION_MIN_S)
        self._precision_log2 = math.ceil(math.log2(resolution_s))

    async def __aenter__(self) -> Self:
        await self._sockets.open(self.address, SocketOptions())
        self.address = self.address._replace(port=self._sockets.addresses[0].port)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._sockets.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Answer a request; count and drop all else."""
        network = client_network(address_of(address).host)
        if not self._buckets.consume(network, 1.0, received_at):
            self.dropped += 1
            return
        sent_at = time.time()
        # ``received_at`` is by ``perf_counter``: the age of the datagram joins the two clocks.
        age_s = time.perf_counter() - received_at
        reply = encode_reply(
            datagram,
            received_at=sent_at - age_s,
            sent_at=sent_at,
            precision_log2=self._precision_log2,
        )
        if reply is None:
            self.dropped += 1
            return
        self.answered += 1
        udp_socket.send(reply, address)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Do nothing: this server sets no timer."""

    def writable(self, udp_socket: UdpSocket) -> None:
        """Do nothing: an answer that did not fit into the send queue would be late."""

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Ignore an error: it concerns one client of many."""
