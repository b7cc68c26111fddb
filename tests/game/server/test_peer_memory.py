"""Memory that one client can make the server use, by what it sends and by what it does not read.

Each bound has its own test (outbox, frames, reassembly, events, inputs). Here they are measured
together, as bytes that Python has allocated.
"""

import tracemalloc
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from random import SystemRandom

import pytest

from game.match.controls import Controls
from game.protocol.encoding import encode_input, encode_join_request
from game.protocol.messages import InputMessage, JoinRequest
from net.codec import MSGPACK
from net.datagram.latest import FRAGMENT_PAYLOAD_BYTES, FRAGMENTS_LIMIT
from net.datagram.reliable import WINDOW_SEGMENTS
from net.datagram.wire_format import (
    FRAGMENT,
    FRAGMENT_HEADER,
    FROM_CLIENT,
    NUMBERED_HEADER,
    RELIABLE,
    SEGMENT_HEADER,
)
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello
from net.sync.clock_filter import ClockFilter
from net.transport import LANES, MESSAGE_LIMIT_BYTES, Address, Delivery
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

# Unfinished input of one client. Of datagrams: a window of segments, and one message a lane. Of a
# stream: one frame. And the inputs between two ticks.
UNFINISHED_LIMIT_BYTES = 1536 * 1024
# Unsent output for one client: 2 MiB of messages, and Python's overhead for 16,384 of them.
WAITING_LIMIT_BYTES = 4 * 1024 * 1024
INPUTS = 200

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


class NullReceiver:
    """A receiver that ignores everything."""

    def message_received(self, channel, message, received_at):
        """Ignore it."""

    def channel_closed(self, channel, error):
        """Ignore it."""


@asynccontextmanager
async def joined(server, transport):
    """Yield the channel and session of a client that has joined, and the server's connection."""
    plugin = TRANSPORTS[transport]
    address = Address(LOOPBACK, server.base_port + plugin.port_offset)
    channel = await plugin.connect(address, NullReceiver())
    hello = Hello("msgpack", encode_join_request(JoinRequest("Eva", "main")))
    credentials = Credentials(SystemRandom())
    session = ClientSession(
        channel.send, count().__next__, ClockFilter(), hello, credentials=credentials
    )
    await until(lambda: any(connection.slot for connection in server.connections))
    (connection,) = server.connections
    try:
        yield channel, session, connection
    finally:
        channel.abort()


@contextmanager
def traced():
    """Yield a function that returns the peak growth of allocated memory, in bytes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def unfinished_datagrams(connection):
    """Yield segments without the first one, and for each lane fragments without the last one."""
    # Far ahead of the numbers that the client uses, and still inside the receive window.
    numbers = count(10_000)

    def datagram(kind, body):
        identity = (FROM_CLIENT | kind, connection.connection_id, next(numbers), 0, 0)
        return NUMBERED_HEADER.pack(*identity) + body

    part = bytes(FRAGMENT_PAYLOAD_BYTES)
    for lane in LANES:
        for index in range(FRAGMENTS_LIMIT - 1):
            yield datagram(FRAGMENT + lane, FRAGMENT_HEADER.pack(index, FRAGMENTS_LIMIT) + part)
    segment = part[SEGMENT_HEADER.size :]
    # The hello and the handshake used the first segments.
    for number in range(3, WINDOW_SEGMENTS):
        yield datagram(RELIABLE, SEGMENT_HEADER.pack(number, len(segment)) + segment)


async def begin_and_never_finish(channel, next_tick):
    """Send as many unfinished messages as the protocol allows."""
    if channel.transport.name != "udp":
        channel.write(channel.encode(bytes(MESSAGE_LIMIT_BYTES))[:-1])
        return
    for number, datagram in enumerate(unfinished_datagrams(channel.connection)):
        channel.udp_socket.send(datagram, None)
        # No more at once than a socket's receive buffer holds.
        if number % 40 == 0:
            await next_tick()


@every_transport
async def test_unfinished_messages_of_a_client_are_bounded(transport):
    async with serving() as server, joined(server, transport) as (channel, session, connection):
        world = server.rooms["main"].match.world

        async def next_tick():
            tick = world.tick
            await until(lambda: world.tick > tick)

        with traced() as grown_bytes:
            received_bytes = connection.channel.stats().wire_bytes_received
            for sequence in range(1, INPUTS + 1):
                message = InputMessage(sequence, (Controls(127, -127, True),))
                session.send_application(encode_input(message, MSGPACK), Delivery.LATEST)
            await begin_and_never_finish(channel, next_tick)
            for _ in range(30):
                await next_tick()
            assert (
                connection.channel.stats().wire_bytes_received
                > received_bytes + MESSAGE_LIMIT_BYTES
            )
            assert grown_bytes() < UNFINISHED_LIMIT_BYTES
        assert not connection.channel.closed


@every_transport
@pytest.mark.parametrize("size", [1, 1000, MESSAGE_LIMIT_BYTES])
async def test_output_for_a_client_that_does_not_read_is_bounded(transport, size):
    async with serving() as server, joined(server, transport) as (_channel, _session, connection):
        with traced() as grown_bytes:
            # Without an ``await`` nothing can be sent.
            while not connection.channel.closed:
                connection.channel.send(bytes(size), Delivery.RELIABLE)
            assert grown_bytes() < WAITING_LIMIT_BYTES
