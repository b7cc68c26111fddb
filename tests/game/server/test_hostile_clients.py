"""What strangers send to a whole server: they are answered as is right, and nobody notices.

What the plugins say to them in every variation stands in ``tests/plugins``; here a match is on.
"""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress
from random import Random, SystemRandom

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode

import plugins.websocket as websocket_plugin
from game.match.controls import Controls
from game.protocol.encoding import encode_input, encode_join_request
from game.protocol.messages import InputMessage, JoinRequest
from net.codec import MSGPACK
from net.datagram.client_handshake import ClientHandshake
from net.datagram.wire_format import CHALLENGE, RESET, RESET_LAYOUT, RESPONSE, RESPONSE_LAYOUT
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello
from net.sync.clock import ClockFilter
from net.transport import MESSAGE_LIMIT_BYTES, Address, Delivery
from tests.game.support import LOOPBACK, TRANSPORTS, playing, serving, until

NEUTRAL = Controls(0, 0, False)


@asynccontextmanager
async def undisturbed_match():
    """Give a server on which somebody plays; at the end that one still does, and alone."""
    async with serving() as server, playing(server.base_port) as player:
        own_id = player.look().own_id
        yield server
        await ticks_of(server, 10)
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
        assert player.look().own_id == own_id
        await until(lambda: len(server.connections) == 1)


async def ticks_of(server, count):
    """Wait for some ticks: what had come to any socket before has been read by then."""
    world = server.rooms["main"].match.world
    last = world.tick + count
    await until(lambda: server.rooms["main"].match.world.tick > last)


# WebSocket.


def listener_of(server, name):
    return next(one for one in server.listeners if one.transport.name == name)


def uri(server, path="/"):
    return f"ws://{listener_of(server, 'websocket').addresses[0]}{path}"


async def answer_to(server, data):
    """Send bytes to the WebSocket port, and return all that comes back."""
    reader, writer = await asyncio.open_connection(*listener_of(server, "websocket").addresses[0])
    writer.write(data)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/elsewhere", {}, 404),
        ("/", {"origin": "https://example.com"}, 403),
        ("/", {"subprotocols": ["chess"]}, 400),
    ],
)
async def test_a_page_that_is_none_of_ours_is_told_why(path, options, status):
    async with undisturbed_match() as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(uri(server, path), **{"subprotocols": ["jitterball"], **options})
        assert refused.value.response.status_code == status


async def test_a_browser_that_opens_the_port_is_told_what_it_is():
    async with undisturbed_match() as server:
        answer = await answer_to(server, b"GET / HTTP/1.1\r\nHost: game\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 426 ")


async def test_a_slow_handshake_is_ended(monkeypatch):
    monkeypatch.setattr(websocket_plugin, "HANDSHAKE_TIMEOUT_S", 0.05)
    async with undisturbed_match() as server:
        assert (await answer_to(server, b"GET /")).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("text", CloseCode.UNSUPPORTED_DATA),
        (bytes(MESSAGE_LIMIT_BYTES + 1), CloseCode.MESSAGE_TOO_BIG),
    ],
)
async def test_a_frame_that_no_client_sends_ends_that_channel(message, code):
    async with (
        undisturbed_match() as server,
        connect(uri(server), subprotocols=["jitterball"]) as stranger,
    ):
        with suppress(ConnectionClosed):
            await stranger.send(message)
        await stranger.wait_closed()
        assert stranger.close_code == code


# UDP.


class Stranger:
    """A socket that counts the bytes that go either way."""

    def __init__(self, server):
        self._sock = socket.socket(type=socket.SOCK_DGRAM)
        self._sock.bind((LOOPBACK, 0))
        self._sock.setblocking(False)
        self._to = listener_of(server, "udp").addresses[0]
        self.sent_bytes = 0

    def send(self, datagram):
        self.sent_bytes += len(datagram)
        self._sock.sendto(datagram, self._to)

    def answers(self):
        """Return what has come since the last time."""
        answers = []
        with suppress(BlockingIOError):
            while True:
                answers.append(self._sock.recv(2048))
        return answers

    def close(self):
        self._sock.close()


@asynccontextmanager
async def strangers(server, count=1):
    crowd = [Stranger(server) for _ in range(count)]
    try:
        yield crowd
    finally:
        for stranger in crowd:
            stranger.close()


class Tap:
    """A client's socket that keeps what passes, and may hold some of it back."""

    def __init__(self, channel):
        self._sock = channel.udp_socket.sock
        self.sent = []
        self.held_back = []
        self.is_holding = False
        channel.udp_socket.sock = self

    def send(self, datagram):
        (self.held_back if self.is_holding else self.sent).append(bytes(datagram))
        return len(datagram) if self.is_holding else self._sock.send(datagram)

    def release(self):
        for datagram in self.held_back:
            self._sock.send(datagram)

    def __getattr__(self, name):
        return getattr(self._sock, name)


