"""Limits on accepted streams; ``tests/plugins`` covers accepting itself."""

import asyncio
import socket
import sys
from functools import partial

import pytest

from net.registry import load_transport
from net.stream import endpoints
from net.stream.arrival_limits import STREAMS_BURST, STREAMS_PER_S
from net.stream.endpoints import StreamListener


def never_called(*_args):
    raise AssertionError


class AcceptQueue:
    """A listening socket with peers in its accept queue; it stores the accepted sockets."""

    def __init__(self):
        self.host = ""
        self.waiting = 0
        self.accepted = []

    def getsockname(self):
        return "192.0.2.100", 7777

    def accept(self):
        if not self.waiting:
            raise BlockingIOError
        self.waiting -= 1
        ours, theirs = socket.socketpair()
        theirs.close()
        self.accepted.append(ours)
        return ours, (self.host, 4711)


@pytest.fixture
def now(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(endpoints, "perf_counter", lambda: now[0])
    return now


def accepting_listener(monkeypatch):
    """Return a function that lets peers connect and returns how many were accepted."""
    loop, queue = asyncio.get_running_loop(), AcceptQueue()
    begun, readers = [], []

    async def nothing():
        """Do nothing: no accepted stream is served."""

    def connect_accepted_socket(_factory, connection):
        begun.append(connection)
        return nothing()

    monkeypatch.setattr(loop, "connect_accepted_socket", connect_accepted_socket)
    monkeypatch.setattr(loop, "add_reader", lambda _sock, *call: readers.append(partial(*call)))
    # Windows can watch fewer streams than these tests begin.
    monkeypatch.setattr(endpoints, "STREAMS_LIMIT", sys.maxsize)
    StreamListener(load_transport("tcp"), [queue], never_called, never_called)
    (read,) = readers

    def arrive(host, count=1):
        before = len(begun)
        queue.host, queue.waiting, queue.accepted = host, count, []
        while queue.waiting:
            read()
        for connection in queue.accepted:
            assert (connection.fileno() >= 0) == (connection in begun)
            connection.close()
        return len(begun) - before

    return arrive


async def test_one_address_begins_no_more_streams_than_its_allowance(now, caplog, monkeypatch):
    arrive = accepting_listener(monkeypatch)
    caplog.set_level("INFO")
    assert arrive("192.0.2.1", 400) == STREAMS_BURST
    assert arrive("192.0.2.2") == 1, "another's"
    now[0] += 0.5
    assert arrive("192.0.2.1", 100) == STREAMS_PER_S / 2
    now[0] += 1.0
    arrive("192.0.2.1", 65)
    assert [record.message for record in caplog.records] == [
        "rejected 192.0.2.1: more than 64 streams a second",
        "rejected 192.0.2.1: more than 64 streams a second (and 211 more since the last)",
    ]


async def test_an_ipv6_network_has_one_limit_and_loopback_has_none(now, monkeypatch):
    arrive = accepting_listener(monkeypatch)
    hosts = (f"2001:db8::{number:x}" for number in range(1, 301))
    assert sum(map(arrive, hosts)) == STREAMS_BURST
    assert arrive("127.0.0.1", 300) == 300


async def test_the_number_of_streams_the_system_can_watch_is_never_exceeded(now, monkeypatch):
    arrive = accepting_listener(monkeypatch)
    monkeypatch.setattr(endpoints, "STREAMS_LIMIT", 0)
    assert arrive("127.0.0.1") == 0
