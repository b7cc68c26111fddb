"""The server side of one client connection, over a mock channel."""

import asyncio
import logging
from random import Random
from time import perf_counter
from unittest.mock import Mock

import pytest

from game.server.connection import SERVER_PING_INTERVAL_S, ClientConnection
from game.server.rejections import RejectionLog
from net.errors import DecodeError, PeerTimeout
from net.registry import load_transport
from net.security.server_limits import REJECTION_TIMEOUT_S, ConnectionLimiter, ServerLimits
from net.session.authenticator import Authenticator
from net.session.client import ClientSession
from net.session.liveness import PEER_TIMEOUT_S
from net.session.messages import Hello, MessageType, RefusalReason, Welcome
from net.transport import Address, Channel

HANDSHAKE_TIMEOUT_S = ServerLimits().handshake_timeout_s
APPLICATION = bytes((MessageType.APPLICATION,)) + b"body"
CLOSE = bytes((MessageType.CLOSE,)) + b"left"


class RecordingHandler:
    """A handler that accepts every client and records the callbacks."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.disconnects: list[bool] = []

    def on_hello(self, connection, hello):
        connection.slot = hello.payload
        connection.session.welcome(Welcome("token", False, 0, None))

    def on_message(self, connection, body):
        self.messages.append(body)

    def on_disconnect(self, connection, was_closed_by_peer):
        self.disconnects.append(was_closed_by_peer)


class RefusingHandler(RecordingHandler):
    """A handler that refuses every client."""

    def on_hello(self, connection, hello):
        raise connection.session.refuse(RefusalReason.ROOM_FULL, "no room")


class DecodeErrorHandler(RecordingHandler):
    """A handler that cannot decode any message."""

    def on_message(self, connection, body):
        raise DecodeError("what is this?")


def hello_message() -> bytes:
    sent: list[bytes] = []
    ClientSession(lambda message, *_: sent.append(message), perf_counter, Mock(), Hello("json", 7))
    return sent[0]


def connection_to(
    handler: RecordingHandler,
    limits: ServerLimits = ServerLimits(),
    limiter: ConnectionLimiter | None = None,
) -> ClientConnection:
    limiter = limiter or ConnectionLimiter(limits, lambda network: False)
    channel = Mock(Channel, transport=load_transport("tcp"), peer=Address("192.0.2.7", 4711))
    permit = limiter.acquire(channel.peer.host, perf_counter())
    return ClientConnection(
        channel, handler, Authenticator(Random(1), {}.get), RejectionLog(), limits, permit
    )


def joined_connection(handler: RecordingHandler) -> ClientConnection:
    connection = connection_to(handler)
    connection.message_received(connection.channel, hello_message(), perf_counter())
    connection.channel.send.reset_mock()
    return connection


def sent_types(connection: ClientConnection) -> list[int]:
    """Return the types of the messages that were sent to the client."""
    return [call.args[0][0] for call in connection.channel.send.call_args_list]


def sent_messages(connection: ClientConnection) -> list[bytes]:
    """Return the messages that were sent to the client."""
    return [call.args[0] for call in connection.channel.send.call_args_list]


def receive(connection: ClientConnection, message: bytes, at: float | None = None) -> None:
    connection.message_received(connection.channel, message, perf_counter() if at is None else at)


async def test_a_client_joins_with_a_hello_and_its_messages_are_handled():
    handler = RecordingHandler()
    connection = joined_connection(handler)
    assert connection.slot == 7
    receive(connection, APPLICATION)
    assert handler.messages == [b"body"]


async def test_a_refused_client_receives_the_refusal_and_the_channel_closes():
    handler = RefusingHandler()
    connection = connection_to(handler)
    receive(connection, hello_message())
    assert sent_types(connection) == [MessageType.REFUSE]
    await asyncio.sleep(0)
    connection.channel.close.assert_awaited_once()
    receive(connection, APPLICATION)
    assert handler.messages == []


async def test_a_flood_does_not_limit_a_quiet_connection_of_the_same_network():
    limits = ServerLimits(network_bytes_per_s=1_000.0, network_burst_bytes=10_000.0)
    limiter = ConnectionLimiter(limits, lambda network: False)
    handlers = [RecordingHandler() for _ in range(5)]
    *flooding, quiet = (connection_to(handler, limits, limiter) for handler in handlers)
    start = perf_counter()
    for connection in (*flooding, quiet):
        receive(connection, hello_message())
    for fortieth in range(5 * 40):
        at = start + fortieth / 40
        for connection in flooding:
            # Each stays below the rate limit of one connection.
            for _ in range(8):
                receive(connection, APPLICATION, at)
        receive(quiet, APPLICATION, at)
    assert all(MessageType.CLOSE in sent_types(connection) for connection in flooding)
    assert MessageType.CLOSE not in sent_types(quiet)
    assert len(handlers[-1].messages) == 5 * 40
    await asyncio.sleep(0)
    assert all(connection.channel.close.await_count == 1 for connection in flooding)


@pytest.mark.parametrize(
    ("garbage", "received"),
    [
        (b"", "an empty message"),
        (b"\xff", "type 255"),
        (APPLICATION, "APPLICATION (type 8)"),
        (CLOSE, "CLOSE (type 6)"),
        (b"GET / HTTP/1.1\r\n", "type 71"),
    ],
)
async def test_a_first_message_other_than_a_hello_is_refused_with_the_reason(
    garbage, received, caplog
):
    connection = connection_to(RecordingHandler())
    receive(connection, garbage)
    refusal = f"\x03bad-message: expected HELLO (type 1), received {received}"
    assert sent_messages(connection) == [refusal.encode()]
    assert "192.0.2.7" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING
    await asyncio.sleep(0)
    connection.channel.close.assert_awaited_once()


async def test_a_message_that_cannot_be_decoded_closes_the_channel_with_the_reason():
    connection = joined_connection(DecodeErrorHandler())
    receive(connection, APPLICATION)
    receive(connection, APPLICATION)
    assert sent_messages(connection) == [b"\x06invalid message: what is this?"]
    await asyncio.sleep(0)
    connection.channel.close.assert_awaited_once()


async def test_a_close_message_closes_the_channel_and_is_reported_at_its_end():
    handler = RecordingHandler()
    connection = joined_connection(handler)
    receive(connection, CLOSE)
    await asyncio.sleep(0)
    connection.channel_closed(connection.channel, None)
    assert handler.disconnects == [True]


async def test_a_lost_channel_is_not_reported_as_closed_by_the_peer():
    handler = RecordingHandler()
    connection = joined_connection(handler)
    connection.channel_closed(connection.channel, PeerTimeout("gone"))
    assert handler.disconnects == [False]


async def test_a_client_is_pinged_once_a_second():
    connection = joined_connection(RecordingHandler())
    now = perf_counter()
    for half_seconds in range(20):
        at = now + half_seconds / 2
        connection.session.last_received_at = at
        connection.check_timeouts(at)
    assert len(sent_types(connection)) == pytest.approx(10 * SERVER_PING_INTERVAL_S, abs=1)
    assert set(sent_types(connection)) == {MessageType.PING}


async def test_no_ping_is_sent_before_the_hello():
    connection = connection_to(RecordingHandler())
    connection.check_timeouts(perf_counter() + 2 * SERVER_PING_INTERVAL_S)
    assert sent_types(connection) == []


async def test_a_silent_client_times_out():
    connection = joined_connection(RecordingHandler())
    now = connection.session.last_received_at
    connection.check_timeouts(now + PEER_TIMEOUT_S - 0.01)
    connection.channel.abort.assert_not_called()
    connection.check_timeouts(now + PEER_TIMEOUT_S + 0.01)
    connection.channel.abort.assert_called_once_with()


async def test_a_client_without_a_hello_times_out_even_if_it_sends():
    connection = connection_to(RecordingHandler())
    now = perf_counter()
    connection.session.last_received_at = now + HANDSHAKE_TIMEOUT_S
    connection.check_timeouts(now + HANDSHAKE_TIMEOUT_S - 1.0)
    connection.channel.abort.assert_not_called()
    connection.check_timeouts(now + HANDSHAKE_TIMEOUT_S + 1.0)
    connection.channel.abort.assert_called_once_with()


async def test_a_rejected_connection_receives_the_reason_and_times_out_early():
    connection = connection_to(RecordingHandler(), ServerLimits(connections=0))
    now = perf_counter()
    connection.check_timeouts(now + REJECTION_TIMEOUT_S - 0.1)
    connection.channel.abort.assert_not_called()
    connection.check_timeouts(now + REJECTION_TIMEOUT_S + 0.1)
    connection.channel.abort.assert_called_once_with()
    receive(connection, hello_message())
    assert sent_types(connection) == [MessageType.REFUSE]
    assert connection.slot is None
    await asyncio.sleep(0)


async def test_a_closing_connection_does_not_time_out():
    connection = joined_connection(RecordingHandler())
    connection.close()
    connection.close()
    connection.check_timeouts(perf_counter() + 2 * PEER_TIMEOUT_S)
    connection.channel.abort.assert_not_called()
    await asyncio.sleep(0)
    connection.channel.close.assert_awaited_once()
