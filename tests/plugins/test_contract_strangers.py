"""The contract on strangers: whatever comes to the port, the server and its peers go on."""

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


async def assert_answers(venue):
    """Connect anew, and expect an echo; strangers may still be arriving meanwhile."""
    venue.on_arrival = lambda peer: setattr(peer, "on_message", peer.send)
    client = await venue.join()
    client.send(b"hello")
    assert await client.heard(1) == [b"hello"]


async def send_stream(address: Address, data: bytes) -> None:
    """Send bytes in a TCP connection, and read until it ends; fine if nobody takes it."""
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
    """Send bytes in a datagram; fine if nobody takes it."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.sendto(data, address)


async def test_garbage_from_strangers_harms_nobody(open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        server.on_message = server.send
        for count, data in enumerate(garbage(), start=1):
            send_datagram(venue.listener.addresses[0], data)
            await send_stream(venue.listener.addresses[0], data)
            client.send(b"%d" % count)
            assert await client.heard(count) == [b"%d" % number for number in range(1, count + 1)]
        assert not client.endings
        await assert_answers(venue)


async def test_a_stranger_who_connects_and_says_nothing_keeps_nobody_waiting(open_venue):
    async with open_venue() as venue:
        with socket.socket() as sock:
            with suppress(ConnectionRefusedError):
                sock.connect(venue.listener.addresses[0])
            await assert_answers(venue)
            async with asyncio.timeout(3):
                await venue.listener.close()


async def test_a_stranger_who_resets_at_once_harms_nobody(open_venue):
    async with open_venue() as venue:
        for _ in range(20):
            with socket.socket() as sock, suppress(ConnectionRefusedError):
                sock.connect(venue.listener.addresses[0])
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1" + bytes(7))
            await asyncio.sleep(0)
        await assert_answers(venue)
