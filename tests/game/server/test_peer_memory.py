"""How much a peer can make the server keep, whatever it sends and whatever it leaves unread.

Each bound is tested where it is kept (outbox, frames, reassembly, events, inputs); here they are
taken together, in bytes that Python has allocated.
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
from net.sync.clock import ClockFilter
from net.transport import LANES, MESSAGE_LIMIT_BYTES, Address, Delivery
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

# What a peer can have begun and not finished: of datagrams a window of segments and a message a
# lane, of a stream a frame; and the inputs that came between two ticks.
UNFINISHED_LIMIT_BYTES = 1536 * 1024
# What can wait for it: 2 MiB of messages, and what Python needs for 16,384 of them.
WAITING_LIMIT_BYTES = 4 * 1024 * 1024
INPUTS = 200

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


class Deaf:
    """A client's end that hears nothing."""

    def message_received(self, channel, message, received_at):
        """Hear nothing."""

    def channel_closed(self, channel, error):
        """Hear nothing."""


@asynccontextmanager
async def seated(server, transport):
    """Give a channel that was let in, its session, and the guest at its other end."""
    plugin = TRANSPORTS[transport]
    address = Address(LOOPBACK, server.base_port + plugin.port_offset)
    channel = await plugin.connect(address, Deaf())
    hello = Hello("msgpack", encode_join_request(JoinRequest("Eva", "main")))
    papers = Credentials(SystemRandom())
    session = ClientSession(
        channel.send, count().__next__, ClockFilter(), hello, credentials=papers
    )
    await until(lambda: any(guest.slot for guest in server.connections))
    (guest,) = server.connections
    try:
        yield channel, session, guest
    finally:
        channel.abort()


@contextmanager
def traced():
    """Give a function that tells by how many bytes the process had grown at most."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def unfinished_datagrams(connection):
    """Yield segments without the first, and of every lane fragments without the last."""
    # Far ahead of all that the client says meanwhile, and near enough to be believed.
    numbers = count(10_000)

    def datagram(kind, body):
        identity = (FROM_CLIENT | kind, connection.connection_id, next(numbers), 0, 0)
        return NUMBERED_HEADER.pack(*identity) + body

    part = bytes(FRAGMENT_PAYLOAD_BYTES)
    for lane in LANES:
        for index in range(FRAGMENTS_LIMIT - 1):
            yield datagram(FRAGMENT + lane, FRAGMENT_HEADER.pack(index, FRAGMENTS_LIMIT) + part)
    segment = part[SEGMENT_HEADER.size :]
    # The hello and its proof were the first.
    for number in range(3, WINDOW_SEGMENTS):
        yield datagram(RELIABLE, SEGMENT_HEADER.pack(number, len(segment)) + segment)


async def begin_and_never_finish(channel, next_tick):
    """Send as much as can be left unfinished."""
    if channel.transport.name != "udp":
        channel.write(channel.encode(bytes(MESSAGE_LIMIT_BYTES))[:-1])
        return
    for number, datagram in enumerate(unfinished_datagrams(channel.connection)):
        channel.udp_socket.send(datagram, None)
        # As many at a time as any socket's buffer holds.
        if number % 40 == 0:
            await next_tick()


@every_transport
async def test_what_a_peer_begins_and_never_finishes_is_bounded(transport):
    async with serving() as server, seated(server, transport) as (channel, session, guest):
        world = server.rooms["main"].match.world

        async def next_tick():
            tick = world.tick
            await until(lambda: world.tick > tick)

        with traced() as grown_bytes:
            received_bytes = guest.channel.stats().wire_bytes_received
            for sequence in range(1, INPUTS + 1):
                message = InputMessage(sequence, (Controls(127, -127, True),))
                session.send_application(encode_input(message, MSGPACK), Delivery.LATEST)
            await begin_and_never_finish(channel, next_tick)
            for _ in range(30):
                await next_tick()
            assert guest.channel.stats().wire_bytes_received > received_bytes + MESSAGE_LIMIT_BYTES
            assert grown_bytes() < UNFINISHED_LIMIT_BYTES
        assert not guest.channel.closed


@every_transport
@pytest.mark.parametrize("size", [1, 1000, MESSAGE_LIMIT_BYTES])
async def test_what_waits_for_a_peer_that_takes_nothing_is_bounded(transport, size):
    async with serving() as server, seated(server, transport) as (_channel, _session, guest):
        with traced() as grown_bytes:
            # Nothing is awaited, so nothing can be taken.
            while not guest.channel.closed:
                guest.channel.send(bytes(size), Delivery.RELIABLE)
            assert grown_bytes() < WAITING_LIMIT_BYTES