class ByHand:
    """A client over UDP that says only what the test wants."""

    def __init__(self):
        self.is_over = False

    async def join(self, server):
        udp = TRANSPORTS["udp"]
        before = set(server.connections)
        address = Address(LOOPBACK, server.base_port + udp.port_offset)
        self.channel = await udp.connect(address, self)
        self.tap = Tap(self.channel)
        hello = Hello("msgpack", encode_join_request(JoinRequest("Eva", "main")))
        loop = asyncio.get_running_loop()
        papers = Credentials(SystemRandom())
        self.session = ClientSession(
            self.channel.send, loop.time, ClockFilter(), hello, credentials=papers
        )
        await until(lambda: any(guest.slot for guest in server.connections - before))
        (self.guest,) = server.connections - before
        self.inputs = self.guest.slot.owner.member.inputs

    def say(self, sequence, controls=NEUTRAL):
        body = encode_input(InputMessage(sequence, (controls,)), MSGPACK)
        self.session.send_application(body, Delivery.LATEST)

    def message_received(self, channel, message, received_at):
        """Hear nothing."""

    def channel_closed(self, channel, error):
        self.is_over = True


async def test_spoofed_hellos_get_less_than_they_cost_and_leave_nothing():
    async with undisturbed_match() as server, strangers(server, 5) as crowd:
        endpoint = listener_of(server, "udp")._endpoint
        answers = {stranger: [] for stranger in crowd}
        for seed in range(40):
            for stranger in crowd:
                # Who spoofs a source never reads the challenge, so a cookie can only be guessed.
                stranger.send(ClientHandshake(Random(seed), 0.0).outgoing.pop())
                stranger.send(RESPONSE_LAYOUT.pack(RESPONSE, bytes(8), bytes(8), bytes(16)))
            await ticks_of(server, 1)
            for stranger in crowd:
                answers[stranger] += stranger.answers()
        for stranger, heard in answers.items():
            assert {answer[0] for answer in heard} <= {CHALLENGE}
            assert heard
            assert sum(map(len, heard)) < stranger.sent_bytes / 20
        assert endpoint.connections == []
        assert len(server.connections) == 1


async def test_a_replay_from_elsewhere_says_nothing_and_gets_nothing():
    async with undisturbed_match() as server, strangers(server) as (thief,):
        client = ByHand()
        await client.join(server)
        for sequence in range(1, 101):
            client.say(sequence)
        await until(lambda: client.inputs.received == 100)
        home, spoken = client.guest.channel.peer, list(client.tap.sent)
        for datagram in spoken:
            thief.send(datagram)
        await until(lambda: client.guest.channel.stats().duplicate >= 100)
        await ticks_of(server, 5)
        assert thief.answers() == []
        assert client.guest.channel.peer == home
        assert client.inputs.received == 100
        await client.channel.close()


async def test_an_input_that_comes_a_thousand_later_changes_nothing():
    async with undisturbed_match() as server:
        client = ByHand()
        await client.join(server)
        client.tap.is_holding = True
        client.say(1, Controls(127, 127, True))
        client.tap.is_holding = False
        for sequence in range(2, 1003):
            client.say(sequence)
            if sequence % 50 == 0:
                await ticks_of(server, 1)
        await until(lambda: client.inputs.last_used == 1002)
        received = client.inputs.received
        client.tap.release()
        await until(lambda: client.guest.channel.stats().stale == 1)
        assert client.inputs.received == received
        assert client.inputs.last_used == 1002
        await client.channel.close()


async def test_what_was_said_in_a_life_that_has_ended_is_answered_shortly_and_forgotten():
    async with undisturbed_match() as server:
        client = ByHand()
        await client.join(server)
        client.say(1)
        await until(lambda: client.inputs.received == 1)
        spoken = list(client.tap.sent)
        client.session.send_close("left")
        await client.channel.close()
        await until(lambda: len(server.connections) == 1)
        async with strangers(server) as (thief,):
            for datagram in spoken:
                thief.send(datagram)
            await ticks_of(server, 5)
            unknown = RESET_LAYOUT.pack(RESET, client.channel.connection.connection_id)
            heard = thief.answers()
            assert set(heard) == {unknown}
            assert sum(map(len, heard)) < thief.sent_bytes
        assert listener_of(server, "udp")._endpoint.connections == []
        assert len(server.rooms["main"].match.roster()) == 1
