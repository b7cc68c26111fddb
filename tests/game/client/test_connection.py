"""The client side of one connection, over a mock channel."""

import asyncio
import struct
from time import perf_counter
from unittest.mock import Mock

import pytest

from game.client.connection import ServerConnection
from net.errors import DecodeError, PeerReset, SessionRefused, TlsError
from net.registry import load_transport
from net.session.liveness import PEER_TIMEOUT_S
from net.session.messages import (
    ApplicationMessage,
    Hello,
    MessageType,
    RefusalReason,
    SessionEvent,
    Welcome,
)
from net.session.server import ServerSession
from net.sync.clock_filter import ClockFilter
from net.transport import Channel

PING = struct.pack("!Bd", MessageType.PING, 1.0)
APPLICATION = bytes((MessageType.APPLICATION,)) + b"body"


def started_connection(handler: Mock) -> ServerConnection:
    """Return a connection that has sent its hello."""
    connection = ServerConnection(handler)
    channel = Mock(Channel, transport=load_transport("tcp"))
    connection.start(channel, Hello("msgpack", None), ClockFilter())
    return connection


def welcomed_connection(handler: Mock) -> ServerConnection:
    connection = started_connection(handler)
    receive(
        connection,
        *server_messages(lambda server: server.welcome(Welcome("token", False, 0, None))),
    )
    connection.channel.send.reset_mock()
    return connection


def server_messages(send) -> list[bytes]:
    """Return the messages that the server's session sends during a call."""
    sent: list[bytes] = []
    send(ServerSession(lambda message, *_: sent.append(message), Mock(return_value=0.0), Mock(), 1))
    return sent


def receive(connection: ServerConnection, *messages: bytes) -> None:
    for message in messages:
        connection.message_received(connection.channel, message, perf_counter())


def sent_types(connection: ServerConnection) -> list[int]:
    return [call.args[0][0] for call in connection.channel.send.call_args_list]


async def test_a_tls_error_completes_the_handshake_with_that_error():
    connection = started_connection(Mock())
    connection.channel_closed(connection.channel, TlsError("it speaks TLS only"))
    with pytest.raises(TlsError, match="TLS only"):
        await connection.handshake_done
    assert connection.closed.done()


async def test_messages_before_our_hello_are_ignored():
    channel = Mock(Channel)
    connection = ServerConnection(Mock())
    connection.message_received(channel, PING, 1.0)
    channel.send.assert_not_called()
    channel.abort.assert_not_called()


async def test_a_ping_after_our_hello_is_answered():
    connection = started_connection(Mock())
    receive(connection, PING)
    assert sent_types(connection) == [MessageType.HELLO, MessageType.PONG]


async def test_a_welcome_completes_the_handshake_and_sends_the_first_ping():
    handler = Mock()
    connection = started_connection(handler)
    receive(
        connection,
        *server_messages(lambda server: server.welcome(Welcome("token", True, 9, [1, 2]))),
    )
    assert connection.is_welcomed
    assert connection.handshake_done.result() is None
    (who, welcome), _ = handler.on_welcome.call_args
    assert (who, welcome.token, welcome.last_event) == (connection, "token", 9)
    assert sent_types(connection) == [MessageType.HELLO, MessageType.PING]


async def test_a_welcome_that_cannot_be_decoded_does_not_count():
    """Else the client would believe that it had joined, and reconnect for ever."""
    handler = Mock()
    handler.on_welcome.side_effect = DecodeError("no roster")
    connection = started_connection(handler)
    receive(
        connection,
        *server_messages(lambda server: server.welcome(Welcome("token", False, 0, None))),
    )
    assert not connection.is_welcomed
    connection.channel.abort.assert_called_once_with()
    connection.channel_closed(connection.channel, None)
    assert connection.handshake_done.done()
    assert "no roster" in connection.close_reason


async def test_a_refusal_is_raised_by_the_handshake():
    connection = started_connection(Mock())
    receive(
        connection,
        *server_messages(lambda server: server.refuse(RefusalReason.ROOM_FULL, "40 play")),
    )
    with pytest.raises(SessionRefused, match="40 play"):
        await connection.handshake_done
    await asyncio.sleep(0)
    connection.channel.close.assert_awaited_once()


async def test_messages_that_overtake_the_welcome_are_ignored():
    handler = Mock()
    connection = started_connection(handler)
    receive(
        connection,
        APPLICATION,
        *server_messages(lambda server: server.send_event(SessionEvent(1, b"goal"))),
    )
    handler.on_message.assert_not_called()
    connection.channel.abort.assert_not_called()


async def test_states_and_events_reach_the_handler():
    handler = Mock()
    connection = welcomed_connection(handler)
    receive(
        connection,
        APPLICATION,
        *server_messages(lambda server: server.send_event(SessionEvent(1, b"goal"))),
    )
    received = [call.args[1] for call in handler.on_message.call_args_list]
    assert received == [ApplicationMessage(b"body"), SessionEvent(1, b"goal")]


async def test_an_invalid_message_aborts_the_channel():
    connection = welcomed_connection(Mock())
    receive(connection, b"\xff")
    connection.channel.abort.assert_called_once_with()
    assert "invalid message" in connection.close_reason


async def test_a_close_message_sets_the_reason_and_closes_the_channel():
    connection = welcomed_connection(Mock())
    receive(connection, *server_messages(lambda server: server.send_close("the server was closed")))
    await asyncio.sleep(0)
    connection.channel_closed(connection.channel, None)
    assert connection.close_reason == "the server was closed"
    assert connection.closed.done()


async def test_the_end_of_the_channel_completes_the_handshake():
    connection = started_connection(Mock())
    connection.channel_closed(connection.channel, PeerReset("cut"))
    assert connection.handshake_done.done()
    assert not connection.is_welcomed
    assert connection.close_reason == "cut"


async def test_ten_pings_a_second_and_none_after_the_end():
    connection = welcomed_connection(Mock())
    began = perf_counter()
    for tick in range(60):
        at = began + tick / 60
        connection.session.last_received_at = at
        connection.tick(at)
    assert sent_types(connection).count(MessageType.PING) in (9, 10)
    connection.channel_closed(connection.channel, None)
    connection.channel.send.reset_mock()
    connection.tick(began + 60.0)
    connection.channel.send.assert_not_called()


async def test_a_server_silent_for_ten_seconds_times_out():
    connection = welcomed_connection(Mock())
    received_at = connection.session.last_received_at
    connection.tick(received_at + PEER_TIMEOUT_S - 0.01)
    connection.channel.abort.assert_not_called()
    connection.tick(received_at + PEER_TIMEOUT_S + 0.01)
    connection.channel.abort.assert_called_once_with()
    assert connection.close_reason == "no message for 10 s"
