"""UDP relay: each client address has a path and an upstream socket of its own.

The model of the link decides which datagrams arrive, and when. It sees their sizes only.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Any

from net.link.lateness import LatenessHistogram
from net.link.loss import flow_seed
from net.link.packet_log import Flow, Log, PacketLog
from net.link.packet_path import PacketPath, link_paths, set_link_of
from net.link.profile import Link, RelayProtocol
from net.link.relay.client_identities import ClientIdentities
from net.link.relay.client_links import ClientLinks
from net.link.relay.delivery_timer import DeliveryTimer
from net.link.relay.open_file_quota import OpenFileQuota
from net.link.relay.settings import RelayClient, RelaySettings
from net.link.stats import ConnectionStats, direction_stats
from net.system.datagram_local_address import datagram_functions
from net.system.sockets import Candidate, address_of, set_buffers
from net.transport import SocketOptions

__all__ = ["DATAGRAM_OPTIONS", "IDLE_TIMEOUT_S", "UdpRelay"]

# Ethernet, IPv4 and UDP headers, which a rate limit counts with the payload.
DATAGRAM_HEADER_BYTES = 14 + 20 + 8

# A silent client is removed, as in the address translation of a home router.
IDLE_TIMEOUT_S = 60.0

# The same when a new client needs a file. A session counts as ended after this silence.
IDLE_TIMEOUT_WHEN_FULL_S = 10.0

# The longest datagram of UDP.
_READ_BYTES = 65535

# The most datagrams read at a time. Deliveries that are due meanwhile must not be late.
_PASS_LIMIT = 16

# A burst must wait in the model's queue, and not be dropped before a socket.
DATAGRAM_OPTIONS = SocketOptions(receive_buffer_bytes=1 << 20)


class UdpFlow:
    """Datagrams of one client in both directions.

    ``upstream`` is connected to the server; the flow owns it. Datagrams to the client leave through
    the relay's listening socket.
    """

    def __init__(
        self, relay: "UdpRelay", client: Any, upstream: socket.socket, number: int, link: Link
    ) -> None:
        seed = flow_seed(relay.seed, number)
        self.number = number
        self._log = relay.flow_log(client, number)
        self.up, self.down = link_paths(link, seed)
        self.active_at = relay.loop.time()
        self._relay = relay
        self._client = client
        self._upstream = upstream
        self._is_open = True
        # Datagrams that wait until the parent knows the client; None once it does.
        self._held: list[bytes] | None = None
        relay.loop.add_reader(upstream, self._read_upstream)

    @property
    def upstream_port(self) -> int:
        """The port that the server sees."""
        port: int = self._upstream.getsockname()[1]
        return port

    def wait_for(self, known: asyncio.Future[None]) -> None:
        """Send nothing to the server before ``known`` is done."""
        self._held = []
        known.add_done_callback(self._release)

    def _release(self, known: asyncio.Future[None]) -> None:
        held, self._held = self._held or [], None
        for datagram in held:
            self._deliver_to_server(datagram)

    def send_from_client(self, datagram: bytes) -> None:
        """Put a datagram of the client on the link to the server."""
        now = self.active_at = self._relay.loop.time()
        for at in self._put_on_link(now, self.up, datagram):
            self._relay.delivery_timer.add(at, self._deliver_to_server, datagram)

    def close(self) -> None:
        """Close the upstream socket. Datagrams in flight to either end are dropped."""
        self._is_open = False
        self._relay.loop.remove_reader(self._upstream)
        self._upstream.close()

    def _read_upstream(self) -> None:
        relay = self._relay
        for _ in range(_PASS_LIMIT):
            try:
                size = self._upstream.recv_into(relay.buffer)
            except BlockingIOError:
                return
            except OSError:
                # ICMP "port unreachable", about an earlier datagram: the server does not listen.
                return
            now = self.active_at = relay.loop.time()
            datagram = bytes(relay.buffer[:size])
            for at in self._put_on_link(now, self.down, datagram):
                relay.delivery_timer.add(at, self._deliver_to_client, datagram)

    def _put_on_link(self, now: float, path: PacketPath, datagram: bytes) -> list[float]:
        """Return the arrival times of a datagram, after it was logged."""
        size_bytes = len(datagram) + DATAGRAM_HEADER_BYTES
        arrivals = path.send(now, size_bytes)
        if self._log is not None:
            is_up = path is self.up
            self._log(path.record(is_up, now, size_bytes, arrivals, payload=datagram))
        return arrivals

    def _deliver_to_server(self, datagram: bytes) -> None:
        if not self._is_open:
            return
        if self._held is not None:
            self._held.append(datagram)
            return
        try:
            self._upstream.send(datagram)
        except BlockingIOError:
            return
        except OSError:
            self._deliver_after_error(datagram)

    def _deliver_after_error(self, datagram: bytes) -> None:
        """Send once more: the error was about an earlier datagram (ICMP), not about this one."""
        with suppress(OSError):
            self._upstream.send(datagram)

    def _deliver_to_client(self, datagram: bytes) -> None:
        if self._is_open:
            self._relay.send_to_client(datagram, self._client)


class UdpRelay:
    """Relay of the datagrams of all clients of one listening socket to one server.

    It owns the listening socket. Datagrams that the system refuses to send are dropped, and those
    of clients for which no file is free. ``log`` gets the records of all clients.
    With ``identities`` the target is on loopback, and the parent learns each client's address.
    """

    def __init__(
        self,
        listening: socket.socket,
        target: Candidate,
        settings: RelaySettings,
        lateness: LatenessHistogram,
        quota: OpenFileQuota,
        log: PacketLog | None,
        *,
        links: ClientLinks,
        identities: ClientIdentities | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.seed = settings.seed
        self.delivery_timer = DeliveryTimer(self.loop, lateness)
        self.buffer = memoryview(bytearray(_READ_BYTES))
        self.listening = listening
        self._receive_from, self._send_to = datagram_functions(listening)
        self._address = address_of(listening.getsockname())
        self._log = log
        self._target = target
        self._quota = quota
        self._links = links
        self._identities = identities
        self._flows: dict[Any, UdpFlow] = {}
        self._clients = 0
        self.loop.add_reader(listening, self._read)
        self._sweep = self.loop.call_later(IDLE_TIMEOUT_S / 4, self._forget_idle)

    def apply_links(self) -> None:
        """Apply the links of the clients from the next packet on."""
        for client, flow in self._flows.items():
            set_link_of(flow.up, flow.down, self._link_of(client))

    def connections(self) -> list[ConnectionStats]:
        """Return the packet counts of each client."""
        return [
            ConnectionStats(
                RelayProtocol.UDP,
                self._address.port,
                address_of(client),
                flow.number,
                direction_stats(flow.up.counters),
                direction_stats(flow.down.counters),
            )
            for client, flow in self._flows.items()
        ]

    def flow_log(self, client: Any, number: int) -> Log | None:
        """Return the log of a new flow; None without a log."""
        if self._log is None:
            return None
        return self._log.log_of(Flow(RelayProtocol.UDP, number, address_of(client), self._address))

    def send_to_client(self, datagram: bytes, client: Any) -> None:
        """Send a datagram to ``client`` through the listening socket."""
        try:
            self._send_to(datagram, client)
        except OSError:
            return

    async def close(self) -> None:
        """Stop relaying. Datagrams in flight are dropped."""
        self._sweep.cancel()
        self.delivery_timer.close()
        self.loop.remove_reader(self.listening)
        self.listening.close()
        for client in list(self._flows):
            self._forget(client)

    def _read(self) -> None:
        for _ in range(_PASS_LIMIT):
            try:
                datagram, client = self._receive_from(_READ_BYTES)
            except BlockingIOError:
                return
            except OSError:
                # Windows reports an ICMP error of one client here. Another client may have sent.
                continue
            flow = self._flows.get(client) or self._open(client)
            if flow is not None:
                flow.send_from_client(datagram)

    def _open(self, client: Any) -> UdpFlow | None:
        """Open a flow for a new client; return None without a free file."""
        if not self._quota.take(1) and not (self._forget_longest_idle() and self._quota.take(1)):
            self._quota.report_full(address_of(client))
            return None
        try:
            if self._identities is None:
                upstream = udp_socket(self._target)
            else:
                upstream = self._announced_socket(self._identities)
        except OSError:
            self._quota.give_back(1)
            self._quota.report_full(address_of(client))
            return None
        flow = UdpFlow(self, client, upstream, self._clients, self._link_of(client))
        if self._identities is not None:
            flow.wait_for(self._identities.add(flow.upstream_port, _relay_client(client)))
        self._clients += 1
        self._flows[client] = flow
        return flow

    def _forget_longest_idle(self) -> bool:
        """Remove the client that has been silent longest, if it seems gone; return whether."""
        client, flow = min(
            self._flows.items(), key=lambda item: item[1].active_at, default=(None, None)
        )
        if flow is None or flow.active_at > self.loop.time() - IDLE_TIMEOUT_WHEN_FULL_S:
            return False
        self._forget(client)
        return True

    def _announced_socket(self, identities: ClientIdentities) -> socket.socket:
        """Return a socket for a new client, on a port of its own. Raises ``OSError``."""
        sock, port = identities.bound_socket(socket.SOCK_DGRAM)
        try:
            sock.connect(self._target.sockaddr)
            set_buffers(sock, None, DATAGRAM_OPTIONS.receive_buffer_bytes)
        except BaseException:
            sock.close()
            identities.remove(port)
            raise
        return sock

    def _link_of(self, client: Any) -> Link:
        return self._links.link_of(_relay_client(client))

    def _forget(self, client: Any) -> None:
        flow = self._flows.pop(client)
        port = flow.upstream_port
        flow.close()
        if self._identities is not None:
            self._identities.remove(port)
        self._quota.give_back(1)

    def _forget_idle(self) -> None:
        limit = self.loop.time() - IDLE_TIMEOUT_S
        for client, flow in list(self._flows.items()):
            if flow.active_at < limit:
                self._forget(client)
        self._sweep = self.loop.call_later(IDLE_TIMEOUT_S / 4, self._forget_idle)


def _relay_client(client: Any) -> RelayClient:
    return RelayClient(RelayProtocol.UDP, address_of(client))


def udp_socket(target: Candidate) -> socket.socket:
    """Return a UDP socket that is connected to the server.

    Raises ``OSError`` without a free file descriptor.
    """
    sock = socket.socket(target.family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(target.sockaddr)
        set_buffers(sock, None, DATAGRAM_OPTIONS.receive_buffer_bytes)
    except BaseException:
        sock.close()
        raise
    return sock
