"""Replay of a raw recording on a virtual screen, for the figures of a measurement.  [pure]

It replays the recorded events, in order, into the parts that a live client uses: minimum delay,
interpolation buffer and lag monitor. A virtual screen draws 60 frames per second, with or without
arrivals. So a late snapshot counts in every frame that misses it (no coordinated omission).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, hypot, inf
from statistics import median
from typing import NamedTuple

from game.client.scene_builder import interpolate, is_teleport
from game.lab.measure.client_recording import ClientRecording, InputChange, SnapshotArrival
from game.lab.measure.outages import OutageSpans
from game.match.physics import TICK_HZ
from game.protocol.messages import BallState
from net.measure.arrivals import STALL_S, ArrivalOrder, Jitter, SnapshotCounter
from net.measure.lag_monitor import ArrivalStatus, LagMonitor
from net.measure.virtual_screen import FrameMeter, FrameSchedule
from net.sync.clock_filter import ClockFilter
from net.sync.interpolation import InterpolationBuffer, MinDelayFilter, is_starved, render_time

# A time of the client's clock, and a value.
Sample = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """Settings of all runs of a measurement.

    ``interval_ticks`` are the ticks between snapshots. ``interpolation_s`` is the interpolation
    delay. ``clock_is_shared``: both ends read one clock, so ages need no estimated offset.
    """

    interval_ticks: int
    interpolation_s: float
    clock_is_shared: bool


class DrawnFrame(NamedTuple):
    """A frame of the virtual screen; ``error`` is in pitch units, None if not known.

    ``is_new``: it shows a newer snapshot than the frame before.
    """

    at: float
    render_time_s: float
    age_s: float
    is_starved: bool
    is_new: bool
    is_connected: bool
    error: float | None


class SnapshotSample(NamedTuple):
    """A snapshot that was due, or the time since the last one at the end of the run.

    ``at`` is its arrival, None if it did not arrive. ``gap_s`` is the time since the arrival
    before; None if it was not new, or the first over a new connection. ``verdict`` is an
    ``ArrivalStatus``, ``NO_CONNECTION`` or ``END``; for ``END`` all other fields but ``gap_s`` are
    None.
    """

    tick: int | None
    server_time_s: float | None
    at: float | None
    age_s: float | None
    gap_s: float | None
    verdict: str


# The verdict on a snapshot that was due while there was no connection.
NO_CONNECTION = "no connection"
END = "end"


class ReferenceTrack:
    """The reference positions of the ball at server times.

    ``median_age_s`` is the median snapshot age of a spectator that shares the server's clock.
    """

    def __init__(self, arrivals: Sequence[SnapshotArrival], is_spectator: bool = True) -> None:
        seen = {arrival.time_s: arrival.ball for arrival in arrivals}
        self._balls: InterpolationBuffer[BallState] = InterpolationBuffer(max(len(seen), 1))
        for time_s in sorted(seen):
            self._balls.push(time_s, seen[time_s])
        ages_s = [arrival.at - arrival.time_s - arrival.late_s for arrival in arrivals]
        self.median_age_s = median(ages_s) if is_spectator and ages_s else None

    def ball_at(self, server_time_s: float) -> tuple[float, float] | None:
        """Return the ball's position; None for a time after the last snapshot."""
        sample = self._balls.sample(server_time_s)
        if sample is None or sample.starved:
            return None
        return interpolate(sample.before, sample.after, sample.fraction)


