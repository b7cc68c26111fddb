"""The doors of a real server, over every transport: who must get in does, nobody else does.

The same attempts, carried by hand and in every variation, stand in
``tests/net/session/test_authenticator.py``.
"""

import asyncio
import socket
import struct
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
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
from net.security.admission import REJECTIONS_PER_NETWORK, ServerLimits
from net.security.certificates import fingerprint_of, make_self_signed
from net.security.options import SecurityOptions
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello, MessageType, RefusalReason
from net.sync.clock import ClockFilter
from net.transport import Address, Delivery, SocketOptions, TlsConfig
from tests.game.support import LOOPBACK, TRANSPORTS, playing, serving, until

WORD = "sesame"
LOCKED = ServerSettings(port=0, password=WORD)
JOIN = JoinRequest("Ana", "main")

every_transport = pytest.mark.parametrize("transport", list(TRANSPORTS))


def client_of(port, transport, word):
    settings = ClientSettings(Address(LOOPBACK, port), JOIN, security=SecurityOptions(word))
    return Client(TRANSPORTS, transport, settings)


def seats_of(server):
    return len(server.lobby.slots)


class Recorder:
    """A client's end by hand: keeps what both sides say, and sends what the test wants."""

    def __init__(self):
        self.said, self.heard = [], []
        self.ended = asyncio.Event()
        self.session = None

    def message_received(self, channel, message, received_at):
        self.heard.append(message)
        if self.session is not None:
            self.session.message_received(message, received_at)

    def channel_closed(self, channel, error):
        self.ended.set()

    def begin(self, channel, papers, place_id=""):
        """Say hello with the papers of an honest client; what is said is recorded."""

        def send(message, delivery, lane):
            self.said.append(message)
            channel.send(message, delivery, lane)

        loop = asyncio.get_running_loop()
        hello = Hello("msgpack", encode_join_request(JOIN), place_id)
        secure = (
            channel.enable_encryption if channel.transport.guarantees.supports_encryption else None
        )
        self.session = ClientSession(
            send, loop.time, ClockFilter(), hello, credentials=papers, enable_encryption=secure
        )

    def kinds(self):
        return [MessageType(message[0]) for message in self.heard]


@asynccontextmanager
async def knocking(server, transport):
    """Open a channel and give who receives from it."""
    plugin = TRANSPORTS[transport]
    address = Address(LOOPBACK, server.base_port + plugin.port_offset)
    recorder = Recorder()
    async with await plugin.connect(address, recorder) as channel:
        yield channel, recorder


@every_transport
async def test_who_knows_the_password_plays(transport):
    access = SecurityOptions(WORD)
    async with (
        serving(LOCKED) as server,
        playing(server.base_port, transport, security=access) as player,
    ):
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)


@every_transport
@pytest.mark.parametrize("word", ["", "Sesame"])
async def test_without_the_password_nobody_gets_in(transport, word):
    async with serving(LOCKED) as server:
        client = client_of(server.base_port, transport, word)
        await client.run()
        assert client.status is Status.REFUSED
        assert client.refusal.reason == RefusalReason.PASSWORD
        assert seats_of(server) == 0


@every_transport
async def test_a_replayed_exchange_gets_nobody_in(transport):
    async with serving(LOCKED) as server:
        async with knocking(server, transport) as (channel, honest):
            honest.begin(channel, Credentials(SystemRandom(), WORD))
            await until(lambda: MessageType.WELCOME in honest.kinds())
        recorded = [
            message
            for message in honest.said
            if message[0] in (MessageType.HELLO, MessageType.PROOF)
        ]
        assert len(recorded) == 2
        await until(lambda: not server.connections)
        before = seats_of(server)
        async with knocking(server, transport) as (channel, thief):
            for message in recorded:
                channel.send(message, Delivery.RELIABLE)
            await thief.ended.wait()
            assert thief.kinds() == [MessageType.CHALLENGE, MessageType.REFUSE]
        assert seats_of(server) == before


