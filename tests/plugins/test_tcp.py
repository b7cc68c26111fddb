"""The TCP plugin: frames, closing, socket options."""

import asyncio
import socket
import sys
from contextlib import asynccontextmanager

import pytest

from net.errors import PeerReset, ProtocolError
from net.stream.framing import CLOSE_FRAME, encode_frame
from net.transport import MESSAGE_LIMIT_BYTES, Delivery, SocketOptions
from plugins.tcp import TcpTransport


@pytest.fixture
def harness_over_tcp(make_harness):
    return make_harness(TcpTransport())


@asynccontextmanager
async def raw_client(harness):
    """Connect without the plugin; yield reader, writer and the server's end."""
    reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
    try:
        yield reader, writer, await harness.next_arrival()
    finally:
        writer.close()


async def test_frames_may_come_in_any_pieces(harness_over_tcp):
    stream = b"".join(encode_frame(message) for message in (b"one", b"", b"three" * 5000))
    async with harness_over_tcp() as harness, raw_client(harness) as (_, writer, server):
        for start in range(0, len(stream), 7):
            writer.write(stream[start : start + 7])
            await writer.drain()
        assert await server.received(3) == [b"one", b"", b"three" * 5000]


async def test_a_frame_over_the_limit_closes_that_channel_only(harness_over_tcp):
    async with harness_over_tcp() as harness:
        client, other = await harness.meet()
        async with raw_client(harness) as (reader, writer, server):
            writer.write(encode_frame(b"good") + encode_frame(bytes(MESSAGE_LIMIT_BYTES + 1)))
            assert isinstance(await server.ended(), ProtocolError)
            assert server.messages == [b"good"]
            with pytest.raises(ConnectionResetError):
                await reader.read()
        client.send(b"unharmed")
        assert await other.received(1) == [b"unharmed"]


async def test_the_end_of_the_stream_alone_is_no_close(harness_over_tcp):
    async with harness_over_tcp() as harness, raw_client(harness) as (_, writer, server):
        writer.write(encode_frame(b"hello"))
        writer.write_eof()
        assert isinstance(await server.ended(), PeerReset)
        assert server.messages == [b"hello"]


async def test_a_close_is_a_frame_and_the_end_of_the_stream(harness_over_tcp):
    async with harness_over_tcp() as harness, raw_client(harness) as (reader, writer, server):
        server.send(b"bye")
        closing = asyncio.create_task(server.channel.close())
        assert await reader.read() == encode_frame(b"bye") + CLOSE_FRAME
        writer.close()
        await closing
        assert server.endings == [None]


@pytest.mark.parametrize("nagle", [False, True])
async def test_nagle_is_off_unless_asked_for(harness_over_tcp, nagle):
    async with harness_over_tcp() as harness:
        client, server = await harness.meet(SocketOptions(nagle=nagle))
        sock = client.channel.sock
        assert bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) is not nagle
        # The server has its own options, which are the defaults.
        assert server.channel.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_nagle_is_switched_while_the_channel_lives(harness_over_tcp):
    async with harness_over_tcp() as harness:
        client, _ = await harness.meet()
        for nagle in (True, False):
            client.channel.set_nagle(nagle)
            no_delay = client.channel.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert bool(no_delay) is not nagle


async def test_the_kernel_keeps_little_of_what_was_not_sent(harness_over_tcp):
    async with harness_over_tcp() as harness:
        client, server = await harness.meet()
        for peer in (client, server):
            assert peer.channel.buffers().send_bytes <= 2 * 64 * 1024
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                sock = peer.channel.sock
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) <= 16 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts segments for us")
async def test_the_kernel_counts_segments_that_carry_no_message(harness_over_tcp):
    async with harness_over_tcp() as harness:
        client, server = await harness.meet()
        before = server.channel.stats()
        for number in range(100):
            client.send(bytes(100), Delivery.LATEST)
            await server.received(number + 1)
        # The server sent no message, but its kernel sent acknowledgements.
        assert server.channel.stats().sent == 0
        assert server.channel.stats().wire_bytes_sent > before.wire_bytes_sent
