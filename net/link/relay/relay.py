"""Relay that emulates a link between clients and one server.

It listens for TCP and UDP, and passes the traffic through the model of the link. The program under
test runs unchanged, with and without it. Each client has a path of its own. With one seed, all
transports lose the same packets.
"""

import asyncio
import socket
from dataclasses import replace
from time import monotonic
from typing import Self

from net.errors import AddressInUse
from net.link.lateness import LatenessHistogram, LatenessStats
from net.link.packet_log import FlowLog, PacketLog
from net.link.profile import Link, RelayProtocol
from net.link.relay.client_identities import ClientIdentities
from net.link.relay.client_links import ClientLinks
from net.link.relay.open_file_quota import OpenFileQuota, open_file_quotas
from net.link.relay.settings import RelayClient, RelaySettings
from net.link.relay.tcp import STREAM_OPTIONS, TcpRelay
from net.link.relay.udp import DATAGRAM_OPTIONS, UdpRelay
from net.link.stats import ConnectionStats
from net.system.address_follower import AddressFollower
from net.system.sockets import Candidate, bound_sockets, resolve
from net.transport import Address

__all__ = ["LinkRelay"]

_SOCKETS = {
    RelayProtocol.TCP: (socket.SOCK_STREAM, STREAM_OPTIONS),
    RelayProtocol.UDP: (socket.SOCK_DGRAM, DATAGRAM_OPTIONS),
}

# With port 0 the system chooses the first port. Another program may have the next one, so the
# choice is repeated.
_SAME_BASE_ATTEMPTS = 16


class LinkRelay:
    """Async context manager: inside the block it relays from the base port ``port``.

    Deliveries are as punctual as the timers of the running loop: see ``net.system.event_loop``.
    With ``identities`` the parent learns the address of each client; the target is on loopback.
    Raises ``ListenError`` and ``ResolveError`` on entering.
    """

    def __init__(self, settings: RelaySettings, identities: ClientIdentities | None = None) -> None:
        settings = replace(settings, link=settings.link.playing(monotonic()))
        self._links = ClientLinks(settings.link)
        self._identities = identities
        self.port = settings.listen.port
        self._settings = settings
        self._lateness = LatenessHistogram()
        self._relays: list[TcpRelay | UdpRelay] = []
        self._followers: list[AddressFollower] = []
        self._closing: set[asyncio.Task[None]] = set()
        # The end of each burst, by client; None stands for all.
        self._burst_ends: dict[RelayClient | None, asyncio.TimerHandle] = {}
        self._quotas: dict[RelayProtocol, OpenFileQuota] = {}
        self._log = PacketLog() if settings.has_packet_log else None

    async def __aenter__(self) -> Self:
        attempts = _SAME_BASE_ATTEMPTS if self._settings.listen.port == 0 else 1
        while True:
            attempts -= 1
            try:
                await self._open()
                return self
            except AddressInUse:
                if not attempts:
                    raise

    async def __aexit__(self, *exc_info: object) -> None:
        for timer in self._burst_ends.values():
            timer.cancel()
        await self._close()

    @property
    def link(self) -> Link:
        """The link of all clients without one of their own."""
        return self._links.link

    def set_link(self, link: Link, client: RelayClient | None = None) -> None:
        """Apply ``link`` from the next packet on. Packets in flight keep their times.

        To one ``client``, or to all that have no link of their own.
        """
        now = monotonic()
        before = self.link if client is None else None
        self._links.set_link(link.playing(now, before), client)
        self._apply()

    def clear_link(self, client: RelayClient) -> None:
        """Give a client the link of all others."""
        self._links.clear_link(client)
        self._apply()

    def burst_loss(self, duration_s: float, client: RelayClient | None = None) -> None:
        """Lose all packets of both directions for ``duration_s``, of one client or of all."""
        if (timer := self._burst_ends.get(client)) is not None:
            timer.cancel()
        self._links.set_burst(True, client)
        self._apply()
        loop = asyncio.get_running_loop()
        self._burst_ends[client] = loop.call_later(duration_s, self._end_burst, client)

    def connections(self) -> list[ConnectionStats]:
        """Return the statistics of each present client."""
        return [stats for relay in self._relays for stats in relay.connections()]

    def lateness(self) -> LatenessStats:
        """Return how late this relay delivers packets, compared with the model's times."""
        return self._lateness.stats()

    def packet_log(self) -> list[FlowLog]:
        """Return the records since the last call; none unless the settings ask for a log."""
        return [] if self._log is None else self._log.drain()

    def _end_burst(self, client: RelayClient | None) -> None:
        del self._burst_ends[client]
        self._links.set_burst(False, client)
        self._apply()

    def _apply(self) -> None:
        for relay in self._relays:
            relay.apply_links()

    async def _open(self) -> None:
        """Listen on all ports. If one fails, close all and raise."""
        settings = self._settings
        base = settings.listen.port
        self._quotas = open_file_quotas(route.kind for route in settings.routes)
        try:
            for route in settings.routes:
                server = Address(settings.target.host, settings.target.port + route.offset)
                kind, options = _SOCKETS[route.kind]
                candidates = await resolve(server, kind)
                address = Address(settings.listen.host, base + route.offset if base else 0)
                sockets = await bound_sockets(address, kind, options)
                base = sockets[0].getsockname()[1] - route.offset
                for sock in sockets:
                    self._add_relay(sock, server, candidates)
                if route.kind is RelayProtocol.UDP:
                    self._follow_addresses(address, sockets, server, candidates)
        except BaseException:
            await self._close()
            raise
        self.port = base

    def _follow_addresses(
        self,
        address: Address,
        sockets: list[socket.socket],
        server: Address,
        candidates: list[Candidate],
    ) -> None:
        """Relay on new addresses of this computer too, where each needs a socket."""
        follower = AddressFollower(
            address,
            DATAGRAM_OPTIONS,
            sockets,
            opened=lambda sock: self._add_relay(sock, server, candidates),
            gone=self._close_relay,
        )
        self._followers.append(follower)

    def _add_relay(
        self, listening: socket.socket, server: Address, candidates: list[Candidate]
    ) -> None:
        self._relays.append(self._relay(listening, server, candidates))

    def _close_relay(self, listening: socket.socket) -> None:
        (relay,) = (each for each in self._relays if each.listening is listening)
        self._relays.remove(relay)
        task = asyncio.get_running_loop().create_task(relay.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _relay(
        self, listening: socket.socket, server: Address, candidates: list[Candidate]
    ) -> TcpRelay | UdpRelay:
        settings = self._settings
        if listening.type == socket.SOCK_STREAM:
            quota = self._quotas[RelayProtocol.TCP]
            return TcpRelay(
                *(listening, server, settings, self._lateness, quota, self._log),
                links=self._links,
                identities=self._identities,
            )
        # A name may stand for addresses of both families, and a UDP server does not answer to a
        # connect. So the server is assumed to listen on the family that the clients use.
        same_family = (each for each in candidates if each.family == listening.family)
        target = next(same_family, candidates[0])
        quota = self._quotas[RelayProtocol.UDP]
        return UdpRelay(
            *(listening, target, settings, self._lateness, quota, self._log),
            links=self._links,
            identities=self._identities,
        )

    async def _close(self) -> None:
        for follower in self._followers:
            follower.close()
        relays, self._relays = self._relays, []
        await asyncio.gather(*(relay.close() for relay in relays), *self._closing)