@every_transport
@pytest.mark.parametrize("word", ["", WORD])
async def test_the_place_of_another_is_not_given_for_a_wrong_token(transport, word):
    settings = replace(LOCKED, password=word)
    access = SecurityOptions(word)
    async with (
        serving(settings) as server,
        playing(server.base_port, transport, security=access) as player,
    ):
        victim = server.lobby.slots_in(server.rooms["main"])[0]
        own_id = player.look().own_id
        for token in ("", "0" * 32, victim.slot_id):
            async with knocking(server, transport) as (channel, thief):
                thief.begin(channel, Credentials(SystemRandom(), word, token), victim.slot_id)
                await thief.ended.wait()
                assert MessageType.WELCOME not in thief.kinds()
        assert seats_of(server) == 1
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
        assert player.look().own_id == own_id


@every_transport
async def test_the_token_is_said_once_and_never_by_the_client(transport):
    async with serving() as server:
        async with knocking(server, transport) as (channel, first):
            first.begin(channel, Credentials(SystemRandom()))
            await until(lambda: MessageType.WELCOME in first.kinds())
            place = server.lobby.slots_in(server.rooms["main"])[0]
            channel.abort()
        async with knocking(server, transport) as (channel, second):
            second.begin(channel, Credentials(SystemRandom(), token=place.token), place.slot_id)
            await until(lambda: MessageType.WELCOME in second.kinds())
        assert seats_of(server) <= 1
        token = place.token.encode()
        assert sum(token in message for message in first.heard) == 1
        assert not any(token in message for message in [*first.said, *second.said, *second.heard])


@every_transport
async def test_a_player_comes_back_to_a_locked_server_and_over_another_transport(transport):
    access = SecurityOptions(WORD)
    other = next(name for name in TRANSPORTS if name != transport)
    async with (
        serving(LOCKED) as server,
        playing(server.base_port, transport, security=access) as player,
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
        assert seats_of(server) == 1


@every_transport
async def test_guessing_is_slowed_down_on_every_transport_together(transport):
    async with serving(LOCKED) as server:
        for name in TRANSPORTS:
            await client_of(server.base_port, name, "guess").run()
        late = client_of(server.base_port, transport, WORD)
        await late.run()
        assert late.refusal.reason == RefusalReason.RATE_LIMITED


@every_transport
async def test_a_player_who_was_in_waits_out_what_neighbours_have_typed(transport):
    access = SecurityOptions(WORD)
    async with (
        serving(LOCKED) as server,
        playing(server.base_port, transport, security=access) as player,
    ):
        for name in TRANSPORTS:
            await client_of(server.base_port, name, "guess").run()
        # As if the server had been restarted: the place is not known any more.
        for place in list(server.lobby.slots_in(server.rooms["main"])):
            server.lobby.slots.release(place)
        lost = player.client.connection
        lost.channel.abort()
        await until(lambda: "trying again" in player.client.status_text)
        await until(lambda: player.is_playing)


class Middle:
    """Stands between a client that came by datagrams and the server's stream; passes all on."""

    def __init__(self, base_port):
        self._base_port = base_port
        self._waiting = []
        self.read = []
        self.far = None

    def accept(self, channel):
        self._near = channel
        self._connecting = asyncio.ensure_future(self._connect())
        return self

    async def _connect(self):
        self.far = await TRANSPORTS["tcp"].connect(Address(LOOPBACK, self._base_port), self)
        for message in self._waiting:
            self.far.send(message, Delivery.RELIABLE)

    def message_received(self, channel, message, received_at):
        self.read.append(message)
        if channel is self.far:
            self._near.send(message, Delivery.RELIABLE)
        elif self.far is None:
            self._waiting.append(message)
        else:
            self.far.send(message, Delivery.RELIABLE)

    def channel_closed(self, channel, error):
        """Nothing more to read."""


async def test_who_passes_sealed_doors_on_to_an_open_transport_reads_nothing():
    async with serving(LOCKED) as server:
        middle = Middle(server.base_port)
        udp = TRANSPORTS["udp"]
        async with await udp.listen(Address(LOOPBACK, 0), middle.accept) as listener:
            client = client_of(listener.addresses[0].port, "udp", WORD)
            await asyncio.wait_for(client.run(), 10)
            assert client.refusal.reason == RefusalReason.NO_ENCRYPTION
            await until(lambda: len(middle.read) >= 2)
            assert [message[0] for message in middle.read[:2]] == [
                MessageType.HELLO,
                MessageType.CHALLENGE,
            ]
            assert MessageType.PROOF not in {message[0] for message in middle.read}
            assert seats_of(server) == 0
        await middle.far.close()


async def test_with_a_password_nothing_of_the_match_can_be_read_in_datagrams():
    heard = []

    class Tap(asyncio.DatagramProtocol):
        """Stands between the client and the server, and keeps what passes."""

        def connection_made(self, transport):
            self.transport = transport
            self.client = None

        def datagram_received(self, data, address):
            heard.append(data)
            if address[1] == server.base_port:
                self.transport.sendto(data, self.client)
            else:
                self.client = address
                self.transport.sendto(data, (LOOPBACK, server.base_port))

    loop = asyncio.get_running_loop()
    async with serving(LOCKED) as server:
        tap, _ = await loop.create_datagram_endpoint(Tap, local_addr=(LOOPBACK, 0))
        port = tap.get_extra_info("sockname")[1]
        async with playing(port, "udp", security=SecurityOptions(WORD)) as player:
            place = server.lobby.slots_in(server.rooms["main"])[0]
            tick = player.look().scene.tick
            await until(lambda: player.look().scene.tick > tick + 30)
        tap.close()
    assert len(heard) > 50
    assert not any(place.token.encode() in datagram for datagram in heard)
    assert not any(place.slot_id.encode() in datagram for datagram in heard)


@pytest.mark.parametrize("transport", ["tcp", "websocket"])
@pytest.mark.parametrize("word", ["", WORD])
async def test_tls_and_a_password_go_together(transport, word):
    tls = make_self_signed()
    settings = replace(LOCKED, password=word, sockets=SocketOptions(tls=tls))
    access = SecurityOptions(word, TlsConfig(fingerprint=fingerprint_of(tls.certificate_pem)))
    async with (
        serving(settings) as server,
        playing(server.base_port, transport, security=access) as player,
    ):
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)


