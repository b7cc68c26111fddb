"""The server's end of WebTransport: who may open a session, limits, garbage, endings.

What every transport promises is tested in ``tests/plugins``, over the client of ``page_client``.
"""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from aioquic.buffer import encode_uint_var
from cryptography.hazmat.primitives.serialization import Encoding

from net.errors import ConnectError, PeerReset, ProtocolError
from net.quic.webtransport import PATH
from net.quic.webtransport_wire import OVERHEAD_LIMIT_BYTES
from net.transport import Delivery
from tests.game.support import until
from tests.net.quic.page_client import PageClient, PageTransport, request_for
from tests.plugins.conftest import Peer
from tests.plugins.conftest import make_harness as make_harness

REQUEST_STREAM = 0


@pytest.fixture
def listening(make_harness):
    return make_harness(PageTransport())


def test_a_request_names_the_path_and_one_origin():
    headers = dict(request_for("host:1", "https://host:1"))
    assert headers[b":path"] == PATH.encode()
    assert b"origin" not in dict(request_for("host:1", ""))


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        (PATH, "https://{}", 200),
        ("/", "https://{}", 404),
        (PATH, "http://{}", 403),
        (PATH, "https://evil.example", 403),
        (PATH, "https://{}0", 403),
        (PATH, "null", 403),
        (PATH, "", 403),
    ],
)
async def test_only_our_own_page_opens_a_session(listening, monkeypatch, path, origin, status):
    async with listening() as ends:
        address = ends.listener.addresses[0]
        headers = request_for(str(address), origin.format(address), path)
        monkeypatch.setattr("tests.net.quic.page_client.request_for", lambda *_: headers)
        clients = []
        monkeypatch.setattr(PageClient, "cancel", lambda self: clients.append(self))
        if status == 200:
            await ends.meet()
            return
        with pytest.raises(ConnectError):
            await ends.transport.connect(address, Peer())
        (client,) = clients
        assert client.channel.connection.wire.status == status
        assert not ends.arrived


async def test_the_server_shows_the_certificate_that_it_announces(listening, monkeypatch):
    async with listening() as ends:
        first, _ = await ends.meet()
        (announced,) = ends.listener.certificate_hashes
        assert shown_by(first) == announced
        ends.listener.renew_certificate(datetime.now(UTC) + timedelta(days=11))
        second, _ = await ends.meet()
        assert shown_by(second) != announced
        assert (shown_by(second),) == ends.listener.certificate_hashes
        first.channel.send(b"still here", Delivery.RELIABLE)
        await ends.arrived[0].until(lambda: ends.arrived[0].messages)


def shown_by(client):
    certificate = client.channel.connection.wire.quic.tls._peer_certificate
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()


async def test_a_page_that_closes_its_session_ends_cleanly(listening):
    async with listening() as ends:
        client, server = await ends.meet()
        wire = client.channel.connection.wire
        # CLOSE_WEBTRANSPORT_SESSION with code 0 and no reason, as browsers send it.
        wire.http.send_data(REQUEST_STREAM, bytes.fromhex("684304") + bytes(4), end_stream=True)
        client.channel.flush()
        await server.until(lambda: server.endings)
        assert server.endings == [None]


@pytest.mark.parametrize("ending", ["reset", "stop"])
async def test_a_page_that_gives_up_its_stream_ends_the_session(listening, ending):
    async with listening() as ends:
        client, server = await ends.meet()
        wire = client.channel.connection.wire
        client.channel.send(b"first", Delivery.RELIABLE)
        await server.until(lambda: server.messages)
        if ending == "reset":
            wire.quic.reset_stream(wire._send_stream, 0)
        else:
            wire.quic.stop_stream(wire._send_stream, 0)
        client.channel.flush()
        await server.until(lambda: server.endings)
        assert server.endings == [None]


async def test_a_second_request_never_leaves_the_page(listening):
    """The server allows one stream of both directions, so QUIC holds the next one back."""
    async with listening() as ends:
        client, server = await ends.meet()
        wire = client.channel.connection.wire
        authority = str(ends.listener.addresses[0])
        stream = wire.quic.get_next_available_stream_id()
        wire.http.send_headers(stream, request_for(authority, f"https://{authority}"))
        client.channel.send(b"after it", Delivery.RELIABLE)
        await server.until(lambda: server.messages)
        assert stream not in server.channel.connection.wire.quic._streams
        assert len(ends.arrived) == 1


async def test_a_stream_of_the_pages_own_ends_the_channel(listening):
    async with listening() as ends:
        client, server = await ends.meet()
        wire = client.channel.connection.wire
        stream = wire.http.create_webtransport_stream(REQUEST_STREAM, is_unidirectional=True)
        wire.quic.send_stream_data(stream, b"data")
        client.channel.flush()
        await server.until(lambda: server.endings)
        assert isinstance(server.endings[0], ProtocolError)


async def test_a_frame_of_http_that_never_ends_is_not_buffered(listening):
    async with listening() as ends:
        client, server = await ends.meet()
        quic = client.channel.connection.wire.quic
        # An unknown kind of frame, which would be skipped as a whole.
        quic.send_stream_data(REQUEST_STREAM, b"\x21" + encode_uint_var(2**40))
        quic.send_stream_data(REQUEST_STREAM, bytes(OVERHEAD_LIMIT_BYTES))
        client.channel.flush()
        await server.until(lambda: server.endings)
        assert isinstance(server.endings[0], ProtocolError)


@pytest.mark.parametrize("garbage", [b"\x02\x00", b"\x04\x00", b"\x01\x05\xff\xff\xff\xff\xff"])
async def test_garbage_on_the_request_ends_that_channel_alone(listening, garbage):
    async with listening() as ends:
        client, server = await ends.meet()
        other, others_server = await ends.meet()
        client.channel.connection.wire.quic.send_stream_data(REQUEST_STREAM, garbage)
        client.channel.flush()
        await server.until(lambda: server.endings)
        assert isinstance(server.endings[0], ProtocolError | PeerReset)
        other.channel.send(b"here", Delivery.RELIABLE)
        await others_server.until(lambda: others_server.messages)


async def test_a_datagram_of_another_session_is_dropped(listening):
    async with listening() as ends:
        client, server = await ends.meet()
        client.channel.connection.wire.quic.send_datagram_frame(b"\x07\x10\x00\x01foreign")
        client.channel.send(b"own", Delivery.LATEST)
        client.channel.send(b"last", Delivery.RELIABLE)
        await server.until(lambda: b"last" in server.messages and b"own" in server.messages)
        assert sorted(server.messages) == [b"last", b"own"]


async def test_a_client_without_a_session_is_half_open_until_it_is_cut(listening, monkeypatch):
    monkeypatch.setattr("net.quic.listener.HANDSHAKE_TIMEOUT_S", 0.2)
    async with listening() as ends:
        address = ends.listener.addresses[0]
        headers = request_for(str(address), f"https://{address}")
        headers[0] = (b":method", b"GET")
        headers.pop(1)
        monkeypatch.setattr("tests.net.quic.page_client.request_for", lambda *_: headers)
        monkeypatch.setattr("tests.net.quic.page_client.StreamBroken", lambda: None)
        with pytest.raises(ConnectError):
            await ends.transport.connect(address, Peer())
        assert not ends.arrived
        await until(lambda: not ends.listener.channels)
