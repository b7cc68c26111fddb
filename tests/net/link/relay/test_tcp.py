"""Tests of the TCP relay: unchanged bytes, delays, ends of streams and resets."""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from websockets.asyncio.client import connect as websocket_connect
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as websocket_serve

from net.link.loss import PacketDrawStream
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, Route
from net.transport import Address
from tests.disturbance import skip_if_disturbed

SEED = 7
CLEAR = Link()
DELAY_S = 0.02
SLOW = Link(LinkProfile(delay_s=DELAY_S), LinkProfile(delay_s=DELAY_S))
DEAD = Link(LinkProfile(loss_ratio=1.0), LinkProfile(loss_ratio=1.0))
RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


@dataclass
class Pair:
    """Sockets of two programs that are connected through a relay."""

    client: socket.socket
    server: socket.socket
    relay: LinkRelay

    def close(self) -> None:
        self.client.close()
        self.server.close()


def relay_to(port: int, link: Link, seed: int = SEED) -> LinkRelay:
    return LinkRelay(
        RelaySettings(link, seed, Address("127.0.0.1", port), (Route(RelayProtocol.TCP),))
    )


def listening_socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    return sock


async def connected(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    return sock


@asynccontextmanager
async def pair(link: Link) -> AsyncIterator[Pair]:
    loop = asyncio.get_running_loop()
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], link) as relay:
            client = await connected(relay.port)
            server, _ = await loop.sock_accept(listening)
            both = Pair(client, server, relay)
            try:
                yield both
            finally:
                both.close()


async def send(sock: socket.socket, data: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(sock, data)


async def send_for_ever(sock: socket.socket) -> None:
    while True:
        await send(sock, b"anybody?")
        await asyncio.sleep(0.005)


async def received(sock: socket.socket, size: int = 65536) -> bytes:
    return await asyncio.get_running_loop().sock_recv(sock, size)


async def received_all(sock: socket.socket) -> bytes:
    """Read up to the end of the stream."""
    whole = bytearray()
    while part := await received(sock):
        whole += part
    return bytes(whole)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    sock.close()


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0.001)


async def fill(sock: socket.socket) -> int:
    """Write until the socket stays full; return the number of bytes written."""
    written, idle = 0, 0
    while idle < 20:
        try:
            written += sock.send(bytes(4096))
            idle = 0
        except BlockingIOError:
            idle += 1
            await asyncio.sleep(0.005)
    return written


async def test_bytes_pass_unchanged_in_both_directions() -> None:
    up, down = Random(1).randbytes(700_000), Random(2).randbytes(300_000)
    async with pair(CLEAR) as ends:

        async def send_and_end(sock: socket.socket, data: bytes) -> None:
            await send(sock, data)
            sock.shutdown(socket.SHUT_WR)

        _, _, at_server, at_client = await asyncio.gather(
            send_and_end(ends.client, up),
            send_and_end(ends.server, down),
            received_all(ends.server),
            received_all(ends.client),
        )
    assert at_server == up
    assert at_client == down


async def test_bytes_pass_unchanged_through_loss() -> None:
    lossy = LinkProfile(delay_s=0.002, loss_ratio=0.1)
    data = Random(3).randbytes(20_000)
    async with pair(Link(lossy, lossy)) as ends:
        await send(ends.client, data)
        ends.client.shutdown(socket.SHUT_WR)
        assert await received_all(ends.server) == data
        (stats,) = ends.relay.connections()
    assert stats.up.sent > 14


async def test_the_handshake_costs_its_round_trip() -> None:
    """The client's first bytes leave after the answer to its SYN, and take one delay more."""
    loop = asyncio.get_running_loop()
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], SLOW) as relay:
            began = loop.time()
            client = await connected(relay.port)
            await send(client, b"first")
            server, _ = await loop.sock_accept(listening)
            accepted_s = loop.time() - began
            assert await received(server) == b"first"
            first_s = loop.time() - began
            await send(client, b"second")
            await received(server)
            second_s = loop.time() - began - first_s
            client.close()
            server.close()
    assert accepted_s >= DELAY_S
    assert first_s >= 3 * DELAY_S
    assert second_s >= DELAY_S


