"""A UDP socket in the event loop, over loopback."""

import asyncio
import socket
from contextlib import asynccontextmanager
from time import perf_counter

import pytest

from net.datagram.udp_socket import UdpSocket, enlarge_receive_buffer

LOOPBACK = "127.0.0.1"


class Owner:
    """A handler that records its callbacks."""

    def __init__(self):
        self.arrivals, self.stamps, self.failures, self.expirations = [], [], [], []
        self.writable_again = 0
        self.on_arrival = lambda port: None
        self._news = asyncio.Event()

    def datagram_received(self, port, datagram, address, received_at):
        self.arrivals.append((datagram, address))
        self.stamps.append(received_at)
        self.on_arrival(port)
        self._news.set()

    def timer_expired(self, port, now):
        self.expirations.append(now)
        self._news.set()

    def writable(self, port):
        self.writable_again += 1
        self._news.set()

    def error_received(self, port, error):
        self.failures.append(error)
        self._news.set()

    async def until(self, condition):
        while not condition():
            self._news.clear()
            await self._news.wait()


class ReluctantSocket:
    """A socket whose first writes fail with the given errors; ``read_at``: ends of its reads."""

    def __init__(self, sock, *failures):
        self._sock = sock
        self._failures = list(failures)
        self.read_at = []

    def recvfrom(self, limit_bytes):
        received = self._sock.recvfrom(limit_bytes)
        self.read_at.append(perf_counter())
        return received

    def sendto(self, datagram, address):
        if self._failures:
            raise self._failures.pop(0)
        return self._sock.sendto(datagram, address)

    def __getattr__(self, name):
        return getattr(self._sock, name)


def bound():
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((LOOPBACK, 0))
    return sock


@asynccontextmanager
async def open_port(*failures):
    """Yield a ``UdpSocket``, its handler, and a socket at the other end."""
    owner = Owner()
    with bound() as other:
        port = UdpSocket(ReluctantSocket(bound(), *failures), owner)
        try:
            yield port, owner, other
        finally:
            port.close()


def address_of(port):
    return port.sock.getsockname()


def received_by(sock):
    """Return all datagrams that have arrived at a socket."""
    datagrams = []
    while True:
        try:
            datagrams.append(sock.recv(2048))
        except BlockingIOError:
            return datagrams


async def test_a_datagram_is_delivered_with_its_sender_and_its_time():
    async with open_port() as (port, owner, other):
        before = perf_counter()
        other.sendto(b"hello", address_of(port))
        await owner.until(lambda: owner.arrivals)
        assert owner.arrivals == [(b"hello", other.getsockname())]
        # A read may end late, when another thread holds the interpreter.
        assert before <= owner.stamps[0] < port.sock.read_at[0]


async def test_under_load_many_are_read_in_one_go_and_none_is_left():
    loop = asyncio.get_running_loop()
    passes = 0
    passes_with_arrivals = set()

    def count_pass():
        nonlocal passes
        passes += 1
        loop.call_soon(count_pass)

    async with open_port() as (port, owner, other):
        owner.on_arrival = lambda port: passes_with_arrivals.add(passes)
        loop.call_soon(count_pass)
        for _ in range(3):
            for _ in range(100):
                other.sendto(b"x", address_of(port))
            wanted = len(owner.arrivals) + 100
            await owner.until(lambda wanted=wanted: len(owner.arrivals) >= wanted)
        assert len(passes_with_arrivals) < 100
        assert len(owner.arrivals) == 300


async def test_a_connected_port_sends_to_its_peer_and_names_no_address():
    with bound() as other, bound() as sock:
        sock.connect(other.getsockname())
        owner = Owner()
        port = UdpSocket(sock, owner)
        port.send(b"ping", None)
        datagram, address = other.recvfrom(2048)
        assert datagram == b"ping"
        other.sendto(b"pong", address)
        await owner.until(lambda: owner.arrivals)
        assert owner.arrivals == [(b"pong", None)]
        port.close()


async def test_a_port_where_nobody_listens_is_reported_to_a_connected_one():
    with bound() as sock:
        with bound() as gone:
            sock.connect(gone.getsockname())
        owner = Owner()
        port = UdpSocket(sock, owner)
        port.send(b"anybody?", None)
        await owner.until(lambda: owner.failures)
        assert isinstance(owner.failures[0], ConnectionRefusedError)
        port.close()


async def test_datagrams_that_the_system_does_not_accept_wait_in_order():
    async with open_port(BlockingIOError(), BlockingIOError()) as (port, owner, other):
        for index in range(3):
            port.send(b"%d" % index, other.getsockname())
        assert len(port.send_queue) == 3
        await owner.until(lambda: owner.writable_again)
        assert not port.send_queue
        assert received_by(other) == [b"0", b"1", b"2"]
        port.send(b"3", other.getsockname())
        assert received_by(other) == [b"3"]


async def test_the_send_queue_is_bounded():
    async with open_port(BlockingIOError()) as (port, owner, other):
        for index in range(1000):
            port.send(b"%d" % index, other.getsockname())
        assert len(port.send_queue) < 1000
        await owner.until(lambda: owner.writable_again)


async def test_a_datagram_is_sent_although_an_earlier_one_is_reported_on():
    async with open_port(ConnectionRefusedError()) as (port, owner, other):
        port.send(b"second", other.getsockname())
        assert len(owner.failures) == 1
        assert received_by(other) == [b"second"]


async def test_a_datagram_that_cannot_be_sent_is_dropped():
    async with open_port(PermissionError(), PermissionError()) as (port, _owner, other):
        port.send(b"forbidden", other.getsockname())
        port.send(b"allowed", other.getsockname())
        assert received_by(other) == [b"allowed"]


async def test_the_timer_comes_at_the_earliest_time_it_was_set_to():
    async with open_port() as (port, owner, _):
        now = perf_counter()
        port.set_timer(now + 60.0)
        port.set_timer(now + 0.01)
        port.set_timer(now + 30.0)
        await owner.until(lambda: owner.expirations)
        assert now + 0.005 <= owner.expirations[0] < now + 10.0


async def test_nothing_happens_after_closing():
    async with open_port() as (port, owner, other):
        owner.on_arrival = UdpSocket.close
        for _ in range(5):
            other.sendto(b"x", address_of(port))
        port.set_timer(perf_counter() + 0.01)
        await owner.until(lambda: owner.arrivals)
        port.close()
        port.set_timer(perf_counter())
        await asyncio.sleep(0.02)
        assert len(owner.arrivals) == 1
        assert owner.expirations == []


async def test_the_buffers_are_what_was_granted():
    async with open_port() as (port, _, _):
        granted = port.sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        assert port.buffers.receive_bytes == granted


class LimitedSystem:
    """A system that refuses buffers over its limit, as BSD does."""

    def __init__(self, limit):
        self.limit, self.granted = limit, 0

    def setsockopt(self, level, option, size):
        if size > self.limit:
            raise OSError
        self.granted = size


@pytest.mark.parametrize(("limit", "granted"), [(8 << 20, 4 << 20), (1 << 20, 1 << 20), (1000, 0)])
def test_the_receive_buffer_is_as_large_as_the_system_lets(limit, granted):
    system = LimitedSystem(limit)
    enlarge_receive_buffer(system)
    assert system.granted == granted
