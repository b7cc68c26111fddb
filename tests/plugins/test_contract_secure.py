"""The contract on encryption: it is available if the guarantees say so, and then works."""

import pytest

from net.errors import EncryptionUnavailable
from net.transport import Delivery

TO_SERVER, TO_CLIENT = b"u" * 32, b"d" * 32


def secure(peer, send_key, receive_key):
    """Enable encryption, or check that the transport refuses."""
    channel = peer.channel
    if channel.transport.guarantees.supports_encryption:
        channel.enable_encryption(send_key, receive_key)
    else:
        with pytest.raises(EncryptionUnavailable, match=channel.transport.name):
            channel.enable_encryption(send_key, receive_key)


async def test_messages_pass_both_ways_under_common_keys(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        client.send(b"proof")
        secure(client, TO_SERVER, TO_CLIENT)
        await server.received(1)
        secure(server, TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        assert await client.received(1) == [b"welcome"]
        client.send(b"input", Delivery.LATEST)
        client.send(b"r" * 20_000)
        assert await server.received(3) == [b"proof", b"input", b"r" * 20_000]
        server.send(b"snapshot", Delivery.LATEST)
        assert await client.received(2) == [b"welcome", b"snapshot"]


async def test_under_other_keys_nothing_is_delivered(transport, open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        _, witness = await harness.meet()
        secure(client, TO_SERVER, TO_CLIENT)
        secure(server, b"x" * 32, b"y" * 32)
        server.send(b"welcome")
        client.send(b"input")
        # Another pair exchanges messages meanwhile, which gives these time enough to arrive.
        for _ in range(20):
            witness.send(b"tick")
        await harness.joined[1].received(20)
        is_open = not transport.guarantees.supports_encryption
        if is_open:
            await client.received(1)
            await server.received(1)
        assert client.messages == [b"welcome"] * is_open
        assert server.messages == [b"input"] * is_open
        client.channel.abort()
        server.channel.abort()


async def test_a_close_under_common_keys_is_understood(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet()
        secure(client, TO_SERVER, TO_CLIENT)
        secure(server, TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        await client.received(1)
        await client.channel.close()
        assert await server.ended() is None
