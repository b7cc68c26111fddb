"""The contract on connecting and listening: addresses, failures, and changing one's mind."""

import asyncio
import socket
from contextlib import ExitStack, suppress

import pytest

from net.errors import AddressInUse, AddressNotAvailable, ConnectError, ResolveError
from net.registry import installed_transports
from net.transport import Address, SocketOptions

LOOPBACK = "127.0.0.1"

# RFC 5737: an address for documentation; no machine has it.
NOBODYS_HOST = "203.0.113.1"


def echo(peer):
    peer.on_message = peer.send


def test_the_transport_describes_itself(transport):
    assert transport.name in installed_transports()
    assert transport.guarantees.summary
    assert transport.guarantees.message_limit_bytes >= 16 * 1024
    # Less than IP and UDP is not to be had.
    assert transport.guarantees.header_bytes >= 28


@pytest.mark.parametrize("host", [LOOPBACK, "::1", "localhost"])
async def test_a_host_may_be_a_name_or_of_either_family(open_venue, host):
    async with open_venue(host) as venue:
        client, server = await venue.meet()
        client.send(b"hello")
        assert await server.heard(1) == [b"hello"]
        assert client.channel.peer == venue.listener.addresses[0]
        assert server.channel.peer.host == client.channel.peer.host
        assert server.channel.transport is venue.transport


async def test_no_host_means_every_address_on_one_port(open_venue):
    async with open_venue("") as venue:
        (port,) = {address.port for address in venue.listener.addresses}
        assert {address.host for address in venue.listener.addresses} == {"0.0.0.0", "::"}
        for host in (LOOPBACK, "::1"):
            client, server = await venue.meet(at=Address(host, port))
            client.send(host.encode())
            assert await server.heard(1) == [host.encode()]


async def test_a_port_where_nobody_listens_is_a_failure_and_not_a_wait(transport, open_venue):
    async with open_venue() as venue:
        await venue.listener.close()
        with pytest.raises(ConnectError, match=str(venue.listener.addresses[0].port)):
            await venue.join()


async def test_a_host_that_does_not_exist_is_unknown(open_venue):
    async with open_venue() as venue:
        with pytest.raises(ResolveError, match=r"nobody\.invalid"):
            await venue.join(at=Address("nobody.invalid", 7777))


async def test_a_port_in_use_is_refused(transport, open_venue):
    async with open_venue() as venue:
        address = venue.listener.addresses[0]
        with pytest.raises(AddressInUse, match=str(address.port)):
            await transport.listen(address, venue.accept)
        client, server = await venue.meet()
        client.send(b"the first one goes on")
        assert await server.heard(1) == [b"the first one goes on"]


async def test_an_address_that_is_not_ours_is_refused(transport, open_venue):
    with pytest.raises(AddressNotAvailable, match=NOBODYS_HOST):
        await transport.listen(Address(NOBODYS_HOST, 0), accept=pytest.fail)


async def test_buffers_are_asked_for_and_what_was_granted_is_shown(open_venue):
    asked = SocketOptions(send_buffer_bytes=40_000, receive_buffer_bytes=30_000)
    async with open_venue() as venue:
        client, server = await venue.meet(asked)
        granted = client.channel.buffers()
        # Linux grants twice what is asked, others what is asked or their own minimum.
        assert 40_000 <= granted.send_bytes <= 80_000
        assert 30_000 <= granted.receive_bytes <= 60_000
        assert min(server.channel.buffers()) > 0


async def test_nagle_may_be_set_on_any_channel_at_any_time(open_venue):
    async with open_venue() as venue:
        client, server = await venue.meet(SocketOptions(nagle=True))
        for on in (False, True):
            client.channel.set_nagle(on)
            client.send(b"%d" % on)
        assert await server.heard(2) == [b"0", b"1"]
        await client.channel.close()
        client.channel.set_nagle(False)


@pytest.mark.parametrize("passes", range(12))
async def test_a_connect_cancelled_at_any_moment_leaves_nothing(open_venue, passes):
    async with open_venue() as venue:
        joining = asyncio.create_task(venue.join())
        for _ in range(passes):
            await asyncio.sleep(0)
        joining.cancel()
        with suppress(asyncio.CancelledError):
            await joining
        # Who arrives next may be the one who was cancelled, so ask for an echo.
        venue.on_arrival = echo
        client = await venue.join()
        client.send(b"next")
        assert await client.heard(1) == [b"next"]


async def test_connecting_to_one_who_says_nothing_can_be_given_up(transport, open_venue):
    async with open_venue() as venue:
        with ExitStack() as mute:
            # Both kinds on one port, so that it is mute whatever the transport is made of.
            stream = mute.enter_context(socket.create_server((LOOPBACK, 0)))
            datagrams = mute.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            datagrams.bind(stream.getsockname())
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    # Where the system alone says yes, as with TCP, there is a channel.
                    await venue.join(at=Address(*stream.getsockname()))
            for client in venue.joined:
                client.channel.abort()
                await client.ended()


async def test_a_listener_may_close_while_peers_arrive(open_venue):
    async with open_venue() as venue:
        joining = [asyncio.create_task(venue.join()) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await venue.listener.close()
        for task in joining:
            task.cancel()
        await asyncio.gather(*joining, return_exceptions=True)
        for server in venue.arrived:
            await server.ended()
