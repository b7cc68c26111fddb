"""The contract on a peer that does not read: it costs little memory and delays nobody.

The peer has a thread and an event loop of its own. It blocks in the callback of its first message,
so nothing is read from its socket any more. That works for every transport on every system.
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
# Five megabytes, far more than the buffers of two sockets hold.
SNAPSHOTS = 20_000

# At most the two megabytes of reliable messages that the send queue allows.
LATEST_MEMORY_LIMIT_BYTES = 1_000_000
RELIABLE_MEMORY_LIMIT_BYTES = 4_000_000

# A second for what was sent, as much again for the close, and the rest for a busy machine. The
# peer sleeps for longer.
CLOSE_LIMIT_S = 15.0


class SlowPeer:
    """A receiver that blocks in its first callback until it is released."""

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
        """Wait, without blocking the event loop, until the condition is true."""

        def wait():
            with self._news:
                assert self._news.wait_for(condition, timeout=60)

        await asyncio.to_thread(wait)

    async def live(self, transport, address):
        await transport.connect(address, self)
        await self.ended.wait()


@asynccontextmanager
async def connect_slow_peer(harness):
    """Yield a peer that blocks in its callback, and the listener's end of its channel."""
    slow_peer = SlowPeer()
    harness.on_arrival = lambda peer: peer.send(b"sleep")
    address = harness.listener.addresses[0]
    life = asyncio.create_task(
        asyncio.to_thread(lambda: event_loop.run(slow_peer.live(harness.transport, address)))
    )
    try:
        await slow_peer.until(lambda: slow_peer.messages)
        harness.on_arrival = lambda peer: None
        yield slow_peer, harness.arrived[-1]
    finally:
        slow_peer.woken.set()
        harness.arrived[-1].channel.abort()
        await life


@asynccontextmanager
async def traced_memory():
    """Yield a function that returns the growth of Python's memory in bytes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


async def test_latest_messages_for_a_slow_peer_are_replaced_and_not_hoarded(
    transport, open_harness
):
    async with open_harness() as harness, connect_slow_peer(harness) as (slow_peer, server):
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
            slow_peer.woken.set()
            await slow_peer.until(
                lambda: newest <= {int(message.split()[0]) for message in slow_peer.messages[1:]}
            )
            assert len(slow_peer.messages) == counters.sent + len(LANES)


async def test_a_message_that_is_sure_to_arrive_is_not_replaced(transport, open_harness):
    async with open_harness() as harness, connect_slow_peer(harness) as (slow_peer, server):
        sure = []
        for number in range(SNAPSHOTS):
            if server.channel.next_is_sure:
                sure.append(number)
            server.send(b"%d " % number + SNAPSHOT, Delivery.LATEST)
        assert len(sure) < SNAPSHOTS
        assert not (sure and transport.guarantees.latest_may_be_lost)
        slow_peer.woken.set()
        await slow_peer.until(
            lambda: set(sure) <= {int(message.split()[0]) for message in slow_peer.messages[1:]}
        )


async def test_sending_to_a_slow_peer_never_blocks_and_holds_up_nobody(open_harness):
    async with open_harness() as harness:
        client, other = await harness.meet()
        other.on_message = other.send
        async with connect_slow_peer(harness) as (_, server):
            longest_send_s = longest_echo_s = 0.0
            for number in range(100):
                start = perf_counter()
                for _ in range(SNAPSHOTS // 100):
                    server.send(SNAPSHOT, Delivery.LATEST)
                sent = perf_counter()
                client.send(b"%d" % number)
                await client.received(number + 1)
                longest_send_s = max(longest_send_s, sent - start)
                longest_echo_s = max(longest_echo_s, perf_counter() - sent)
            # Generous, for a busy machine: a wait for the peer would never end.
            assert longest_send_s < 15.0
            assert longest_echo_s < 15.0


async def test_too_many_reliable_messages_for_a_slow_peer_end_its_channel(transport, open_harness):
    large = bytes(transport.guarantees.message_limit_bytes)
    async with open_harness() as harness:
        client, other = await harness.meet()
        async with (
            connect_slow_peer(harness) as (slow_peer, server),
            traced_memory() as grown_bytes,
        ):
            for _ in range(20_000_000 // len(large)):
                server.send(large)
                await asyncio.sleep(0)
            assert grown_bytes() < RELIABLE_MEMORY_LIMIT_BYTES
            assert isinstance(await server.ended(), SendQueueOverflow)
        assert isinstance(slow_peer.ending[0], ChannelLost)
        client.send(b"and the others play on")
        assert await other.received(1) == [b"and the others play on"]


async def test_closing_a_slow_peer_takes_no_longer_than_promised(open_harness):
    async with open_harness() as harness, connect_slow_peer(harness) as (_, server):
        for _ in range(1000):
            server.send(SNAPSHOT)
        start = perf_counter()
        await server.channel.close()
        assert perf_counter() - start < CLOSE_LIMIT_S
        assert len(server.endings) == 1


async def test_a_listener_closes_although_a_peer_does_not_read(open_harness):
    async with open_harness() as harness, connect_slow_peer(harness):
        start = perf_counter()
        await harness.listener.close()
        assert perf_counter() - start < CLOSE_LIMIT_S
