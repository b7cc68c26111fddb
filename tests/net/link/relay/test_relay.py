"""Tests of a relay's ports: which it listens on, and errors."""

import asyncio
import socket
from contextlib import closing

import pytest

from net.errors import AddressInUse, ResolveError
from net.link.profile import Link, RelayProtocol
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, Route, game_routes
from net.transport import Address
from tests.ports import free_base_port

LOOPBACK = "127.0.0.1"
SEED = 7


def bound(kind: socket.SocketKind, port: int = 0) -> socket.socket:
    sock = socket.socket(socket.AF_INET, kind)
    sock.setblocking(False)
    sock.bind((LOOPBACK, port))
    if kind == socket.SOCK_STREAM:
        sock.listen()
    return sock


async def test_one_relay_stands_before_all_ports_of_a_game() -> None:
    """UDP and TCP on the base port, and both on the next, each to its own port of the server."""
    loop = asyncio.get_running_loop()
    base = free_base_port()
    with (
        closing(bound(socket.SOCK_STREAM, base)) as stream_server,
        closing(bound(socket.SOCK_DGRAM, base + 1)) as datagram_server,
    ):
        settings = RelaySettings(Link(), SEED, Address(LOOPBACK, base), game_routes((0, 0, 1)))
        async with LinkRelay(settings) as relay:
            with socket.socket() as client, socket.socket(type=socket.SOCK_DGRAM) as sender:
                client.setblocking(False)
                await loop.sock_connect(client, (LOOPBACK, relay.port))
                accepted, _ = await loop.sock_accept(stream_server)
                accepted.close()
                sender.connect((LOOPBACK, relay.port + 1))
                sender.send(b"hello")
                assert await loop.sock_recv(datagram_server, 100) == b"hello"


async def test_a_port_that_is_taken_is_told_and_nothing_is_left_open() -> None:
    with closing(bound(socket.SOCK_DGRAM)) as taken:
        port = taken.getsockname()[1]
        settings = RelaySettings(Link(), SEED, Address(LOOPBACK, 9), listen=Address(LOOPBACK, port))
        with pytest.raises(AddressInUse, match=f"port {port} is in use"):
            async with LinkRelay(settings):
                pytest.fail("two programs share a port")
        # The TCP port of the same number was open already, and is given back.
        bound(socket.SOCK_STREAM, port).close()


async def test_a_server_whose_name_means_nothing_is_told_before_a_port_is_taken() -> None:
    with pytest.raises(ResolveError, match="no host is called"):
        async with LinkRelay(RelaySettings(Link(), SEED, Address("no such host", 9))):
            pytest.fail("there is such a host")


async def test_the_ports_are_given_back() -> None:
    routes = (Route(RelayProtocol.TCP), Route(RelayProtocol.UDP))
    async with LinkRelay(RelaySettings(Link(), SEED, Address(LOOPBACK, 9), routes)) as first:
        port = first.port
    again = RelaySettings(Link(), SEED, Address(LOOPBACK, 9), routes, Address(LOOPBACK, port))
    async with LinkRelay(again) as second:
        assert second.port == port
        assert second.connections() == []
        assert second.lateness().count == 0
