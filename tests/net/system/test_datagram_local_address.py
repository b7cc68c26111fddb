"""Answers that leave from the address that was asked, on sockets bound to every address.

The clients are connected: the system drops an answer that comes from another address.
"""

import asyncio
import os
import shutil
import socket
import struct
import subprocess
import sys
from contextlib import suppress

import pytest

from net.errors import ConnectError
from net.link.profile import Link, RelayProtocol
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, Route
from net.system.datagram_local_address import datagram_functions
from net.system.local_addresses import local_sockaddrs
from net.system.sockets import bound_sockets
from net.transport import Address, SocketOptions
from plugins.udp import UdpTransport
from tests.game.support import INSTALLED
from tests.net.system.packet_info import only_linux
from tests.net.system.packet_info import without_packet_info as without_packet_info
from tests.plugins.conftest import make_harness as make_harness

pytestmark = pytest.mark.skipif(
    sys.platform not in ("linux", "darwin"), reason="this system has no packet info"
)
LIMIT_S = 10.0
ROUTES = (Route(RelayProtocol.UDP),)


@only_linux
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "127.9.9.9", "::1"])
async def test_a_server_on_every_address_answers_at_each(make_harness, host):
    async with asyncio.timeout(LIMIT_S), make_harness(UdpTransport())(host="") as opened:
        client, server = await opened.meet(at=Address(host, opened.listener.addresses[0].port))
        client.send(b"question")
        await server.received(1)
        server.send(b"answer")
        await client.received(1)
    assert (server.messages, client.messages) == ([b"question"], [b"answer"])


@only_linux
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
async def test_a_relay_on_every_address_answers_at_each(make_harness, host):
    async with asyncio.timeout(LIMIT_S), make_harness(UdpTransport())() as opened:
        settings = RelaySettings(
            Link(), 1, opened.listener.addresses[0], ROUTES, listen=Address("0.0.0.0", 0)
        )
        async with LinkRelay(settings) as relay:
            client, server = await opened.meet(at=Address(host, relay.port))
            client.send(b"question")
            await server.received(1)
            (connection,) = relay.connections()
            assert connection.client.host.startswith("127.0.0.")
            client.channel.abort()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_socket_of_one_address_needs_no_packet_info(host):
    (sock,) = await bound_sockets(Address(host, 0), socket.SOCK_DGRAM, SocketOptions())
    with sock:
        assert datagram_functions(sock) == (sock.recvfrom, sock.sendto)


async def listening_on(opened, hosts):
    while {address.host for address in opened.listener.addresses} != hosts:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@only_linux
async def test_without_packet_info_each_address_has_a_socket(make_harness, without_packet_info):
    without_packet_info.append("127.0.0.2")
    async with asyncio.timeout(LIMIT_S), make_harness(UdpTransport())(host="") as opened:
        hosts = {address.host for address in opened.listener.addresses}
        assert hosts == {"127.0.0.1", "127.0.0.2", "::1"}
        for address in opened.listener.addresses:
            client, server = await opened.meet(at=address)
            client.send(b"question")
            await server.received(1)


@only_linux
@pytest.mark.parametrize(
    "name",
    [
        "udp",
        pytest.param(
            "quic",
            marks=pytest.mark.skipif(
                "quic" not in INSTALLED, reason="QUIC needs aioquic, which is not installed"
            ),
        ),
    ],
)
async def test_without_packet_info_addresses_that_come_and_go_are_followed(
    make_harness, without_packet_info, name
):
    async with asyncio.timeout(LIMIT_S), make_harness(INSTALLED[name])(host="") as opened:
        port = opened.listener.addresses[0].port
        without_packet_info.append("127.0.0.2")
        await listening_on(opened, {"127.0.0.1", "127.0.0.2", "::1"})
        client, server = await opened.meet(at=Address("127.0.0.2", port))
        without_packet_info.remove("127.0.0.1")
        await listening_on(opened, {"127.0.0.2", "::1"})
        # The listener's timer has moved from the socket that is gone.
        client.send(b"question")
        await server.received(1)
        await client.channel.close()
        await server.ended()
        assert server.messages == [b"question"]


@only_linux
async def test_without_packet_info_a_relay_follows_addresses_too(make_harness, without_packet_info):
    async with asyncio.timeout(LIMIT_S), make_harness(UdpTransport())() as opened:
        target = opened.listener.addresses[0]
        settings = RelaySettings(Link(), 1, target, ROUTES, listen=Address("0.0.0.0", 0))
        async with LinkRelay(settings) as relay:
            without_packet_info.append("127.0.0.2")
            # Until the relay has its socket, the hello is refused.
            client = None
            while client is None:
                with suppress(ConnectError):
                    client, server = await opened.meet(at=Address("127.0.0.2", relay.port))
            client.send(b"question")
            await server.received(1)
            without_packet_info.remove("127.0.0.2")
            while relay.connections():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            client.channel.abort()


def test_the_addresses_of_this_computer_include_loopback():
    assert ("127.0.0.1", 0) in local_sockaddrs(socket.AF_INET)


@only_linux
async def test_an_answer_from_an_address_that_is_gone_is_an_error_and_no_more():
    (sock,) = await bound_sockets(Address("0.0.0.0", 0), socket.SOCK_DGRAM, SocketOptions())
    with sock:
        _, send = datagram_functions(sock)
        gone = struct.pack("@I4s4s", 0, socket.inet_aton("203.0.113.1"), bytes(4))
        with pytest.raises(OSError, match=r"Invalid argument|unreachable"):
            send(b"answer", ("127.0.0.1", 9, gone))


@pytest.fixture
def two_hosts():
    """Two network namespaces; the first has two addresses of each family on one cable."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need Linux, root and iproute2")
    server, client = f"jb-pi-{os.getpid()}-s", f"jb-pi-{os.getpid()}-c"

    def ip(command):
        subprocess.run(["ip", *command.split()], check=True, capture_output=True)

    try:
        try:
            for name in (server, client):
                ip(f"netns add {name}")
            ip(f"-n {server} link add eth0 type veth peer name eth0 netns {client}")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespaces here: {error.stderr.decode().strip()}")
        for name, numbers in ((server, (1, 2)), (client, (9,))):
            for number in numbers:
                ip(f"-n {name} addr add 10.99.0.{number}/24 dev eth0")
                ip(f"-n {name} addr add fd99::{number}/64 dev eth0 nodad")
            ip(f"-n {name} link set lo up")
            ip(f"-n {name} link set eth0 up")
        yield server, client
    finally:
        for name in (server, client):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


@pytest.mark.slow
def test_every_address_of_a_card_can_be_asked_over_udp(two_hosts):
    server, client = two_hosts

    def jitterball(host, *arguments):
        return ["ip", "netns", "exec", host, sys.executable, "-m", "game", *arguments]

    with subprocess.Popen(
        jitterball(server, "serve", "--port", "7777"), stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            assert "listening" in serving.stdout.readline()
            for host in ("10.99.0.1", "10.99.0.2", "[fd99::1]", "[fd99::2]"):
                ping = jitterball(client, "ping", f"{host}:7777", "-t", "udp", "--count", "1")
                ended = subprocess.run(ping, capture_output=True, text=True, timeout=60)
                assert ended.returncode == 0, ended.stderr
                assert "1 answered" in ended.stdout
        finally:
            serving.terminate()
