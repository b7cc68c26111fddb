"""A client and a server over a path of long round trips, in virtual time.

No timer of the wire format may be too short for the path. A round trip of 1 to 4 s, from the start
or after a quick one, must only make everything slower.
"""

import pytest

from net.datagram.connection import UNACKNOWLEDGED_TIMEOUT_S
from tests.net.datagram.long_path import LongPath

CAFE = ("198.51.100.9", 6000)
ROUND_TRIPS_S = (1.0, 1.2, 2.0, 4.0)
# The extremes, for the tests that send much; those between with ``--all``.
MANY_EVENTS = [1.0, *(pytest.param(each, marks=pytest.mark.slow) for each in (1.2, 2.0)), 4.0]


def opened(delay_s=0.02, **path):
    wire = LongPath(delay_s, **path)
    wire.run_until_open(limit_s=30.0)
    return wire


@pytest.mark.parametrize("round_trip_s", ROUND_TRIPS_S)
def test_the_handshake_takes_two_round_trips(round_trip_s):
    wire = LongPath(round_trip_s / 2)
    assert wire.run_until_open(limit_s=30.0) == pytest.approx(2 * round_trip_s, abs=0.02)


@pytest.mark.parametrize("round_trip_s", ROUND_TRIPS_S)
@pytest.mark.parametrize("at_s", [0.01, 0.03, 0.05, 0.07])
def test_a_path_that_becomes_long_during_the_handshake_only_delays_it(round_trip_s, at_s):
    wire = LongPath(0.02)
    wire.run(at_s)
    wire.delay_s = round_trip_s / 2
    assert wire.run_until_open(limit_s=30.0) < 3 * round_trip_s


@pytest.mark.parametrize("round_trip_s", MANY_EVENTS)
@pytest.mark.parametrize("plays", [True, False])
@pytest.mark.parametrize("jitter_s", [0.0, 0.05])
def test_events_arrive_after_a_quick_path_has_become_long(round_trip_s, plays, jitter_s):
    wire = opened(jitter_s=jitter_s)
    wire.plays = plays
    wire.send_reliable(wire.server, b"welcome")
    wire.run(2.0)
    wire.delay_s = round_trip_s / 2
    events = [b"event %d" % number for number in range(100)]
    for event in events:
        wire.send_reliable(wire.server, event)
        wire.send_reliable(wire.client, event)
        wire.run(1.0)
    wire.run(2 * round_trip_s)
    assert wire.to_client == [b"welcome", *events]
    assert wire.to_server == events
    for end in (wire.client, wire.server):
        assert not end.ended
        # A few before the timeout has grown, then none: nothing is lost.
        assert end.retransmitted < 40


@pytest.mark.parametrize("round_trip_s", MANY_EVENTS)
def test_events_arrive_over_a_long_path_that_loses(round_trip_s):
    wire = opened(round_trip_s / 2, loss=0.05, jitter_s=0.05, seed=3)
    wire.plays = True
    events = [b"event %d" % number for number in range(200)]
    for event in events:
        wire.send_reliable(wire.server, event)
        wire.run(0.25)
    wire.run(5 * round_trip_s)
    assert wire.to_client == events
    # One in twenty is lost, and the segments of one datagram are sent again together.
    assert 0 < wire.server.retransmitted < 50


@pytest.mark.parametrize("round_trip_s", ROUND_TRIPS_S)
def test_back_on_a_quick_path_a_lost_event_is_soon_sent_again(round_trip_s):
    wire = opened(round_trip_s / 2)
    wire.plays = True
    for _ in range(20):
        wire.send_reliable(wire.server, b"before")
        wire.run(0.5)
    wire.delay_s = 0.02
    wire.run(2 * round_trip_s)
    for _ in range(20):
        wire.send_reliable(wire.server, b"before")
        wire.run(0.5)
    wire.loss = 1.0
    wire.send_reliable(wire.server, b"goal")
    wire.run(0.001)
    wire.loss = 0.0
    wire.run(0.5)
    assert wire.to_client[-1] == b"goal"


@pytest.mark.parametrize("round_trip_s", ROUND_TRIPS_S)
def test_a_new_address_is_proved_over_a_long_path(round_trip_s):
    wire = opened(round_trip_s / 2)
    wire.plays = True
    wire.run(5.0)
    wire.address = CAFE
    wire.run(1.5 * round_trip_s + 0.1)
    assert wire.server.address == CAFE
    assert wire.server.migrations == 1
    wire.send_reliable(wire.server, b"moved")
    wire.run(round_trip_s)
    assert wire.to_client == [b"moved"]


@pytest.mark.parametrize("round_trip_s", ROUND_TRIPS_S)
@pytest.mark.parametrize("leaver", ["client", "server"])
def test_a_goodbye_arrives_over_a_long_path(round_trip_s, leaver):
    wire = opened(round_trip_s / 2)
    wire.plays = True
    wire.run(5.0)
    other = wire.server if leaver == "client" else wire.client
    received = wire.to_server if leaver == "client" else wire.to_client
    wire.send_reliable(getattr(wire, leaver), b"goodbye")
    getattr(wire, leaver).close(wire.now)
    wire.run(round_trip_s / 2 + 1.5)
    assert received == [b"goodbye"]
    assert other.ended
    assert other.error is None


def test_a_path_longer_than_the_idle_timeout_ends_with_that_and_no_flood():
    wire = opened()
    wire.plays = True
    wire.delay_s = UNACKNOWLEDGED_TIMEOUT_S
    wire.send_reliable(wire.server, b"nobody hears this in time")
    wire.run(UNACKNOWLEDGED_TIMEOUT_S + 1.0)
    assert wire.server.ended
    assert wire.server.retransmitted < 2 * UNACKNOWLEDGED_TIMEOUT_S
