"""The analysis of a raw recording: the results of a run.  [pure]

It replays the recorded events, in order, into the parts that a live client uses: minimum delay,
interpolation buffer and lag monitor. A virtual screen draws 60 frames per second, with or without
arrivals. So a late snapshot counts in every frame that misses it (no coordinated omission).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot, nan
from statistics import median
from typing import NamedTuple

from game.client.scene_builder import interpolate, is_teleport
from game.lab.measure.intervals import Interval, mean_interval, rate_interval
from game.lab.measure.recording import InputChange, Recording, SnapshotArrival
from game.lab.measure.results import Distribution, Estimate, PerDirection, Run, SnapshotStats
from game.match.physics import TICK_HZ
from game.protocol.messages import BallState
from net.link.profile import Link
from net.measure.arrivals import STALL_S, ArrivalOrder, Jitter, SnapshotCounter
from net.measure.lag_monitor import ArrivalStatus, LagColumn, LagMonitor
from net.measure.statistics import Quantiles
from net.measure.virtual_screen import FrameMeter, FrameSchedule
from net.sync.clock import ClockFilter
from net.sync.interpolation import InterpolationBuffer, MinDelayFilter, render_time

MS = 1000.0
MINUTE_S = 60.0


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
    """A frame of the virtual screen; ``error`` is in pitch units, None if not known."""

    at: float
    render_time_s: float
    age_s: float
    is_starved: bool
    error: float | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The results of a recording, with its arrivals and frames for plots over time."""

    run: Run
    started_at: float
    columns: tuple[LagColumn, ...]
    frames: tuple[DrawnFrame, ...]


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


def analyse(
    transport: str,
    link_name: str,
    link: Link | None,
    recording: Recording,
    reference: ReferenceTrack,
    settings: AnalysisSettings,
) -> Analysis:
    """Return the analysis of a recording."""
    replay = _Replay(recording, reference, settings)
    replay.play()
    return Analysis(
        run=_run(transport, link_name, link, recording, replay, reference.median_age_s),
        started_at=recording.started_at,
        columns=tuple(_with_lost(replay.columns, settings.interval_ticks)),
        frames=tuple(replay.frames),
    )


class _Replay:
    """One pass through a recording; events before its start only warm up the parts."""

    def __init__(
        self, recording: Recording, reference: ReferenceTrack, settings: AnalysisSettings
    ) -> None:
        started_at = recording.started_at
        self.ages: list[Sample] = []
        self.gaps: list[Sample] = []
        self.jitters: list[Sample] = []
        self.offset_errors: list[Sample] = []
        self.columns: list[LagColumn] = []
        self.frames: list[DrawnFrame] = []
        self.arrived: list[SnapshotArrival] = []
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
        if open_gap_s > STALL_S:
            self.gaps.append((ended_at, open_gap_s))

    def effects(self) -> Iterator[tuple[float, float]]:
        """Yield each input change's time, and the delay until its effect arrived."""
        for change, arrival in self._answered_changes():
            answered_at = arrival.at if arrival else self._recording.ended_at
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
            if (frame and arrival) or drawn_at - change.at > STALL_S:
                yield change.at, drawn_at - change.at

    def _answered_changes(self) -> Iterator[tuple[InputChange, SnapshotArrival | None]]:
        """Yield the run's input changes, each with the first snapshot with its effect, if any."""
        arrivals = iter(self.arrived)
        arrival = next(arrivals, None)
        for change in self._recording.input_changes:
            if not self._recording.started_at <= change.at <= self._recording.ended_at:
                continue
            while arrival and (arrival.last_input < change.sequence or arrival.at < change.at):
                arrival = next(arrivals, None)
            yield change, arrival

    def _add_arrival(self, arrival: SnapshotArrival) -> None:
        at, made_at_s = arrival.at, arrival.time_s + arrival.late_s
        self._least_delay.add(at, at - arrival.time_s)
        self._balls.push(arrival.time_s, arrival.ball)
        if at < self._recording.started_at:
            self._last_at = at
            return
        order, _ = self.snapshots.count(arrival.tick)
        age_s = self._server_now_s(at) - made_at_s
        column = self._meter.add_snapshot(
            at, arrival.tick, made_at_s, age_s, self._render_time_s(at)
        )
        if column is not None:
            self.columns.append(column)
        if self.clock.ready:
            self.offset_errors.append((at, abs(self.clock.offset_at(at))))
        if order is not ArrivalOrder.NEW:
            return
        self.arrived.append(arrival)
        self.ages.append((at, age_s))
        self.gaps.append((at, at - self._last_at))
        self.jitters.append((at, self._jitter.add(made_at_s, at)))
        self._last_at = at

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
        drawn = self.screen.add_frame(self._server_now_s(at), render_time_s, newest_time_s, error)
        self.frames.append(DrawnFrame(at, render_time_s, drawn.age_s, drawn.starved, error))

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


