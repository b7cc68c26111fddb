"""Passwords, tokens and limits of a real server, over every transport.

``tests/net/session/test_authenticator.py`` has every variation of the handshake, without sockets.
"""

import asyncio
import socket
import struct
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from random import SystemRandom

import pytest

from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.encoding import encode_join_request
from game.protocol.messages import JoinRequest
from game.server.rejections import BAD_MESSAGE, TOO_FAST
from game.server.room import RoomLimits
from game.server.settings import ServerSettings
from net.datagram.wire_format import (
    DATAGRAM_LIMIT_BYTES,
    FROM_CLIENT,
    HELLO,
    HELLO_HEADER,
    LATEST,
    NUMBERED_HEADER,
    RESPONSE,
    RESPONSE_LAYOUT,
    WIRE_MAGIC,
    WIRE_VERSION,
)
from net.security.certificates import fingerprint_of, make_self_signed
from net.security.options import SecurityOptions
from net.security.server_limits import REJECTIONS_PER_NETWORK, ServerLimits
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello, MessageType, RefusalReason
from net.sync.clock_filter import ClockFilter
from net.transport import Address, Delivery, SocketOptions, TlsConfig
from tests.game.support import INSTALLED, LOOPBACK, playing, serving, until

PASSWORD = "sesame"
PROTECTED = ServerSettings(port=0, password=PASSWORD)
JOIN = JoinRequest("Ana", "main")

serving_all = partial(serving, transports=INSTALLED)
every_transport = pytest.mark.parametrize("transport", list(INSTALLED))


def client_of(port, transport, password):
    settings = ClientSettings(Address(LOOPBACK, port), JOIN, security=SecurityOptions(password))
    return Client(INSTALLED, transport, settings)


def slots_of(server):
    return len(server.lobby.slots)


class RecordingReceiver:
    """A client without a game: records the messages of both ends."""

    def __init__(self):
        self.sent, self.received = [], []
        self.ended = asyncio.Event()
        self.session = None

    def message_received(self, channel, message, received_at):
        self.received.append(message)
        if self.session is not None:
            self.session.message_received(message, received_at)

    def channel_closed(self, channel, error):
        self.ended.set()

    def send_hello(self, channel, credentials, slot_id=""):
        """Send a hello with these credentials, and record what is sent."""

        def send(message, delivery, lane):
            self.sent.append(message)
            channel.send(message, delivery, lane)

        loop = asyncio.get_running_loop()
        hello = Hello("msgpack", encode_join_request(JOIN), slot_id)
        secure = (
            channel.enable_encryption if channel.transport.guarantees.supports_encryption else None
        )
        self.session = ClientSession(
            send, loop.time, ClockFilter(), hello, credentials=credentials, enable_encryption=secure
        )

    def types(self):
        return [MessageType(message[0]) for message in self.received]


@asynccontextmanager
async def channel_to(server, transport):
    """Open a channel, and yield it with its receiver."""
    plugin = INSTALLED[transport]
    address = Address(LOOPBACK, server.base_port + plugin.port_offset)
    recorder = RecordingReceiver()
    async with await plugin.connect(address, recorder) as channel:
        yield channel, recorder


@every_transport
async def test_a_client_with_the_password_plays(transport):
    security = SecurityOptions(PASSWORD)
    async with (
        serving_all(PROTECTED) as server,
        playing(server.base_port, transport, security=security) as player,
    ):
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)


@every_transport
@pytest.mark.parametrize("password", ["", "Sesame"])
async def test_a_client_without_the_password_is_refused(transport, password):
    async with serving_all(PROTECTED) as server:
        client = client_of(server.base_port, transport, password)
        await client.run()
        assert client.status is Status.REFUSED
        assert client.refusal.reason == RefusalReason.PASSWORD
        assert slots_of(server) == 0


@every_transport
async def test_a_replayed_handshake_is_refused(transport):
    async with serving_all(PROTECTED) as server:
        async with channel_to(server, transport) as (channel, client):
            client.send_hello(channel, Credentials(SystemRandom(), PASSWORD))
            await until(lambda: MessageType.WELCOME in client.types())
        recorded = [
            message
            for message in client.sent
            if message[0] in (MessageType.HELLO, MessageType.PROOF)
        ]
        assert len(recorded) == 2
        await until(lambda: not server.connections)
        before = slots_of(server)
        async with channel_to(server, transport) as (channel, attacker):
            for message in recorded:
                channel.send(message, Delivery.RELIABLE)
            await attacker.ended.wait()
            assert attacker.types() == [MessageType.CHALLENGE, MessageType.REFUSE]
        assert slots_of(server) == before