class Replay:
    """One pass through a recording; events before its start only warm up the parts."""

    def __init__(
        self, recording: ClientRecording, reference: ReferenceTrack, settings: AnalysisSettings
    ) -> None:
        started_at = recording.started_at
        self.ages: list[Sample] = []
        self.gaps: list[Sample] = []
        self.jitters: list[Sample] = []
        self.offset_errors: list[Sample] = []
        self.samples: list[SnapshotSample] = []
        self.frames: list[DrawnFrame] = []
        self.arrived: list[SnapshotArrival] = []
        self.missed_without_connection = 0
        arrived_at = [arrival.at for arrival in recording.arrivals]
        self.outages = OutageSpans(recording.lost_at, arrived_at, started_at, recording.ended_at)
        self.snapshots = SnapshotCounter(settings.interval_ticks)
        self.screen = FrameMeter()
        self.clock = ClockFilter()
        self.clock_is_shared = settings.clock_is_shared
        self._recording = recording
        self._reference = reference
        self._settings = settings
        self._meter = LagMonitor(started_at, settings.interval_ticks, TICK_HZ)
        self._jitter = Jitter()
        self._balls: InterpolationBuffer[BallState] = InterpolationBuffer()
        self._least_delay = MinDelayFilter()
        self._schedule = FrameSchedule(started_at)
        self._newest_drawn_s: float | None = None
        self._last_at = started_at
        self._clock_samples = iter(recording.clock_samples)
        self._next_sample = next(self._clock_samples, None)

    def play(self) -> None:
        """Replay the recording to its end."""
        ended_at = self._recording.ended_at
        for arrival in self._recording.arrivals:
            if arrival.at > ended_at:
                break
            self._draw_until(arrival.at)
            self._set_clock(arrival.at)
            self._add_arrival(arrival)
        self._draw_until(ended_at)
        open_gap_s = ended_at - self._last_at
        # A gap that is still open at the end counts too: it would be left out otherwise.
        if open_gap_s > STALL_S and not self.outages.covers(ended_at - open_gap_s / 2):
            self.gaps.append((ended_at, open_gap_s))
            self.samples.append(SnapshotSample(None, None, None, None, open_gap_s, END))
        self.samples = _without_late_ones(self.samples)
        self.missed_without_connection = sum(
            sample.verdict == NO_CONNECTION for sample in self.samples
        )

    def effects(self) -> Iterator[tuple[float, float]]:
        """Yield each input change's time, and the delay until its effect arrived."""
        for change, arrival in self._answered_changes():
            answered_at = arrival.at if arrival else self._recording.ended_at
            if self.outages.ended_between(change.at, answered_at):
                continue
            if arrival or answered_at - change.at > STALL_S:
                yield change.at, answered_at - change.at

    def effects_drawn(self) -> Iterator[tuple[float, float]]:
        """Yield each input change's time, and the delay until a frame showed its effect."""
        frames = iter(self.frames)
        frame = next(frames, None)
        for change, arrival in self._answered_changes():
            while (
                frame
                and arrival
                and (frame.render_time_s < arrival.time_s or frame.at < arrival.at)
            ):
                frame = next(frames, None)
            drawn_at = frame.at if frame and arrival else self._recording.ended_at
            if self.outages.ended_between(change.at, drawn_at):
                continue
            if (frame and arrival) or drawn_at - change.at > STALL_S:
                yield change.at, drawn_at - change.at

    def _answered_changes(self) -> Iterator[tuple[InputChange, SnapshotArrival | None]]:
        """Yield the run's input changes, each with the first snapshot with its effect, if any."""
        index = 0
        for change in self._recording.input_changes:
            if not self._recording.started_at <= change.at <= self._recording.ended_at:
                continue
            while index < len(self.arrived) and self.arrived[index].at < change.at:
                index += 1
            # After a new start the numbers begin at 1 again: an old change is never answered.
            answers = range(index, len(self.arrived))
            number = next((n for n in answers if self._answers(self.arrived[n], change)), None)
            yield change, None if number is None else self.arrived[number]

    def _answers(self, arrival: SnapshotArrival, change: InputChange) -> bool:
        return arrival.last_input >= change.sequence

    def _add_arrival(self, arrival: SnapshotArrival) -> None:
        at, made_at_s = arrival.at, arrival.time_s + arrival.late_s
        self._least_delay.add(at, at - arrival.time_s)
        self._balls.push(arrival.time_s, arrival.ball)
        if at < self._recording.started_at:
            self._last_at = at
            return
        order, missed = self.snapshots.count(arrival.tick)
        if order is ArrivalOrder.DUPLICATE:
            return
        is_first = self.outages.ended_between(self._last_at, at)
        age_s = self._server_now_s(at) - made_at_s
        column = self._meter.add_snapshot(
            at, arrival.tick, made_at_s, age_s, self._render_time_s(at)
        )
        status = column.status.value if column else ArrivalStatus.STALE.value
        if self.clock.ready:
            self.offset_errors.append((at, abs(self.clock.offset_at(at))))
        if order is not ArrivalOrder.NEW:
            self.samples.append(SnapshotSample(arrival.tick, made_at_s, at, age_s, None, status))
            return
        gap_s = None if is_first else at - self._last_at
        self._add_missed(arrival.tick, missed, is_first)
        self.samples.append(SnapshotSample(arrival.tick, made_at_s, at, age_s, gap_s, status))
        self.arrived.append(arrival)
        self.ages.append((at, age_s))
        if gap_s is not None:
            self.gaps.append((at, gap_s))
        self.jitters.append((at, self._jitter.add(made_at_s, at)))
        self._last_at = at

    def _add_missed(self, tick: int, missed: int, is_outage: bool) -> None:
        """Add the snapshots that are missing before a tick."""
        verdict = NO_CONNECTION if is_outage else ArrivalStatus.LOST.value
        # A forged tick number must not make a list without end.
        seconds = self._recording.ended_at - self._recording.started_at
        for back in range(min(missed, ceil(seconds * TICK_HZ)), 0, -1):
            lost_tick = tick - back * self._settings.interval_ticks
            self.samples.append(SnapshotSample(lost_tick, None, None, None, None, verdict))

    def _draw_until(self, now: float) -> None:
        for at in self._schedule.due(now):
            self._set_clock(at)
            if (newest_time_s := self._balls.newest_time_s) is not None:
                self._draw(at, newest_time_s)

    def _draw(self, at: float, newest_time_s: float) -> None:
        render_time_s = self._render_time_s(at)
        sample = self._balls.sample(render_time_s)
        true_ball = self._reference.ball_at(render_time_s)
        error = None
        # A kick-off between two snapshots moves the ball at once: interpolation has no answer.
        is_known = sample is not None and not is_teleport(sample.before, sample.after)
        if sample is not None and true_ball is not None and is_known:
            x, y = interpolate(sample.before, sample.after, sample.fraction)
            error = hypot(x - true_ball[0], y - true_ball[1])
        server_now_s = self._server_now_s(at)
        is_connected = not self.outages.covers(at)
        if is_connected:
            self.screen.add_frame(server_now_s, render_time_s, newest_time_s, error)
        self.frames.append(
            DrawnFrame(
                at,
                render_time_s,
                server_now_s - newest_time_s,
                is_starved(newest_time_s, render_time_s),
                self._newest_drawn_s not in (None, newest_time_s),
                is_connected,
                error,
            )
        )
        self._newest_drawn_s = newest_time_s

    def _render_time_s(self, at: float) -> float:
        return render_time(at, self._least_delay.min_delay_s(at), self._settings.interpolation_s)

    def _server_now_s(self, at: float) -> float:
        if self.clock_is_shared or not self.clock.ready:
            return at
        return self.clock.server_time(at)

    def _set_clock(self, now: float) -> None:
        while self._next_sample is not None and self._next_sample.at <= now:
            sample = self._next_sample
            # With both server timestamps in the middle, the filter finds this offset and delay.
            middle_s = sample.at - sample.delay_s / 2 + sample.offset_s
            self.clock.add(sample.at - sample.delay_s, middle_s, middle_s, sample.at)
            self._next_sample = next(self._clock_samples, None)


def _without_late_ones(samples: list[SnapshotSample]) -> list[SnapshotSample]:
    """Return the samples by tick, without the missing ones that came after all."""
    stale = {each.tick for each in samples if each.verdict == ArrivalStatus.STALE.value}
    kept = (each for each in samples if each.at or each.tick is None or each.tick not in stale)
    return sorted(kept, key=lambda each: inf if each.tick is None else each.tick)
