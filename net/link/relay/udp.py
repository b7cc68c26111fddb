"""A UDP relay: every client address has a path of its own, and a socket of its own upstream.

Takes datagrams where a server would listen, lets the model of the link decide what becomes of each,
and hands over what arrives when it arrives. Sees sizes, never content.
"""

import asyncio
import socket
from typing import Any

from net.link.datagram_path import DatagramPath
from net.link.lateness import LatenessHistogram
from net.link.loss import PacketDrawStream, flow_seed
from net.link.profile import Link, RelayProtocol
from net.link.relay.delivery_queue import DeliveryQueue
from net.link.stats import ConnectionStats, direction_stats
from net.system.sockets import Candidate, address_of, set_buffers
from net.transport import SocketOptions

# Ethernet, IPv4 and UDP: what a rate limit counts beside the payload.
DATAGRAM_HEADER_BYTES = 14 + 20 + 8

# A client that says nothing any more is forgotten, as a home router does it.
IDLE_TIMEOUT_S = 60.0

# The longest that UDP carries.
_READ_BYTES = 65535

# Read in one go at most, so that what is due meanwhile is not late.
_PASS_LIMIT = 16

# A burst is to wait in the model's queue, not to be dropped in front of a socket.
DATAGRAM_OPTIONS = SocketOptions(receive_buffer_bytes=1 << 20)


class UdpFlow:
    """One client's datagrams, there and back.

    `upstream` is connected to the server; towards the client they leave by the listening socket.
    """

    def __init__(
        self, relay: "UdpRelay", client: Any, upstream: socket.socket, number: int, link: Link
    ) -> None:
        seed = flow_seed(relay.seed, number)
        self.number = number
        self.up = DatagramPath(link.up, PacketDrawStream(seed, "up"))
        self.down = DatagramPath(link.down, PacketDrawStream(seed, "down"))
        self.active_at = relay.loop.time()
        self._relay = relay
        self._client = client
        self._upstream = upstream
        self._is_open = True
        relay.loop.add_reader(upstream, self._read_upstream)

    def send_from_client(self, datagram: bytes) -> None:
        """Send the client's datagram on its way to the server."""
        now = self.active_at = self._relay.loop.time()
        for at in self.up.send(now, len(datagram) + DATAGRAM_HEADER_BYTES):
            self._relay.delivery_queue.add(at, self._deliver_to_server, datagram)

    def close(self) -> None:
        """Forget the client; what is on its way to either end is dropped."""
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
                # Nobody listens there, says the system about an earlier datagram.
                return
            now = self.active_at = relay.loop.time()
            datagram = bytes(relay.buffer[:size])
            for at in self.down.send(now, size + DATAGRAM_HEADER_BYTES):
                relay.delivery_queue.add(at, self._deliver_to_client, datagram)

    def _deliver_to_server(self, datagram: bytes) -> None:
        if not self._is_open:
            return
        try:
            self._upstream.send(datagram)
        except BlockingIOError:
            self._relay.undeliverable += 1
        except OSError:
            self._deliver_after_error(datagram)

    def _deliver_after_error(self, datagram: bytes) -> None:
        """Send after an error, which was a report on an earlier datagram and not on this one."""
        try:
            self._upstream.send(datagram)
        except OSError:
            self._relay.undeliverable += 1

    def _deliver_to_client(self, datagram: bytes) -> None:
        if self._is_open:
            self._relay.send_to_client(datagram, self._client)


class UdpRelay:
    """Relays the datagrams of all clients of one listening socket to one server.

    `undeliverable` counts what arrived by the model and that the system would not take.
    """

    def __init__(
        self,
        listening: socket.socket,
        target: Candidate,
        link: Link,
        seed: int,
        lateness: LatenessHistogram,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.seed = seed
        self.undeliverable = 0
        self.delivery_queue = DeliveryQueue(self.loop, lateness)
        self.buffer = memoryview(bytearray(_READ_BYTES))
        self._listening = listening
        self._port: int = listening.getsockname()[1]
        self._target = target
        self._link = link
        self._flows: dict[Any, UdpFlow] = {}
        self._clients = 0
        self.loop.add_reader(listening, self._read)
        self._sweep = self.loop.call_later(IDLE_TIMEOUT_S / 4, self._forget_idle)

    def set_link(self, link: Link) -> None:
        """Hold `link` from the next packet on."""
        self._link = link
        for flow in self._flows.values():
            flow.up.set_profile(link.up)
            flow.down.set_profile(link.down)

    def connections(self) -> list[ConnectionStats]:
        """Return what the link did to each client's datagrams."""
        return [
            ConnectionStats(
                RelayProtocol.UDP,
                self._port,
                address_of(client),
                flow.number,
                direction_stats(flow.up.counters),
                direction_stats(flow.down.counters),
            )
            for client, flow in self._flows.items()
        ]

    def send_to_client(self, datagram: bytes, client: Any) -> None:
        """Send a datagram that has arrived."""
        try:
            self._listening.sendto(datagram, client)
        except OSError:
            self.undeliverable += 1

    async def close(self) -> None:
        """Stop relaying; what is on its way is dropped."""
        self._sweep.cancel()
        self.delivery_queue.close()
        self.loop.remove_reader(self._listening)
        self._listening.close()
        for flow in self._flows.values():
            flow.close()
        self._flows.clear()

    def _read(self) -> None:
        for _ in range(_PASS_LIMIT):
            try:
                size, client = self._listening.recvfrom_into(self.buffer)
            except BlockingIOError:
                return
            except OSError:
                # Windows reports here that a client has gone; another one may have sent.
                continue
            flow = self._flows.get(client) or self._open(client)
            if flow is not None:
                flow.send_from_client(bytes(self.buffer[:size]))

    def _open(self, client: Any) -> UdpFlow | None:
        """Give a new client its socket; None, and its datagram is lost, if there is none left."""
        try:
            upstream = udp_socket(self._target)
        except OSError:
            self.undeliverable += 1
            return None
        flow = UdpFlow(self, client, upstream, self._clients, self._link)
        self._clients += 1
        self._flows[client] = flow
        return flow

    def _forget_idle(self) -> None:
        limit = self.loop.time() - IDLE_TIMEOUT_S
        for client, flow in list(self._flows.items()):
            if flow.active_at < limit:
                del self._flows[client]
                flow.close()
        self._sweep = self.loop.call_later(IDLE_TIMEOUT_S / 4, self._forget_idle)


def udp_socket(target: Candidate) -> socket.socket:
    """Return a socket that is connected to the server; raises `OSError`."""
    sock = socket.socket(target.family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(target.sockaddr)
        set_buffers(sock, None, DATAGRAM_OPTIONS.receive_buffer_bytes)
    except BaseException:
        sock.close()
        raise
    return sock
