"""Log of a recording's probes, and the recorded link that is computed from it.  [pure]"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from game.lab.record.clock_fit import ClockFit, Passage, fit_clock
from net.link.recording import (
    FORMAT_VERSION,
    KNOWS_TEXT,
    Clock,
    LinkRecording,
    Load,
    RecordedDirection,
)

__all__ = ["DownProbe", "NothingRecorded", "ProbeLog", "RecordingNotes", "recording_of"]

# The error of the fit may put a delay of nearly 0 below it.
_DELAY_MIN_S = 0.0
_DELAY_MAX_S = 60.0
# After a pause a full socket is read before newer probes.
_BACKLOG_S = 0.1


class NothingRecorded(Exception):
    """No probe arrived in one of the directions. The message is one line."""


class DownProbe(NamedTuple):
    """A probe of the server: ``sent_at`` by its clock, ``received_at`` by ours."""

    number: int
    sent_at: float
    received_at: float


@dataclass(slots=True)
class ProbeLog:
    """Record of the probes of both ends.

    ``sent_at[n]`` is the time of our probe n, by our clock. ``up`` are (number, arrival by the
    server's clock), ``down`` are the server's probes that arrived, both in the order of arrival.
    ``down_sent`` counts the server's probes; 0 if it did not tell.
    ``pauses`` are the begin and the end, by our clock, of each time in which our program did not
    run. It sent nothing then, and what arrived was read late or dropped by a full socket.
    """

    sent_at: list[float] = field(default_factory=list)
    up: list[tuple[int, float]] = field(default_factory=list)
    down: list[DownProbe] = field(default_factory=list)
    down_sent: int = 0
    pauses: list[tuple[float, float]] = field(default_factory=list)
    client_late_s: list[float] = field(default_factory=list)
    server_late_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingNotes:
    """Description of a recording for its file: name, time, method and load."""

    name: str
    recorded_at: str
    method: str
    load: Load | None


def recording_of(log: ProbeLog, notes: RecordingNotes) -> LinkRecording:
    """Return the recorded link. Raises ``NothingRecorded`` if a direction has no probe.

    The server's probes that came in a pause of our program are left out: nobody knows when.
    """
    n_sent = len(log.sent_at)
    timed = [probe for probe in log.down if not _is_in_pause(log, probe.received_at)]
    if not timed or not log.up:
        raise NothingRecorded("no probe arrived in one of the directions")
    up_arrivals = [(number, at) for number, at in log.up if 0 <= number < n_sent]
    try:
        clock = fit_clock(
            (Passage(log.sent_at[number], at) for number, at in up_arrivals),
            (Passage(probe.sent_at, probe.received_at) for probe in timed),
        )
    except ValueError as error:
        raise NothingRecorded(str(error)) from error
    began_at = log.sent_at[0]
    up = _direction(
        [at - began_at for at in log.sent_at],
        [(number, clock.ours(at) - began_at) for number, at in up_arrivals],
    )
    down = _direction(
        _down_times(log, clock, began_at),
        [(probe.number, probe.received_at - began_at) for probe in timed],
    )
    least_s = min((delay_s for delay_s in down.delay_s if delay_s is not None), default=0.0)
    for pause in log.pauses:
        begin_s, end_s = (at - began_at for at in pause)
        up = _without_pause(up, begin_s, end_s)
        # Sent so long before it arrived, at least.
        down = _without_pause(down, begin_s - least_s, end_s + _BACKLOG_S - least_s)
    ends_s = [*up.sent_at_s[-1:], *down.sent_at_s[-1:]]
    return LinkRecording(
        format="jitterball-link",
        version=FORMAT_VERSION,
        name=notes.name,
        recorded_at=notes.recorded_at,
        source="jitterball",
        method=notes.method,
        knows=KNOWS_TEXT,
        duration_s=max(*ends_s, 0.1),
        clock=Clock(clock.error_s, clock.least_rtt_s / 2, clock.drift_ratio * 1e6),
        load=notes.load,
        up=up,
        down=down,
    )


def _is_in_pause(log: ProbeLog, at: float) -> bool:
    return any(began_at <= at <= ended_at + _BACKLOG_S for began_at, ended_at in log.pauses)


def _without_pause(direction: RecordedDirection, begin_s: float, end_s: float) -> RecordedDirection:
    """Return the direction without the probes sent in this time that have no delay.

    Those just before and after go too: between two lost probes a player would lose everything.
    """
    times_s, delays_s = direction.sent_at_s, direction.delay_s
    begin = bisect_left(times_s, begin_s)
    while begin > 0 and delays_s[begin - 1] is None:
        begin -= 1
    end = bisect_right(times_s, end_s)
    while end < len(times_s) and delays_s[end] is None:
        end += 1
    kept = [
        number
        for number, delay_s in enumerate(delays_s)
        if delay_s is not None or not begin <= number < end
    ]
    return replace(
        direction,
        sent_at_s=tuple(times_s[number] for number in kept),
        delay_s=tuple(delays_s[number] for number in kept),
    )


def _direction(
    sent_at_s: Sequence[float], arrivals: Iterable[tuple[int, float]]
) -> RecordedDirection:
    """Return the direction whose probe n was sent at ``sent_at_s[n]``; arrivals are in order."""
    delays_s: list[float | None] = [None] * len(sent_at_s)
    duplicated = reordered = 0
    newest = -1
    for number, at_s in arrivals:
        if number >= len(delays_s):
            continue
        if delays_s[number] is not None:
            duplicated += 1
            continue
        reordered += number < newest
        newest = max(newest, number)
        delays_s[number] = min(max(at_s - sent_at_s[number], _DELAY_MIN_S), _DELAY_MAX_S)
    times_s = tuple(max(at_s, 0.0) for at_s in sent_at_s)
    return RecordedDirection(times_s, tuple(delays_s), duplicated, reordered, (), ())


def _down_times(log: ProbeLog, clock: ClockFit, began_at: float) -> list[float]:
    """Return when each probe of the server was sent. A lost one was sent between its neighbours."""
    known = sorted({probe.number: probe.sent_at for probe in log.down}.items())
    numbers = [number for number, _ in known]
    count = max(log.down_sent, numbers[-1] + 1)
    # The mean interval, for those before the first and after the last that arrived.
    span = numbers[-1] - numbers[0]
    interval_s = (known[-1][1] - known[0][1]) / span if span else 0.0
    times_s = []
    for number in range(count):
        index = bisect_right(numbers, number) - 1
        first, first_at = known[max(index, 0)]
        at = first_at + (number - first) * interval_s
        if 0 <= index < len(known) - 1 and number != first:
            second, second_at = known[index + 1]
            at = first_at + (number - first) * (second_at - first_at) / (second - first)
        times_s.append(clock.ours(at) - began_at)
    return times_s
