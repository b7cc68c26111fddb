"""The contract on a peer that does not read: it costs little memory and nobody else's time.

The peer lives in a thread with an event loop of its own and falls asleep inside the callback of
its first message, so that nothing is read from its socket any more; that works for every
transport and on every system.
"""

import asyncio
import threading
import tracemalloc
from contextlib import asynccontextmanager
from time import perf_counter

from net.errors import ChannelLost, SendQueueOverflow
from net.system import event_loop
from net.transport import LANES, Delivery

SNAPSHOT = bytes(250)
# Five megabytes: far more than two sockets' buffers hold.
SNAPSHOTS = 20_000

# What may wait for one peer: the outbox's two megabytes of reliable messages at the very most.
LATEST_MEMORY_LIMIT_BYTES = 1_000_000
RELIABLE_MEMORY_LIMIT_BYTES = 4_000_000

# A second for what was sent, as much again for the close, and the rest for a busy machine. The
# peer sleeps for longer.
GOODBYE_LIMIT_S = 15.0


class Sleeper:
    """A receiver that sleeps in its first callback until it is woken."""

    def __init__(self):
        self.woken = threading.Event()
        self.messages = []
        self._news = threading.Condition()
        self.ending = []
        self.ended = asyncio.Event()

    def message_received(self, channel, message, received_at):
        with self._news:
            self.messages.append(message)
            self._news.notify_all()
        self.woken.wait()

    def channel_closed(self, channel, error):
        self.ending.append(error)
        self.ended.set()

    async def until(self, condition):
        """Wait, in the test's thread, for messages that make the condition true."""

        def wait():
            with self._news:
                assert self._news.wait_for(condition, timeout=20)

        await asyncio.to_thread(wait)

    async def live(self, transport, address):
        await transport.connect(address, self)
        await self.ended.wait()


@asynccontextmanager
async def meet_sleeper(venue):
    """Yield a peer that has fallen asleep, and the end of its channel that is here."""
    sleeper = Sleeper()
    venue.on_arrival = lambda peer: peer.send(b"sleep")
    address = venue.listener.addresses[0]
    life = asyncio.create_task(
        asyncio.to_thread(lambda: event_loop.run(sleeper.live(venue.transport, address)))
    )
    try:
        await sleeper.until(lambda: sleeper.messages)
        venue.on_arrival = lambda peer: None
        yield sleeper, venue.arrived[-1]
    finally:
        sleeper.woken.set()
        venue.arrived[-1].channel.abort()
        await life


@asynccontextmanager
async def traced_memory():
    """Yield a function that returns by how many bytes Python's memory has grown since."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


async def test_latest_messages_for_a_slow_peer_are_replaced_and_not_hoarded(transport, open_venue):
    async with open_venue() as venue, meet_sleeper(venue) as (sleeper, server):
        async with traced_memory() as grown_bytes:
            for number in range(SNAPSHOTS):
                lane = LANES[number % len(LANES)]
                server.send(b"%d " % number + SNAPSHOT, Delivery.LATEST, lane)
                if number % 100 == 0:
                    await asyncio.sleep(0)
            assert grown_bytes() < LATEST_MEMORY_LIMIT_BYTES
        counters = server.channel.stats()
        assert counters.sent + counters.replaced <= SNAPSHOTS + 1
        if not transport.guarantees.latest_may_be_lost:
            assert counters.replaced > 0
            newest = {SNAPSHOTS - 1 - back for back in range(len(LANES))}
            sleeper.woken.set()
            await sleeper.until(
                lambda: newest <= {int(message.split()[0]) for message in sleeper.messages[1:]}
            )
            assert len(sleeper.messages) == counters.sent + len(LANES)


async def test_sending_to_a_slow_peer_never_blocks_and_holds_up_nobody(open_venue):
    async with open_venue() as venue:
        client, other = await venue.meet()
        other.on_message = other.send
        async with meet_sleeper(venue) as (_, server):
            longest_send_s = longest_echo_s = 0.0
            for number in range(100):
                start = perf_counter()
                for _ in range(SNAPSHOTS // 100):
                    server.send(SNAPSHOT, Delivery.LATEST)
                sent = perf_counter()
                client.send(b"%d" % number)
                await client.heard(number + 1)
                longest_send_s = max(longest_send_s, sent - start)
                longest_echo_s = max(longest_echo_s, perf_counter() - sent)
            # Generous, for a busy machine: a wait for the peer would never end.
            assert longest_send_s < 15.0
            assert longest_echo_s < 15.0


async def test_too_many_reliable_messages_for_a_slow_peer_end_its_channel(transport, open_venue):
    large = bytes(transport.guarantees.message_limit_bytes)
    async with open_venue() as venue:
        client, other = await venue.meet()
        async with meet_sleeper(venue) as (sleeper, server), traced_memory() as grown_bytes:
            for _ in range(20_000_000 // len(large)):
                server.send(large)
                await asyncio.sleep(0)
            assert grown_bytes() < RELIABLE_MEMORY_LIMIT_BYTES
            assert isinstance(await server.ended(), SendQueueOverflow)
        assert isinstance(sleeper.ending[0], ChannelLost)
        client.send(b"and the others play on")
        assert await other.heard(1) == [b"and the others play on"]


async def test_saying_goodbye_to_a_slow_peer_takes_no_longer_than_promised(open_venue):
    async with open_venue() as venue, meet_sleeper(venue) as (_, server):
        for _ in range(1000):
            server.send(SNAPSHOT)
        start = perf_counter()
        await server.channel.close()
        assert perf_counter() - start < GOODBYE_LIMIT_S
        assert len(server.endings) == 1


async def test_a_listener_closes_although_a_peer_sleeps(open_venue):
    async with open_venue() as venue, meet_sleeper(venue):
        start = perf_counter()
        await venue.listener.close()
        assert perf_counter() - start < GOODBYE_LIMIT_S