@pytest.mark.timing
async def test_only_the_first_message_waits_for_the_handshake() -> None:
    loop = asyncio.get_running_loop()
    with skip_if_disturbed():
        async with pair(SLOW) as ends:
            await send(ends.client, b"first")
            await received(ends.server)
            began = loop.time()
            await send(ends.client, b"second")
            await received(ends.server)
            assert DELAY_S <= loop.time() - began < 1.5 * DELAY_S


async def test_a_server_that_speaks_first_waits_for_the_handshake_too() -> None:
    loop = asyncio.get_running_loop()
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], SLOW) as relay:
            began = loop.time()
            client = await connected(relay.port)
            server, _ = await loop.sock_accept(listening)
            await send(server, b"welcome")
            assert await received(client) == b"welcome"
            welcome_s = loop.time() - began
            client.close()
            server.close()
    assert welcome_s >= 4 * DELAY_S


async def test_one_direction_may_end_before_the_other() -> None:
    async with pair(SLOW) as ends:
        await send(ends.client, b"question")
        ends.client.shutdown(socket.SHUT_WR)
        assert await received_all(ends.server) == b"question"
        await send(ends.server, b"a late answer")
        ends.server.shutdown(socket.SHUT_WR)
        assert await received_all(ends.client) == b"a late answer"
        await until(lambda: not ends.relay.connections())


async def test_the_end_of_a_stream_has_the_delay_of_the_link() -> None:
    loop = asyncio.get_running_loop()
    async with pair(SLOW) as ends:
        began = loop.time()
        ends.server.shutdown(socket.SHUT_WR)
        assert await received(ends.client) == b""
        assert loop.time() - began >= DELAY_S


@pytest.mark.parametrize("who", ["client", "server"])
async def test_a_reset_arrives_as_a_reset_after_the_delay(who: str) -> None:
    loop = asyncio.get_running_loop()
    async with pair(SLOW) as ends:
        cut, left = (ends.client, ends.server) if who == "client" else (ends.server, ends.client)
        began = loop.time()
        reset(cut)
        with pytest.raises(ConnectionResetError):
            await received(left)
        assert loop.time() - began >= DELAY_S
        await until(lambda: not ends.relay.connections())


async def test_data_before_a_reset_still_arrives() -> None:
    async with pair(SLOW) as ends:
        await send(ends.client, b"last words")
        await until(lambda: ends.relay.connections()[0].up.sent > 2)
        reset(ends.client)
        assert await received(ends.server) == b"last words"
        with pytest.raises(ConnectionResetError):
            await received(ends.server)


async def test_writing_to_an_end_that_has_closed_is_answered_with_a_reset() -> None:
    async with pair(SLOW) as ends:
        ends.client.close()
        assert await received(ends.server) == b""
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            await send_for_ever(ends.server)


async def test_a_client_of_a_server_that_does_not_listen_sees_a_reset() -> None:
    with listening_socket() as listening:
        port = listening.getsockname()[1]
    async with relay_to(port, SLOW) as relay:
        client = await connected(relay.port)
        with pytest.raises(ConnectionResetError):
            await received(client)
        client.close()
        await until(lambda: not relay.connections())


async def test_a_client_that_leaves_during_the_handshake_is_forgotten() -> None:
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], SLOW) as relay:
            reset(await connected(relay.port))
            await until(lambda: not relay.connections())


async def test_a_sender_notices_the_backlog_of_the_modelled_link() -> None:
    async with pair(SLOW) as ends:
        ends.client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)
        ends.relay.set_link(DEAD)
        # Linux grants twice the buffer. The relay's kernel and the model buffer some bytes too.
        written = await fill(ends.client)
        assert written < 400_000
        ends.relay.set_link(CLEAR)
        reader = asyncio.ensure_future(received_all(ends.server))
        await send(ends.client, b"the rest")
        ends.client.shutdown(socket.SHUT_WR)
        assert len(await reader) == written + len(b"the rest")


