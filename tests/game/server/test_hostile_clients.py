"""Hostile clients of a whole server, while somebody plays on it.

``tests/plugins`` has every variation of invalid bytes, without a match.
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
from net.sync.clock_filter import ClockFilter
from net.transport import MESSAGE_LIMIT_BYTES, Address, Delivery
from tests.game.support import LOOPBACK, TRANSPORTS, playing, serving, until

NEUTRAL = Controls(0, 0, False)


@asynccontextmanager
async def undisturbed_match():
    """Yield a server with one player, who must still play, alone, at the end."""
    async with serving() as server, playing(server.base_port) as player:
        own_id = player.look().own_id
        yield server
        await ticks_of(server, 10)
        tick = player.look().scene.tick
        await until(lambda: player.look().scene.tick > tick + 5)
        assert player.look().own_id == own_id
        await until(lambda: len(server.connections) == 1)


async def ticks_of(server, count):
    """Wait for some ticks: by then the server has read what had arrived before."""
    world = server.rooms["main"].match.world
    last = world.tick + count
    await until(lambda: server.rooms["main"].match.world.tick > last)


# WebSocket.


def listener_of(server, name):
    return next(one for one in server.listeners if one.transport.name == name)


def uri(server, path="/"):
    return f"ws://{listener_of(server, 'websocket').addresses[0]}{path}"


async def answer_to(server, data):
    """Send bytes to the WebSocket port, and return the whole answer."""
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
async def test_a_web_page_of_another_origin_is_refused_with_a_status(path, options, status):
    async with undisturbed_match() as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(uri(server, path), **{"subprotocols": ["jitterball"], **options})
        assert refused.value.response.status_code == status


async def test_a_browser_that_opens_the_port_gets_an_upgrade_status():
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
async def test_an_invalid_frame_closes_that_channel(message, code):
    async with (
        undisturbed_match() as server,
        connect(uri(server), subprotocols=["jitterball"]) as attacker,
    ):
        with suppress(ConnectionClosed):
            await attacker.send(message)
        await attacker.wait_closed()
        assert attacker.close_code == code


# UDP.


class Attacker:
    """A UDP socket that counts what it sends."""

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
        """Return the datagrams since the last call."""
        answers = []
        with suppress(BlockingIOError):
            while True:
                answers.append(self._sock.recv(2048))
        return answers

    def close(self):
        self._sock.close()


@asynccontextmanager
async def attackers(server, count=1):
    crowd = [Attacker(server) for _ in range(count)]
    try:
        yield crowd
    finally:
        for attacker in crowd:
            attacker.close()


class SocketRecorder:
    """Replaces the socket of a client: records what is sent, and can hold it back."""

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


class ManualClient:
    """A client over UDP whose inputs the test sends."""

    def __init__(self):
        self.is_over = False

    async def join(self, server):
        udp = TRANSPORTS["udp"]
        before = set(server.connections)
        address = Address(LOOPBACK, server.base_port + udp.port_offset)
        self.channel = await udp.connect(address, self)
        self.recorder = SocketRecorder(self.channel)
        hello = Hello("msgpack", encode_join_request(JoinRequest("Eva", "main")))
        loop = asyncio.get_running_loop()
        credentials = Credentials(SystemRandom())
        self.session = ClientSession(
            self.channel.send, loop.time, ClockFilter(), hello, credentials=credentials
        )
        await until(lambda: any(connection.slot for connection in server.connections - before))
        (self.connection,) = server.connections - before
        self.inputs = self.connection.slot.owner.member.inputs

    def send_input(self, sequence, controls=NEUTRAL):
        body = encode_input(InputMessage(sequence, (controls,)), MSGPACK)
        self.session.send_application(body, Delivery.LATEST)

    def message_received(self, channel, message, received_at):
        """Ignore a message."""

    def channel_closed(self, channel, error):
        self.is_over = True


async def test_spoofed_hellos_are_not_amplified_and_leave_no_state():
    async with undisturbed_match() as server, attackers(server, 5) as crowd:
        answers = {attacker: [] for attacker in crowd}
        for seed in range(40):
            for attacker in crowd:
                # With a spoofed source the challenge is never read: the cookie must be guessed.
                attacker.send(ClientHandshake(Random(seed), 0.0).outgoing.pop())
                attacker.send(RESPONSE_LAYOUT.pack(RESPONSE, bytes(8), bytes(8), bytes(16)))
            await ticks_of(server, 1)
            for attacker in crowd:
                answers[attacker] += attacker.answers()
        for attacker, answered in answers.items():
            assert {answer[0] for answer in answered} <= {CHALLENGE}
            assert answered
            assert sum(map(len, answered)) < attacker.sent_bytes / 20
        assert listener_of(server, "udp").connections == []
        assert len(server.connections) == 1


async def test_datagrams_replayed_from_another_address_change_nothing():
    async with undisturbed_match() as server, attackers(server) as (attacker,):
        client = ManualClient()
        await client.join(server)
        for sequence in range(1, 101):
            client.send_input(sequence)
        await until(lambda: client.inputs.received == 100)
        address, recorded = client.connection.channel.peer, list(client.recorder.sent)
        for datagram in recorded:
            attacker.send(datagram)
        await until(lambda: client.connection.channel.stats().duplicate >= 100)
        await ticks_of(server, 5)
        assert attacker.answers() == []
        assert client.connection.channel.peer == address
        assert client.inputs.received == 100
        await client.channel.close()


async def test_an_input_a_thousand_datagrams_late_changes_nothing():
    async with undisturbed_match() as server:
        client = ManualClient()
        await client.join(server)
        client.recorder.is_holding = True
        client.send_input(1, Controls(127, 127, True))
        client.recorder.is_holding = False
        for sequence in range(2, 1003):
            client.send_input(sequence)
            if sequence % 50 == 0:
                await ticks_of(server, 1)
        await until(lambda: client.inputs.last_used == 1002)
        received = client.inputs.received
        client.recorder.release()
        await until(lambda: client.connection.channel.stats().stale == 1)
        assert client.inputs.received == received
        assert client.inputs.last_used == 1002
        await client.channel.close()


async def test_datagrams_of_a_closed_connection_get_a_reset_and_leave_no_state():
    async with undisturbed_match() as server:
        client = ManualClient()
        await client.join(server)
        client.send_input(1)
        await until(lambda: client.inputs.received == 1)
        recorded = list(client.recorder.sent)
        client.session.send_close("left")
        await client.channel.close()
        await until(lambda: len(server.connections) == 1)
        async with attackers(server) as (attacker,):
            for datagram in recorded:
                attacker.send(datagram)
            await ticks_of(server, 5)
            unknown = RESET_LAYOUT.pack(RESET, client.channel.connection.connection_id)
            answered = attacker.answers()
            assert set(answered) == {unknown}
            assert sum(map(len, answered)) < attacker.sent_bytes
        assert listener_of(server, "udp").connections == []
        assert len(server.rooms["main"].match.roster()) == 1