@every_transport
@pytest.mark.parametrize("password", ["", PASSWORD])
async def test_a_slot_cannot_be_resumed_with_a_wrong_token(transport, password):
    settings = replace(PROTECTED, password=password)
    security = SecurityOptions(password)
    async with (
        serving_all(settings) as server,
        playing(server.base_port, transport, security=security) as player,
    ):
        victim = server.lobby.slots_in(server.rooms["main"])[0]
        own_id = player.look().own_id
        for token in ("", "0" * 32, victim.slot_id):
            async with channel_to(server, transport) as (channel, attacker):
                attacker.send_hello(
                    channel, Credentials(SystemRandom(), password, token), victim.slot_id
                )
                await attacker.ended.wait()
                assert MessageType.WELCOME not in attacker.types()
        assert slots_of(server) == 1
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
        assert player.look().own_id == own_id


@every_transport
async def test_the_token_is_sent_once_and_never_by_the_client(transport):
    async with serving_all() as server:
        async with channel_to(server, transport) as (channel, first):
            first.send_hello(channel, Credentials(SystemRandom()))
            await until(lambda: MessageType.WELCOME in first.types())
            slot = server.lobby.slots_in(server.rooms["main"])[0]
            channel.abort()
        async with channel_to(server, transport) as (channel, second):
            second.send_hello(channel, Credentials(SystemRandom(), token=slot.token), slot.slot_id)
            await until(lambda: MessageType.WELCOME in second.types())
        assert slots_of(server) <= 1
        token = slot.token.encode()
        assert sum(token in message for message in first.received) == 1
        assert not any(
            token in message for message in [*first.sent, *second.sent, *second.received]
        )


@every_transport
async def test_a_player_resumes_with_a_password_and_over_another_transport(transport):
    security = SecurityOptions(PASSWORD)
    other = next(name for name in INSTALLED if name != transport)
    async with (
        serving_all(PROTECTED) as server,
        playing(server.base_port, transport, security=security) as player,
    ):
        own_id = player.look().own_id
        lost = player.client.connection
        lost.channel.abort()
        await until(lambda: player.client.connection not in (None, lost))
        await until(lambda: player.is_playing)
        player.client.switch(other)
        await until(lambda: player.client.transport == other)
        await until(lambda: player.is_playing)
        assert player.look().own_id == own_id
        assert slots_of(server) == 1


@every_transport
async def test_guesses_are_throttled_over_all_transports_together(transport):
    async with serving_all(PROTECTED) as server:
        for name in INSTALLED:
            await client_of(server.base_port, name, "guess").run()
        late = client_of(server.base_port, transport, PASSWORD)
        await late.run()
        assert late.refusal.reason == RefusalReason.RATE_LIMITED


@every_transport
async def test_a_player_who_was_in_waits_while_its_network_is_throttled(transport):
    security = SecurityOptions(PASSWORD)
    async with (
        serving_all(PROTECTED) as server,
        playing(server.base_port, transport, security=security) as player,
    ):
        for name in INSTALLED:
            await client_of(server.base_port, name, "guess").run()
        # As if the server had been restarted: the slot is unknown.
        for slot in list(server.lobby.slots_in(server.rooms["main"])):
            server.lobby.slots.release(slot)
        lost = player.client.connection
        lost.channel.abort()
        await until(lambda: "trying again" in player.client.status_text)
        await until(lambda: player.is_playing)


class StreamForwarder:
    """A man in the middle: forwards between a client's datagrams and a stream to the server."""

    def __init__(self, base_port):
        self._base_port = base_port
        self._waiting = []
        self.messages = []
        self.server_channel = None

    def accept(self, channel):
        self._client_channel = channel
        self._connecting = asyncio.ensure_future(self._connect())
        return self

    async def _connect(self):
        self.server_channel = await INSTALLED["tcp"].connect(
            Address(LOOPBACK, self._base_port), self
        )
        for message in self._waiting:
            self.server_channel.send(message, Delivery.RELIABLE)

    def message_received(self, channel, message, received_at):
        self.messages.append(message)
        if channel is self.server_channel:
            self._client_channel.send(message, Delivery.RELIABLE)
        elif self.server_channel is None:
            self._waiting.append(message)
        else:
            self.server_channel.send(message, Delivery.RELIABLE)

    def channel_closed(self, channel, error):
        """Ignore the end of a channel."""


