"""Delta snapshots: a snapshot as its changes against one that the client holds.  [pure]

Both ends keep the snapshots of the last second. A snapshot becomes one array of integers, column by
column, so that what never changes stands together. Positions are sent as their distance from a
prediction. A disc that accelerates evenly from the baseline's velocity to the present one moves by
the mean of both. What is left is a unit or two, except after a kick or a collision.

``net/sync/integer_delta.py`` encodes the differences.
"""

from collections.abc import Sequence
from operator import add, sub
from typing import Any, NamedTuple

from game.match.physics import TICK_HZ
from game.protocol.encoding import DELTA_FIELDS, SNAPSHOT_FIELDS, split_snapshot
from game.protocol.messages import (
    BASELINE_LIMIT_TICKS,
    NO_SNAPSHOT,
    Delta,
    MessageKind,
    OwnState,
    Snapshot,
)
from net.codec import Codec, Value
from net.sync.integer_delta import apply_delta, encode_delta

# Phase, half, clock, two scores, team of the kick-off, swapped.
_MATCH_NUMBERS = 7
# Player id and state, then x, y, vx and vy. The ball has only the latter.
_PLAYER_NUMBERS = 6
_BALL_NUMBERS = 4
_NO_TEAM = -1
# The server never takes a baseline that is older than the limit. Twice as long, because a snapshot
# may arrive before an older one.
_KEPT_TICKS = 2 * BASELINE_LIMIT_TICKS
_SECOND_US = 1_000_000
_TWO_SECONDS_TICKS = 2 * TICK_HZ


class _State(NamedTuple):
    """A snapshot in integers: its tick, its times in microseconds, and all other numbers.

    ``pitch``: the items of its array behind the players, which no delta changes.
    """

    tick: int
    time_us: int
    late_us: int
    numbers: list[int]
    pitch: list[Any]


class SharedSnapshot(NamedTuple):
    """The bytes of a snapshot that clients share: whole, or a delta."""

    kind: MessageKind
    data: bytes


class SnapshotEncoder:
    """The encodings of one match's snapshots; clients with the same baseline share one."""

    def __init__(self) -> None:
        # In the order of their ticks.
        self._states: dict[int, _State] = {}
        self._whole: Value = None
        self._newest = _State(NO_SNAPSHOT, 0, 0, [], [])
        self._encoded: dict[tuple[str, int], SharedSnapshot] = {}

    def add(self, snapshot: Snapshot) -> None:
        """Make this the snapshot to encode; ticks must increase."""
        self._whole = SNAPSHOT_FIELDS.write(snapshot)
        self._newest = _state_of(self._whole)
        self._states[snapshot.tick] = self._newest
        _forget_before(snapshot.tick - BASELINE_LIMIT_TICKS, self._states)
        self._encoded.clear()

    def encode(self, codec: Codec, baseline_tick: int) -> SharedSnapshot:
        """Return the newest snapshot against the one of ``baseline_tick``.

        Whole if that is ``NO_SNAPSHOT`` or too old, or if players have come or gone since, or the
        pitch is another one.
        """
        # Looked up before anything else: clients with the same baseline share one encoding.
        key = codec.name, baseline_tick
        encoded = self._encoded.get(key)
        if encoded is None:
            encoded = self._encoded[key] = self._encode_first(codec, baseline_tick)
        return encoded

    def _encode_first(self, codec: Codec, baseline_tick: int) -> SharedSnapshot:
        if baseline_tick == NO_SNAPSHOT:
            return SharedSnapshot(MessageKind.SNAPSHOT, codec.encode(self._whole))
        baseline = self._states.get(baseline_tick)
        if baseline is None or not self._can_encode_against(baseline):
            return self.encode(codec, NO_SNAPSHOT)
        return SharedSnapshot(MessageKind.DELTA, self._encode_delta(codec, baseline))

    def _can_encode_against(self, baseline: _State) -> bool:
        newest = self._newest
        return (
            baseline.tick < newest.tick
            and len(baseline.numbers) == len(newest.numbers)
            and baseline.pitch == newest.pitch
        )

    def _encode_delta(self, codec: Codec, baseline: _State) -> bytes:
        newest = self._newest
        ticks = newest.tick - baseline.tick
        positions = _positions(newest.numbers)
        numbers = newest.numbers.copy()
        motion = _motion(baseline.numbers, numbers, ticks)
        numbers[positions] = map(sub, numbers[positions], motion)
        delta = Delta(
            tick=newest.tick,
            baseline_ticks=ticks,
            time_error_us=newest.time_us - _expected_time_us(baseline, ticks),
            late_us=newest.late_us,
            changes=encode_delta(baseline.numbers, numbers),
        )
        return codec.encode(DELTA_FIELDS.write(delta))