async def test_a_sender_notices_a_receiver_that_does_not_read() -> None:
    async with pair(CLEAR) as ends:
        ends.client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)
        ends.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        written = await fill(ends.client)
        reader = asyncio.ensure_future(received_all(ends.server))
        ends.client.shutdown(socket.SHUT_WR)
        assert len(await reader) == written


async def test_a_reset_is_noticed_while_the_relay_does_not_read() -> None:
    async with pair(SLOW) as ends:
        ends.relay.set_link(DEAD)
        await fill(ends.client)
        ends.relay.set_link(CLEAR)
        reset(ends.client)
        with pytest.raises(ConnectionResetError):
            await received_all(ends.server)


async def test_a_new_link_applies_to_open_connections() -> None:
    loop = asyncio.get_running_loop()
    async with pair(CLEAR) as ends:
        await send(ends.client, b"quick")
        await received(ends.server)
        ends.relay.set_link(SLOW)
        began = loop.time()
        await send(ends.client, b"slow")
        await received(ends.server)
        assert loop.time() - began >= DELAY_S


@pytest.mark.parametrize("is_lost", [True, False])
async def test_the_first_packet_is_lost_as_over_any_transport(is_lost: bool) -> None:
    half = LinkProfile(delay_s=5.0, loss_ratio=0.5)
    seed = next(
        seed for seed in range(100) if (PacketDrawStream(seed, "up").draw()[0] < 0.5) is is_lost
    )
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], Link(half, half), seed) as relay:
            client = await connected(relay.port)
            await until(lambda: bool(relay.connections()))
            (stats,) = relay.connections()
            client.close()
    assert (stats.up.sent, stats.up.lost) == (1, is_lost)


async def test_the_state_of_the_modelled_tcp_is_reported() -> None:
    async with pair(SLOW) as ends:
        for _ in range(5):
            await send(ends.client, b"ping")
            await received(ends.server)
            await send(ends.server, b"pong")
            await received(ends.client)
        (stats,) = ends.relay.connections()
        address = Address(*ends.client.getsockname())
    assert stats.client == address
    assert stats.up.tcp is not None
    assert 2 * DELAY_S <= stats.up.tcp.srtt_s < 2 * DELAY_S + 0.05
    assert stats.up.tcp.rto_s >= stats.up.tcp.srtt_s + 0.2
    assert stats.up.tcp.cwnd >= 10
    assert stats.up.tcp.retransmits == stats.up.tcp.timeouts == stats.up.tcp.stalls == 0


async def test_closing_the_relay_resets_both_ends() -> None:
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], CLEAR) as relay:
            client = await connected(relay.port)
            server, _ = await asyncio.get_running_loop().sock_accept(listening)
        for sock in (client, server):
            with pytest.raises(ConnectionResetError):
                await received(sock)
            sock.close()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux shows")
async def test_connections_leave_no_file_open() -> None:
    with listening_socket() as listening:
        async with relay_to(listening.getsockname()[1], CLEAR) as relay:
            loop = asyncio.get_running_loop()
            before = len(os.listdir("/proc/self/fd"))
            for number in range(30):
                client = await connected(relay.port)
                server, _ = await loop.sock_accept(listening)
                ends = (client, server) if number % 2 else (server, client)
                reset(ends[0]) if number % 3 else ends[0].close()
                ends[1].close()
            await until(lambda: not relay.connections())
            assert len(os.listdir("/proc/self/fd")) == before


async def test_another_program_works_through_the_relay() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with websocket_serve(echo, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with (
            relay_to(port, SLOW) as relay,
            websocket_connect(f"ws://127.0.0.1:{relay.port}") as client,
        ):
            for message in ("text", b"bytes", "x" * 100_000):
                await client.send(message)
                assert await client.recv() == message
