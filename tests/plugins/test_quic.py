"""The QUIC plugin beyond the contract: certificates, moving, half-open connections, garbage."""

import asyncio
import os
import socket
import struct
from contextlib import suppress

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from net.errors import ConnectError, ConnectTimeout, TlsError
from net.quic import handshake_queue
from net.quic import listener as listener_module
from net.registry import load_transport
from net.security.certificates import fingerprint_of, make_self_signed
from net.transport import Address, Delivery, SocketOptions, TlsConfig

OWN = make_self_signed()
FINGERPRINT = fingerprint_of(OWN.certificate_pem)
SERVER_OPTIONS = SocketOptions(own_certificate=OWN)


@pytest.fixture
def quic():
    return load_transport("quic")


async def test_a_client_with_the_right_fingerprint_connects(quic, make_harness):
    async with make_harness(quic)(options=SERVER_OPTIONS) as harness:
        await harness.meet(SocketOptions(tls=TlsConfig(fingerprint=FINGERPRINT)))


async def test_a_client_with_another_fingerprint_sends_nothing(quic, make_harness):
    async with make_harness(quic)(options=SERVER_OPTIONS) as harness:
        with pytest.raises(TlsError, match="fingerprint begins"):
            await harness.join(SocketOptions(tls=TlsConfig(fingerprint=bytes(32))))
        for peer in harness.arrived:
            await peer.ended()
            assert peer.messages == []


async def test_a_self_signed_certificate_is_no_authoritys(quic, make_harness):
    async with make_harness(quic)(options=SERVER_OPTIONS) as harness:
        with pytest.raises(TlsError):
            await harness.join(SocketOptions(tls=TlsConfig(host="localhost")))


async def test_a_client_without_a_fingerprint_asks_whether_to_trust(quic, make_harness):
    asked = []
    async with make_harness(quic)(options=SERVER_OPTIONS) as harness:
        options = SocketOptions(trust=lambda address, shown: asked.append((address, shown)))
        await harness.meet(options)
        assert asked == [(harness.listener.addresses[0], FINGERPRINT)]


async def test_who_is_not_trusted_gets_no_channel(quic, make_harness):
    def refuse(address, shown):
        raise TlsError("another certificate than last time")

    async with make_harness(quic)(options=SERVER_OPTIONS) as harness:
        with pytest.raises(TlsError, match="than last time"):
            await harness.join(SocketOptions(trust=refuse))


async def test_a_client_that_changes_its_network_keeps_its_channel(quic, make_harness):
    async with make_harness(quic)() as harness:
        client, server = await harness.meet()
        client.send(b"before")
        await server.received(1)
        before = server.channel.peer
        owner = client.channel.udp_socket.owner
        owner.change_network()
        client.send(b"after")
        assert await server.received(2) == [b"before", b"after"]
        server.send(b"found you")
        assert await client.received(1) == [b"found you"]
        assert server.channel.peer != before
        assert server.channel.peer.port == client.channel.udp_socket.sock.getsockname()[1]


async def test_with_many_half_open_connections_an_address_must_be_proved(
    quic, make_harness, monkeypatch
):
    monkeypatch.setattr(handshake_queue, "RETRY_FROM_HALF_OPEN", 0)
    async with make_harness(quic)() as harness:
        client, server = await harness.meet()
        client.send(b"proved")
        assert await server.received(1) == [b"proved"]


async def test_half_open_connections_are_limited(quic, make_harness, monkeypatch):
    monkeypatch.setattr(handshake_queue, "HALF_OPEN_LIMIT", 3)
    monkeypatch.setattr(handshake_queue, "RETRY_FROM_HALF_OPEN", 1000)
    async with make_harness(quic)() as harness:
        listener = harness.listener
        await send_forged_first_packets(quic, listener, 8)
        await until(lambda: listener.refused == 5)
        assert listener.begun == len(listener.channels) == 3
        assert harness.arrived == []


async def test_a_half_open_connection_ends(quic, make_harness, monkeypatch):
    monkeypatch.setattr(listener_module, "HANDSHAKE_TIMEOUT_S", 0.02)
    async with make_harness(quic)() as harness:
        await send_forged_first_packets(quic, harness.listener, 1)
        await until(lambda: harness.listener.begun == 1 and not harness.listener.channels)


async def test_an_unknown_version_is_answered_with_the_known_ones(quic, make_harness):
    async with make_harness(quic)() as harness:
        loop = asyncio.get_running_loop()
        with socket.socket(type=socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(harness.listener.addresses[0])
            unknown = b"\xc0\x1a\x2a\x3a\x4a\x08" + bytes(8) + b"\x08" + bytes(8)
            await loop.sock_sendall(sock, unknown.ljust(1200, b"\0"))
            answer = await loop.sock_recv(sock, 2000)
        assert answer[1:5] == bytes(4)
        assert struct.pack("!I", 1) in answer


async def test_a_silent_server_is_a_timeout(quic):
    with socket.socket(type=socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectTimeout):
            await quic.connect(mute_address(mute), None, SocketOptions(stage_timeout_s=0.05))


async def test_another_application_is_refused(quic, make_harness, monkeypatch):
    async with make_harness(quic)() as harness:
        monkeypatch.setattr("net.quic.credentials.PROTOCOL", "other")
        with pytest.raises(ConnectError, match="no game"):
            await harness.join()


async def test_a_client_asks_for_one_stream_and_the_server_follows(quic, make_harness):
    options = SocketOptions(one_stream=True)
    async with make_harness(quic)() as harness:
        client, server = await harness.meet(options)
        for number in range(10):
            client.send(b"%d" % number, Delivery.LATEST)
            await server.received(number + 1)
            server.send(b"%d" % number, Delivery.LATEST)
            await client.received(number + 1)
        for end in (client, server):
            # No datagram was numbered: all of it was in the streams.
            assert end.channel.connection.inbox.arrived == 0
            assert end.messages == [b"%d" % number for number in range(10)]


def mute_address(sock):
    return Address(*sock.getsockname())


async def until(condition):
    """Wait for a condition of the listener, which reports nothing about half-open connections."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def send_forged_first_packets(quic, listener, count):
    """Send a client's first packet with other connection ids; so it cannot be decrypted."""
    first_packet = await recorded_first_packet(quic)
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        for _ in range(count):
            forged = first_packet[:6] + os.urandom(8) + first_packet[14:]
            sock.sendto(forged, listener.addresses[0])


async def recorded_first_packet(quic):
    """Return the first packet of a client."""
    loop = asyncio.get_running_loop()
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        joining = asyncio.create_task(quic.connect(mute_address(sock), None))
        packet = await loop.sock_recv(sock, 2000)
        joining.cancel()
        with suppress(asyncio.CancelledError):
            await joining
    return packet


async def test_a_client_appends_its_keys_to_a_file(quic, make_harness, tmp_path):
    file = tmp_path / "keys"
    async with make_harness(quic)() as harness:
        for _ in range(2):
            await harness.meet(SocketOptions(tls_keylog=str(file)))
    labels = [line.split()[0] for line in file.read_text().splitlines()]
    assert labels.count("CLIENT_TRAFFIC_SECRET_0") == 2
    assert labels.count("SERVER_TRAFFIC_SECRET_0") == 2
