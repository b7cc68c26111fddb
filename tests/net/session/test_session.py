"""Both ends of a session without a password, in virtual time."""

import struct
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.codec import CODECS
from net.errors import DecodeError, SessionRefused
from net.session.client import ClientSession
from net.session.liveness import Liveness
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
from net.sync.clock_filter import ClockFilter
from net.transport import LANE_PING, Delivery


class Clock:
    """A clock that shows the time the test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class SimulatedChannel:
    """The messages that one end has sent and the test has not delivered yet."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Delivery, int]] = []

    def __call__(self, message: bytes, delivery: Delivery, lane: int) -> None:
        self.sent.append((message, delivery, lane))

    def pop_all(self) -> list[bytes]:
        messages = [message for message, _, _ in self.sent]
        self.sent.clear()
        return messages


class Pair:
    """A client and a server whose messages the test delivers."""

    def __init__(self, hello: Hello) -> None:
        self.clock = Clock()
        self.to_server, self.to_client = SimulatedChannel(), SimulatedChannel()
        self.client = ClientSession(self.to_server, self.clock, ClockFilter(), hello)
        self.server = ServerSession(self.to_client, self.clock, ClockFilter(), ping_interval_s=1.0)

    def deliver_to_server(self):
        return [self.server.message_received(m, self.clock.now) for m in self.to_server.pop_all()]

    def deliver_to_client(self):
        return [self.client.message_received(m, self.clock.now) for m in self.to_client.pop_all()]

    def complete_handshake(self):
        self.deliver_to_server()
        self.server.welcome(Welcome("token", False, 0, None))
        self.deliver_to_client()
        return self


HELLO = Hello("msgpack", ["Ana", "main"], last_event=7)


def test_a_hello_arrives_unchanged():
    pair = Pair(HELLO)
    assert pair.to_server.sent[0][1] is Delivery.RELIABLE
    assert pair.deliver_to_server() == [HELLO]


def test_a_welcome_arrives_unchanged():
    pair = Pair(HELLO)
    pair.deliver_to_server()
    welcome = Welcome("secret", True, 12, ["payload", 3])
    pair.server.welcome(welcome)
    assert pair.deliver_to_client() == [welcome]


@pytest.mark.parametrize(
    ("version", "outdated_end"), [(0, "client"), (PROTOCOL_VERSION + 1, "server")]
)
def test_a_wrong_version_is_refused_with_both_versions_and_the_end_to_update(version, outdated_end):
    pair = Pair(Hello("msgpack", None, version=version))
    with pytest.raises(SessionRefused):
        pair.deliver_to_server()
    (refused,) = pair.deliver_to_client()
    assert refused.reason == RefusalReason.WRONG_VERSION
    assert f"version {PROTOCOL_VERSION}" in str(refused)
    assert f"client {version}" in str(refused)
    assert f"update the {outdated_end}" in str(refused)


def test_a_hello_of_a_later_version_is_refused_whatever_its_layout():
    pair = Pair(HELLO)
    pair.to_server.pop_all()
    hello = bytes([MessageType.HELLO, PROTOCOL_VERSION + 5]) + b"another world"
    with pytest.raises(SessionRefused):
        pair.server.message_received(hello, pair.clock.now)


@pytest.mark.parametrize("body", [b"", b"{}", b"<hello/>", b"\xa3Ana"])
def test_a_hello_that_is_no_array_of_a_known_codec_is_refused(body):
    pair = Pair(HELLO)
    with pytest.raises(SessionRefused, match="JSON"):
        pair.server.message_received(bytes([MessageType.HELLO, PROTOCOL_VERSION]) + body, 100.0)
    (refused,) = pair.deliver_to_client()
    assert refused.reason == RefusalReason.BAD_CODEC


@pytest.mark.parametrize("codec", sorted(CODECS))
def test_a_handshake_is_written_in_the_codec_of_its_hello(codec):
    pair = Pair(replace(HELLO, codec=codec))
    (hello,) = [message for message, _, _ in pair.to_server.sent]
    assert CODECS[codec].decode(hello[2:])[0] == ["Ana", "main"]
    assert pair.deliver_to_server() == [replace(HELLO, codec=codec)]
    pair.server.welcome(Welcome("token", False, 3, ["payload"]))
    (welcome,) = [message for message, _, _ in pair.to_client.sent]
    assert CODECS[codec].decode(welcome[1:])[:4] == ["token", False, 3, ["payload"]]
    assert pair.deliver_to_client() == [Welcome("token", False, 3, ["payload"])]