def _run(
    transport: str,
    link_name: str,
    link: Link | None,
    recording: Recording,
    replay: _Replay,
    baseline_s: float | None,
) -> Run:
    started_at, ended_at, wire = recording.started_at, recording.ended_at, recording.wire
    seconds = ended_at - started_at

    def distribution(samples: Iterable[Sample], factor: float = MS) -> Distribution:
        return _distribution(list(samples), started_at, ended_at, factor)

    def estimate(samples: list[Sample], factor: float = MS) -> Estimate:
        return _mean(samples, started_at, ended_at, factor)

    frames, screen = replay.frames, replay.screen.stats()
    rtts = ((e.at, e.delay_s) for e in recording.clock_samples if started_at <= e.at <= ended_at)
    return Run(
        transport=transport,
        link=link_name,
        link_up=link.up if link else None,
        link_down=link.down if link else None,
        seconds=seconds,
        rtt_ms=distribution(rtts),
        snapshot_age_ms=distribution(replay.ages),
        age_when_drawn_ms=distribution((frame.at, frame.age_s) for frame in frames),
        arrival_gap_ms=distribution(replay.gaps),
        jitter_ms=estimate(replay.jitters),
        stalls_over_125ms_per_min=_stalls_per_minute(replay.gaps, started_at, ended_at),
        freezes_ms=_distribution_of(screen.freezes_s.scaled(MS), None),
        longest_freeze_ms=screen.longest_freeze_s * MS,
        frozen_ratio=estimate([(frame.at, float(frame.is_starved)) for frame in frames], 1.0),
        visual_error=distribution(((f.at, f.error) for f in frames if f.error is not None), 1.0),
        input_to_effect_ms=distribution(replay.effects()),
        input_to_drawn_ms=distribution(replay.effects_drawn()),
        snapshots=_snapshots(replay.snapshots, wire.stale, wire.duplicate),
        transport_lost=wire.lost,
        retransmitted=_retransmitted(recording),
        messages_per_s=PerDirection(wire.sent / seconds, wire.received / seconds),
        payload_bytes_per_s=PerDirection(
            wire.payload_bytes_sent / seconds, wire.payload_bytes_received / seconds
        ),
        wire_bytes_per_s=PerDirection(
            wire.wire_bytes_sent / seconds, wire.wire_bytes_received / seconds
        ),
        clock_offset_error_ms=_clock_offset_error_ms(replay),
        baseline_age_ms=None if baseline_s is None else baseline_s * MS,
        ledger=recording.link_counters,
    )


def _distribution(
    samples: list[Sample], started_at: float, ended_at: float, factor: float
) -> Distribution:
    quantiles = Quantiles.of(value for _, value in samples).scaled(factor)
    return _distribution_of(quantiles, mean_interval(samples, started_at, ended_at), factor)


def _distribution_of(
    quantiles: Quantiles, interval: Interval | None, factor: float = 1.0
) -> Distribution:
    if not quantiles.n:
        return Distribution(0, None, None, None, None, None, None, None, None)
    return Distribution(
        n=quantiles.n,
        mean=quantiles.mean,
        mean_low=interval.low * factor if interval else None,
        mean_high=interval.high * factor if interval else None,
        p50=quantiles.p50,
        p90=quantiles.p90,
        p95=quantiles.p95,
        p99=quantiles.p99,
        max=quantiles.max,
    )


def _mean(samples: list[Sample], started_at: float, ended_at: float, factor: float) -> Estimate:
    if not samples:
        return Estimate(None, None, None)
    mean = sum(value for _, value in samples) / len(samples)
    return _estimate(mean, mean_interval(samples, started_at, ended_at), factor)


def _stalls_per_minute(gaps: list[Sample], started_at: float, ended_at: float) -> Estimate:
    stalls = [at for at, gap_s in gaps if gap_s > STALL_S]
    rate = len(stalls) * MINUTE_S / (ended_at - started_at)
    return _estimate(rate, rate_interval(stalls, started_at, ended_at, MINUTE_S), 1.0)


def _estimate(value: float, interval: Interval | None, factor: float) -> Estimate:
    if interval is None:
        return Estimate(value * factor, None, None)
    # No value that is estimated here can be negative.
    return Estimate(value * factor, max(0.0, interval.low) * factor, interval.high * factor)


def _snapshots(
    counter: SnapshotCounter, discarded_stale: int, discarded_duplicate: int
) -> SnapshotStats:
    """Return the game's counts with the snapshots that the transport itself discarded."""
    counts = counter.counts()
    # The transport also counts stale pongs. At ten per second one hardly ever overtakes another.
    stale = min(discarded_stale, counts.lost)
    return SnapshotStats(
        expected=counts.expected,
        received=counts.received,
        lost=counts.lost - stale,
        stale=counts.stale + stale,
        duplicate=counts.duplicate + discarded_duplicate,
    )


def _retransmitted(recording: Recording) -> int:
    """Return the modelled TCP's retransmissions; without a model, the transport's own."""
    link = recording.link_counters
    modelled = link.up.retransmits + link.down.retransmits if link else 0
    return modelled or recording.wire.retransmitted


def _clock_offset_error_ms(replay: _Replay) -> float | None:
    if not replay.clock.ready:
        return None
    if not replay.clock_is_shared:
        return replay.clock.error_bound_s * MS
    errors = [error_s for _, error_s in replay.offset_errors]
    return sum(errors) / len(errors) * MS if errors else None


def _with_lost(columns: Sequence[LagColumn], interval_ticks: int) -> Iterator[LagColumn]:
    """Yield the columns in the order of their ticks, with a column for each lost snapshot."""
    by_tick = {column.tick: column for column in columns}
    if not by_tick:
        return
    for tick in range(min(by_tick), max(by_tick) + 1, interval_ticks):
        yield by_tick.get(tick) or LagColumn(tick, nan, ArrivalStatus.LOST)