class SnapshotDecoder:
    """The snapshots of one match as a client receives them, whole or as deltas.

    ``newest_tick``: of the newest snapshot that it holds, for the server to use as a baseline.
    ``without_baseline``: deltas that were dropped because their baseline had not arrived.
    """

    def __init__(self) -> None:
        self.newest_tick = NO_SNAPSHOT
        self.without_baseline = 0
        # As arrays of the codec: most are never used as a baseline.
        self._arrays: dict[int, Any] = {}

    def decode(self, message: bytes, codec: Codec) -> tuple[OwnState, Snapshot] | None:
        """Return both parts of a snapshot message; None for a delta without its baseline.

        Raises ``DecodeError``.
        """
        kind, own, array = split_snapshot(message, codec)
        if kind == MessageKind.DELTA:
            delta = DELTA_FIELDS.read(array)
            baseline = self._arrays.get(delta.tick - delta.baseline_ticks)
            if baseline is None:
                self.without_baseline += 1
                return None
            array = _apply(delta, _state_of(baseline))
        snapshot = SNAPSHOT_FIELDS.read(array)
        oldest_kept = self.newest_tick - _KEPT_TICKS
        if snapshot.tick >= oldest_kept:
            self._arrays[snapshot.tick] = array
        if snapshot.tick > self.newest_tick:
            self.newest_tick = snapshot.tick
            _forget_before(oldest_kept, self._arrays)
        return own, snapshot


def _apply(delta: Delta, baseline: _State) -> Value:
    """Return the array of a whole snapshot. Raises ``DecodeError``."""
    ticks = delta.baseline_ticks
    numbers = apply_delta(baseline.numbers, delta.changes)
    positions = _positions(numbers)
    motion = _motion(baseline.numbers, numbers, ticks)
    numbers[positions] = map(add, numbers[positions], motion)
    time_us = _expected_time_us(baseline, ticks) + delta.time_error_us
    return _array_of(_State(delta.tick, time_us, delta.late_us, numbers, baseline.pitch))


def _expected_time_us(baseline: _State, ticks: int) -> int:
    return baseline.time_us + ticks * _SECOND_US // TICK_HZ


def _forget_before(tick: int, by_tick: dict[int, Any]) -> None:
    """Remove the entries of older ticks from the front."""
    while (oldest := next(iter(by_tick))) < tick:
        del by_tick[oldest]


def _state_of(array: Any) -> _State:
    """Return the numbers of a snapshot's array, which ``SNAPSHOT_FIELDS`` has written or read."""
    tick, time_us, late_us, phase, half, clock, score, kickoff_team, swapped, ball, p = array[:11]
    x, y, vx, vy = ball[:_BALL_NUMBERS]
    numbers = [
        *(phase, half, clock, *score[:2], _NO_TEAM if kickoff_team is None else kickoff_team),
        *(int(swapped), *p[0::6], *p[1::6]),
        *(x, *p[2::6], y, *p[3::6]),
        *(vx, *p[4::6], vy, *p[5::6]),
    ]
    return _State(tick, time_us, late_us, numbers, array[11:12])


def _array_of(state: _State) -> Value:
    """Return the array of a snapshot, for ``SNAPSHOT_FIELDS`` to read and check."""
    numbers = state.numbers
    phase, half, clock, orange, sky, kickoff_team, swapped = numbers[:_MATCH_NUMBERS]
    count = _players(numbers)
    discs = _MATCH_NUMBERS + 2 * count
    columns = [
        numbers[start : start + count + 1] for start in range(discs, len(numbers), count + 1)
    ]
    players = [0] * (_PLAYER_NUMBERS * count)
    players[0::6] = numbers[_MATCH_NUMBERS : _MATCH_NUMBERS + count]
    players[1::6] = numbers[_MATCH_NUMBERS + count : discs]
    for item, column in enumerate(columns, 2):
        players[item::6] = column[1:]
    return [
        *(state.tick, state.time_us, state.late_us, phase, half, clock, [orange, sky]),
        None if kickoff_team == _NO_TEAM else kickoff_team,
        bool(swapped),
        [column[0] for column in columns],
        players,
        *state.pitch,
    ]


def _players(numbers: Sequence[int]) -> int:
    return (len(numbers) - _MATCH_NUMBERS - _BALL_NUMBERS) // _PLAYER_NUMBERS


def _positions(numbers: Sequence[int]) -> slice:
    """Return where x and y of all discs stand; their vx and vy follow, to the end."""
    discs = 1 + _players(numbers)
    return slice(len(numbers) - 4 * discs, len(numbers) - 2 * discs)


def _motion(before: list[int], after: list[int], ticks: int) -> list[int]:
    """Return how far x and y of all discs move if their velocity changes evenly."""
    velocities = slice(_positions(after).stop, None)
    speeds = map(add, before[velocities], after[velocities])
    return [two_speeds * ticks // _TWO_SECONDS_TICKS for two_speeds in speeds]