def test_a_simple_client_leaves_out_what_it_does_not_need():
    server = Pair(HELLO).server
    hello = server.message_received(b'\x01\x03[["Ana", "main"]]', 100.0)
    assert hello == Hello("json", ["Ana", "main"])


def test_a_text_of_the_peer_may_be_no_utf_8():
    pair = Pair(HELLO).complete_handshake()
    assert pair.server.message_received(b"\x06bye \xff", 100.0) == Close("bye \ufffd")


def test_the_hello_must_come_first_and_only_once():
    pair = Pair(HELLO)
    with pytest.raises(DecodeError):
        pair.server.message_received(bytes([MessageType.APPLICATION]) + b"early", 0.0)
    (hello,) = pair.to_server.pop_all()
    pair.server.message_received(hello, 0.0)
    with pytest.raises(DecodeError):
        pair.server.message_received(hello, 0.0)


def test_application_messages_events_and_close_arrive():
    pair = Pair(HELLO).complete_handshake()
    pair.client.send_application(b"input", Delivery.LATEST)
    pair.client.send_close("lunch")
    assert pair.deliver_to_server() == [ApplicationMessage(b"input"), Close("lunch")]
    pair.server.send_event(SessionEvent(9, b"goal"))
    assert pair.deliver_to_client() == [SessionEvent(9, b"goal")]


def test_pings_are_sent_ten_times_a_second_and_not_all_at_once_after_a_pause():
    pair = Pair(HELLO).complete_handshake()
    for tick in range(60):
        pair.clock.now = 100.0 + tick / 60
        pair.client.send_ping_if_due(pair.clock.now)
    assert len(pair.to_server.sent) == 10
    pair.clock.now += 5.0
    for _ in range(3):
        pair.client.send_ping_if_due(pair.clock.now)
    # At most the one that is due now and the next of the old schedule.
    assert len(pair.to_server.sent) - 10 <= 2


def test_a_ping_measures_the_round_trip_without_the_processing_time():
    pair = Pair(HELLO).complete_handshake()
    pair.client.send_ping_if_due(pair.clock.now)
    assert pair.to_server.sent[0][1:] == (Delivery.LATEST, LANE_PING)
    (ping,) = pair.to_server.pop_all()
    received_at = pair.clock.now + 0.030
    pair.clock.now += 0.130  # The server answers a tenth of a second after the arrival.
    pair.server.message_received(ping, received_at)
    pair.clock.now += 0.020
    pair.deliver_to_client()
    assert pair.client.clock_filter.rtt_s == pytest.approx(0.050)


def test_a_pong_to_a_ping_that_was_never_sent_is_ignored():
    pair = Pair(HELLO).complete_handshake()
    never_sent_at = pair.clock.now + 50.0
    pong = struct.pack("!Bddd", MessageType.PONG, never_sent_at, 1.0, 2.0)
    pair.client.message_received(pong, pair.clock.now)
    assert not pair.client.clock_filter.ready


def test_liveness_follows_the_length_of_the_silence():
    pair = Pair(HELLO).complete_handshake()
    expected = {
        0.4: Liveness.ALIVE,
        0.6: Liveness.WARN,
        2.1: Liveness.INTERRUPTED,
        10.0: Liveness.GONE,
    }
    assert {s: pair.client.liveness(pair.clock.now + s) for s in expected} == expected


@given(st.binary(max_size=64))
def test_any_bytes_raise_only_a_decode_error_or_a_refusal(message):
    pair = Pair(HELLO).complete_handshake()
    for end in (pair.client, pair.server):
        try:
            end.message_received(message, pair.clock.now)
        except (DecodeError, SessionRefused):
            continue


@given(st.binary(max_size=64))
def test_any_hello_raises_only_a_decode_error_or_a_refusal(body):
    server = Pair(HELLO).server
    # Some bytes are a hello, as ``[0]`` is in MessagePack: the application judges its payload.
    with suppress(DecodeError, SessionRefused):
        server.message_received(bytes([MessageType.HELLO, PROTOCOL_VERSION]) + body, 100.0)
