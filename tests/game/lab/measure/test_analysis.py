"""The analysis of short recordings whose results can be computed by hand."""

import pytest

from game.lab.measure.analysis import analyse
from game.lab.measure.client_recording import ClientRecording, InputChange, SnapshotArrival
from game.lab.measure.replay import AnalysisSettings, ReferenceTrack
from game.lab.measure.results import DirectionCounters, LinkCounters
from game.protocol.messages import BallState
from net.link.profile import Link
from net.measure.lag_monitor import ArrivalStatus
from net.sync.clock_filter import ClockSample
from net.transport import ChannelStats

INTERVAL_S = 2 / 60
SETTINGS = AnalysisSettings(interval_ticks=2, interpolation_s=2 * INTERVAL_S, clock_is_shared=True)


def ball_at(time_s: float) -> BallState:
    return BallState(60.0 * time_s, 0.0, 60.0, 0.0)


def arrival(number: int, delay_s: float = 0.02, last_input: int = 0) -> SnapshotArrival:
    """Return snapshot number n of a server that ticks from second 0 on."""
    time_s = number * INTERVAL_S
    return SnapshotArrival(time_s + delay_s, 2 * number, time_s, 0.0, last_input, ball_at(time_s))


def recorded(arrivals, **others) -> ClientRecording:
    return ClientRecording(arrivals=list(arrivals), started_at=1.0, ended_at=3.0, **others)


def analysis_of(recording, settings=SETTINGS, reference=None):
    track = ReferenceTrack(reference if reference is not None else [arrival(n) for n in range(200)])
    return analyse("udp", "test", Link(), recording, track, settings)


def run_of(recording, **others):
    return analysis_of(recording, **others).run


def test_a_steady_stream_is_never_starved_and_draws_the_reference():
    run = run_of(recorded(arrival(n) for n in range(100)))
    assert run.snapshot_age_ms.p50 == pytest.approx(20.0)
    assert run.snapshot_age_ms.mean_low == pytest.approx(20.0)
    assert run.arrival_gap_ms.max == pytest.approx(1000 * INTERVAL_S)
    assert run.jitter_ms.value == pytest.approx(0.0, abs=1e-9)
    assert run.frozen_ratio.value == 0.0
    assert run.freezes_ms.n == 0
    assert run.visual_error.max == pytest.approx(0.0, abs=1e-6)
    assert run.snapshots.expected == run.snapshots.received == 60


def test_arrivals_before_the_start_are_not_counted():
    late_at_first = [arrival(n, 0.5 if n < 5 else 0.02) for n in range(100)]
    assert run_of(recorded(late_at_first)) == run_of(recorded(arrival(n) for n in range(100)))


def test_a_starved_frame_shows_the_last_position():
    missing = range(45, 51)
    run = run_of(recorded(arrival(n) for n in range(100) if n not in missing))
    # Six are missing: the picture moves for two intervals more, then stands for five.
    assert run.longest_freeze_ms == pytest.approx(5 * 1000 * INTERVAL_S, abs=17)
    assert run.visual_error.max == pytest.approx(60.0 * 5 * INTERVAL_S, abs=1.5)
    assert run.snapshots.lost == 6


def test_lost_snapshots_have_samples_in_order():
    samples = analysis_of(recorded(arrival(n) for n in range(100) if n != 50)).samples
    assert [s.verdict for s in samples if s.tick in (98, 100, 102)] == [
        ArrivalStatus.ON_TIME.value,
        ArrivalStatus.LOST.value,
        ArrivalStatus.ON_TIME.value,
    ]


def test_snapshots_discarded_as_stale_are_not_lost():
    missing = (50, 51, 52)
    wire = ChannelStats(stale=2, duplicate=4, lost=1)
    run = run_of(recorded((arrival(n) for n in range(100) if n not in missing), wire=wire))
    assert (run.snapshots.lost, run.snapshots.stale, run.snapshots.duplicate) == (1, 2, 4)
    assert run.transport_lost == 1


def test_an_input_counts_from_leaving_to_the_first_snapshot_made_with_it():
    arrivals = [arrival(n, last_input=2 * n) for n in range(100)]
    # Input 120 is used by snapshot 60, made at 2.0 and here at 2.02.
    run = run_of(recorded(arrivals, input_changes=[InputChange(1.95, 120)]))
    assert run.input_to_effect_ms.p50 == pytest.approx(70.0)
    assert run.input_to_drawn_ms.p50 == pytest.approx(70.0 + 2000 * INTERVAL_S, abs=17)


def test_an_input_without_an_effect_counts_until_the_end():
    arrivals = [arrival(n, last_input=1) for n in range(100)]
    run = run_of(recorded(arrivals, input_changes=[InputChange(2.0, 120), InputChange(2.95, 160)]))
    # The second may still come in time.
    assert run.input_to_effect_ms.n == 1
    assert run.input_to_effect_ms.p50 == pytest.approx(1000.0)
    assert run.input_to_drawn_ms.p50 == pytest.approx(1000.0)


