"""Tests of the UDP relay: routing to clients, losses, and recovery from errors."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from net.link.loss import PacketDrawStream, flow_seed
from net.link.packet_path import PacketPath
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay import open_file_quota, udp
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, Route
from net.transport import Address

SEED = 7
CLEAR = Link()
DEAD = Link(LinkProfile(loss_ratio=1.0), LinkProfile(loss_ratio=1.0))
HALF_LOST = Link(up=LinkProfile(loss_ratio=0.5))

# Long enough that even a busy machine relays a datagram within it.
BURST_S = 0.3


@contextmanager
def udp_socket(connect_to: int | None = None) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        if connect_to is None:
            sock.bind(("127.0.0.1", 0))
        else:
            sock.connect(("127.0.0.1", connect_to))
        yield sock


def relay_to(server: socket.socket, link: Link) -> LinkRelay:
    target = Address(*server.getsockname())
    return LinkRelay(RelaySettings(link, SEED, target, (Route(RelayProtocol.UDP),)))


async def received(sock: socket.socket) -> bytes:
    return await asyncio.get_running_loop().sock_recv(sock, 65535)


def sent(relay: LinkRelay) -> int:
    return sum(stats.up.sent for stats in relay.connections())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0)


async def received_with_source(sock: socket.socket) -> tuple[bytes, tuple[str, int]]:
    return await asyncio.get_running_loop().sock_recvfrom(sock, 65535)


async def test_answers_go_to_the_client_that_asked() -> None:
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as one, udp_socket(relay.port) as other:
                for client in (one, other):
                    client.send(b"question of %d" % client.getsockname()[1])
                sources = set()
                for _ in range(2):
                    question, source = await received_with_source(server)
                    sources.add(source)
                    server.sendto(b"answer to " + question, source)
                for client in (one, other):
                    port = client.getsockname()[1]
                    assert await received(client) == b"answer to question of %d" % port
                assert len(sources) == 2


async def test_any_datagram_passes_unchanged() -> None:
    datagrams = (b"", b"x", bytes(range(256)) * 4, bytes(60_000))
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as client:
                for datagram in datagrams:
                    client.send(datagram)
                assert tuple([await received(server) for _ in datagrams]) == datagrams


async def test_both_directions_take_their_own_delay() -> None:
    link = Link(up=LinkProfile(delay_s=0.03), down=LinkProfile(delay_s=0.01))
    loop = asyncio.get_running_loop()
    with udp_socket() as server:
        async with relay_to(server, link) as relay:
            with udp_socket(relay.port) as client:
                began = loop.time()
                client.send(b"there")
                _, source = await received_with_source(server)
                there_s = loop.time() - began
                server.sendto(b"back", source)
                await received(client)
                both_s = loop.time() - began
    assert there_s >= 0.03
    assert both_s >= there_s + 0.01


async def test_arrivals_agree_with_the_model() -> None:
    count = 400
    path = PacketPath(HALF_LOST.up, PacketDrawStream(SEED, "up"))
    expected = [number for number in range(count) if path.send(0.0, 100)]
    with udp_socket() as server:
        async with relay_to(server, HALF_LOST) as relay:
            with udp_socket(relay.port) as client:
                arrived = []
                for number in range(count):
                    client.send(number.to_bytes(2, "big"))
                    if number in expected:
                        arrived.append(int.from_bytes(await received(server), "big"))
                (stats,) = relay.connections()
    assert arrived == expected
    assert stats.up.sent == count
    assert stats.up.lost == count - len(expected)
    assert stats.number == 0
    assert stats.client.port


@pytest.mark.parametrize("which", ["one", "another"])
async def test_the_second_client_has_its_own_losses_and_the_same_on_each_relay(
    which: str,
) -> None:
    """That makes transports comparable: their clients join in the same order."""
    path = PacketPath(HALF_LOST.up, PacketDrawStream(flow_seed(SEED, 1), "up"))
    expected = sum(not path.send(0.0, 50) for _ in range(100))
    with udp_socket() as server:
        async with relay_to(server, HALF_LOST) as relay:
            with udp_socket(relay.port) as early, udp_socket(relay.port) as late:
                early.send(b"be number 0")
                for _ in range(100):
                    late.send(bytes(8))
                await until(lambda: sent(relay) == 101)
                lost = {each.number: each.up.lost for each in relay.connections()}
    assert lost[1] == expected, which


async def test_a_new_link_holds_from_the_next_packet() -> None:
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as client:
                client.send(b"before")
                assert await received(server) == b"before"
                relay.set_link(DEAD)
                client.send(b"lost")
                await until(lambda: sent(relay) == 2)
                relay.set_link(CLEAR)
                client.send(b"after")
                assert await received(server) == b"after"


async def test_datagrams_in_flight_keep_their_time_when_the_link_changes() -> None:
    with udp_socket() as server:
        async with relay_to(server, Link(up=LinkProfile(delay_s=0.02))) as relay:
            with udp_socket(relay.port) as client:
                client.send(b"slow")
                await until(lambda: sent(relay) == 1)
                relay.set_link(DEAD)
                assert await received(server) == b"slow"


async def test_a_burst_of_loss_ends_by_itself() -> None:
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as client:
                relay.burst_loss(BURST_S)
                client.send(b"lost")
                await until(lambda: sent(relay) == 1)
                (stats,) = relay.connections()
                assert stats.up.lost == 1
                await asyncio.sleep(1.1 * BURST_S)
                client.send(b"after")
                assert await received(server) == b"after"


async def test_a_link_that_is_changed_in_a_burst_holds_after_it() -> None:
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as client:
                relay.burst_loss(BURST_S)
                relay.set_link(Link(up=LinkProfile(delay_s=0.005)))
                client.send(b"lost")
                await asyncio.sleep(1.1 * BURST_S)
                client.send(b"after")
                assert await received(server) == b"after"
                (stats,) = relay.connections()
    assert (stats.up.sent, stats.up.lost) == (2, 1)


async def test_relay_goes_on_after_a_time_without_server() -> None:
    with udp_socket() as server:
        port = server.getsockname()[1]
        relay = relay_to(server, CLEAR)
    async with relay:
        with udp_socket(relay.port) as client:
            client.send(b"into the void")
            await until(lambda: relay.lateness().count == 1)
            client.send(b"again")
            await until(lambda: relay.lateness().count == 2)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
                server.setblocking(False)
                server.bind(("127.0.0.1", port))
                client.send(b"anybody?")
                assert await received(server) == b"anybody?"


async def test_an_idle_client_is_forgotten_and_may_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(udp, "IDLE_TIMEOUT_S", 0.02)
    with udp_socket() as server:
        async with relay_to(server, CLEAR) as relay:
            with udp_socket(relay.port) as client:
                client.send(b"first")
                assert await received(server) == b"first"
                await until(lambda: not relay.connections())
                client.send(b"again")
                assert await received(server) == b"again"
                (stats,) = relay.connections()
    assert stats.number == 1


async def test_a_new_client_takes_the_file_of_one_that_has_been_silent_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_file_quota, "raise_open_file_limit", lambda wanted: 4)
    monkeypatch.setattr(udp, "IDLE_TIMEOUT_WHEN_FULL_S", 0.2)
    with ExitStack() as stack:
        server = stack.enter_context(udp_socket())
        async with relay_to(server, CLEAR) as relay:
            clients = [stack.enter_context(udp_socket(relay.port)) for _ in range(4)]
            for client in clients[:3]:
                client.send(b"in time")
                assert await received(server) == b"in time"
            # Three files are the share, and nobody has been silent for long.
            clients[3].send(b"refused")
            await asyncio.sleep(0.3)
            for client in clients[1:3]:
                client.send(b"still here")
                assert await received(server) == b"still here"
            clients[3].send(b"late")
            assert await received(server) == b"late"
            ports = {stats.client.port for stats in relay.connections()}
            assert ports == {client.getsockname()[1] for client in clients[1:]}
