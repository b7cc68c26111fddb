"""The contract on encrypting: offered where the guarantees say so, and then it holds."""

import pytest

from net.errors import CannotEncrypt
from net.transport import Delivery

TO_SERVER, TO_CLIENT = b"u" * 32, b"d" * 32


@pytest.fixture
def encrypting(transport):
    if not transport.guarantees.encrypts:
        pytest.skip(f"{transport.name} does not promise to encrypt")
    return transport


async def test_who_does_not_promise_to_encrypt_says_so(transport, open_venue):
    if transport.guarantees.encrypts:
        pytest.skip(f"{transport.name} promises to encrypt")
    async with open_venue() as venue:
        client, _ = await venue.meet()
        with pytest.raises(CannotEncrypt, match=transport.name):
            client.channel.secure(TO_SERVER, TO_CLIENT)


async def test_messages_pass_both_ways_under_common_keys(encrypting, open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        client.send(b"proof")
        client.channel.secure(TO_SERVER, TO_CLIENT)
        await server.heard(1)
        server.channel.secure(TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        assert await client.heard(1) == [b"welcome"]
        client.send(b"input", Delivery.LATEST)
        client.send(b"r" * 20_000)
        assert await server.heard(3) == [b"proof", b"input", b"r" * 20_000]
        server.send(b"snapshot", Delivery.LATEST)
        assert await client.heard(2) == [b"welcome", b"snapshot"]


async def test_under_other_keys_nothing_is_heard(encrypting, open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        _, witness = await venue.meet()
        client.channel.secure(TO_SERVER, TO_CLIENT)
        server.channel.secure(b"x" * 32, b"y" * 32)
        server.send(b"welcome")
        client.send(b"input")
        # What another pair exchanges meanwhile has had all the time it needs.
        for _ in range(20):
            witness.send(b"tick")
        await venue.joined[1].heard(20)
        assert client.messages == []
        assert server.messages == []
        client.channel.abort()
        server.channel.abort()


async def test_a_goodbye_under_common_keys_is_understood(encrypting, open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet()
        client.channel.secure(TO_SERVER, TO_CLIENT)
        server.channel.secure(TO_CLIENT, TO_SERVER)
        server.send(b"welcome")
        await client.heard(1)
        await client.channel.close()
        assert await server.ended() is None
