"""The contract on closing: both ends are notified exactly once, and nothing is left behind."""

import asyncio
from time import perf_counter

import pytest

from net.errors import ChannelLost
from net.transport import Address, Delivery

CLOSERS = pytest.mark.parametrize("closer", ["client", "server"])


def in_order(client, server, closer):
    """Return the end that closes first, then the other."""
    return (client, server) if closer == "client" else (server, client)


@CLOSERS
async def test_a_close_ends_both_ends_without_an_error(open_harness, closer):
    async with open_harness() as harness:
        first, other = in_order(*await harness.meet(), closer)
        await first.channel.close()
        assert first.endings == [None]
        assert await other.ended() is None
        assert first.channel.closed
        assert other.channel.closed
    assert first.endings == other.endings == [None]


async def test_both_ends_may_close_at_the_same_moment(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        await asyncio.gather(client.channel.close(), server.channel.close())
    assert client.endings == server.endings == [None]


@CLOSERS
async def test_messages_sent_before_the_close_arrive(open_harness, closer):
    sent = [bytes([number]) * 1000 for number in range(200)]
    async with open_harness() as harness:
        first, other = in_order(*await harness.meet(), closer)
        for message in sent:
            first.send(message)
        await first.channel.close()
        assert await other.ended() is None
        assert other.messages == sent


async def test_closing_twice_and_after_the_end_does_nothing(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        await asyncio.gather(client.channel.close(), client.channel.close())
        await client.channel.close()
        await server.ended()
        await server.channel.close()
        client.channel.abort()
    assert client.endings == server.endings == [None]


async def test_leaving_the_block_of_a_channel_closes_it(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        async with client.channel as channel:
            assert not channel.closed
        assert client.endings == [None]
        assert await server.ended() is None


@CLOSERS
async def test_sending_on_an_ended_channel_does_nothing(open_harness, closer):
    async with open_harness() as harness:
        first, other = in_order(*await harness.meet(), closer)
        await first.channel.close()
        await other.ended()
        before = first.channel.stats().sent, other.channel.stats().sent
        for delivery in Delivery:
            first.send(b"too late", delivery)
            other.send(b"too late", delivery)
        assert (first.channel.stats().sent, other.channel.stats().sent) == before


@CLOSERS
async def test_a_peer_that_aborts_is_lost_and_not_mistaken_for_one_that_left(open_harness, closer):
    async with open_harness() as harness:
        first, other = in_order(*await harness.meet(), closer)
        first.channel.abort()
        assert first.channel.closed
        assert isinstance(await other.ended(), ChannelLost)
        assert await first.ended() is None
    assert len(first.endings) == len(other.endings) == 1


async def test_a_receiver_may_abort_while_it_receives(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        server.on_message = lambda message: server.channel.abort()
        for number in range(10):
            client.send(b"%d" % number)
        await server.ended()
        await client.ended()
        assert server.messages == [b"0"]


async def test_a_cancelled_close_aborts(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        closing = asyncio.create_task(client.channel.close())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert client.channel.closed
        await client.ended()
        await server.ended()


async def test_a_listener_that_closes_closes_every_channel(open_harness):
    async with open_harness() as harness:
        meetings = [await harness.meet() for _ in range(10)]
        await harness.listener.close()
        for client, server in meetings:
            assert server.endings == [None]
            assert await client.ended() is None


async def test_a_listener_that_closed_gives_its_port_back(transport, open_harness):
    async with open_harness() as harness:
        await harness.meet()
        host, port = harness.listener.addresses[0]
        await harness.listener.close()
        again = await transport.listen(Address(host, port), harness.accept)
        async with again:
            assert again.addresses == (Address(host, port),)


async def test_a_listener_closes_once(open_harness):
    async with open_harness() as harness:
        await harness.listener.close()
        await harness.listener.close()


async def test_closing_takes_a_few_round_trips(open_harness):
    async with open_harness() as harness:
        # A close that waits for a timeout takes a second every time. One that is answered may
        # take as long on a busy machine, but not every time.
        durations_s = []
        while not durations_s or durations_s[-1] > 0.5:
            client, _ = await harness.meet()
            start = perf_counter()
            await client.channel.close()
            durations_s.append(perf_counter() - start)
            assert len(durations_s) < 20, durations_s
