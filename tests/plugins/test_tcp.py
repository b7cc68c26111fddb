"""What only the TCP plugin does: its frames, its goodbye, its sockets."""

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
def venue_over_tcp(make_venue):
    return make_venue(TcpTransport())


@asynccontextmanager
async def raw_client(venue):
    """Connect without the plugin; yield the reader, the writer and the server's end."""
    reader, writer = await asyncio.open_connection(*venue.listener.addresses[0])
    try:
        yield reader, writer, await venue.next_arrival()
    finally:
        writer.close()


async def test_frames_may_come_in_any_pieces(venue_over_tcp):
    stream = b"".join(encode_frame(message) for message in (b"one", b"", b"three" * 5000))
    async with venue_over_tcp() as venue, raw_client(venue) as (_, writer, server):
        for start in range(0, len(stream), 7):
            writer.write(stream[start : start + 7])
            await writer.drain()
        assert await server.heard(3) == [b"one", b"", b"three" * 5000]


async def test_a_frame_over_the_limit_closes_that_channel_only(venue_over_tcp):
    async with venue_over_tcp() as venue:
        client, other = await venue.meet()
        async with raw_client(venue) as (reader, writer, server):
            writer.write(encode_frame(b"good") + encode_frame(bytes(MESSAGE_LIMIT_BYTES + 1)))
            assert isinstance(await server.ended(), ProtocolError)
            assert server.messages == [b"good"]
            with pytest.raises(ConnectionResetError):
                await reader.read()
        client.send(b"unharmed")
        assert await other.heard(1) == [b"unharmed"]


async def test_the_end_of_the_stream_is_no_goodbye(venue_over_tcp):
    async with venue_over_tcp() as venue, raw_client(venue) as (_, writer, server):
        writer.write(encode_frame(b"hello"))
        writer.write_eof()
        assert isinstance(await server.ended(), PeerReset)
        assert server.messages == [b"hello"]


async def test_a_goodbye_is_a_frame_and_the_end_of_the_stream(venue_over_tcp):
    async with venue_over_tcp() as venue, raw_client(venue) as (reader, writer, server):
        server.send(b"bye")
        closing = asyncio.create_task(server.channel.close())
        assert await reader.read() == encode_frame(b"bye") + CLOSE_FRAME
        writer.close()
        await closing
        assert server.endings == [None]


@pytest.mark.parametrize("nagle", [False, True])
async def test_nagle_is_off_unless_asked_for(venue_over_tcp, nagle):
    async with venue_over_tcp() as venue:
        client, server = await venue.meet(SocketOptions(nagle=nagle))
        sock = client.channel.sock
        assert bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) is not nagle
        # The server has options of its own, and was asked for nothing.
        assert server.channel.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_nagle_is_switched_while_the_channel_lives(venue_over_tcp):
    async with venue_over_tcp() as venue:
        client, _ = await venue.meet()
        for nagle in (True, False):
            client.channel.set_nagle(nagle)
            no_delay = client.channel.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert bool(no_delay) is not nagle


async def test_the_kernel_keeps_little_of_what_was_not_sent(venue_over_tcp):
    async with venue_over_tcp() as venue:
        client, server = await venue.meet()
        for peer in (client, server):
            assert peer.channel.buffers().send_bytes <= 2 * 64 * 1024
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                sock = peer.channel.sock
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) <= 16 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts segments for us")
async def test_the_kernel_counts_segments_that_carry_no_message(venue_over_tcp):
    async with venue_over_tcp() as venue:
        client, server = await venue.meet()
        before = server.channel.stats()
        for number in range(100):
            client.send(bytes(100), Delivery.LATEST)
            await server.heard(number + 1)
        # The server said nothing, but its kernel acknowledged.
        assert server.channel.stats().sent == 0
        assert server.channel.stats().wire_bytes_sent > before.wire_bytes_sent
