"""The UDP plugin: changes of address, restarted servers, blocked sockets."""

import asyncio
import errno
import socket
import sys

import pytest

from net.datagram.wire_format import DATAGRAM_LIMIT_BYTES, FROM_CLIENT, LATEST, NUMBERED_HEADER
from net.errors import ConnectRefused, ConnectStage, ConnectTimeout, PeerReset
from net.transport import LANE_PING, LANE_STATE, Address, Delivery, SocketOptions
from plugins.udp import UdpTransport

LOOPBACK = "127.0.0.1"


class FailingSocket:
    """A socket whose first sends fail with the given errors."""

    def __init__(self, sock, *failures):
        self._sock = sock
        self._failures = list(failures)

    def send(self, datagram):
        if self._failures:
            raise self._failures.pop(0)
        return self._sock.send(datagram)

    def __getattr__(self, name):
        return getattr(self._sock, name)


def make_fail(channel, *failures):
    """Let the next sends of a client's channel fail."""
    channel.udp_socket.sock = FailingSocket(channel.udp_socket.sock, *failures)


@pytest.fixture
def harness(make_harness):
    return make_harness(UdpTransport())()


async def test_a_small_message_costs_the_headers_that_the_guarantees_name(harness):
    async with harness as opened:
        client, server = await opened.meet()
        client.channel.send(b"12345", Delivery.LATEST)
        await server.received(1)
        sent = client.channel.stats()
        assert sent.wire_bytes_sent == UdpTransport.guarantees.header_bytes + 5
        assert server.channel.stats().wire_bytes_received == sent.wire_bytes_sent


async def test_the_handshake_is_a_stage_from_the_first_answer_on(harness):
    stages = []
    async with harness as opened:
        await opened.meet(SocketOptions(on_stage=stages.append))
    assert list(dict.fromkeys(stages)) == [ConnectStage.CONNECT, ConnectStage.HANDSHAKE]


async def test_a_client_whose_network_changes_keeps_its_channel(harness):
    async with harness as opened:
        client, server = await opened.meet()
        client.send(b"from home")
        await server.received(1)
        home = server.channel.peer
        make_fail(client.channel, OSError(errno.ENETUNREACH, "no route"))
        client.send(b"from the cafe")
        await server.received(2)
        # It may still be sent to the old address, but it arrives.
        server.send(b"good to have you back")
        assert await client.received(1) == [b"good to have you back"]
        assert server.channel.peer != home
        assert server.messages == [b"from home", b"from the cafe"]


async def test_without_any_network_a_client_tries_no_more_than_once_a_second(harness):
    async with harness as opened:
        client, _ = await opened.meet()
        make_fail(client.channel, OSError(errno.ENETUNREACH, "no route"))
        client.send(b"a", Delivery.LATEST)
        port = client.channel.udp_socket
        make_fail(client.channel, *[OSError(errno.ENETUNREACH, "no route")] * 20)
        for _ in range(10):
            client.send(b"b", Delivery.LATEST)
        assert client.channel.udp_socket is port
        assert not client.channel.closed


async def test_a_restarted_server_resets_old_connections(harness):
    async with harness as opened:
        client, server = await opened.meet()
        # As after a restart of a killed server: the new one knows no connection.
        opened.listener.close_sockets()
        server.channel.abort()
        async with await UdpTransport().listen(opened.listener.addresses[0], opened.accept):
            client.send(b"input", Delivery.LATEST)
            assert isinstance(await client.ended(), PeerReset)


async def test_a_server_that_is_away_for_a_moment_ends_no_channel(harness):
    async with harness as opened:
        client, server = await opened.meet()
        opened.listener.close_sockets()
        for _ in range(3):
            client.send(b"anybody?", Delivery.LATEST)
            # The system reports that nothing listens. The session has its own, longer timeout.
            await asyncio.sleep(0.01)
        assert not client.channel.closed
        client.channel.abort()
        server.channel.abort()


async def test_while_the_socket_takes_nothing_the_newest_of_each_lane_waits(harness):
    async with harness as opened:
        client, server = await opened.meet()
        make_fail(client.channel, BlockingIOError())
        client.send(b"stuck", Delivery.LATEST)
        for index in range(5):
            client.send(b"state %d" % index, Delivery.LATEST, LANE_STATE)
        client.send(b"ping", Delivery.LATEST, LANE_PING)
        client.send(b"goal")
        await server.received(4)
        assert sorted(server.messages) == [b"goal", b"ping", b"state 4", b"stuck"]
        assert client.channel.stats().replaced == 4
        assert server.channel.stats().lost == 0


async def test_an_address_where_nothing_listens_is_reported_at_once():
    with socket.socket(type=socket.SOCK_DGRAM) as gone:
        gone.bind((LOOPBACK, 0))
        address = Address(*gone.getsockname())
    with pytest.raises(ConnectRefused, match=str(address.port)):
        await UdpTransport().connect(address, receiver=None)


async def test_no_answer_is_a_timeout():
    options = SocketOptions(stage_timeout_s=0.05)
    with socket.socket(type=socket.SOCK_DGRAM) as mute:
        mute.bind((LOOPBACK, 0))
        with pytest.raises(ConnectTimeout, match="no answer"):
            await UdpTransport().connect(Address(*mute.getsockname()), None, options)


async def test_a_datagram_over_the_limit_is_dropped_whole(harness):
    async with harness as opened:
        client, server = await opened.meet()
        connection_id = client.channel.connection.connection_id
        header = NUMBERED_HEADER.pack(FROM_CLIENT | LATEST, connection_id, 1, 0, 0)
        client.channel.udp_socket.send(header + bytes(DATAGRAM_LIMIT_BYTES), None)
        client.send(b"good")
        assert await server.received(1) == [b"good"]
        assert server.channel.stats().invalid == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have 127.0.0.1 only")
async def test_silent_addresses_of_a_name_do_not_keep_a_client_from_the_right_one(
    harness, monkeypatch
):
    async with harness as opened:
        right = opened.listener.addresses[0]
        with (
            socket.socket(type=socket.SOCK_DGRAM) as silent,
            socket.socket(type=socket.SOCK_DGRAM) as mute,
        ):
            silent.bind(("127.0.0.2", right.port))
            mute.bind(("127.0.0.3", right.port))
            infos = [
                (socket.AF_INET, socket.SOCK_DGRAM, 17, "", (host, 0))
                for host in ("127.0.0.2", "127.0.0.3", right.host)
            ]
            numbers = socket.getaddrinfo

            def look_up(host, *arguments, **options):
                return infos if host == "lab" else numbers(host, *arguments, **options)

            monkeypatch.setattr(socket, "getaddrinfo", look_up)
            client, _ = await opened.meet(at=Address("lab", right.port))
        assert client.channel.peer == right
        client.channel.abort()
