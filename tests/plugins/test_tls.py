"""TLS on the transports that support it: content, certificates, mismatches."""

import asyncio
import logging
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import cache

import pytest

from net.errors import ConnectError, ConnectStage, ConnectTimeout, ListenError, TlsError
from net.registry import installed_transports, load_transport
from net.security.certificates import fingerprint_of, format_fingerprint, make_self_signed
from net.security.server_limits import MESSAGE_COST_BYTES, ServerLimits
from net.stream import channel, endpoints
from net.stream.tls import HANDSHAKE_FAILURE_ALERT, client_tls, server_context, server_tls
from net.transport import Address, Delivery, SocketOptions, TlsConfig
from tests.plugins.conftest import LOOPBACK, ListenerHarness

SECRET_TEXT = b"what nobody else may read"


@cache
def certificate():
    return make_self_signed()


def pinned(tls):
    return SocketOptions(tls=TlsConfig(fingerprint=fingerprint_of(tls.certificate_pem)))


@pytest.fixture(params=["tcp", "websocket"])
def streaming(request):
    return load_transport(request.param)


@asynccontextmanager
async def opened(transport, tls):
    harness = ListenerHarness(transport)
    options = SocketOptions(tls=tls)
    harness.listener = await transport.listen(Address(LOOPBACK, 0), harness.accept, options)
    async with harness.listener:
        yield harness
        for client in harness.joined:
            await client.channel.close()


@asynccontextmanager
async def recording_relay(address):
    """Yield the address of a relay, and all bytes that pass through it."""
    recorded = bytearray()

    async def pass_on(reader, writer):
        # An end that is aborted resets the connection.
        with suppress(ConnectionResetError):
            while data := await reader.read(4096):
                recorded.extend(data)
                writer.write(data)
        writer.close()

    async def relay(reader, writer):
        there = await asyncio.open_connection(*address)
        await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    server = await asyncio.start_server(relay, LOOPBACK, 0)
    async with server:
        yield Address(*server.sockets[0].getsockname()), recorded


async def test_messages_pass_both_ways_and_cannot_be_read_between(streaming):
    async with (
        opened(streaming, certificate()) as harness,
        recording_relay(harness.listener.addresses[0]) as (address, recorded),
    ):
        client, server = await harness.meet(pinned(certificate()), at=address)
        client.send(SECRET_TEXT)
        client.send(b"r" * 60_000)
        assert await server.received(2) == [SECRET_TEXT, b"r" * 60_000]
        server.send(SECRET_TEXT, Delivery.LATEST)
        assert await client.received(1) == [SECRET_TEXT]
        await client.channel.close()
        assert await server.ended() is None
    assert len(recorded) > 60_000
    assert SECRET_TEXT not in recorded


async def test_as_many_small_messages_as_a_peer_may_send_at_once_pass(streaming):
    limits = ServerLimits()
    count = int(limits.peer_burst_bytes / MESSAGE_COST_BYTES)
    async with opened(streaming, certificate()) as harness:
        client, server = await harness.meet(pinned(certificate()))
        for number in range(count):
            client.send(b"%d" % number)
        assert await server.received(count) == [b"%d" % number for number in range(count)]
        assert not server.endings


async def test_a_message_that_comes_in_small_parts_passes(streaming, monkeypatch):
    monkeypatch.setattr(channel, "RECEIVE_BUFFER_BYTES", 100)
    async with opened(streaming, certificate()) as harness:
        client, server = await harness.meet(pinned(certificate()))
        for number in range(4):
            client.send(b"r" * 60_000)
            assert await server.received(number + 1) == [b"r" * 60_000] * (number + 1)
        assert not server.endings


async def test_a_certificate_with_another_fingerprint_is_not_believed(streaming):
    other = make_self_signed()
    beginnings = [
        format_fingerprint(fingerprint_of(tls.certificate_pem))[:11]
        for tls in (certificate(), other)
    ]
    async with opened(streaming, certificate()) as harness:
        with pytest.raises(TlsError) as raised:
            await harness.join(pinned(other))
        assert harness.arrived == []
    assert "begins {}, the one given begins {}:".format(*beginnings) in str(raised.value)


async def test_fingerprints_are_shown_until_they_differ(streaming):
    meant = fingerprint_of(certificate().certificate_pem)
    nearly = meant[:9] + bytes((meant[9] ^ 1,)) + meant[10:]
    async with opened(streaming, certificate()) as harness:
        with pytest.raises(TlsError) as raised:
            await harness.join(SocketOptions(tls=TlsConfig(fingerprint=nearly)))
    for shown in (meant, nearly):
        assert f"begins {format_fingerprint(shown[:10])}" in str(raised.value)


async def test_without_a_fingerprint_only_the_authorities_are_believed(streaming):
    async with opened(streaming, certificate()) as harness:
        with pytest.raises(TlsError, match="--fingerprint"):
            await harness.join(SocketOptions(tls=TlsConfig()))


