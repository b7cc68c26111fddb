"""Recorded links from the files of other programs: ping, irtt and mahimahi.  [pure]

They know less than a recording of ours. ``ping`` and, without the server's stamps, irtt know round
trips only: each direction gets half. A single lost packet is given to up and down in turn, a longer
run of losses to both.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from game.lab.record.clock_fit import ClockFit, Passage, fit_clock
from net.link.recording import (
    DURATION_MAX_S,
    FORMAT,
    FORMAT_VERSION,
    Clock,
    LinkRecording,
    RecordedDirection,
    RecordingError,
    decode_recording,
)
from net.strict_json import JsonError, parse_json, shown

__all__ = ["import_recording"]

_ROUND_TRIP_KNOWS = (
    "It knows round trips: each direction has half of one. It does not know in which direction a "
    "packet was lost: single losses are given to both in turn, longer runs to both. It does not "
    "know what more traffic would have done."
)
_ONE_WAY_KNOWS = (
    "It knows the delay and loss of light traffic in each direction. It does not know what more "
    "traffic would have done."
)
_RATE_KNOWS = (
    "It knows when the path could carry how much, not its delay and loss: add them, as in "
    "delay=20ms,loss=1%. The queue is that of --link: add queue=1s for one of a mobile network."
)

# mahimahi(1): each line is the millisecond of one opportunity to deliver 1500 bytes.
_OPPORTUNITY_BITS = 1500 * 8
# Coarse enough that a rate has digits, fine enough for a radio's changes.
_RATE_STEP_S = 0.1

_REPLY = re.compile(
    r"^\[(\d+\.\d+)\] \d+ bytes from .*icmp_seq=(\d+) .*time=([\d.]+) ms( \(DUP!\))?$"
)
_NO_REPLY = re.compile(r"^\[(\d+\.\d+)\] (?:no answer yet for|From .*) ?icmp_seq=(\d+)")
_STATISTICS = re.compile(r"^(\d+) packets transmitted, ")
_OTHER_LINES = ("PING ", "---", "rtt ", "round-trip ", "pipe ")
_SEQUENCE_WRAP = 1 << 16


class _RoundTrip(NamedTuple):
    """One packet there and back: ``rtt_s`` is None if it was lost."""

    sent_at: float
    rtt_s: float | None


def import_recording(text: str, name: str, recorded_at: str) -> LinkRecording:
    """Return the recorded link in a file of ping -D, irtt or mahimahi, or of our own.

    Raises ``RecordingError``; the message names the line that is wrong.
    """
    beginning = text.lstrip()[:1]
    if not beginning:
        raise RecordingError("it is empty")
    if beginning == "{":
        return _from_json(text, name, recorded_at)
    if beginning.isdigit() and text.split(maxsplit=1)[0].isdigit():
        return _from_mahimahi(text, name, recorded_at)
    return _from_ping(text, name, recorded_at)


# ping -D


def _from_ping(text: str, name: str, recorded_at: str) -> LinkRecording:
    replies: dict[int, _RoundTrip] = {}
    duplicated, transmitted, newest = 0, 0, -1
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if statistics := _STATISTICS.match(line):
            transmitted = int(statistics[1])
        elif reply := _REPLY.match(line):
            newest = _unwrapped(int(reply[2]), newest)
            if reply[4] or newest in replies:
                duplicated += 1
                continue
            rtt_s = _checked_number(reply[3], number) / 1000
            replies[newest] = _RoundTrip(float(reply[1]) - rtt_s, rtt_s)
        elif no_reply := _NO_REPLY.match(line):
            newest = _unwrapped(int(no_reply[2]), newest)
        elif line and not line.startswith(_OTHER_LINES):
            hint = "; use ping -D" if "icmp_seq=" in line and line[0] != "[" else ""
            raise RecordingError(f"line {number}: {shown(line)} is no line of ping -D{hint}")
    if len(replies) < 2:
        raise RecordingError("there are less than two replies of ping -D in it")
    _check_duration(max(replies.values()).sent_at - min(replies.values()).sent_at)
    first = min(replies)
    last = max(newest, max(replies), transmitted + first - 1 if transmitted else 0)
    if last - first > 4 * DURATION_MAX_S * 100:
        raise RecordingError(f"icmp_seq {last} is too far from {first}")
    trips = _with_lost(replies, last)
    method = "round trips of ping -D, halved"
    return _of_round_trips(trips, duplicated, _Source("ping", method, name, recorded_at))


def _with_lost(replies: dict[int, _RoundTrip], last: int) -> list[_RoundTrip]:
    """Return all round trips; a lost one was sent between its neighbours."""
    numbers = sorted(replies)
    span = numbers[-1] - numbers[0]
    interval_s = (replies[numbers[-1]].sent_at - replies[numbers[0]].sent_at) / span
    trips: list[_RoundTrip] = []
    for one, other in pairwise([*numbers, last + 1]):
        trips.append(replies[one])
        start = replies[one].sent_at
        step_s = interval_s
        if other in replies:
            step_s = (replies[other].sent_at - start) / (other - one)
        trips += [_RoundTrip(start + n * step_s, None) for n in range(1, other - one)]
    return sorted(trips, key=lambda trip: trip.sent_at)


def _unwrapped(sequence: int, newest: int) -> int:
    """Return a 16-bit sequence number as the whole number nearest to the newest one."""
    if newest < 0:
        return sequence
    ahead = (sequence - newest + _SEQUENCE_WRAP // 2) % _SEQUENCE_WRAP - _SEQUENCE_WRAP // 2
    return max(newest + ahead, 0)


# irtt


def _from_json(text: str, name: str, recorded_at: str) -> LinkRecording:
    try:
        plain = parse_json(text)
    except JsonError as error:
        raise RecordingError(str(error)) from error
    if plain.get("format") == FORMAT:
        return decode_recording(text)
    trips = plain.get("round_trips")
    if not isinstance(trips, list):
        raise RecordingError("it is neither a recorded link nor a result of irtt")
    if not trips:
        raise RecordingError("round_trips: is empty")
    read = [_irtt_trip(trip, index) for index, trip in enumerate(trips)]
    source = _Source("irtt", "packets of irtt", name, recorded_at)
    return _of_irtt(sorted(read, key=lambda trip: trip.sent_at), source)


class _IrttTrip(NamedTuple):
    """One packet of irtt, in seconds; the server's stamps are None if it has none."""

    lost: str
    sent_at: float
    received_at: float | None
    server_received_at: float | None
    server_sent_at: float | None


