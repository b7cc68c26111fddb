"""A UDP socket in the event loop: reads until empty, writes without blocking, keeps one timer.

``asyncio.DatagramProtocol`` reads one datagram for each pass of the event loop. Near saturation a
server with it reads its clients' input too late.
"""

import asyncio
import socket
from collections import deque
from contextlib import suppress
from time import perf_counter
from typing import Any, Protocol

from net.system.datagram_local_address import datagram_functions
from net.system.sockets import granted_buffers, set_buffers
from net.transport import Address, Buffers

# More than any datagram of ours, so that a longer one is recognized as too long.
_READ_BYTES = 2048

# The maximum number of reads in one pass of the event loop. At 6 us each they take 1.5 ms, and
# then timers and other sockets get their turn.
_PASS_LIMIT = 256

# A read that finds nothing costs half as much as one that finds a datagram. So at first a pass
# reads once. It reads twice as often after this many full passes in a row. Not later: on an
# overloaded computer a pass takes tens of milliseconds, and with 32 datagrams waited over a second.
_PASSES_BEFORE_MORE = 2

# Receive buffer sizes to ask for, the largest first. One socket receives for all peers of a server:
# at 36,000 datagrams a second 4 MiB hold a pause of 50 ms.
_RECEIVE_BUFFERS_BYTES = (4 << 20, 1 << 20, 1 << 18)

# Datagrams that wait while the system's send buffer is full. More are dropped, as in a full queue
# of the network.
_SEND_QUEUE_LIMIT = 256


UDP_HEADER_BYTES = 8
IPV4_HEADER_BYTES, IPV6_HEADER_BYTES = 20, 40


def datagram_header_bytes(peer: Address) -> int:
    """Return the size of the IP and UDP headers of each datagram to or from a peer."""
    return UDP_HEADER_BYTES + (IPV6_HEADER_BYTES if ":" in peer.host else IPV4_HEADER_BYTES)


class UdpSocketHandler(Protocol):
    """The callbacks of a ``UdpSocket``'s owner, in the event loop's thread."""

    def datagram_received(
        self, udp_socket: "UdpSocket", datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Handle a datagram, read at ``received_at`` (``time.perf_counter`` seconds)."""

    def timer_expired(self, udp_socket: "UdpSocket", now: float) -> None:
        """Handle the time that was given to ``set_timer``."""

    def writable(self, udp_socket: "UdpSocket") -> None:
        """Continue to send: ``send_queue`` is empty again."""

    def error_received(self, udp_socket: "UdpSocket", error: OSError) -> None:
        """Handle an error of sending, or an ICMP error about an earlier datagram."""


class UdpSocket:
    """A non-blocking UDP socket, read until it is closed.

    ``sock``: the system's socket, which this object owns and closes.
    ``owner``: the object whose methods receive the events.
    On a connected socket the address of a datagram is ignored when sending, and None when
    receiving. On one that is bound to every address it is a path
    (``net/system/datagram_local_address.py``), so that an answer leaves from the address that was
    asked.
    ``send_queue``: datagrams and addresses that wait until the system takes more.
    """

    def __init__(self, sock: socket.socket, owner: UdpSocketHandler) -> None:
        self.closed = False
        self.send_queue: deque[tuple[bytes, Any]] = deque(maxlen=_SEND_QUEUE_LIMIT)
        self.sock = sock
        self._buffers = granted_buffers(sock)
        self._connected = _is_connected(sock)
        self._receive_from, self._send_to = datagram_functions(sock)
        self.owner = owner
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._read)
        self._pass_size = 1
        self._full_passes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = float("inf")

    @property
    def buffers(self) -> Buffers:
        """The socket buffer sizes that the system granted."""
        return self._buffers

    def send(self, datagram: bytes, address: Any) -> None:
        """Send a datagram or queue it. After an error it is dropped, as in a network."""
        if self.send_queue:
            # Datagrams must not overtake each other.
            self.send_queue.append((datagram, address))
            return
        try:
            if self._connected:
                self.sock.send(datagram)
            else:
                self._send_to(datagram, address)
        except BlockingIOError:
            self.send_queue.append((datagram, address))
            self._loop.add_writer(self.sock, self._send_queued)
        except OSError as error:
            self.owner.error_received(self, error)
            # The error may be the ICMP report about an earlier datagram. Then this one has not been
            # sent, so it is tried once more.
            if not self.closed:
                with suppress(OSError):
                    self._write(datagram, address)

    def set_timer(self, at: float) -> None:
        """Have ``timer_expired`` called at ``at``, unless it will be called earlier."""
        if at >= self._timer_at or self.closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_later(max(0.0, at - perf_counter()), self._on_timer)

    def close(self) -> None:
        """Close the socket; no callback is called after this."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self.sock)
        self._loop.remove_writer(self.sock)
        if self._timer is not None:
            self._timer.cancel()
        self.sock.close()

    def _read(self) -> None:
        recv, receive_from = self.sock.recv, self._receive_from
        connected, datagram_received = self._connected, self.owner.datagram_received
        for count in range(self._pass_size):
            # Read before the datagram, which is here already: after the read, Python may let a
            # thread that draws continue first. Read for each datagram: handling the ones before it
            # took time.
            received_at = perf_counter()
            try:
                # The peer of a connected socket is known. Making its address again would cost a
                # quarter of the read.
                datagram, address = (
                    (recv(_READ_BYTES), None) if connected else receive_from(_READ_BYTES)
                )
            except BlockingIOError:
                # Next time read as many as came this time.
                self._pass_size = max(1, count)
                self._full_passes = 0
                return
            except OSError as error:
                self.owner.error_received(self, error)
                if self.closed:
                    return
                continue
            datagram_received(self, datagram, address, received_at)
            if self.closed:
                return
        self._full_passes += 1
        if self._full_passes == _PASSES_BEFORE_MORE:
            self._full_passes = 0
            self._pass_size = min(2 * self._pass_size, _PASS_LIMIT)

    def _write(self, datagram: bytes, address: Any) -> None:
        if self._connected:
            self.sock.send(datagram)
        else:
            self._send_to(datagram, address)

    def _send_queued(self) -> None:
        while self.send_queue:
            try:
                self._write(*self.send_queue[0])
            except BlockingIOError:
                return
            except OSError as error:
                self.owner.error_received(self, error)
                if self.closed:
                    return
            self.send_queue.popleft()
        self._loop.remove_writer(self.sock)
        self.owner.writable(self)

    def _on_timer(self) -> None:
        self._timer = None
        self._timer_at = float("inf")
        self.owner.timer_expired(self, perf_counter())


def _is_connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def enlarge_receive_buffer(sock: socket.socket) -> None:
    """Set the largest receive buffer of ``_RECEIVE_BUFFERS_BYTES`` that the system grants."""
    for size in _RECEIVE_BUFFERS_BYTES:
        try:
            set_buffers(sock, None, size)
        # BSD refuses a size over its limit. Linux grants the limit instead.
        except OSError:
            continue
        return