async def test_a_man_in_the_middle_cannot_move_a_client_to_a_transport_without_encryption():
    async with serving_all(PROTECTED) as server:
        forwarder = StreamForwarder(server.base_port)
        udp = INSTALLED["udp"]
        async with await udp.listen(Address(LOOPBACK, 0), forwarder.accept) as listener:
            client = client_of(listener.addresses[0].port, "udp", PASSWORD)
            await asyncio.wait_for(client.run(), 10)
            assert client.refusal.reason == RefusalReason.NO_ENCRYPTION
            await until(lambda: len(forwarder.messages) >= 2)
            assert [message[0] for message in forwarder.messages[:2]] == [
                MessageType.HELLO,
                MessageType.CHALLENGE,
            ]
            assert MessageType.PROOF not in {message[0] for message in forwarder.messages}
            assert slots_of(server) == 0
        await forwarder.server_channel.close()


async def test_with_a_password_datagrams_are_encrypted():
    received = []

    class Tap(asyncio.DatagramProtocol):
        """Forwards between client and server, and records all datagrams."""

        def connection_made(self, transport):
            self.transport = transport
            self.client = None

        def datagram_received(self, data, address):
            received.append(data)
            if address[1] == server.base_port:
                self.transport.sendto(data, self.client)
            else:
                self.client = address
                self.transport.sendto(data, (LOOPBACK, server.base_port))

    loop = asyncio.get_running_loop()
    async with serving_all(PROTECTED) as server:
        tap, _ = await loop.create_datagram_endpoint(Tap, local_addr=(LOOPBACK, 0))
        port = tap.get_extra_info("sockname")[1]
        async with playing(port, "udp", security=SecurityOptions(PASSWORD)) as player:
            slot = server.lobby.slots_in(server.rooms["main"])[0]
            tick = player.look().scene.tick
            await until(lambda: player.look().scene.tick > tick + 30)
        tap.close()
    assert len(received) > 50
    assert not any(slot.token.encode() in datagram for datagram in received)
    assert not any(slot.slot_id.encode() in datagram for datagram in received)


@pytest.mark.parametrize("transport", ["tcp", "websocket"])
@pytest.mark.parametrize("password", ["", PASSWORD])
async def test_tls_and_a_password_work_together(transport, password):
    tls = make_self_signed()
    settings = replace(PROTECTED, password=password, sockets=SocketOptions(tls=tls))
    security = SecurityOptions(password, TlsConfig(fingerprint=fingerprint_of(tls.certificate_pem)))
    async with (
        serving_all(settings) as server,
        playing(server.base_port, transport, security=security) as player,
    ):
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)


async def test_a_client_that_pins_another_certificate_does_not_join():
    settings = replace(PROTECTED, sockets=SocketOptions(tls=make_self_signed()))
    async with serving_all(settings) as server:
        security = SecurityOptions(PASSWORD, TlsConfig(fingerprint=bytes(32)))
        address = Address(LOOPBACK, server.base_port)
        client = Client(INSTALLED, "tcp", ClientSettings(address, JOIN, security=security))
        await client.run()
        assert client.status is Status.REFUSED
        assert client.refusal.reason == RefusalReason.NO_TLS
        assert "fingerprint" in client.status_text
        assert slots_of(server) == 0


async def test_a_client_leaves_a_server_that_does_not_know_the_password():
    async with serving_all() as server:
        client = client_of(server.base_port, "tcp", PASSWORD)
        await client.run()
        assert client.status is Status.REFUSED
        assert "asks for no password" in client.status_text


TIGHT_LIMITS = replace(
    ServerLimits(),
    connections_per_network=2,
    connections=8,
    peer_bytes_per_s=2_000.0,
    peer_burst_bytes=20_000.0,
    trusts_loopback=False,
)


@every_transport
async def test_a_connection_over_the_limit_receives_the_reason(transport):
    settings = ServerSettings(port=0, limits=TIGHT_LIMITS)
    async with (
        serving_all(settings) as server,
        playing(server.base_port, "tcp") as first,
        playing(server.base_port, "udp"),
    ):
        third = client_of(server.base_port, transport, "")
        await third.run()
        assert third.refusal.reason == RefusalReason.TOO_MANY_CONNECTIONS
        assert first.is_playing
        assert server.rejections.counts[RefusalReason.TOO_MANY_CONNECTIONS] == 1


