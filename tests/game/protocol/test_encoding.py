"""Encoding of the game's messages: round trips, sizes, and invalid bytes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.match.controls import Controls
from game.match.formation import MAX_PLAYERS
from game.match.physics import KICK_MEMORY_TICKS, MAX_SPEED
from game.match.pitch import PITCHES, PitchSize
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.encoding import (
    decode_event,
    decode_input,
    decode_join_request,
    decode_join_response,
    decode_report,
    decode_snapshot,
    decode_vote,
    encode_event,
    encode_input,
    encode_join_request,
    encode_join_response,
    encode_report,
    encode_snapshot,
    encode_vote,
    prepend_own_state,
)
from game.protocol.messages import (
    CLOCK_QUANTUM_S,
    INPUTS_PER_MESSAGE,
    NO_PLAYER,
    QUANTUM,
    TIME_QUANTUM_S,
    U32_MAX,
    BallState,
    Bounced,
    ClientReport,
    Goal,
    InputMessage,
    JoinRequest,
    JoinResponse,
    Kicked,
    LimitsChanged,
    MessageKind,
    Notice,
    OwnState,
    PhaseChanged,
    PlayerJoined,
    PlayerLeft,
    PlayerState,
    ReadyPlayers,
    Roster,
    RosterEntry,
    Snapshot,
)
from net.codec import CODECS, JSON, MSGPACK, Codec, Value
from net.errors import DecodeError

codecs = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS.keys())

CONTROLS = st.builds(Controls, st.integers(-127, 127), st.integers(-127, 127), st.booleans())
INPUTS = st.builds(
    InputMessage,
    st.integers(0, U32_MAX),
    st.lists(CONTROLS, min_size=1, max_size=INPUTS_PER_MESSAGE).map(tuple),
    st.none(),
) | st.builds(
    InputMessage,
    st.integers(0, U32_MAX),
    st.lists(CONTROLS, max_size=INPUTS_PER_MESSAGE).map(tuple),
    st.integers(0, U32_MAX),
)
LARGEST = PITCHES[PitchSize.LARGE]
X = st.floats(-LARGEST.outer_half_width, LARGEST.outer_half_width)
Y = st.floats(-LARGEST.outer_half_height, LARGEST.outer_half_height)
SPEED = st.floats(-MAX_SPEED, MAX_SPEED)
PLAYERS = st.builds(
    PlayerState,
    st.integers(0, MAX_PLAYERS - 1),
    st.sampled_from(Team),
    X,
    Y,
    SPEED,
    SPEED,
    st.booleans(),
    st.integers(0, KICK_MEMORY_TICKS),
)
SCORES = st.tuples(st.integers(0, 99), st.integers(0, 99))
SNAPSHOTS = st.builds(
    Snapshot,
    tick=st.integers(0, U32_MAX),
    time_s=st.floats(0, 4e9),
    late_s=st.floats(-0.01, 10),
    phase=st.sampled_from(Phase),
    half=st.sampled_from((1, 2)),
    clock_s=st.floats(0, 3600),
    score=SCORES,
    kickoff_team=st.sampled_from(Team) | st.none(),
    swapped=st.booleans(),
    ball=st.builds(BallState, X, Y, SPEED, SPEED),
    players=st.lists(PLAYERS, max_size=MAX_PLAYERS, unique_by=lambda p: p.player_id).map(tuple),
    pitch_size=st.sampled_from(PitchSize),
)
OWN_STATES = st.builds(
    OwnState, st.integers(0, NO_PLAYER), st.integers(0, U32_MAX), st.integers(0, 255)
)

TICKS = st.integers(0, U32_MAX)
IDS = st.integers(0, MAX_PLAYERS - 1)
NAMES = st.text(max_size=16)
ENTRIES = st.builds(
    RosterEntry,
    IDS,
    NAMES,
    st.sampled_from(Team),
    st.booleans(),
    st.integers(0, 99),
    st.sampled_from(("", "tcp", "udp")),
)
ROSTERS = st.builds(Roster, TICKS, st.lists(ENTRIES, max_size=MAX_PLAYERS).map(tuple))
EVENTS = st.one_of(
    ROSTERS,
    st.builds(PlayerJoined, TICKS, NAMES),
    st.builds(PlayerLeft, TICKS, NAMES),
    st.builds(Kicked, TICKS, IDS),
    st.builds(Bounced, TICKS, st.integers(0, 720).map(float), st.booleans()),
    st.builds(Goal, TICKS, st.sampled_from(Team), IDS | st.none(), st.booleans(), SCORES),
    st.builds(PhaseChanged, TICKS, st.sampled_from(Phase), st.sampled_from((1, 2))),
    st.builds(Notice, TICKS, st.text(max_size=80)),
    st.builds(ReadyPlayers, TICKS, st.lists(IDS, max_size=9).map(tuple), st.lists(IDS).map(tuple)),
    st.builds(
        LimitsChanged,
        TICKS,
        st.integers(1, 3600).map(float),
        st.integers(0, 99),
        st.sampled_from(PitchSize),
    ),
)

# Ten players at mid-pitch coordinates: the snapshot whose size the README states.
TEN_PLAYERS = Snapshot(
    tick=5000,
    time_s=1234.567891,
    late_s=0.0004,
    phase=Phase.PLAY,
    half=1,
    clock_s=83.33,
    score=(2, 1),
    kickoff_team=None,
    swapped=False,
    ball=BallState(-210.5, 33.25, 310.0, -95.5),
    players=tuple(
        PlayerState(i, Team(i % 2), 90.0 * (i - 5) + 7, 45.5 * (5 - i), 110.5, -60.25, False, 0)
        for i in range(10)
    ),
)
OWN = OwnState(player_id=3, last_input=4990, inputs_waiting=2)
INPUT = InputMessage(5003, tuple(Controls(127, -127, False) for _ in range(4)))


@codecs
@given(message=INPUTS)
def test_an_input_message_decodes_to_the_same(codec: Codec, message):
    assert decode_input(encode_input(message, codec), codec) == message


@codecs
@given(message=INPUTS, behind=st.integers(-2, 12))
def test_controls_that_are_known_are_left_out(codec: Codec, message, behind):
    read = decode_input(encode_input(message, codec), codec, message.newest - behind)
    unknown = min(max(behind, 0), len(message.controls))
    assert read.controls == message.controls[len(message.controls) - unknown :]
    assert read._replace(controls=()) == message._replace(controls=())


@codecs
@given(snapshot=SNAPSHOTS, own=OWN_STATES)
def test_a_snapshot_decodes_within_half_a_quantum(codec: Codec, snapshot, own):
    message = prepend_own_state(encode_snapshot(snapshot, codec), own)
    read_own, read = decode_snapshot(message, codec)
    assert read_own == own
    for there, back in zip(
        (snapshot.ball, *snapshot.players), (read.ball, *read.players), strict=True
    ):
        for field in ("x", "y", "vx", "vy"):
            assert abs(getattr(there, field) - getattr(back, field)) <= QUANTUM / 2
    assert abs(read.time_s - snapshot.time_s) <= TIME_QUANTUM_S / 2 + 1e-6
    assert abs(read.late_s - snapshot.late_s) <= TIME_QUANTUM_S
    assert abs(read.clock_s - snapshot.clock_s) <= CLOCK_QUANTUM_S * 0.501
    exact = [p._replace(x=0, y=0, vx=0, vy=0) for p in snapshot.players]
    assert [p._replace(x=0, y=0, vx=0, vy=0) for p in read.players] == exact
    for field in ("tick", "phase", "half", "score", "kickoff_team", "swapped", "pitch_size"):
        assert getattr(read, field) == getattr(snapshot, field)


@codecs
def test_a_medium_pitch_costs_no_byte_and_another_few(codec: Codec):
    def size(value):
        return len(encode_snapshot(value, codec))

    small = replace(TEN_PLAYERS, pitch_size=PitchSize.SMALL)
    assert len(codec.decode(encode_snapshot(TEN_PLAYERS, codec))) == 11
    assert size(TEN_PLAYERS) < size(small) <= size(TEN_PLAYERS) + 2
    limits = LimitsChanged(9, 150.0, 3)
    assert codec.decode(encode_event(limits, codec)) == [14, [9, 150, 3]]
    large = replace(limits, pitch_size=PitchSize.LARGE)
    assert codec.decode(encode_event(large, codec)) == [14, [9, 150, 3, 2]]


@codecs
@given(snapshot=SNAPSHOTS)
def test_quantising_twice_changes_nothing_more(codec: Codec, snapshot):
    once = decode_snapshot(prepend_own_state(encode_snapshot(snapshot, codec), OWN), codec)[1]
    twice = decode_snapshot(prepend_own_state(encode_snapshot(once, codec), OWN), codec)[1]
    assert twice.ball == once.ball
    assert twice.players == once.players


@codecs
@given(event=EVENTS)
def test_an_event_decodes_to_the_same(codec: Codec, event):
    assert decode_event(encode_event(event, codec), codec) == event


def test_an_event_of_a_later_version_decodes_to_none():
    assert decode_event(MSGPACK.encode([200, [1, 2, 3]]), MSGPACK) is None


@given(
    request=st.builds(
        JoinRequest,
        NAMES,
        NAMES,
        st.booleans(),
        st.none() | st.integers(5, 60),
        st.none() | st.sampled_from(Team),
        st.booleans(),
        st.booleans(),
    )
)
def test_a_join_request_decodes_to_the_same(request):
    payload = MSGPACK.decode(MSGPACK.encode(encode_join_request(request)))
    assert decode_join_request(payload) == request


def test_a_join_request_needs_only_name_and_room():
    assert decode_join_request(["Ana", "main"]) == JoinRequest("Ana", "main")


@given(roster=ROSTERS, score=SCORES, player_id=IDS | st.none())
def test_a_join_response_decodes_to_the_same(roster, score, player_id):
    response = JoinResponse(player_id, "main", 60, 30, 150.0, score, roster)
    payload = MSGPACK.decode(MSGPACK.encode(encode_join_response(response)))
    assert decode_join_response(payload) == response


@codecs
@given(data=st.binary(max_size=80))
def test_random_bytes_are_a_decode_error_or_a_message(codec: Codec, data):
    for decode in (decode_input, decode_snapshot, decode_event):
        for prefix in (b"", b"\x01", b"\x02", bytes((MessageKind.SNAPSHOT, 0, 0, 0, 0, 0, 0))):
            with suppress(DecodeError):
                decode(prefix + data, codec)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(-9, 9) | st.text(),
    lambda inner: st.lists(inner, max_size=9),
    max_leaves=15,
)


@given(value=VALUES, kind=st.integers(0, 9))
def test_random_values_are_a_decode_error_or_a_message(value, kind):
    body = MSGPACK.encode(value)
    with suppress(DecodeError):
        decode_event(MSGPACK.encode([kind, value]), MSGPACK)
    with suppress(DecodeError):
        decode_input(b"\x01" + body, MSGPACK)
    with suppress(DecodeError):
        decode_snapshot(prepend_own_state(body, OWN), MSGPACK)
    with suppress(DecodeError):
        decode_join_request(value)
    with suppress(DecodeError):
        decode_join_response(value)


def is_rejected(decode: Callable[[bytes, Codec], object], message: bytes) -> bool:
    try:
        decode(message, MSGPACK)
    except DecodeError:
        return True
    return False


def test_invalid_inputs_are_rejected():
    invalid: list[Value] = [
        [],
        [5],
        [5, *[0] * 9],  # nine inputs
        [-1, 0],
        [1 << 32, 0],
        [5, True],
        [5, 0.0],
        [True, 0],
        [5, None],
        [5, [0]],
        [5, -1],
        [5, 255 << 9],  # x = 128
        [5, 255 << 1],  # y = 128
        [5, (1 << 64) - 1],
        "text",
        5,
    ]
    accepted = [
        array for array in invalid if not is_rejected(decode_input, b"\x01" + MSGPACK.encode(array))
    ]
    assert accepted == []


def test_the_limits_of_the_stick_pass():
    message = InputMessage(7, (Controls(-127, 127, True), Controls(127, -127, False)))
    assert decode_input(encode_input(message, MSGPACK), MSGPACK) == message


def shared_array() -> list[Value]:
    value = MSGPACK.decode(encode_snapshot(TEN_PLAYERS, MSGPACK))
    assert isinstance(value, list)
    return value


def test_snapshots_with_an_invalid_item_are_rejected():
    invalid: list[tuple[int, Value]] = [
        (0, -1),
        (1, 1.5),
        (1, 1 << 63),
        (3, len(Phase)),
        (4, 3),
        (6, [1]),
        (6, [-1, 0]),
        (7, 2),
        (8, 0),
        (9, [1, 2, 3]),
        (9, [1, 2, 3, 1 << 15]),
        (9, [1, 2, 3, -(1 << 15)]),
        (10, [0, 0, 1, 2, 3]),
        (10, [0, 0, 1, 2, 3, None]),
        (10, [255, 0, 1, 2, 3, 4]),
        (10, [-1, 0, 1, 2, 3, 4]),
        (10, [0, (KICK_MEMORY_TICKS + 1) << 2, 1, 2, 3, 4]),
        (10, [0, -1, 1, 2, 3, 4]),
        (10, [0] * 6 * (MAX_PLAYERS + 1)),
    ]
    accepted = []
    for position, item in invalid:
        array = shared_array()
        array[position] = item
        message = prepend_own_state(MSGPACK.encode(array), OWN)
        if not is_rejected(decode_snapshot, message):
            accepted.append((position, item))
    assert accepted == []


def test_items_of_a_later_version_are_ignored():
    array = [*shared_array(), PitchSize.SMALL, "more"]
    _, read = decode_snapshot(prepend_own_state(MSGPACK.encode(array), OWN), MSGPACK)
    assert (read.tick, read.pitch_size) == (TEN_PLAYERS.tick, PitchSize.SMALL)


def test_the_shared_bytes_are_the_same_for_every_client():
    shared = encode_snapshot(TEN_PLAYERS, MSGPACK)
    spectator = OwnState(NO_PLAYER, 0, 0)
    assert prepend_own_state(shared, OWN).endswith(shared)
    assert decode_snapshot(prepend_own_state(shared, spectator), MSGPACK)[0] == spectator
    assert len(prepend_own_state(shared, OWN)) - len(shared) == 7


def test_more_than_255_waiting_inputs_count_as_255():
    crowded = OWN._replace(inputs_waiting=1000)
    message = prepend_own_state(encode_snapshot(TEN_PLAYERS, MSGPACK), crowded)
    assert decode_snapshot(message, MSGPACK)[0].inputs_waiting == 255


def test_sizes_stay_small():
    size = {
        name: len(prepend_own_state(encode_snapshot(TEN_PLAYERS, c), OWN))
        for name, c in CODECS.items()
    }
    assert size["msgpack"] <= 190
    assert size["msgpack"] < size["json"] <= 350
    assert len(encode_input(INPUT, MSGPACK)) <= 25
    assert len(encode_input(INPUT, JSON)) <= 40


REPORTS = st.builds(
    ClientReport,
    device=st.text(max_size=16),
    transports=st.lists(st.text(max_size=9), max_size=4).map(tuple),
    measured_s=st.floats(0, 60),
    rtt_s=st.none() | st.floats(0, 60),
    jitter_s=st.floats(0, 60),
    age_s=st.none() | st.floats(-60, 60),
    age_p95_s=st.none() | st.floats(-60, 60),
    frozen_ratio=st.none() | st.floats(0, 1),
    longest_freeze_s=st.floats(0, 60),
    stalls=st.integers(0, U32_MAX),
    loss_ratio=st.none() | st.floats(0, 1),
    visual_error=st.none() | st.floats(0, 1300),
    visual_error_p95=st.none() | st.floats(0, 1300),
    frame_gap_p99_s=st.none() | st.floats(0, 60),
)


@codecs
@given(REPORTS)
def test_a_report_survives_the_wire(codec: Codec, report: ClientReport):
    received = decode_report(encode_report(report, codec), codec)
    assert received.device == report.device
    assert received.transports == report.transports
    assert received.stalls == report.stalls
    assert (received.rtt_s is None) == (report.rtt_s is None)
    if report.rtt_s is not None and received.rtt_s is not None:
        assert abs(received.rtt_s - report.rtt_s) < 1e-5
    # What was rounded once is rounded no further.
    assert decode_report(encode_report(received, codec), codec) == received


@codecs
def test_a_vote_survives_the_wire(codec: Codec):
    assert decode_vote(encode_vote("udp", codec), codec) == "udp"
    for bad in (b"", b"\x06", b"\x06" + codec.encode([]), b"\x06" + codec.encode([5])):
        with pytest.raises(DecodeError):
            decode_vote(bad, codec)
