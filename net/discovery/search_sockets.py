"""Sockets of a program that looks for servers: one for each address of this computer."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import SystemRandom
from time import perf_counter
from typing import Any

from net.datagram.udp_socket import UdpSocket
from net.discovery.probe import DISCOVERY_PORTS, MULTICAST_GROUP, ProbeSender, Reply
from net.system.network_cards import (
    BroadcastRoute,
    MulticastRoute,
    broadcast_routes,
    multicast_routes,
)

__all__ = ["Searcher"]

# A person waits no longer than this for an answer, and servers answer so many probes.
PROBE_INTERVAL_S = 1.0
# Network cards change seldom, and listing them takes a millisecond.
CARDS_INTERVAL_PROBES = 5

Route = BroadcastRoute | MulticastRoute


class Searcher:
    """A search that sends probes until it is cancelled.

    ``on_reply`` receives the host that answered, and its reply, in the event loop's thread.
    There is a socket for each address, because a broadcast leaves by the card of its own network.
    """

    def __init__(
        self, on_reply: Callable[[str, Reply], None], ports: Sequence[int] = DISCOVERY_PORTS
    ) -> None:
        self._on_reply = on_reply
        self._ports = ports
        self._sender = ProbeSender(SystemRandom())
        self._udp_sockets: dict[Route, UdpSocket] = {}

    async def run(self) -> None:
        """Send probes over every network card, until cancelled."""
        turn = 0
        try:
            while True:
                if turn % CARDS_INTERVAL_PROBES == 0:
                    self._follow_cards()
                turn += 1
                for route, udp_socket in self._udp_sockets.items():
                    self._ask(route, udp_socket)
                await asyncio.sleep(PROBE_INTERVAL_S)
        finally:
            for udp_socket in self._udp_sockets.values():
                udp_socket.close()

    def datagram_received(
        self, udp_socket: UdpSocket, datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Report a reply; drop all else."""
        reply = self._sender.read(datagram, received_at)
        if reply is not None:
            self._on_reply(_host_of(address), reply)

    def timer_expired(self, udp_socket: UdpSocket, now: float) -> None:
        """Do nothing: no timer is set."""

    def writable(self, udp_socket: UdpSocket) -> None:
        """Do nothing: the next probe follows anyway."""

    def error_received(self, udp_socket: UdpSocket, error: OSError) -> None:
        """Ignore an error: a card may be without a network."""

    def _follow_cards(self) -> None:
        """Open a socket for each new address, and close those of addresses that are gone."""
        present: list[Route] = [*broadcast_routes(), *multicast_routes()]
        for route in set(self._udp_sockets) - set(present):
            self._udp_sockets.pop(route).close()
        for route in present:
            if route not in self._udp_sockets:
                # The address may be gone again, or not usable yet.
                with suppress(OSError):
                    self._udp_sockets[route] = UdpSocket(_socket_for(route), self)

    def _ask(self, route: Route, udp_socket: UdpSocket) -> None:
        probe = self._sender.probe(perf_counter())
        for port in self._ports:
            if isinstance(route, BroadcastRoute):
                udp_socket.send(probe, (route.target, port))
            else:
                udp_socket.send(probe, (MULTICAST_GROUP, port, 0, route.card))


def _socket_for(route: Route) -> socket.socket:
    """Return a socket bound to the address of a route. Raises ``OSError``."""
    is_ipv4 = isinstance(route, BroadcastRoute)
    sock = socket.socket(socket.AF_INET if is_ipv4 else socket.AF_INET6, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if isinstance(route, BroadcastRoute):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind((route.source, 0))
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, route.card)
            sock.bind((route.source, 0, 0, route.card))
    except BaseException:
        sock.close()
        raise
    return sock


def _host_of(sockaddr: Any) -> str:
    """Return the host of a reply; a link-local one with the name of its network card."""
    host, _, *rest = sockaddr
    if len(rest) < 2 or not rest[1]:
        return str(host)
    try:
        return f"{str(host).partition('%')[0]}%{socket.if_indextoname(rest[1])}"
    except OSError:
        return f"{host}%{rest[1]}"