@every_transport
async def test_silent_rejected_connections_do_not_use_up_the_limit(transport):
    limits = ServerLimits(
        connections=8,
        connections_per_network=4,
        # Longer than the test, so that only the early timeout can end a connection.
        handshake_timeout_s=600.0,
        trusts_loopback=False,
    )
    plugin = INSTALLED[transport]
    async with (
        serving_all(ServerSettings(port=0, limits=limits)) as server,
        AsyncExitStack() as stack,
    ):
        address = Address(LOOPBACK, server.base_port + plugin.port_offset)
        silent = [await plugin.connect(address, RecordingReceiver()) for _ in range(40)]
        for channel in silent:
            stack.callback(channel.abort)
        await until(lambda: len(server.connections) <= 4 + REJECTIONS_PER_NETWORK)
        assert server.connection_limiter.active == 4
        # Rejected connections that send no hello time out early.
        await until(lambda: len(server.connections) == 4)
        # As many fewer as had timed out before the last of the 40 was there.
        dropped = server.rejections.counts[RefusalReason.TOO_MANY_CONNECTIONS]
        assert 0 < dropped <= 40 - 4 - REJECTIONS_PER_NETWORK


@every_transport
async def test_a_flood_closes_its_connection_and_the_others_play_on(transport, caplog):
    settings = ServerSettings(port=0, limits=replace(TIGHT_LIMITS, peer_bytes_per_s=30_000.0))
    async with serving_all(settings) as server, playing(server.base_port) as player:
        async with channel_to(server, transport) as (channel, attacker):
            attacker.send_hello(channel, Credentials(SystemRandom()))
            await until(lambda: MessageType.WELCOME in attacker.types())
            ping = struct.pack("!Bd", MessageType.PING, 0.0)
            for _ in range(400):
                channel.send(ping, Delivery.RELIABLE)
            await until(lambda: MessageType.CLOSE in attacker.types() or attacker.ended.is_set())
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)
        assert server.rejections.counts[TOO_FAST] == 1
    assert sum("too many messages" in record.message for record in caplog.records) == 1


async def test_repeated_invalid_messages_are_logged_once_a_second(caplog):
    async with serving_all() as server:
        for _ in range(20):
            async with channel_to(server, "tcp") as (channel, attacker):
                channel.send(b"\xff" * 10, Delivery.RELIABLE)
                await attacker.ended.wait()
        assert server.rejections.counts[BAD_MESSAGE] == 20
    assert sum("sent an invalid message" in record.message for record in caplog.records) < 10


async def test_a_room_over_the_limit_is_refused():
    settings = ServerSettings(port=0, room_limits=RoomLimits(rooms=1))
    async with serving_all(settings) as server, playing(server.base_port):
        address = Address(LOOPBACK, server.base_port)
        late = Client(INSTALLED, "udp", ClientSettings(address, JoinRequest("Ben", "other")))
        await late.run()
        assert late.refusal.reason == RefusalReason.BAD_ROOM


async def test_a_spoofed_source_receives_less_than_was_sent_and_leaves_no_state():
    """The datagrams have a victim's source address. The challenge goes there, unanswered."""
    loop = asyncio.get_running_loop()
    hello = HELLO_HEADER.pack(HELLO, WIRE_MAGIC, WIRE_VERSION, b"12345678")
    datagrams = [
        hello.ljust(DATAGRAM_LIMIT_BYTES, b"\0"),
        hello,
        RESPONSE_LAYOUT.pack(RESPONSE, b"12345678", b"a" * 8, b"c" * 16),
        NUMBERED_HEADER.pack(FROM_CLIENT | LATEST, b"a" * 8, 1, 0, 0),
        bytes(DATAGRAM_LIMIT_BYTES),
    ]
    async with serving_all() as server:
        with socket.socket(type=socket.SOCK_DGRAM) as victim:
            victim.setblocking(False)
            victim.connect((LOOPBACK, server.base_port))
            sent = got = 0
            for datagram in datagrams * 10:
                await loop.sock_sendall(victim, datagram)
                sent += len(datagram)
            # After the whole handshake of another client, the datagrams above have been read.
            async with playing(server.base_port, "udp"):
                pass
            with suppress(BlockingIOError):
                while True:
                    got += len(victim.recv(2048))
            assert 0 < got < sent / 10
        await until(lambda: not server.connections)
        udp = next(one for one in server.listeners if one.transport.name == "udp")
        await until(lambda: not udp.connections)
