"""The contract on counters: they grow, agree at both ends, and remain after the end."""

import pytest

from net.transport import Delivery

ROUNDS = 200
SMALL = bytes(64)


async def play_rounds(client, server, delivery):
    """Send a message back and forth, so that each travels in a packet of its own."""
    server.on_message = lambda message: server.send(message, delivery)
    for number in range(ROUNDS):
        client.send(SMALL, delivery)
        await client.received(number + 1)


async def test_a_new_channel_has_carried_no_message(open_harness):
    async with open_harness() as harness:
        for peer in await harness.meet():
            counters = peer.channel.stats()
            assert (counters.sent, counters.received) == (0, 0)
            assert (counters.payload_bytes_sent, counters.payload_bytes_received) == (0, 0)


@pytest.mark.parametrize("delivery", Delivery)
async def test_both_ends_count_the_same_messages(open_harness, delivery):
    async with open_harness() as harness:
        client, server = await harness.meet()
        await play_rounds(client, server, delivery)
        ours, theirs = client.channel.stats(), server.channel.stats()
        assert ours.sent == ours.received == theirs.sent == theirs.received == ROUNDS
        assert ours.payload_bytes_sent == theirs.payload_bytes_received == ROUNDS * len(SMALL)
        assert ours.payload_bytes_received == theirs.payload_bytes_sent == ROUNDS * len(SMALL)
        assert ours.stale == ours.duplicate == ours.invalid == ours.replaced == 0


@pytest.mark.parametrize("delivery", Delivery)
async def test_wire_bytes_hold_the_headers_that_the_guarantees_name(
    transport, open_harness, delivery
):
    async with open_harness() as harness:
        client, server = await harness.meet()
        before = client.channel.stats()
        await play_rounds(client, server, delivery)
        after = client.channel.stats()
        wire_bytes = after.wire_bytes_sent - before.wire_bytes_sent
        overhead_bytes = wire_bytes / ROUNDS - len(SMALL)
        # Lower bound: without the kernel's counters no TCP options are assumed. Upper bound:
        # acknowledgements in packets of their own.
        assert overhead_bytes >= transport.guarantees.header_bytes * 0.75
        assert overhead_bytes <= transport.guarantees.header_bytes * 1.6


async def test_sent_counters_of_one_end_equal_received_counters_of_the_other(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        await play_rounds(client, server, Delivery.RELIABLE)
        await client.channel.close()
        await server.ended()
        ours, theirs = client.channel.stats(), server.channel.stats()
        assert ours.wire_bytes_sent == pytest.approx(theirs.wire_bytes_received, rel=0.1)
        assert ours.wire_bytes_received == pytest.approx(theirs.wire_bytes_sent, rel=0.1)


async def test_counters_outlive_the_channel(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        await play_rounds(client, server, Delivery.RELIABLE)
        before = client.channel.stats()
        await client.channel.close()
        await server.ended()
        after = client.channel.stats()
        assert after.sent == before.sent
        assert after.wire_bytes_sent >= before.wire_bytes_sent
        assert server.channel.stats().received == ROUNDS
