"""Tests of recordings that are made from files of ping, irtt and mahimahi."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game.lab.record.imports import import_recording
from net.link.recording import RecordingError, decode_recording, encode_recording
from tests.net.link.recorded import direction, recording

PING = """\
PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.
[1700000000.020000] 64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=20.0 ms
[1700000001.030000] 64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=30.0 ms
[1700000001.031000] 64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=31.0 ms (DUP!)
[1700000003.000000] no answer yet for icmp_seq=3
[1700000003.040000] 64 bytes from 192.0.2.1: icmp_seq=4 ttl=57 time=40.0 ms
[1700000006.020000] 64 bytes from 192.0.2.1: icmp_seq=7 ttl=57 time=20.0 ms

--- 192.0.2.1 ping statistics ---
8 packets transmitted, 4 received, +1 duplicates, 50% packet loss, time 7000ms
rtt min/avg/max/mdev = 20.000/27.500/40.000/8.291 ms
"""
S = 1_000_000_000


def read(text):
    return import_recording(text, "room", "2026-11-26T11:00:00+00:00")


def irtt_trip(number, lost="false", offset_s=50.0):
    """Return a round trip of 10 ms up and 10 ms down, to a server with another clock."""
    sent = (1000 + 0.1 * number) * S
    stamps = {
        "client": {"send": {"wall": sent}, "receive": {"wall": sent + 0.020 * S}},
        "server": {
            "receive": {"wall": sent + (0.010 + offset_s) * S},
            "send": {"wall": sent + (0.010 + offset_s) * S},
        },
    }
    if lost in ("true", "true_up"):
        stamps["server"] = {"receive": {}, "send": {}}
    if lost != "false":
        stamps["client"]["receive"] = {}
    return {"seqnum": number, "lost": lost, "timestamps": stamps}


def test_half_of_each_round_trip_of_ping_is_one_way():
    room = read(PING)
    assert room.source == "ping"
    assert room.up.delay_s[0] == pytest.approx(0.010)
    assert room.down.delay_s[1] == pytest.approx(0.015)
    assert room.up.sent_at_s == pytest.approx(range(8), abs=0.001)
    assert room.down.duplicated == 1


def test_a_single_lost_ping_is_lost_in_one_direction_and_a_run_in_both():
    room = read(PING)
    assert [n for n, delay in enumerate(room.up.delay_s) if delay is None] == [2, 4, 5]
    assert [n for n, delay in enumerate(room.down.delay_s) if delay is None] == [4, 5, 7]


def test_sequence_numbers_of_ping_may_wrap():
    lines = [
        f"[{1700000000 + n}.500000] 64 bytes from h: icmp_seq={(65534 + n) % 65536} ttl=5 time=9 ms"
        for n in range(5)
    ]
    assert len(read("\n".join(lines)).up.delay_s) == 5


def test_irtt_gives_both_directions_and_their_losses():
    trips = [irtt_trip(n) for n in range(100)]
    trips[10], trips[20] = irtt_trip(10, "true_up"), irtt_trip(20, "true_down")
    room = read(json.dumps({"version": {}, "round_trips": trips}))
    assert room.source == "irtt"
    assert [n for n, delay in enumerate(room.up.delay_s) if delay is None] == [10]
    # The one that was lost on its way up was never sent down.
    assert [n for n, delay in enumerate(room.down.delay_s) if delay is None] == [19]
    assert room.up.delay_s[0] == pytest.approx(0.010, abs=0.0005)
    assert room.down.delay_s[0] == pytest.approx(0.010, abs=0.0005)


def test_irtt_without_stamps_of_the_server_gives_half_round_trips():
    trips = [irtt_trip(n) for n in range(50)]
    for trip in trips:
        trip["timestamps"]["server"] = {}
    room = read(json.dumps({"round_trips": trips}))
    assert room.clock is None
    assert room.up.delay_s[5] == pytest.approx(0.010)


def test_a_trace_of_mahimahi_is_a_rate_that_changes():
    trace = [*range(0, 1000, 10), *range(2000, 3000, 5)]
    room = read("\n".join(map(str, trace)))
    assert room.up.sent_at_s == ()
    assert len(room.up.rate_bps) == 30
    assert room.up.rate_bps[0] == pytest.approx(1.2e6)
    assert room.up.rate_bps[15] == 0.0
    assert room.up.rate_bps[25] == pytest.approx(2.4e6)


def test_a_recording_of_ours_is_read_as_it_is():
    text = encode_recording(recording(direction([0.02, None, 0.02])))
    assert read(text) == decode_recording(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ('{"round_trips": []}', "round_trips: is empty"),
        ('{"round_trips": [{}]}', "round_trips[0].timestamps: is missing"),
        ('{"round_trips": [1]}', "round_trips[0]: is no packet of irtt"),
        ('{"round_trips": [{"timestamps": null}]}', "round_trips[0]: is no packet of irtt"),
        (
            '{"round_trips": [{"lost": "false", "timestamps": {"client": {"send": '
            '{"wall": -1}}, "server": {}}}]}',
            "round_trips[0]: -1 is no time in nanoseconds",
        ),
        ('{"a": 1}', "neither a recorded link nor a result of irtt"),
        ("1\n2\nthree\n", "line 3: 'three' is no whole number of milliseconds"),
        ("5\n4\n", "line 2: 4 is earlier than the line before"),
        ("1\n99999999\n", "more than 1800"),
        ("PING h\n64 bytes from h: icmp_seq=1 ttl=57 time=20.0 ms\n", "line 2"),
        ("PING h\n64 bytes from h: icmp_seq=1 ttl=57 time=20.0 ms\n", "use ping -D"),
        (PING.replace("icmp_seq=4 ttl", "icmp_seq=x ttl"), "line 6"),
        ("PING h\n", "less than two replies"),
    ],
)
def test_a_wrong_line_is_named(text, complaint):
    with pytest.raises(RecordingError) as refusal:
        read(text)
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)


WORDS = st.sampled_from([*PING.splitlines(), "1", "2", "-5", "{}", "[1.0] x", "9" * 30, "\0"])


@given(st.lists(WORDS | st.text(max_size=20), max_size=12).map("\n".join))
# A separator that ``str.strip`` removes and ``int`` does not.
@example("0\x1f")
def test_no_text_breaks_the_reader(text):
    try:
        room = read(text)
    except RecordingError as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017 - either way is right
    else:
        assert decode_recording(encode_recording(room)).name == "room"


TRIPS = st.recursive(
    st.none() | st.floats(allow_nan=False) | st.sampled_from(["true", "wall"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["timestamps", "client", "server", "send", "receive", "wall", "lost"]),
            inner,
            max_size=4,
        )
    ),
)


@given(st.lists(TRIPS, max_size=3))
def test_no_round_trips_of_irtt_break_the_reader(trips):
    with pytest.raises(RecordingError):
        read(json.dumps({"round_trips": [*trips, None]}))