def test_ages_rest_on_the_estimated_offset_where_no_clock_is_shared():
    ahead_s = 5.0
    arrivals = [a._replace(at=a.at + ahead_s) for a in (arrival(n) for n in range(100))]
    samples = [ClockSample(1.0 + ahead_s + n / 10, -ahead_s, 0.04) for n in range(20)]
    recording = ClientRecording(
        arrivals=arrivals, clock_samples=samples, started_at=1.0 + ahead_s, ended_at=3.0 + ahead_s
    )
    run = run_of(recording, settings=AnalysisSettings(2, 2 * INTERVAL_S, clock_is_shared=False))
    assert run.snapshot_age_ms.p50 == pytest.approx(20.0, abs=0.01)
    assert run.clock_offset_error_ms == pytest.approx(20.0, abs=0.01)
    assert run.rtt_ms.p50 == pytest.approx(40.0)
    assert run.frozen_ratio.value == 0.0


def test_where_the_clock_is_shared_the_offset_should_be_nothing():
    samples = [ClockSample(1.0 + n / 10, 0.003, 0.04) for n in range(20)]
    run = run_of(recorded((arrival(n) for n in range(100)), clock_samples=samples))
    assert run.clock_offset_error_ms == pytest.approx(3.0)
    assert run.snapshot_age_ms.p50 == pytest.approx(20.0)


def test_there_is_no_visual_error_without_a_reference():
    run = run_of(recorded(arrival(n) for n in range(100)), reference=[])
    assert run.visual_error.n == 0
    assert run.visual_error.mean is None


def test_tcps_retransmissions_are_the_models_where_there_is_one():
    counters = LinkCounters(
        DirectionCounters(9, 3, 0, 0, 0, 2), DirectionCounters(9, 3, 0, 0, 0, 5)
    )
    modelled = recorded((arrival(n) for n in range(100)), link_counters=counters)
    assert run_of(modelled).retransmitted == 7
    real = recorded((arrival(n) for n in range(100)), wire=ChannelStats(retransmitted=4))
    assert run_of(real).retransmitted == 4


# The connection is given up after half a second of silence, and the next one opens after another.
LOST_AT = 2.0
CONNECTED = [arrival(n) for n in range(100) if not 1.5 < n * INTERVAL_S + 0.02 < 2.5]


def test_a_time_without_a_connection_is_counted_on_its_own():
    run = run_of(recorded(CONNECTED, lost_at=[LOST_AT]))
    assert run.connections_lost == 1
    assert run.disconnected_ms == pytest.approx(1033.3, abs=INTERVAL_S * 1000)
    assert run.frozen_ratio.value == 0.0
    assert run.longest_freeze_ms == 0.0
    assert run.stalls_over_125ms_per_min.value == 0.0
    assert run.arrival_gap_ms.max == pytest.approx(1000 * INTERVAL_S)
    assert run.age_when_drawn_ms.max < 60.0
    assert run.snapshots.lost == 0
    assert run.snapshots.without_connection == 30
    assert run.snapshots.expected == run.snapshots.received


def test_a_silence_that_the_connection_survives_is_a_freeze():
    run = run_of(recorded(CONNECTED))
    assert (run.connections_lost, run.disconnected_ms) == (0, 0.0)
    assert run.longest_freeze_ms > 900.0
    assert run.snapshots.lost == 30
    assert run.arrival_gap_ms.max > 1000.0


def test_a_connection_that_does_not_come_back_is_missing_until_the_end():
    until_two = [arrival(n) for n in range(60)]
    run = run_of(recorded(until_two, lost_at=[2.5]))
    assert run.connections_lost == 1
    assert run.disconnected_ms == pytest.approx(1000.0, abs=40.0)
    assert run.stalls_over_125ms_per_min.value == 0.0


def test_a_connection_that_is_lost_before_its_first_snapshot_makes_the_time_no_longer():
    once, twice = (run_of(recorded(CONNECTED, lost_at=times)) for times in ([2.0], [2.0, 2.2]))
    assert twice.disconnected_ms == once.disconnected_ms
    assert twice.snapshots == once.snapshots


def test_inputs_that_were_under_way_when_the_connection_was_lost_have_no_delay():
    changes = [InputChange(1.0, 10), InputChange(1.49, 500), InputChange(2.6, 3)]
    # After a new start the server counts from 1 again.
    arrivals = [
        each._replace(last_input=10 if each.at < 2.0 else 4 if each.at > 2.65 else 0)
        for each in CONNECTED
    ]
    run = run_of(recorded(arrivals, lost_at=[LOST_AT], input_changes=changes))
    assert run.input_to_effect_ms.n == 2
    assert run.input_to_effect_ms.max < 100.0


def test_an_outage_before_the_run_does_not_count():
    run = run_of(recorded([arrival(n) for n in range(100)], lost_at=[0.2]))
    assert (run.connections_lost, run.snapshots.without_connection) == (0, 0)