def _irtt_trip(plain: Any, index: int) -> _IrttTrip:
    place = f"round_trips[{index}]"
    try:
        client, server = plain["timestamps"]["client"], plain["timestamps"]["server"]
        lost = str(plain["lost"])
        stamps = (
            _stamp(client["send"]),
            _stamp(client.get("receive")),
            _stamp(server.get("receive")),
            _stamp(server.get("send")),
        )
    except KeyError as error:
        raise RecordingError(f"{place}.{error.args[0]}: is missing") from error
    except ValueError as error:
        raise RecordingError(f"{place}: {error} is no time in nanoseconds") from error
    except (TypeError, AttributeError) as error:
        # A number or a text stands where an object belongs.
        raise RecordingError(f"{place}: is no packet of irtt") from error
    if lost not in ("false", "true", "true_up", "true_down", "True", "False"):
        raise RecordingError(f"{place}.lost: {shown(lost)} is unknown")
    sent_at = stamps[0]
    if sent_at is None:
        raise RecordingError(f"{place}: there is no time of sending")
    return _IrttTrip(lost.lower(), sent_at, *stamps[1:])


def _stamp(plain: Any) -> float | None:
    """Return the wall clock's time in seconds; irtt writes 0 or nothing for none."""
    nanoseconds = (plain or {}).get("wall", 0)
    if isinstance(nanoseconds, bool) or not isinstance(nanoseconds, int | float):
        raise ValueError(shown(nanoseconds))
    if not 0 <= nanoseconds < 2**63:
        raise ValueError(shown(nanoseconds))
    return nanoseconds / 1e9 if nanoseconds else None


def _of_irtt(trips: Sequence[_IrttTrip], source: "_Source") -> LinkRecording:
    began_at = trips[0].sent_at
    _check_duration(trips[-1].sent_at - began_at)
    ups = [
        Passage(trip.sent_at - began_at, trip.server_received_at - began_at)
        for trip in trips
        if trip.server_received_at is not None
    ]
    downs = [
        Passage(trip.server_sent_at - began_at, trip.received_at - began_at)
        for trip in trips
        if trip.server_sent_at is not None and trip.received_at is not None
    ]
    if not ups or not downs:
        halves = [
            _RoundTrip(
                trip.sent_at, None if trip.received_at is None else trip.received_at - trip.sent_at
            )
            for trip in trips
        ]
        return _of_round_trips(halves, 0, source)
    try:
        clock = fit_clock(ups, downs)
    except ValueError as error:
        raise RecordingError(str(error)) from error
    up, down = _irtt_directions(trips, clock, began_at)
    return _recording(source, up, down, clock)


def _irtt_directions(
    trips: Sequence[_IrttTrip], clock: ClockFit, began_at: float
) -> tuple[RecordedDirection, RecordedDirection]:
    ups: list[tuple[float, float | None]] = []
    downs: list[tuple[float, float | None]] = []
    for trip in trips:
        at_s = trip.sent_at - began_at
        if trip.server_received_at is not None:
            there_s = clock.ours(trip.server_received_at - began_at) - at_s
            ups.append((at_s, there_s))
        elif trip.lost in ("true", "true_up"):
            ups.append((at_s, None))
        if trip.server_sent_at is not None and trip.received_at is not None:
            back_at_s = clock.ours(trip.server_sent_at - began_at)
            downs.append((back_at_s, trip.received_at - began_at - back_at_s))
        elif trip.lost == "true_down" or (trip.lost == "true" and trip.server_sent_at is not None):
            downs.append((at_s, None))
    return _direction(ups), _direction(downs)