async def test_a_client_that_pins_another_certificate_says_so_and_stays_out():
    settings = replace(LOCKED, sockets=SocketOptions(tls=make_self_signed()))
    async with serving(settings) as server:
        access = SecurityOptions(WORD, TlsConfig(fingerprint=bytes(32)))
        address = Address(LOOPBACK, server.base_port)
        client = Client(TRANSPORTS, "tcp", ClientSettings(address, JOIN, security=access))
        await client.run()
        assert client.status is Status.REFUSED
        assert client.refusal.reason == RefusalReason.NO_TLS
        assert "fingerprint" in client.status_text
        assert seats_of(server) == 0


async def test_a_server_that_does_not_know_the_password_is_left():
    async with serving() as server:
        client = client_of(server.base_port, "tcp", WORD)
        await client.run()
        assert client.status is Status.REFUSED
        assert "asks for no password" in client.status_text


TIGHT = replace(
    ServerLimits(),
    connections_per_network=2,
    connections=8,
    peer_bytes_per_s=2_000.0,
    peer_burst_bytes=20_000.0,
    trusts_loopback=False,
)


@every_transport
async def test_who_has_too_many_connections_is_told_so(transport):
    settings = ServerSettings(port=0, limits=TIGHT)
    async with (
        serving(settings) as server,
        playing(server.base_port, "tcp") as first,
        playing(server.base_port, "udp"),
    ):
        third = client_of(server.base_port, transport, "")
        await third.run()
        assert third.refusal.reason == RefusalReason.TOO_MANY_CONNECTIONS
        assert first.is_playing
        assert server.rejections.counts[RefusalReason.TOO_MANY_CONNECTIONS] == 1


