"""A visit on a channel that only remembers what was sent."""

import asyncio
import struct
from time import perf_counter
from unittest.mock import Mock

import pytest

from game.client.connection import ServerConnection
from net.errors import DecodeError, PeerReset, SessionRefused, TlsError
from net.registry import load_transport
from net.session.messages import (
    ApplicationMessage,
    Hello,
    MessageType,
    RefusalReason,
    SessionEvent,
    Welcome,
)
from net.session.server import ServerSession
from net.session.session import PEER_TIMEOUT_S
from net.sync.clock import ClockFilter
from net.transport import Channel

PING = struct.pack("!Bd", MessageType.PING, 1.0)
APPLICATION = bytes((MessageType.APPLICATION,)) + b"body"


def begun(caller: Mock) -> ServerConnection:
    """Return a visit that has said hello."""
    visit = ServerConnection(caller)
    channel = Mock(Channel, transport=load_transport("tcp"))
    visit.start(channel, Hello("msgpack", None), ClockFilter())
    return visit


def on_welcome(caller: Mock) -> ServerConnection:
    visit = begun(caller)
    hear(visit, *said_by_server(lambda server: server.welcome(Welcome("token", False, 0, None))))
    visit.channel.send.reset_mock()
    return visit


def said_by_server(say) -> list[bytes]:
    """Return the messages that a server's end of the session makes of something."""
    said: list[bytes] = []
    say(ServerSession(lambda message, *_: said.append(message), Mock(return_value=0.0), Mock(), 1))
    return said


def hear(visit: ServerConnection, *messages: bytes) -> None:
    for message in messages:
        visit.message_received(visit.channel, message, perf_counter())


def kinds_sent(visit: ServerConnection) -> list[int]:
    return [call.args[0][0] for call in visit.channel.send.call_args_list]


async def test_a_server_that_speaks_tls_only_has_answered():
    visit = begun(Mock())
    visit.channel_closed(visit.channel, TlsError("it speaks TLS only"))
    with pytest.raises(TlsError, match="TLS only"):
        await visit.handshake_done
    assert visit.closed.done()


async def test_what_is_heard_before_our_hello_is_passed_over():
    channel = Mock(Channel)
    visit = ServerConnection(Mock())
    visit.message_received(channel, PING, 1.0)
    channel.send.assert_not_called()
    channel.abort.assert_not_called()


async def test_a_ping_after_our_hello_is_answered():
    visit = begun(Mock())
    hear(visit, PING)
    assert kinds_sent(visit) == [MessageType.HELLO, MessageType.PONG]


async def test_a_welcome_lets_us_in_and_the_first_ping_goes_out_at_once():
    caller = Mock()
    visit = begun(caller)
    hear(visit, *said_by_server(lambda server: server.welcome(Welcome("token", True, 9, [1, 2]))))
    assert visit.is_welcomed
    assert visit.handshake_done.result() is None
    (who, welcome), _ = caller.on_welcome.call_args
    assert (who, welcome.token, welcome.last_event) == (visit, "token", 9)
    assert kinds_sent(visit) == [MessageType.HELLO, MessageType.PING]


async def test_a_welcome_that_cannot_be_read_is_none():
    """Or a client would take itself for joined, and come back to that server for ever."""
    caller = Mock()
    caller.on_welcome.side_effect = DecodeError("no team sheet")
    visit = begun(caller)
    hear(visit, *said_by_server(lambda server: server.welcome(Welcome("token", False, 0, None))))
    assert not visit.is_welcomed
    visit.channel.abort.assert_called_once_with()
    visit.channel_closed(visit.channel, None)
    assert visit.handshake_done.done()
    assert "no team sheet" in visit.close_reason


async def test_a_refusal_is_raised_to_whoever_waits_for_the_answer():
    visit = begun(Mock())
    hear(visit, *said_by_server(lambda server: server.refuse(RefusalReason.ROOM_FULL, "40 play")))
    with pytest.raises(SessionRefused, match="40 play"):
        await visit.handshake_done
    await asyncio.sleep(0)
    visit.channel.close.assert_awaited_once()


async def test_what_overtakes_the_welcome_is_passed_over():
    caller = Mock()
    visit = begun(caller)
    hear(
        visit,
        APPLICATION,
        *said_by_server(lambda server: server.send_event(SessionEvent(1, b"goal"))),
    )
    caller.on_message.assert_not_called()
    visit.channel.abort.assert_not_called()


async def test_states_and_events_are_passed_on():
    caller = Mock()
    visit = on_welcome(caller)
    hear(
        visit,
        APPLICATION,
        *said_by_server(lambda server: server.send_event(SessionEvent(1, b"goal"))),
    )
    heard = [call.args[1] for call in caller.on_message.call_args_list]
    assert heard == [ApplicationMessage(b"body"), SessionEvent(1, b"goal")]


async def test_a_server_that_talks_nonsense_is_left():
    visit = on_welcome(Mock())
    hear(visit, b"\xff")
    visit.channel.abort.assert_called_once_with()
    assert "invalid message" in visit.close_reason


async def test_a_goodbye_is_remembered_and_answered_by_closing():
    visit = on_welcome(Mock())
    hear(visit, *said_by_server(lambda server: server.send_close("the server was closed")))
    await asyncio.sleep(0)
    visit.channel_closed(visit.channel, None)
    assert visit.close_reason == "the server was closed"
    assert visit.closed.done()


async def test_the_end_of_the_channel_answers_whoever_still_waits():
    visit = begun(Mock())
    visit.channel_closed(visit.channel, PeerReset("cut"))
    assert visit.handshake_done.done()
    assert not visit.is_welcomed
    assert visit.close_reason == "cut"


async def test_ten_pings_a_second_and_none_once_it_is_over():
    visit = on_welcome(Mock())
    began = perf_counter()
    for tick in range(60):
        at = began + tick / 60
        visit.session.last_received_at = at
        visit.tick(at)
    assert kinds_sent(visit).count(MessageType.PING) in (9, 10)
    visit.channel_closed(visit.channel, None)
    visit.channel.send.reset_mock()
    visit.tick(began + 60.0)
    visit.channel.send.assert_not_called()


async def test_a_server_that_is_silent_for_ten_seconds_is_given_up():
    visit = on_welcome(Mock())
    heard_at = visit.session.last_received_at
    visit.tick(heard_at + PEER_TIMEOUT_S - 0.01)
    visit.channel.abort.assert_not_called()
    visit.tick(heard_at + PEER_TIMEOUT_S + 0.01)
    visit.channel.abort.assert_called_once_with()
    assert visit.close_reason == "no message for 10 s"
