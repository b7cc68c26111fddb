"""Sockets of a server that answers probes."""

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any, Self

from net.datagram.server_sockets import ServerSockets
from net.datagram.udp_socket import UdpSocket
from net.discovery.probe import DISCOVERY_PORTS, MULTICAST_GROUP
from net.discovery.responder import DiscoveryResponder
from net.errors import AddressInUse
from net.system.network_cards import multicast_routes
from net.system.sockets import address_of
from net.transport import Address, SocketOptions

__all__ = ["Announcer"]

# A computer may join another network, and a card may get its address late.
REJOIN_INTERVAL_S = 10.0


class Announcer:
    """An async context manager that answers probes inside its block.

    ``describe`` returns the application's bytes of a reply.
    ``port``: the port in use; None if all ``ports`` are taken, and nothing is answered.
    It listens on every address: on most systems a broadcast reaches no socket that is bound to one.
    Entering raises ``ListenError`` for any other reason than taken ports.
    """

    def __init__(
        self, describe: Callable[[], bytes], ports: Sequence[int] = DISCOVERY_PORTS
    ) -> None:
        self.port: int | None = None
        self.responder = DiscoveryResponder(describe, perf_counter())
        self._ports = ports
        self._sockets = ServerSockets(self)
        self._joined: set[int] = set()
        self._rejoining: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        for port in self._ports:
            with suppress(AddressInUse):
                await self._sockets.open(Address("", port), SocketOptions())
                self.port = self._sockets.addresses[0].port
                break
        self._join_groups()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._rejoining is not None:
            self._rejoining.cancel()
        self._sockets.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Answer a probe; count and drop all else."""
        reply = self.responder.answer(datagram, address_of(address).host, received_at)
        if reply is not None:
            udp_socket.send(reply, address)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Do nothing: no timer is set."""

    def writable(self, udp_socket: UdpSocket) -> None:
        """Do nothing: a reply that did not fit into the send queue would be late."""

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Ignore an error: it concerns one asker of many."""

    def _join_groups(self) -> None:
        """Join the multicast group on every card, and again later on cards that are new."""
        sockets = [
            each.sock for each in self._sockets.udp_sockets if each.sock.family == socket.AF_INET6
        ]
        if not sockets:
            return
        present = {route.card for route in multicast_routes()}
        for card in present - self._joined:
            group = socket.inet_pton(socket.AF_INET6, MULTICAST_GROUP)
            membership = group + card.to_bytes(4, sys.byteorder)
            # The card may have just gone, or do no multicast.
            with suppress(OSError):
                sockets[0].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
        # A card that went and came back has left the group.
        self._joined = present
        loop = asyncio.get_running_loop()
        self._rejoining = loop.call_later(REJOIN_INTERVAL_S, self._join_groups)
