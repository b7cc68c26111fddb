"""The contract on encrypting: offered where the guarantees say so, and then it holds."""

import pytest

from net.errors import EncryptionUnavailable
from net.transport import Delivery

TO_SERVER, TO_CLIENT = b"u" * 32, b"d" * 32


def secure(peer, send_key, receive_key):
    """Encrypt, or be told that this transport does not."""
    channel = peer.channel
    if channel.transport.guarantees.supports_encryption:
        channel.enable_encryption(send_key, receive_key)
    else:
        with pytest.raises(EncryptionUnavailable, match=channel.transport.name):
            channel.enable_encryption(send_key, receive_key)


async def test_messages_pass_both_ways_under_common_keys(open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        client.send(b"proof")
        secure(client, TO_SERVER, TO_CLIENT)
        await server.heard(1)
        secure(server, TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        assert await client.heard(1) == [b"welcome"]
        client.send(b"input", Delivery.LATEST)
        client.send(b"r" * 20_000)
        assert await server.heard(3) == [b"proof", b"input", b"r" * 20_000]
        server.send(b"snapshot", Delivery.LATEST)
        assert await client.heard(2) == [b"welcome", b"snapshot"]


async def test_under_other_keys_nothing_is_heard(transport, open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        _, witness = await venue.meet()
        secure(client, TO_SERVER, TO_CLIENT)
        secure(server, b"x" * 32, b"y" * 32)
        server.send(b"welcome")
        client.send(b"input")
        # What another pair exchanges meanwhile has had all the time it needs.
        for _ in range(20):
            witness.send(b"tick")
        await venue.joined[1].heard(20)
        is_open = not transport.guarantees.supports_encryption
        if is_open:
            await client.heard(1)
            await server.heard(1)
        assert client.messages == [b"welcome"] * is_open
        assert server.messages == [b"input"] * is_open
        client.channel.abort()
        server.channel.abort()


async def test_a_goodbye_under_common_keys_is_understood(open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        secure(client, TO_SERVER, TO_CLIENT)
        secure(server, TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        await client.heard(1)
        await client.channel.close()
        assert await server.ended() is None
