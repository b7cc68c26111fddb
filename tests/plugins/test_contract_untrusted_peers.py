"""The contract on untrusted peers: whatever arrives, the server and its other peers continue."""

import asyncio
import random
import socket
from contextlib import suppress

from net.transport import Address

GARBAGE_SEED = 1066
GARBAGE_SIZES = [1, 4, 20, 28, 60, 500, 1200, 1400, 9000, 60_000]


def garbage():
    rng = random.Random(GARBAGE_SEED)
    yield from (rng.randbytes(size) for size in GARBAGE_SIZES)
    yield from (bytes(size) for size in GARBAGE_SIZES)
    yield from (b"\xff" * size for size in GARBAGE_SIZES)
    yield b"GET / HTTP/1.1\r\nHost: jitterball\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


async def assert_answers(harness):
    """Connect and expect an echo; other connections may arrive meanwhile."""
    harness.on_arrival = lambda peer: setattr(peer, "on_message", peer.send)
    client = await harness.join()
    client.send(b"hello")
    assert await client.received(1) == [b"hello"]


async def send_stream(address: Address, data: bytes) -> None:
    """Send bytes over TCP and read until the end; it is no error if nothing listens."""
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(*address)
        with suppress(OSError):
            writer.write(data)
            writer.write_eof()
            await reader.read()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def send_datagram(address: Address, data: bytes) -> None:
    """Send bytes in a datagram; it is no error if nothing listens."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.sendto(data, address)


async def test_garbage_from_untrusted_peers_harms_nobody(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        server.on_message = server.send
        for count, data in enumerate(garbage(), start=1):
            send_datagram(harness.listener.addresses[0], data)
            await send_stream(harness.listener.addresses[0], data)
            client.send(b"%d" % count)
            assert await client.received(count) == [
                b"%d" % number for number in range(1, count + 1)
            ]
        assert not client.endings
        await assert_answers(harness)


async def test_a_peer_that_connects_and_is_silent_delays_nobody(open_harness):
    async with open_harness() as harness:
        with socket.socket() as sock:
            with suppress(ConnectionRefusedError):
                sock.connect(harness.listener.addresses[0])
            await assert_answers(harness)
            # The connection is open all the time: a listener that waits for its end never closes.
            await harness.listener.close()


async def test_a_peer_that_resets_at_once_harms_nobody(open_harness):
    async with open_harness() as harness:
        for _ in range(20):
            with socket.socket() as sock, suppress(ConnectionRefusedError):
                sock.connect(harness.listener.addresses[0])
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1" + bytes(7))
            await asyncio.sleep(0)
        await assert_answers(harness)
