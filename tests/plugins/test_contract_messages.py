"""The contract on messages: delivery, order and size."""

import asyncio
import random
from contextlib import suppress
from time import perf_counter

import pytest

from net.errors import MessageTooLarge
from net.transport import LANES, Delivery

# Lengths around which a wire format changes its header, packet or fragments.
SIZES = [0, 1, 2, 125, 126, 127, 1199, 1200, 1201, 1460, 16_383, 16_384, 16_385, 65_535]

# After this a message that may be lost is sent again: many round trips on loopback.
RESEND_AFTER_S = 0.2


def patterned(size):
    """Return bytes in which no two positions look alike, so that every mix-up is detected."""
    return random.Random(size).randbytes(size)


def echo(peer):
    peer.on_message = peer.send


async def first_heard(sender, hearer, message, delivery):
    """Send a message, and again if it may have been lost; return what the other end received."""
    may_be_lost = (
        delivery is Delivery.LATEST and sender.channel.transport.guarantees.latest_may_be_lost
    )
    before = len(hearer.messages)
    while len(hearer.messages) == before:
        sender.send(message, delivery)
        with suppress(TimeoutError):
            async with asyncio.timeout(RESEND_AFTER_S if may_be_lost else None):
                await hearer.received(before + 1)
    return hearer.messages[before]


@pytest.mark.parametrize("delivery", Delivery)
async def test_every_size_up_to_the_limit_arrives_unchanged(transport, open_harness, delivery):
    limit = transport.guarantees.message_limit_bytes
    async with open_harness() as harness:
        client, server = await harness.meet()
        for size in [size for size in SIZES if size < limit] + [limit - 1, limit]:
            message = patterned(size)
            assert await first_heard(client, server, message, delivery) == message
            assert await first_heard(server, client, message, delivery) == message


@pytest.mark.parametrize("delivery", Delivery)
async def test_one_byte_over_the_limit_is_refused_and_harms_nothing(
    transport, open_harness, delivery
):
    too_large = bytes(transport.guarantees.message_limit_bytes + 1)
    async with open_harness() as harness:
        client, server = await harness.meet()
        with pytest.raises(MessageTooLarge):
            client.send(too_large, delivery)
        with pytest.raises(MessageTooLarge):
            server.send(too_large, delivery)
        assert await first_heard(client, server, b"still here", delivery) == b"still here"


async def test_received_messages_are_bytes_that_may_be_kept(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        sent = [patterned(size) for size in range(1, 200)]
        for message in sent:
            client.send(message)
        received = await server.received(len(sent))
        assert all(type(message) is bytes for message in received)
        assert received == sent


async def test_reliable_messages_arrive_once_and_in_order_both_ways(open_harness):
    rng = random.Random(20261120)
    sent = [rng.randbytes(rng.choice([0, 3, 64, 900, 1500, 5000])) for _ in range(300)]
    async with open_harness() as harness:
        client, server = await harness.meet()
        for message in sent:
            client.send(message)
            server.send(message[::-1])
        assert await server.received(len(sent)) == sent
        assert await client.received(len(sent)) == [message[::-1] for message in sent]


async def test_a_burst_of_ten_thousand_arrives_whole_and_in_order(open_harness):
    burst = [b"%d" % number for number in range(10_000)]
    async with open_harness() as harness:
        client, server = await harness.meet()
        for message in burst:
            client.send(message)
        assert await server.received(len(burst)) == burst


async def test_a_burst_from_the_server_goes_to_each_of_its_peers(open_harness):
    burst = [b"%d" % number for number in range(2_000)]
    async with open_harness() as harness:
        meetings = [await harness.meet() for _ in range(5)]
        for message in burst:
            for _, server in meetings:
                server.send(message)
        for client, _ in meetings:
            assert await client.received(len(burst)) == burst


async def test_latest_messages_never_arrive_after_a_newer_one_of_their_lane(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        for number in range(2_000):
            for lane in LANES:
                client.send(b"%d %d" % (lane, number), Delivery.LATEST, lane)
            if number % 50 == 0:
                await asyncio.sleep(0)
        client.send(b"done")
        await server.until(lambda: b"done" in server.messages)
        received = [message.split() for message in server.messages if message != b"done"]
        for lane in LANES:
            numbers = [int(number) for came_in, number in received if int(came_in) == lane]
            assert numbers, f"nothing of lane {lane} arrived"
            assert numbers == sorted(set(numbers))


async def test_the_latest_message_arrives_where_the_wire_loses_none(transport, open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        for number in range(500):
            client.send(b"%d" % number, Delivery.LATEST)
        if transport.guarantees.latest_may_be_lost:
            # One of them does. The contract says only that each may arrive.
            await server.received(1)
        else:
            await server.until(lambda: b"499" in server.messages)
        sent, replaced = client.channel.stats().sent, client.channel.stats().replaced
        assert sent + replaced == 500


async def test_messages_are_stamped_on_arrival_with_the_performance_counter(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        before = perf_counter()
        for number in range(20):
            client.send(b"%d" % number)
            await server.received(number + 1)
        after = perf_counter()
        assert server.stamps == sorted(server.stamps)
        assert before <= server.stamps[0]
        assert server.stamps[-1] <= after


async def test_a_receiver_may_answer_while_it_receives(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        server.on_message = lambda message: server.send(message + b"!")
        for number in range(100):
            client.send(b"%d" % number)
        assert await client.received(100) == [b"%d!" % number for number in range(100)]


async def test_the_server_may_speak_first(open_harness):
    async with open_harness() as harness:
        harness.on_arrival = lambda peer: peer.send(b"welcome")
        client = await harness.join()
        assert await client.received(1) == [b"welcome"]


async def test_many_channels_do_not_mix_up_their_messages(open_harness):
    async with open_harness() as harness:
        harness.on_arrival = echo
        clients = await asyncio.gather(*(harness.join() for _ in range(50)))
        for number, client in enumerate(clients):
            for count in range(20):
                client.send(b"%d/%d" % (number, count))
        for number, client in enumerate(clients):
            assert await client.received(20) == [b"%d/%d" % (number, count) for count in range(20)]
