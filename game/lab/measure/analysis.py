"""The analysis of a raw recording: the results of a run.  [pure]

``game.lab.measure.replay`` replays the recording; here are the statistics.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from game.lab.measure.client_recording import ClientRecording
from game.lab.measure.intervals import Interval, mean_interval, rate_interval
from game.lab.measure.replay import (
    AnalysisSettings,
    DrawnFrame,
    ReferenceTrack,
    Replay,
    Sample,
    SnapshotSample,
)
from game.lab.measure.results import Distribution, Estimate, PerDirection, Run, SnapshotStats
from net.link.profile import Link
from net.link.recorded_schedule import Playback
from net.measure.arrivals import STALL_S
from net.measure.statistics import Quantiles

MS = 1000.0
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Analysis:
    """The results of a recording, with its arrivals and frames for plots over time.

    ``playback`` is the recorded link from the start of the run on, None for another link.
    """

    run: Run
    started_at: float
    samples: tuple[SnapshotSample, ...]
    frames: tuple[DrawnFrame, ...]
    playback: Playback | None = None


def analyse(
    transport: str,
    link_name: str,
    link: Link | None,
    recording: ClientRecording,
    reference: ReferenceTrack,
    settings: AnalysisSettings,
) -> Analysis:
    """Return the analysis of a recording."""
    replay = Replay(recording, reference, settings)
    replay.play()
    return Analysis(
        run=_run(transport, link_name, link, recording, replay, reference.median_age_s),
        started_at=recording.started_at,
        samples=tuple(replay.samples),
        frames=tuple(replay.frames),
    )


def _run(
    transport: str,
    link_name: str,
    link: Link | None,
    recording: ClientRecording,
    replay: Replay,
    baseline_s: float | None,
) -> Run:
    started_at, ended_at, wire = recording.started_at, recording.ended_at, recording.wire
    seconds = ended_at - started_at

    def distribution(samples: Iterable[Sample], factor: float = MS) -> Distribution:
        return _distribution(list(samples), started_at, ended_at, factor)

    def estimate(samples: list[Sample], factor: float = MS) -> Estimate:
        return _mean(samples, started_at, ended_at, factor)

    # Times without a connection are in no other figure.
    frames = [frame for frame in replay.frames if frame.is_connected]
    screen = replay.screen.stats()
    connected_s = seconds - replay.outages.total_s
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
        stalls_over_125ms_per_min=_stalls_per_minute(
            replay.gaps, started_at, ended_at, connected_s
        ),
        freezes_ms=distribution_of(screen.freezes_s.scaled(MS), None),
        longest_freeze_ms=screen.longest_freeze_s * MS,
        frozen_ratio=estimate([(frame.at, float(frame.is_starved)) for frame in frames], 1.0),
        visual_error=distribution(((f.at, f.error) for f in frames if f.error is not None), 1.0),
        input_to_effect_ms=distribution(replay.effects()),
        input_to_drawn_ms=distribution(replay.effects_drawn()),
        snapshots=_snapshots(replay, wire.stale, wire.duplicate),
        connections_lost=len(replay.outages.spans),
        disconnected_ms=replay.outages.total_s * MS,
        program_paused_ms=recording.paused_s * MS,
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
    return distribution_of(quantiles, mean_interval(samples, started_at, ended_at), factor)


def distribution_of(
    quantiles: Quantiles, interval: Interval | None, factor: float = 1.0
) -> Distribution:
    """Return a distribution; ``factor`` changes the unit of the mean's ``interval``."""
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
    return estimate_of(mean, mean_interval(samples, started_at, ended_at), factor)


def _stalls_per_minute(
    gaps: list[Sample], started_at: float, ended_at: float, connected_s: float
) -> Estimate:
    if connected_s <= 0.0:
        return Estimate(None, None, None)
    stalls = [at for at, gap_s in gaps if gap_s > STALL_S]
    seconds = ended_at - started_at
    rate = len(stalls) * MINUTE_S / seconds
    interval = rate_interval(stalls, started_at, ended_at, MINUTE_S)
    return estimate_of(rate, interval, seconds / connected_s)


def estimate_of(value: float, interval: Interval | None, factor: float = 1.0) -> Estimate:
    """Return a value and its interval, both multiplied by ``factor``."""
    if interval is None:
        return Estimate(value * factor, None, None)
    # No value that is estimated here can be negative.
    return Estimate(value * factor, max(0.0, interval.low) * factor, interval.high * factor)


def _snapshots(replay: Replay, discarded_stale: int, discarded_duplicate: int) -> SnapshotStats:
    """Return the game's counts with the snapshots that the transport itself discarded."""
    counts = replay.snapshots.counts()
    without_connection = replay.missed_without_connection
    lost = counts.lost - without_connection
    # The transport also counts stale pongs. At ten per second one hardly ever overtakes another.
    stale = min(discarded_stale, lost)
    return SnapshotStats(
        expected=counts.expected - without_connection,
        received=counts.received,
        lost=lost - stale,
        stale=counts.stale + stale,
        duplicate=counts.duplicate + discarded_duplicate,
        without_connection=without_connection,
    )


def _retransmitted(recording: ClientRecording) -> int:
    """Return the modelled TCP's retransmissions; without a model, the transport's own."""
    link = recording.link_counters
    modelled = link.up.retransmits + link.down.retransmits if link else 0
    return modelled or recording.wire.retransmitted


def _clock_offset_error_ms(replay: Replay) -> float | None:
    if not replay.clock.ready:
        return None
    if not replay.clock_is_shared:
        return replay.clock.error_bound_s * MS
    errors = [error_s for _, error_s in replay.offset_errors]
    return sum(errors) / len(errors) * MS if errors else None
