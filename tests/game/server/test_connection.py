"""One peer of a server, on a channel that only remembers what was sent."""

import asyncio
import logging
from random import Random
from time import perf_counter
from unittest.mock import Mock

import pytest

from game.server.connection import SERVER_PING_INTERVAL_S, ClientConnection
from game.server.rejections import RejectionLog
from net.codec import MSGPACK
from net.errors import DecodeError, PeerTimeout
from net.registry import load_transport
from net.security.admission import REJECTION_TIMEOUT_S, ConnectionLimiter, ServerLimits
from net.session.authenticator import Authenticator
from net.session.client import ClientSession
from net.session.messages import Hello, MessageType, RefusalReason, Welcome
from net.session.session import PEER_TIMEOUT_S
from net.transport import Address, Channel

HALF_OPEN_S = ServerLimits().handshake_timeout_s
APPLICATION = bytes((MessageType.APPLICATION,)) + b"body"
BYE = bytes((MessageType.CLOSE,)) + MSGPACK.encode(["left"])


class House:
    """A host that lets everyone in and remembers what it was told."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.parted: list[bool] = []

    def on_hello(self, guest, hello):
        guest.slot = hello.payload
        guest.session.welcome(Welcome("token", False, 0, None))

    def on_message(self, guest, body):
        self.taken.append(body)

    def on_disconnect(self, connection, was_closed_by_peer):
        self.parted.append(was_closed_by_peer)


class Strict(House):
    """A host that turns everyone away."""

    def on_hello(self, guest, hello):
        raise guest.session.refuse(RefusalReason.ROOM_FULL, "no room")


class Wary(House):
    """A host that understands nothing."""

    def on_message(self, guest, body):
        raise DecodeError("what is this?")


def hello_message() -> bytes:
    said: list[bytes] = []
    ClientSession(lambda message, *_: said.append(message), perf_counter, Mock(), Hello("json", 7))
    return said[0]


def guest_of(
    house: House, limits: ServerLimits = ServerLimits(), turnstile: ConnectionLimiter | None = None
) -> ClientConnection:
    gate = turnstile or ConnectionLimiter(limits, lambda visitor: False)
    channel = Mock(Channel, transport=load_transport("tcp"), peer=Address("192.0.2.7", 4711))
    stay = gate.acquire(channel.peer.host, perf_counter())
    return ClientConnection(
        channel, house, Authenticator(Random(1), {}.get), RejectionLog(), limits, stay
    )


def welcomed_by(house: House) -> ClientConnection:
    guest = guest_of(house)
    guest.message_received(guest.channel, hello_message(), perf_counter())
    guest.channel.send.reset_mock()
    return guest


def said_by(guest: ClientConnection) -> list[int]:
    """Return the kinds of the messages that went to the peer."""
    return [call.args[0][0] for call in guest.channel.send.call_args_list]


def hear(guest: ClientConnection, message: bytes, at: float | None = None) -> None:
    guest.message_received(guest.channel, message, perf_counter() if at is None else at)


async def test_who_says_hello_is_admitted_and_heard():
    house = House()
    guest = welcomed_by(house)
    assert guest.slot == 7
    hear(guest, APPLICATION)
    assert house.taken == [b"body"]


async def test_who_is_refused_is_told_and_the_channel_is_closed():
    house = Strict()
    guest = guest_of(house)
    hear(guest, hello_message())
    assert said_by(guest) == [MessageType.REFUSE]
    await asyncio.sleep(0)
    guest.channel.close.assert_awaited_once()
    hear(guest, APPLICATION)
    assert house.taken == []


async def test_who_floods_through_several_channels_is_cut_and_the_modest_neighbour_is_heard():
    limits = ServerLimits(network_bytes_per_s=1_000.0, network_burst_bytes=10_000.0)
    gate = ConnectionLimiter(limits, lambda visitor: False)
    houses = [House() for _ in range(5)]
    *flooding, modest = (guest_of(house, limits, gate) for house in houses)
    start = perf_counter()
    for guest in (*flooding, modest):
        hear(guest, hello_message())
    for fortieth in range(5 * 40):
        at = start + fortieth / 40
        for guest in flooding:
            # Each below what one peer may send.
            for _ in range(8):
                hear(guest, APPLICATION, at)
        hear(modest, APPLICATION, at)
    assert all(MessageType.CLOSE in said_by(guest) for guest in flooding)
    assert MessageType.CLOSE not in said_by(modest)
    assert len(houses[-1].taken) == 5 * 40
    await asyncio.sleep(0)
    assert all(guest.channel.close.await_count == 1 for guest in flooding)


@pytest.mark.parametrize("garbage", [b"", b"\xff", APPLICATION, BYE, b"GET / HTTP/1.1\r\n"])
async def test_a_stranger_who_does_not_begin_with_a_hello_is_cut_off(garbage, caplog):
    guest = guest_of(House())
    hear(guest, garbage)
    guest.channel.abort.assert_called_once_with()
    assert "192.0.2.7" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


async def test_bytes_that_the_host_cannot_read_end_that_channel():
    guest = welcomed_by(Wary())
    hear(guest, APPLICATION)
    guest.channel.abort.assert_called_once_with()


async def test_a_goodbye_closes_the_channel_and_is_told_when_it_has_ended():
    house = House()
    guest = welcomed_by(house)
    hear(guest, BYE)
    await asyncio.sleep(0)
    guest.channel_closed(guest.channel, None)
    assert house.parted == [True]


async def test_whoever_vanishes_has_said_no_farewell():
    house = House()
    guest = welcomed_by(house)
    guest.channel_closed(guest.channel, PeerTimeout("gone"))
    assert house.parted == [False]


async def test_a_guest_is_pinged_once_a_second():
    guest = welcomed_by(House())
    now = perf_counter()
    for half_seconds in range(20):
        at = now + half_seconds / 2
        guest.session.last_received_at = at
        guest.check_timeouts(at)
    assert len(said_by(guest)) == pytest.approx(10 * SERVER_PING_INTERVAL_S, abs=1)
    assert set(said_by(guest)) == {MessageType.PING}


async def test_nobody_is_asked_the_time_before_its_hello_which_the_answer_could_overtake():
    guest = guest_of(House())
    guest.check_timeouts(perf_counter() + 2 * SERVER_PING_INTERVAL_S)
    assert said_by(guest) == []


async def test_a_guest_is_given_up_when_its_silence_is_long():
    guest = welcomed_by(House())
    now = guest.session.last_received_at
    guest.check_timeouts(now + PEER_TIMEOUT_S - 0.01)
    guest.channel.abort.assert_not_called()
    guest.check_timeouts(now + PEER_TIMEOUT_S + 0.01)
    guest.channel.abort.assert_called_once_with()


async def test_who_never_says_hello_is_given_up_even_if_it_is_heard():
    guest = guest_of(House())
    now = perf_counter()
    guest.session.last_received_at = now + HALF_OPEN_S
    guest.check_timeouts(now + HALF_OPEN_S - 1.0)
    guest.channel.abort.assert_not_called()
    guest.check_timeouts(now + HALF_OPEN_S + 1.0)
    guest.channel.abort.assert_called_once_with()


async def test_one_too_many_is_told_why_and_given_up_soon_if_it_says_nothing():
    guest = guest_of(House(), ServerLimits(connections=0))
    now = perf_counter()
    guest.check_timeouts(now + REJECTION_TIMEOUT_S - 0.1)
    guest.channel.abort.assert_not_called()
    guest.check_timeouts(now + REJECTION_TIMEOUT_S + 0.1)
    guest.channel.abort.assert_called_once_with()
    hear(guest, hello_message())
    assert said_by(guest) == [MessageType.REFUSE]
    assert guest.slot is None
    await asyncio.sleep(0)


async def test_one_that_is_leaving_is_left_alone():
    guest = welcomed_by(House())
    guest.close()
    guest.close()
    guest.check_timeouts(perf_counter() + 2 * PEER_TIMEOUT_S)
    guest.channel.abort.assert_not_called()
    await asyncio.sleep(0)
    guest.channel.close.assert_awaited_once()
