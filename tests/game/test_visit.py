"""A visit on a channel that only remembers what was sent."""

import struct
from unittest.mock import Mock

from game.visit import Visit
from net.clock import ClockFilter
from net.session import Hello, Kind
from net.transport import Channel, load_transport

PING = struct.pack("!Bd", Kind.PING, 1.0)


async def test_what_is_heard_before_our_hello_is_passed_over():
    channel = Mock(Channel)
    visit = Visit(Mock())
    visit.message_received(channel, PING, 1.0)
    channel.send.assert_not_called()
    channel.abort.assert_not_called()


async def test_a_ping_after_our_hello_is_answered():
    channel = Mock(Channel, transport=load_transport("tcp"))
    visit = Visit(Mock())
    visit.begin(channel, Hello("msgpack", None), ClockFilter())
    visit.message_received(channel, PING, 1.0)
    kinds = [call.args[0][0] for call in channel.send.call_args_list]
    assert kinds == [Kind.HELLO, Kind.PONG]
