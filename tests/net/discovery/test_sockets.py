"""Announcer and searcher over real sockets: on loopback, and between network namespaces."""

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress

import pytest

from net.discovery import search_sockets
from net.discovery.announcer import Announcer
from net.discovery.search_sockets import Searcher
from net.system.network_cards import BroadcastRoute
from tests.game.support import running, until


def loopback_only(monkeypatch):
    routes = [BroadcastRoute("127.0.0.1", "127.0.0.1")]
    monkeypatch.setattr(search_sockets, "broadcast_routes", lambda: routes)
    monkeypatch.setattr(search_sockets, "multicast_routes", list)


async def test_a_searcher_finds_two_announcers_and_learns_the_round_trip_time(monkeypatch):
    loopback_only(monkeypatch)
    found = {}
    async with Announcer(lambda: b"one", [0]) as one, Announcer(lambda: b"two", [0]) as two:
        ports = [one.port, two.port]
        search = Searcher(lambda host, reply: found.update({reply.body: (host, reply)}), ports)
        async with running(search.run()):
            await until(lambda: len(found) == 2)
    assert {host for host, _ in found.values()} == {"127.0.0.1"}
    assert all(reply.rtt_s >= 0.0 for _, reply in found.values())


async def test_an_announcer_takes_the_next_port_if_the_first_is_taken():
    async with Announcer(lambda: b"", [0]) as first:
        async with Announcer(lambda: b"", [first.port, 0]) as second:
            assert second.port not in (None, first.port)
        async with Announcer(lambda: b"", [first.port]) as third:
            assert third.port is None


async def test_garbage_gets_no_answer():
    async with Announcer(lambda: b"body", [0]) as announcer:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for datagram in (b"", b"JBPROBE1", bytes(512), b"JBPROBE1" + bytes(600)):
                sock.sendto(datagram, ("127.0.0.1", announcer.port))
            await until(lambda: announcer.responder.dropped == 4)
        assert announcer.responder.answered == 0


SERVER = """
import asyncio
from net.discovery.announcer import Announcer
async def main():
    async with Announcer(lambda: b"game"):
        print("ready", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
ASKER = """
import asyncio, json
from net.discovery.search_sockets import Searcher
hosts = set()
async def main():
    search = asyncio.create_task(Searcher(lambda host, reply: hosts.add(host)).run())
    for _ in range(600):
        await asyncio.sleep(0.05)
        if len({":" in host for host in hosts}) == 2:
            break
    search.cancel()
asyncio.run(main())
print(json.dumps(sorted(hosts)))
"""


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def two_computers():
    """Two namespaces joined by a cable; a VPN of the asker has the default route."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux, root and iproute2")
    asker, server = (f"jbfind-{os.getpid()}-{role}" for role in ("a", "s"))
    with ExitStack() as stack:
        for name in (asker, server):
            try:
                ip("netns", "add", name)
            except subprocess.CalledProcessError as error:
                pytest.skip(f"no network namespace: {error.stderr.decode().strip()}")
            stack.callback(subprocess.run, ["ip", "netns", "del", name], capture_output=True)
            ip("-n", name, "link", "set", "lo", "up")
        ip(
            "-n",
            asker,
            "link",
            "add",
            "lan0",
            "type",
            "veth",
            "peer",
            "name",
            "lan0",
            "netns",
            server,
        )
        for name, address in ((asker, "10.78.0.1/24"), (server, "10.78.0.2/24")):
            ip("-n", name, "addr", "add", address, "dev", "lan0")
            ip("-n", name, "link", "set", "lan0", "up")
            with suppress(subprocess.CalledProcessError):
                # An address is else unusable for two seconds, while duplicates are looked for.
                ip("netns", "exec", name, "sysctl", "-w", "net.ipv6.conf.lan0.accept_dad=0")
        ip("-n", asker, "link", "add", "vpn0", "type", "veth", "peer", "name", "vpn1")
        ip("-n", asker, "addr", "add", "10.99.0.1/24", "dev", "vpn0")
        for device in ("vpn0", "vpn1"):
            ip("-n", asker, "link", "set", device, "up")
        ip("-n", asker, "route", "add", "default", "dev", "vpn0")
        yield asker, server


def test_a_vpn_with_the_default_route_does_not_hide_the_lan(two_computers):
    asker, server = two_computers
    python = [sys.executable, "-c"]
    with subprocess.Popen(
        ["ip", "netns", "exec", server, *python, SERVER], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            found = subprocess.run(
                ["ip", "netns", "exec", asker, *python, ASKER],
                capture_output=True,
                text=True,
                timeout=100,
                check=True,
            )
        finally:
            process.kill()
    hosts = json.loads(found.stdout)
    assert hosts[0] == "10.78.0.2"
    # Where the system has no IPv6, IPv4 alone must have found it.
    assert all(host.startswith("fe80::") and host.endswith("%lan0") for host in hosts[1:])