@every_transport
async def test_those_who_are_turned_away_and_say_nothing_keep_nobody_out(transport):
    limits = ServerLimits(connections=8, connections_per_network=4, trusts_loopback=False)
    plugin = TRANSPORTS[transport]
    async with serving(ServerSettings(port=0, limits=limits)) as server, AsyncExitStack() as stack:
        address = Address(LOOPBACK, server.base_port + plugin.port_offset)
        silent = [await plugin.connect(address, Recorder()) for _ in range(40)]
        for channel in silent:
            stack.callback(channel.abort)
        await until(lambda: len(server.connections) <= 4 + REJECTIONS_PER_NETWORK)
        assert server.connection_limiter.active == 4
        # Those that could be told have said nothing, and are gone before long.
        await until(lambda: len(server.connections) == 4, within_s=3.0)
        assert (
            server.rejections.counts[RefusalReason.TOO_MANY_CONNECTIONS]
            == 40 - 4 - REJECTIONS_PER_NETWORK
        )


@every_transport
async def test_who_floods_is_cut_off_and_the_others_play_on(transport, caplog):
    settings = ServerSettings(port=0, limits=replace(TIGHT, peer_bytes_per_s=30_000.0))
    async with serving(settings) as server, playing(server.base_port) as player:
        async with knocking(server, transport) as (channel, vandal):
            vandal.begin(channel, Credentials(SystemRandom()))
            await until(lambda: MessageType.WELCOME in vandal.kinds())
            ping = struct.pack("!Bd", MessageType.PING, 0.0)
            for _ in range(400):
                channel.send(ping, Delivery.RELIABLE)
            await until(lambda: MessageType.CLOSE in vandal.kinds() or vandal.ended.is_set())
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 10)
        assert server.rejections.counts[TOO_FAST] == 1
    assert sum("too many messages" in record.message for record in caplog.records) == 1


async def test_who_sends_garbage_again_and_again_is_logged_once_a_second(caplog):
    async with serving() as server:
        for _ in range(20):
            async with knocking(server, "tcp") as (channel, vandal):
                channel.send(b"\xff" * 10, Delivery.RELIABLE)
                await vandal.ended.wait()
        assert server.rejections.counts[BAD_MESSAGE] == 20
    assert sum("sent an invalid message" in record.message for record in caplog.records) < 10


async def test_a_room_too_many_is_refused():
    settings = ServerSettings(port=0, room_limits=RoomLimits(rooms=1))
    async with serving(settings) as server, playing(server.base_port):
        address = Address(LOOPBACK, server.base_port)
        late = Client(TRANSPORTS, "udp", ClientSettings(address, JoinRequest("Ben", "other")))
        await late.run()
        assert late.refusal.reason == RefusalReason.BAD_ROOM


async def test_who_spoofs_a_source_gets_no_more_sent_there_than_was_sent_and_nothing_is_kept():
    """A victim's address stands in the datagrams; the challenge goes there and is not answered."""
    loop = asyncio.get_running_loop()
    hello = HELLO_HEADER.pack(HELLO, WIRE_MAGIC, WIRE_VERSION, b"12345678")
    datagrams = [
        hello.ljust(DATAGRAM_LIMIT_BYTES, b"\0"),
        hello,
        RESPONSE_LAYOUT.pack(RESPONSE, b"12345678", b"a" * 8, b"c" * 16),
        NUMBERED_HEADER.pack(FROM_CLIENT | LATEST, b"a" * 8, 1, 0, 0),
        bytes(DATAGRAM_LIMIT_BYTES),
    ]
    async with serving() as server:
        with socket.socket(type=socket.SOCK_DGRAM) as victim:
            victim.setblocking(False)
            victim.connect((LOOPBACK, server.base_port))
            sent = got = 0
            for datagram in datagrams * 10:
                await loop.sock_sendall(victim, datagram)
                sent += len(datagram)
            # A whole exchange of somebody else's: all of the above has been read by then.
            async with playing(server.base_port, "udp"):
                pass
            with suppress(BlockingIOError):
                while True:
                    got += len(victim.recv(2048))
            assert 0 < got < sent / 10
        await until(lambda: not server.connections)
        udp = next(one for one in server.listeners if one.transport.name == "udp")
        await until(lambda: not udp._channels)
        assert udp._endpoint.connections == []
