"""A UDP socket in the event loop: drained when it is readable, written to without waiting.

Moves bytes and keeps one timer. Knows no format and no connection.
"""

import asyncio
import socket
from collections import deque
from contextlib import suppress
from time import perf_counter
from typing import Any, Protocol

from net.system.sockets import granted_buffers, set_buffers
from net.transport import Buffers

# More than any datagram of ours, so that a longer one is seen to be too long.
_READ_BYTES = 2048

# At most so many are read in one go, so that timers and other sockets get their turn: at 6 us
# each about a millisecond and a half.
_PASS_LIMIT = 256

# A read that finds nothing costs half of one that finds something. While one datagram comes at a
# time no further read is tried, until so many passes in a row have found all they asked for. Two,
# since on a starved computer a pass takes tens of milliseconds: with 32 what had arrived waited for
# more than a second, where a stream's one read takes all there is.
_PASSES_BEFORE_MORE = 2

# Asked for from the top until the system grants one. One socket receives for all peers of a
# server: at 36,000 datagrams a second 4 MiB hold a pause of 50 ms.
_RECEIVE_BUFFERS_BYTES = (4 << 20, 1 << 20, 1 << 18)

# What may wait for a socket that the system does not take more from. Further datagrams are
# dropped, as a full queue in the network would.
_STUCK_LIMIT = 256


class UdpSocketHandler(Protocol):
    """Who is told what happens at a port."""

    def datagram_received(
        self, port: "UdpSocket", datagram: bytes, address: Any, received_at: float
    ) -> None:
        """Take a datagram, read at ``received_at`` (``time.perf_counter`` seconds)."""

    def timer_expired(self, port: "UdpSocket", now: float) -> None:
        """Learn that the time given to ``wake_at`` has come."""

    def writable(self, port: "UdpSocket") -> None:
        """Learn that nothing is ``send_queue`` any more."""

    def error_received(self, port: "UdpSocket", error: OSError) -> None:
        """Learn that the system could not send, or what became of an earlier datagram."""


class UdpSocket:
    """A non-blocking UDP socket that is read until it is closed.

    On a connected socket addresses are ignored, and None where one comes from.
    """

    def __init__(self, sock: socket.socket, owner: UdpSocketHandler) -> None:
        self.closed = False
        # Datagrams that wait until the system takes more.
        self.send_queue: deque[tuple[bytes, Any]] = deque(maxlen=_STUCK_LIMIT)
        self._sock = sock
        self._buffers = granted_buffers(sock)
        self._connected = _is_connected(sock)
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._read)
        self._pass_size = 1
        self._full_passes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at = float("inf")

    @property
    def buffers(self) -> Buffers:
        """The socket buffers that the system granted."""
        return self._buffers

    def send(self, datagram: bytes, address: Any) -> None:
        """Send a datagram, or let it wait in ``send_queue``; errors drop it, as a network would."""
        if self.send_queue:
            self.send_queue.append((datagram, address))
            return
        try:
            if self._connected:
                self._sock.send(datagram)
            else:
                self._sock.sendto(datagram, address)
        except BlockingIOError:
            self.send_queue.append((datagram, address))
            self._loop.add_writer(self._sock, self._unstick)
        except OSError as error:
            self._owner.error_received(self, error)
            # The report may be on an earlier datagram, and this one has not been sent.
            if not self.closed:
                with suppress(OSError):
                    self._write(datagram, address)

    def set_timer(self, at: float) -> None:
        """Have ``timer_due`` called at a time, if none is set for earlier."""
        if at >= self._wake_at or self.closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._wake_at = at
        self._timer = self._loop.call_later(max(0.0, at - perf_counter()), self._wake)

    def close(self) -> None:
        """Close the socket; nothing is called after this."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        if self._timer is not None:
            self._timer.cancel()
        self._sock.close()

    def _read(self) -> None:
        recv, recvfrom = self._sock.recv, self._sock.recvfrom
        connected, datagram_received = self._connected, self._owner.datagram_received
        for count in range(self._pass_size):
            try:
                # A connected socket's address is known, and making one costs a quarter of a read.
                datagram, address = (
                    (recv(_READ_BYTES), None) if connected else recvfrom(_READ_BYTES)
                )
            except BlockingIOError:
                self._pass_size = max(1, count)
                self._full_passes = 0
                return
            except OSError as error:
                self._owner.error_received(self, error)
                if self.closed:
                    return
                continue
            datagram_received(self, datagram, address, perf_counter())
            if self.closed:
                return
        self._full_passes += 1
        if self._full_passes == _PASSES_BEFORE_MORE:
            self._full_passes = 0
            self._pass_size = min(2 * self._pass_size, _PASS_LIMIT)

    def _write(self, datagram: bytes, address: Any) -> None:
        if self._connected:
            self._sock.send(datagram)
        else:
            self._sock.sendto(datagram, address)

    def _unstick(self) -> None:
        while self.send_queue:
            try:
                self._write(*self.send_queue[0])
            except BlockingIOError:
                return
            except OSError as error:
                self._owner.error_received(self, error)
                if self.closed:
                    return
            self.send_queue.popleft()
        self._loop.remove_writer(self._sock)
        self._owner.writable(self)

    def _wake(self) -> None:
        self._timer = None
        self._wake_at = float("inf")
        self._owner.timer_expired(self, perf_counter())


def _is_connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def enlarge_receive_buffer(sock: socket.socket) -> None:
    """Ask for as much room for what arrives as the system grants."""
    for size in _RECEIVE_BUFFERS_BYTES:
        try:
            set_buffers(sock, None, size)
        # BSD refuses what is over its limit, Linux grants the limit.
        except OSError:
            continue
        return
