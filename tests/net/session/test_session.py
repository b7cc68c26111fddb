"""The session's two ends, stepped by hand through virtual time."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.codec import MSGPACK
from net.errors import DecodeError, SessionRefused
from net.session.client import ClientSession
from net.session.messages import (
    PROTOCOL_VERSION,
    ApplicationMessage,
    Close,
    Hello,
    MessageType,
    RefusalReason,
    SessionEvent,
    Welcome,
)
from net.session.server import ServerSession
from net.session.session import Liveness
from net.sync.clock import ClockFilter
from net.transport import LANE_PING, Delivery


class Clock:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class SimulatedChannel:
    """Keeps what one end sends until the test carries it to the other."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Delivery, int]] = []

    def __call__(self, message: bytes, delivery: Delivery, lane: int) -> None:
        self.sent.append((message, delivery, lane))

    def take(self) -> list[bytes]:
        messages = [message for message, _, _ in self.sent]
        self.sent.clear()
        return messages


class Pair:
    """A client and a server whose messages are carried by hand."""

    def __init__(self, hello: Hello) -> None:
        self.clock = Clock()
        self.up, self.down = SimulatedChannel(), SimulatedChannel()
        self.client = ClientSession(self.up, self.clock, ClockFilter(), hello)
        self.server = ServerSession(self.down, self.clock, ClockFilter(), ping_interval_s=1.0)

    def carry_up(self):
        return [self.server.message_received(m, self.clock.now) for m in self.up.take()]

    def carry_down(self):
        return [self.client.message_received(m, self.clock.now) for m in self.down.take()]

    def shake_hands(self):
        self.carry_up()
        self.server.welcome(Welcome("token", False, 0, None))
        self.carry_down()
        return self


HELLO = Hello("msgpack", ["Ana", "main"], last_event=7)


def test_a_hello_arrives_as_it_was_said():
    pair = Pair(HELLO)
    assert pair.up.sent[0][1] is Delivery.RELIABLE
    assert pair.carry_up() == [HELLO]


def test_a_welcome_arrives_as_it_was_said():
    pair = Pair(HELLO)
    pair.carry_up()
    welcome = Welcome("secret", True, 12, ["payload", 3])
    pair.server.welcome(welcome)
    assert pair.carry_down() == [welcome]


@pytest.mark.parametrize(("version", "who"), [(0, "client"), (PROTOCOL_VERSION + 1, "server")])
def test_a_wrong_version_is_refused_by_naming_both_and_who_must_update(version, who):
    pair = Pair(Hello("msgpack", None, version=version))
    with pytest.raises(SessionRefused):
        pair.carry_up()
    (refused,) = pair.carry_down()
    assert refused.reason == RefusalReason.WRONG_VERSION
    assert f"version {PROTOCOL_VERSION}" in str(refused)
    assert f"client {version}" in str(refused)
    assert f"update the {who}" in str(refused)


def test_a_hello_of_a_later_version_is_refused_whatever_else_it_says():
    pair = Pair(HELLO)
    pair.up.take()
    hello = bytes([MessageType.HELLO]) + MSGPACK.encode([PROTOCOL_VERSION + 5, "another world"])
    with pytest.raises(SessionRefused):
        pair.server.message_received(hello, pair.clock.now)


def test_an_unknown_codec_is_refused():
    pair = Pair(Hello("morse", None))
    with pytest.raises(SessionRefused, match="morse"):
        pair.carry_up()


def test_nothing_is_heard_before_the_hello_and_no_hello_twice():
    pair = Pair(HELLO)
    with pytest.raises(DecodeError):
        pair.server.message_received(bytes([MessageType.APPLICATION]) + b"early", 0.0)
    (hello,) = pair.up.take()
    pair.server.message_received(hello, 0.0)
    with pytest.raises(DecodeError):
        pair.server.message_received(hello, 0.0)


def test_application_events_and_goodbyes_pass_both_ways():
    pair = Pair(HELLO).shake_hands()
    pair.client.send_application(b"input", Delivery.LATEST)
    pair.client.send_close("lunch")
    assert pair.carry_up() == [ApplicationMessage(b"input"), Close("lunch")]
    pair.server.send_event(SessionEvent(9, b"goal"))
    assert pair.carry_down() == [SessionEvent(9, b"goal")]


def test_pings_go_out_ten_times_a_second_and_not_in_a_heap_after_a_pause():
    pair = Pair(HELLO).shake_hands()
    for tick in range(60):
        pair.clock.now = 100.0 + tick / 60
        pair.client.send_ping_if_due(pair.clock.now)
    assert len(pair.up.sent) == 10
    pair.clock.now += 5.0
    for _ in range(3):
        pair.client.send_ping_if_due(pair.clock.now)
    # One that is due now, and the next of the old rhythm at once behind it at most.
    assert len(pair.up.sent) - 10 <= 2


def test_a_ping_measures_the_round_trip_without_the_answering_time():
    pair = Pair(HELLO).shake_hands()
    pair.client.send_ping_if_due(pair.clock.now)
    assert pair.up.sent[0][1:] == (Delivery.LATEST, LANE_PING)
    (ping,) = pair.up.take()
    received_at = pair.clock.now + 0.030
    pair.clock.now += 0.130  # The server answers a tenth of a second after it came.
    pair.server.message_received(ping, received_at)
    pair.clock.now += 0.020
    pair.carry_down()
    assert pair.client.clock_filter.rtt_s == pytest.approx(0.050)


def test_a_pong_to_a_ping_that_was_never_sent_is_not_believed():
    pair = Pair(HELLO).shake_hands()
    never_sent_at = pair.clock.now + 50.0
    pong = struct.pack("!Bddd", MessageType.PONG, never_sent_at, 1.0, 2.0)
    pair.client.message_received(pong, pair.clock.now)
    assert not pair.client.clock_filter.ready


@pytest.mark.parametrize(
    ("silent_s", "meaning"),
    [
        (0.4, Liveness.ALIVE),
        (0.6, Liveness.WARN),
        (2.1, Liveness.INTERRUPTED),
        (10.0, Liveness.GONE),
    ],
)
def test_silence_is_named_by_its_length(silent_s, meaning):
    pair = Pair(HELLO).shake_hands()
    assert pair.client.liveness(pair.clock.now + silent_s) is meaning


@given(st.binary(max_size=64))
def test_whatever_comes_only_a_decode_error_or_a_refusal_is_raised(message):
    pair = Pair(HELLO).shake_hands()
    for end in (pair.client, pair.server):
        try:
            end.message_received(message, pair.clock.now)
        except (DecodeError, SessionRefused):
            continue


@given(st.binary(max_size=64))
def test_whatever_comes_first_only_a_decode_error_or_a_refusal_is_raised(body):
    server = Pair(HELLO).server
    with pytest.raises((DecodeError, SessionRefused)):
        server.message_received(bytes([MessageType.HELLO]) + body, 100.0)