async def test_a_client_without_tls_learns_that_the_server_has_it(streaming, caplog):
    caplog.set_level(logging.INFO, "net")
    async with opened(streaming, certificate()) as harness:
        with pytest.raises(TlsError, match=r"speaks TLS only: try --tls$"):
            await failure_without_tls(harness)
        assert harness.arrived == []
    (said,) = caplog.messages
    assert said.startswith(f"rejected {LOOPBACK}:")
    assert said.endswith(f" over {streaming.name}: it speaks no TLS")


async def failure_without_tls(harness):
    """Connect without TLS and raise the error: at once, or after the first message."""
    client = await harness.join()
    client.send(SECRET_TEXT)
    raise await client.ended()


async def test_clients_without_tls_are_logged_once_a_second(streaming, caplog):
    caplog.set_level(logging.INFO, "net")
    async with opened(streaming, certificate()) as harness:
        for _ in range(10):
            with pytest.raises(TlsError):
                await failure_without_tls(harness)
    assert len(caplog.messages) < 5


async def test_a_server_without_tls_says_so(streaming, caplog):
    caplog.set_level(logging.INFO, "net")
    async with opened(streaming, None) as harness:
        with pytest.raises(TlsError, match="it speaks no TLS; without --tls others can read"):
            await harness.join(pinned(certificate()))
    (said,) = caplog.messages
    assert said.endswith(f" over {streaming.name}: it speaks TLS, which is not on here")


async def test_a_server_of_another_kind_is_no_tls(streaming):
    async def greet(reader, writer):
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(greet, LOOPBACK, 0) as server:
        with pytest.raises(TlsError, match="it speaks no TLS"):
            await streaming.connect(
                Address(*server.sockets[0].getsockname()),
                receiver=None,
                options=pinned(certificate()),
            )


async def test_a_connection_cut_before_tls_stands_may_be_tried_again(streaming):
    async def cut(reader, writer):
        writer.transport.abort()

    async with await asyncio.start_server(cut, LOOPBACK, 0) as server:
        with pytest.raises(ConnectError, match="no TLS with") as raised:
            await streaming.connect(
                Address(*server.sockets[0].getsockname()),
                receiver=None,
                options=pinned(certificate()),
            )
    assert not isinstance(raised.value, TlsError)


async def test_a_client_without_tls_gets_an_alert_and_the_end_however_much_it_sends(streaming):
    async with opened(streaming, certificate()) as harness:
        reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
        writer.write(b"GET / HTTP/1.1\r\n" + b"x" * 100_000)
        assert await reader.read() == HANDSHAKE_FAILURE_ALERT
        writer.close()


def test_tls_may_come_byte_by_byte():
    server = server_tls(server_context(certificate()))
    client = client_tls(pinned(certificate()).tls, LOOPBACK)
    client.start()
    for byte in client.outgoing():
        server.receive(bytes((byte,)))
    client.receive(server.outgoing())
    assert client.is_open


async def test_a_peer_that_never_shakes_hands_is_not_waited_for(streaming, monkeypatch):
    monkeypatch.setattr(endpoints, "TLS_HANDSHAKE_TIMEOUT_S", 0.1)
    options = replace(pinned(certificate()), stage_timeout_s=0.1)
    with (
        socket.create_server((LOOPBACK, 0)) as mute,
        pytest.raises(ConnectTimeout, match="TLS handshake") as caught,
    ):
        await streaming.connect(Address(*mute.getsockname()), receiver=None, options=options)
    assert caught.value.stage is ConnectStage.TLS
    async with opened(streaming, certificate()) as harness:
        reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        assert harness.arrived == []


async def test_garbage_and_half_a_handshake_harm_nobody(streaming):
    async with opened(streaming, certificate()) as harness:
        for data in (b"\0" * 300, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b""):
            reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
            writer.write(data)
            writer.write_eof()
            with suppress(ConnectionResetError):
                await reader.read()
            writer.close()
        client, server = await harness.meet(pinned(certificate()))
        client.send(b"still here")
        assert await server.received(1) == [b"still here"]


@pytest.mark.parametrize("spoil", [lambda tls: replace(tls, key_pem=make_self_signed().key_pem)])
async def test_a_key_of_another_certificate_is_an_error_of_listening(streaming, spoil):
    with pytest.raises(ListenError, match="cannot be used"):
        async with opened(streaming, spoil(certificate())):
            pytest.fail("listened with a key that does not fit")


@pytest.mark.parametrize("pem", [b"", b"no certificate"])
def test_an_invalid_certificate_has_no_fingerprint(pem):
    with pytest.raises(ValueError, match="no certificate"):
        fingerprint_of(pem)


def test_all_of_ours_that_promise_tls_are_tested_here():
    promising = {
        name
        for name in installed_transports()
        # QUIC, which always encrypts, has tests of its own (tests/plugins/test_quic.py).
        if name != "quic" and load_transport(name).guarantees.supports_tls
    }
    assert promising == {"tcp", "websocket"}