# mahimahi


def _from_mahimahi(text: str, name: str, recorded_at: str) -> LinkRecording:
    opportunities: Counter[int] = Counter()
    newest_ms = 0
    for number, line in enumerate(text.splitlines(), 1):
        # ``int`` strips fewer characters than this does.
        digits = line.strip()
        if not digits:
            continue
        if not (digits.isascii() and digits.isdigit()):
            raise RecordingError(f"line {number}: {shown(line)} is no whole number of milliseconds")
        at_ms = int(digits) if len(digits) < 20 else 10**12
        if at_ms < newest_ms:
            raise RecordingError(f"line {number}: {at_ms} is earlier than the line before")
        _check_duration(at_ms / 1000)
        newest_ms = at_ms
        opportunities[int(at_ms / 1000 / _RATE_STEP_S)] += 1
    steps = max(opportunities) + 1
    rates = [opportunities[step] * _OPPORTUNITY_BITS / _RATE_STEP_S for step in range(steps)]
    direction = RecordedDirection(
        (), (), 0, 0, tuple(round(step * _RATE_STEP_S, 6) for step in range(steps)), tuple(rates)
    )
    source = _Source(
        "mahimahi", "packet deliveries of mahimahi, 1500 bytes each", name, recorded_at
    )
    return _recording(source, direction, direction, None, steps * _RATE_STEP_S)


# What all of them share


class _Source(NamedTuple):
    source: Any
    method: str
    name: str
    recorded_at: str


def _of_round_trips(trips: Sequence[_RoundTrip], duplicated: int, source: _Source) -> LinkRecording:
    began_at = trips[0].sent_at
    ups: list[tuple[float, float | None]] = []
    downs: list[tuple[float, float | None]] = []
    is_up_next = True
    last_s = next((trip.rtt_s for trip in trips if trip.rtt_s is not None), 0.0)
    for index, trip in enumerate(trips):
        at_s = trip.sent_at - began_at
        if trip.rtt_s is not None:
            last_s = trip.rtt_s
            ups.append((at_s, last_s / 2))
            downs.append((at_s, last_s / 2))
            continue
        is_run = any(
            0 <= near < len(trips) and trips[near].rtt_s is None for near in (index - 1, index + 1)
        )
        ups.append((at_s, None if is_run or is_up_next else last_s / 2))
        downs.append((at_s, None if is_run or not is_up_next else last_s / 2))
        is_up_next ^= not is_run
    return _recording(source, _direction(ups), _direction(downs, duplicated), None)


def _direction(
    probes: Iterable[tuple[float, float | None]], duplicated: int = 0
) -> RecordedDirection:
    ordered = sorted(probes, key=lambda probe: probe[0])
    return RecordedDirection(
        tuple(max(at_s, 0.0) for at_s, _ in ordered),
        tuple(None if delay_s is None else max(delay_s, 0.0) for _, delay_s in ordered),
        min(duplicated, len(ordered)),
        0,
        (),
        (),
    )


def _recording(
    source: _Source,
    up: RecordedDirection,
    down: RecordedDirection,
    clock: ClockFit | None,
    duration_s: float = 0.0,
) -> LinkRecording:
    """Return the recording, checked as if it had been read from a file."""
    knows = {"mahimahi": _RATE_KNOWS}.get(
        source.source, _ONE_WAY_KNOWS if clock else _ROUND_TRIP_KNOWS
    )
    recording = LinkRecording(
        format="jitterball-link",
        version=FORMAT_VERSION,
        name=source.name,
        recorded_at=source.recorded_at,
        source=source.source,
        method=source.method,
        knows=knows,
        duration_s=max(duration_s, *up.sent_at_s[-1:], *down.sent_at_s[-1:], 0.1),
        clock=_clock_of(clock),
        load=None,
        up=up,
        down=down,
    )
    try:
        for part in (recording, recording.up, recording.down):
            part.check()
    except ValueError as error:
        raise RecordingError(str(error)) from error
    return recording


def _clock_of(fit: ClockFit | None) -> Clock | None:
    if fit is None:
        return None
    return Clock(fit.error_s, fit.least_rtt_s / 2, fit.drift_ratio * 1e6)


def _checked_number(text: str, line: int) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise RecordingError(f"line {line}: {shown(text)} is not a number") from error


def _check_duration(seconds: float) -> None:
    if seconds > DURATION_MAX_S:
        raise RecordingError(f"it is {seconds:.0f} s long, more than {DURATION_MAX_S:.0f}")
