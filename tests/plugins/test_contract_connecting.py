"""The contract on connecting and listening: addresses, failures, cancelling."""

import asyncio
import socket
from contextlib import ExitStack, suppress

import pytest

from net.errors import AddressInUse, AddressNotAvailable, ConnectError, ResolveError
from net.registry import installed_transports
from net.transport import Address, SocketOptions
from tests.plugins.conftest import PAGE_TRANSPORT

LOOPBACK = "127.0.0.1"

# RFC 5737: an address for documentation, which no machine has.
NOBODYS_HOST = "203.0.113.1"


def echo(peer):
    peer.on_message = peer.send


def test_the_transport_describes_itself(transport):
    assert transport.name in {*installed_transports(), PAGE_TRANSPORT}
    assert transport.guarantees.summary
    assert transport.guarantees.message_limit_bytes >= 16 * 1024
    # No transport has less than IP and UDP.
    assert transport.guarantees.header_bytes >= 28


@pytest.mark.parametrize("host", [LOOPBACK, "::1", "localhost"])
async def test_a_host_may_be_a_name_or_of_either_family(open_harness, host):
    async with open_harness(host) as harness:
        client, server = await harness.meet()
        client.send(b"hello")
        assert await server.received(1) == [b"hello"]
        assert client.channel.peer == harness.listener.addresses[0]
        assert server.channel.peer.host == client.channel.peer.host
        assert server.channel.transport is harness.transport


async def test_no_host_means_every_address_on_one_port(open_harness):
    async with open_harness("") as harness:
        (port,) = {address.port for address in harness.listener.addresses}
        assert {address.host for address in harness.listener.addresses} == {"0.0.0.0", "::"}
        for host in (LOOPBACK, "::1"):
            client, server = await harness.meet(at=Address(host, port))
            client.send(host.encode())
            assert await server.received(1) == [host.encode()]


async def test_a_port_where_nobody_listens_is_a_failure_and_not_a_wait(transport, open_harness):
    async with open_harness() as harness:
        await harness.listener.close()
        with pytest.raises(ConnectError, match=str(harness.listener.addresses[0].port)):
            await harness.join()


async def test_a_host_that_does_not_exist_is_unknown(open_harness):
    async with open_harness() as harness:
        with pytest.raises(ResolveError, match=r"nobody\.invalid"):
            await harness.join(at=Address("nobody.invalid", 7777))


async def test_a_port_in_use_is_refused(transport, open_harness):
    async with open_harness() as harness:
        address = harness.listener.addresses[0]
        with pytest.raises(AddressInUse, match=str(address.port)):
            await transport.listen(address, harness.accept)
        client, server = await harness.meet()
        client.send(b"the first one goes on")
        assert await server.received(1) == [b"the first one goes on"]


async def test_an_address_that_is_not_ours_is_refused(transport, open_harness):
    with pytest.raises(AddressNotAvailable, match=NOBODYS_HOST):
        await transport.listen(Address(NOBODYS_HOST, 0), accept=pytest.fail)


async def test_buffers_are_asked_for_and_what_was_granted_is_shown(open_harness):
    asked = SocketOptions(send_buffer_bytes=40_000, receive_buffer_bytes=30_000)
    async with open_harness() as harness:
        client, server = await harness.meet(asked)
        granted = client.channel.buffers()
        # Linux grants twice the requested size, others that size or their own minimum.
        assert 40_000 <= granted.send_bytes <= 80_000
        assert 30_000 <= granted.receive_bytes <= 60_000
        assert min(server.channel.buffers()) > 0


async def test_nagle_may_be_set_on_any_channel_at_any_time(open_harness):
    async with open_harness() as harness:
        client, server = await harness.meet(SocketOptions(nagle=True))
        for on in (False, True):
            client.channel.set_nagle(on)
            client.send(b"%d" % on)
        assert await server.received(2) == [b"0", b"1"]
        await client.channel.close()
        client.channel.set_nagle(False)


@pytest.mark.parametrize("passes", range(12))
async def test_a_connect_cancelled_at_any_moment_leaves_nothing(open_harness, passes):
    async with open_harness() as harness:
        joining = asyncio.create_task(harness.join())
        for _ in range(passes):
            await asyncio.sleep(0)
        joining.cancel()
        with suppress(asyncio.CancelledError):
            await joining
        # The next accepted end may be the cancelled one, so an echo is requested.
        harness.on_arrival = echo
        client = await harness.join()
        client.send(b"next")
        assert await client.received(1) == [b"next"]


async def test_connecting_to_a_silent_address_can_be_cancelled(transport, open_harness):
    async with open_harness() as harness:
        with ExitStack() as mute:
            # TCP and UDP on one port, so that it is silent for every transport.
            stream = mute.enter_context(socket.create_server((LOOPBACK, 0)))
            datagrams = mute.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            datagrams.bind(stream.getsockname())
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    # Over plain TCP the system accepts, so there is a channel.
                    await harness.join(at=Address(*stream.getsockname()))
            for client in harness.joined:
                client.channel.abort()
                await client.ended()


async def test_a_listener_may_close_while_peers_arrive(open_harness):
    async with open_harness() as harness:
        joining = [asyncio.create_task(harness.join()) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await harness.listener.close()
        for task in joining:
            task.cancel()
        await asyncio.gather(*joining, return_exceptions=True)
        for server in harness.arrived:
            await server.ended()
