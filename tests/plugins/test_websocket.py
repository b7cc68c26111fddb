"""The WebSocket plugin: handshakes, status codes, close codes, origins."""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.server import ServerProtocol

import plugins.websocket as plugin
from net.errors import (
    ConnectError,
    ConnectStage,
    ConnectTimeout,
    PeerReset,
    ProtocolError,
    SendQueueOverflow,
)
from net.transport import MESSAGE_LIMIT_BYTES, Address, Delivery, SocketOptions
from plugins.websocket import WebSocketTransport, close_error

LOOPBACK = "127.0.0.1"
PEER = Address(LOOPBACK, 7778)


@pytest.fixture
def harness_over_websocket(make_harness):
    return make_harness(WebSocketTransport())


def uri(harness, path="/"):
    return f"ws://{harness.listener.addresses[0]}{path}"


def library_client(harness, path="/", subprotocols=("jitterball",), **options):
    """Connect with the library's client: our server must work with any WebSocket client."""
    return connect(uri(harness, path), subprotocols=subprotocols, **options)


async def exchange(harness, data: bytes) -> bytes:
    """Send bytes over TCP and return all that comes back."""
    reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
    writer.write(data)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_librarys_client_is_understood(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        assert other.subprotocol == "jitterball"
        assert other.protocol.extensions == [], "compressed"
        server = await harness.next_arrival()
        await other.send(b"from the library")
        assert await server.received(1) == [b"from the library"]
        server.send(b"to the library")
        assert await other.recv() == b"to the library"
        await other.close()
        assert await server.ended() is None


async def test_the_librarys_server_is_understood():
    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async with serve(echo, LOOPBACK, 0, subprotocols=["jitterball"]) as server:
        port = server.sockets[0].getsockname()[1]
        received = asyncio.Queue()
        async with await WebSocketTransport().connect(
            Address(LOOPBACK, port), QueueReceiver(received)
        ) as channel:
            channel.send(b"there and back", Delivery.RELIABLE)
            assert await received.get() == b"there and back"
        assert await received.get() is None


class QueueReceiver:
    """A receiver that puts messages, and then the error of the end, into a queue."""

    def __init__(self, queue):
        self.queue = queue

    def message_received(self, channel, message, received_at):
        self.queue.put_nowait(message)

    def channel_closed(self, channel, error):
        self.queue.put_nowait(error)


async def test_a_message_in_fragments_is_one_message(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        await other.send([b"in ", b"", b"three", b" parts"])
        await other.send(b"whole")
        assert await server.received(2) == [b"in three parts", b"whole"]


async def test_pings_are_answered(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        await (await other.ping())


BARE = {
    "pings": [Frame(Opcode.PING, b"")],
    "pongs": [Frame(Opcode.PONG, b"")],
    "empty fragments": [Frame(Opcode.BINARY, b"", fin=False)]
    + [Frame(Opcode.CONT, b"", fin=False)] * 9,
}


@pytest.mark.parametrize("frames", BARE.values(), ids=BARE)
async def test_a_flood_of_frames_that_complete_no_message_ends_the_channel(
    harness_over_websocket, frames
):
    first, *rest = (frame.serialize(mask=True) for frame in frames)
    block = b"".join(rest) or first
    async with harness_over_websocket() as harness, library_client(harness) as other:
        client, server = await harness.join(), await harness.next_arrival()
        other.transport.write(first)
        while not server.channel.closed:
            other.transport.write(block * 100)
            await asyncio.sleep(0)
        assert "complete no message" in str(await server.ended())
        assert isinstance(server.endings[0], ProtocolError)
        assert not client.endings
        other.transport.abort()


async def test_a_few_pings_and_fragments_cost_nobody_the_channel(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        for number in range(int(plugin.BARE_FRAMES_BURST) // 4):
            await other.ping(b"%d" % number)
            await other.send([b"two ", b"parts"])
        assert set(await server.received(number + 1)) == {b"two parts"}
        assert not server.endings


async def test_the_answers_to_many_pings_are_written_at_once(harness_over_websocket, monkeypatch):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        written = []
        monkeypatch.setattr(server.channel, "write", written.append)
        ping = Frame(Opcode.PING, b"").serialize(mask=True)
        server.channel.bytes_received(memoryview(ping * 50), 0.0)
        assert written == [Frame(Opcode.PONG, b"").serialize(mask=False) * 50]
        assert not server.endings
        other.transport.abort()


async def test_text_is_refused_with_1003(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        await other.send("text")
        with pytest.raises(ConnectionClosed) as closed:
            await other.recv()
        assert closed.value.rcvd.code == CloseCode.UNSUPPORTED_DATA
        assert isinstance(await server.ended(), ProtocolError)
        assert server.messages == []


@pytest.mark.parametrize("fragments", [1, 3])
async def test_a_message_over_the_limit_is_refused_with_1009(harness_over_websocket, fragments):
    too_large = [bytes(MESSAGE_LIMIT_BYTES // fragments + 1)] * fragments
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        with suppress(ConnectionClosed):
            await other.send(too_large)
        with pytest.raises(ConnectionClosed) as closed:
            await other.recv()
        assert closed.value.rcvd.code == CloseCode.MESSAGE_TOO_BIG
        assert isinstance(await server.ended(), ProtocolError)


async def test_bytes_that_are_no_frame_are_refused_with_1002(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        other.transport.write(b"\xff" * 50)
        with pytest.raises(ConnectionClosed) as closed:
            await other.recv()
        assert closed.value.rcvd.code == CloseCode.PROTOCOL_ERROR
        assert isinstance(await server.ended(), ProtocolError)


async def test_our_close_code_is_1000(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        await server.channel.close()
        with pytest.raises(ConnectionClosed) as closed:
            await other.recv()
        assert closed.value.rcvd.code == CloseCode.NORMAL_CLOSURE
        assert server.endings == [None]


async def test_a_stream_that_ends_without_a_close_frame_is_a_loss(harness_over_websocket):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        other.transport.write_eof()
        assert isinstance(await server.ended(), PeerReset)


def test_close_codes_are_mapped_to_our_errors():
    expected = {
        1000: type(None),
        1001: type(None),
        1005: type(None),
        1002: ProtocolError,
        1003: ProtocolError,
        1007: ProtocolError,
        1009: ProtocolError,
        1008: PeerReset,
        1011: PeerReset,
        4000: PeerReset,
    }
    mapped = {code: type(close_error(Close(code, "why"), PEER)) for code in expected}
    assert mapped == expected


STEERING = "\x1b[2J\x1b]0;owned\x07\r\n23:59:59 WARNING \x9b2J wiped\u202e"


@pytest.mark.parametrize("code", [4000, 1002])
async def test_a_reason_to_close_cannot_forge_a_line_or_steer_a_terminal(
    harness_over_websocket, code
):
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        await other.close(code, STEERING)
        said = str(await server.ended())
    assert said.isprintable()
    assert f"{code} '\\x1b[2J" in said


def test_a_long_reason_to_close_is_cut():
    assert len(str(close_error(Close(4000, "\0" * 120), PEER))) < 180


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        for body in (STEERING.encode(), b"\xff\x9b2J" * 500, b"<html>\n" * 50_000)
    ]
    # A header that is no UTF-8 is decoded byte by byte, and 0x9b controls a terminal as ESC [ does.
    + [b"HTTP/1.1 101 OK\r\nUpgrade: \x9b2J\r\nConnection: Upgrade\r\n\r\n"],
    ids=["steering", "no UTF-8", "long", "in a header"],
)
async def test_a_refusal_is_one_short_line_that_cannot_steer_a_terminal(answer):
    async with serving_bytes(answer) as sock:
        with pytest.raises(ConnectError, match="no game at") as failed:
            await connect_to(sock)
    assert str(failed.value).isprintable()
    assert len(str(failed.value)) < 180


@pytest.mark.parametrize(
    ("wrong_request", "status"),
    [
        ({"path": "/elsewhere"}, 404),
        ({"path": "/?query"}, 404),
        ({"origin": "https://example.com"}, 403),
        ({"subprotocols": None}, 400),
        ({"subprotocols": ["chess"]}, 400),
    ],
)
async def test_a_wrong_request_is_refused_with_a_status(
    harness_over_websocket, wrong_request, status
):
    async with harness_over_websocket() as harness:
        with pytest.raises(InvalidStatus) as refused:
            await library_client(harness, **wrong_request)
        assert refused.value.response.status_code == status
        client, server = await harness.meet()
        assert harness.arrived == [server]
        assert not client.channel.closed


PAGE_OFFSET = 2


async def test_the_page_of_the_same_server_is_let_in(harness_over_websocket):
    async with harness_over_websocket(options=SocketOptions(page_offset=PAGE_OFFSET)) as harness:
        host, port = harness.listener.addresses[0]
        origin = f"http://{host}:{port + PAGE_OFFSET}"
        async with library_client(harness, origin=origin):
            await harness.next_arrival()


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:1", "https://example.com", "http://example.com:7780", "null"]
)
async def test_pages_of_others_are_not(harness_over_websocket, origin):
    async with harness_over_websocket(options=SocketOptions(page_offset=PAGE_OFFSET)) as harness:
        with pytest.raises(InvalidStatus) as refused:
            await library_client(harness, origin=origin)
        assert refused.value.response.status_code == 403
        assert harness.arrived == []


async def test_a_request_for_a_page_gets_426(harness_over_websocket):
    async with harness_over_websocket() as harness:
        answer = await exchange(harness, b"GET / HTTP/1.1\r\nHost: game\r\n\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 426 ")
        assert b"WebSocket" in body
        assert harness.arrived == []


REQUEST = (
    b"GET / HTTP/1.1\r\nHost: game\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: jitterball\r\n\r\n"
)


@pytest.mark.parametrize(
    "too_soon",
    [
        Frame(Opcode.CLOSE, b"").serialize(mask=True),
        Frame(Opcode.PING, b"").serialize(mask=True),
        Frame(Opcode.BINARY, b"hello").serialize(mask=True),
        b"\xff" * 50,
    ],
    ids=["close", "ping", "message", "no frame"],
)
async def test_a_client_that_does_not_wait_for_the_response_is_cut(
    harness_over_websocket, too_soon
):
    async with harness_over_websocket() as harness:
        with suppress(ConnectionResetError):
            assert await exchange(harness, REQUEST + too_soon) == b""
        assert harness.arrived == []
        client, server = await harness.meet()
        client.send(b"the server goes on")
        assert await server.received(1) == [b"the server goes on"]


async def test_bytes_that_are_not_http_end_the_stream(harness_over_websocket):
    async with harness_over_websocket() as harness:
        assert await exchange(harness, b"\x00\x01\x02 no such thing \r\n\r\n") == b""
        assert harness.arrived == []


@pytest.mark.parametrize("so_far", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost:"])
async def test_a_slow_handshake_gets_408_and_is_ended(harness_over_websocket, monkeypatch, so_far):
    monkeypatch.setattr(plugin, "HANDSHAKE_TIMEOUT_S", 0.05)
    async with harness_over_websocket() as harness:
        answer = await exchange(harness, so_far)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert answer.endswith(b"longer than 0.05 s\n")
        assert harness.arrived == []


async def test_a_client_that_continues_after_a_408_is_cut(harness_over_websocket, monkeypatch):
    monkeypatch.setattr(plugin, "HANDSHAKE_TIMEOUT_S", 0.05)
    async with harness_over_websocket() as harness:
        reader, writer = await asyncio.open_connection(*harness.listener.addresses[0])
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        with suppress(ConnectionError):
            while True:
                writer.write(b"X-Slow: yes\r\n")
                await writer.drain()
                await asyncio.sleep(0)
        assert harness.arrived == []
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_server_that_does_not_answer_the_handshake_is_given_up():
    # The system accepts the connection; nothing reads from it.
    with (
        socket.create_server((LOOPBACK, 0)) as mute,
        pytest.raises(ConnectTimeout, match="WebSocket handshake") as caught,
    ):
        await connect_to(mute, SocketOptions(stage_timeout_s=0.05))
    assert caught.value.stage is ConnectStage.HANDSHAKE


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ],
)
async def test_a_server_of_another_kind_is_no_game(answer):
    async with serving_bytes(answer) as sock:
        with pytest.raises(ConnectError, match="no game at") as failed:
            await connect_to(sock)
        if b"404" in answer:
            assert "HTTP 404 nope" in str(failed.value)


@asynccontextmanager
async def serving_bytes(answer):
    """Answer every request with these bytes and close; yield the listening socket."""

    async def reply(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()
        # Who refuses an answer may close with a part of it unread, which resets the connection.
        with suppress(ConnectionResetError):
            await writer.wait_closed()

    async with await asyncio.start_server(reply, LOOPBACK, 0) as server:
        yield server.sockets[0]


async def test_messages_that_arrive_with_the_response_are_delivered():
    async def answer_and_leave(reader, writer):
        core = ServerProtocol(subprotocols=["jitterball"])
        core.receive_data(await reader.readuntil(b"\r\n\r\n"))
        (request,) = core.events_received()
        core.send_response(core.accept(request))
        core.send_binary(b"full")
        core.send_close(1000)
        writer.write(b"".join(core.data_to_send()))
        # The close frame may come too late for a client that is closing: a reset.
        with suppress(ConnectionResetError):
            await reader.read()
        writer.close()

    received = asyncio.Queue()
    async with await asyncio.start_server(answer_and_leave, LOOPBACK, 0) as server:
        address = Address(*server.sockets[0].getsockname())
        channel = await WebSocketTransport().connect(address, QueueReceiver(received))
        assert [await received.get(), await received.get()] == [b"full", None]
        assert channel.closed


async def connect_to(sock, options=SocketOptions()):
    address = Address(*sock.getsockname())
    return await WebSocketTransport().connect(address, QueueReceiver(asyncio.Queue()), options)


async def test_a_client_that_pings_and_never_reads_is_cut(harness_over_websocket, monkeypatch):
    # As an attacker that remains below the limit.
    monkeypatch.setattr(plugin, "BARE_FRAMES_BURST", 100_000.0)
    async with harness_over_websocket() as harness, library_client(harness) as other:
        server = await harness.next_arrival()
        other.transport.pause_reading()
        with suppress(ConnectionClosed):
            for number in range(100_000):
                await other.ping(b"%0125d" % number)
        assert isinstance(await server.ended(), SendQueueOverflow)
        other.transport.abort()
