"""The measurement over real sockets, relays and processes."""

import sys
from dataclasses import replace

import pytest

from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.lab.measure import run_recorder
from game.lab.measure.analysis import analyse
from game.lab.measure.client_recording import ClientRecording
from game.lab.measure.measurement import Measurement, MeasurementSettings, NamedLink
from game.lab.measure.replay import AnalysisSettings, ReferenceTrack
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread
from game.server.local import LocalServer
from net.link.profile import Link, LinkProfile
from net.registry import load_transport
from tests.disturbance import skip_if_disturbed
from tests.game.lab.measure.patience import wait

NAMES = ("tcp", "udp", "websocket")
TRANSPORTS = {name: load_transport(name) for name in NAMES}
OPTIONS = ("--bots", "2", "--seed", "7", "--log-level", "warning")
# The first is what everything else is held against.
DELAYS_MS = (0, 1, 10, 50, 200)
SETTLE_S = 0.8
WINDOW_S = 1.5
ATTEMPTS = 3

# A server whose every clock is five seconds ahead and gains 100 microseconds a second.
SKEWED_SERVER = """
import sys, time
real = time.perf_counter
time.perf_counter = lambda: real() * 1.0001 + 5.0
from game.cli.app import main
# After the command of a server without this: python -P -m game.
sys.exit(main(sys.argv[5:]))
"""


@pytest.fixture(autouse=True)
def _short_warm_up(monkeypatch):
    """Spare the seconds in which the clock's drift is learnt: what is held here is coarser."""
    monkeypatch.setattr(run_recorder, "WARM_UP_S", 0.5)


@pytest.fixture(scope="module")
def server():
    with LocalServer(*OPTIONS) as running:
        yield running


def both_ways(**profile) -> Link:
    return Link(LinkProfile(**profile), LinkProfile(**profile))


def measured(server, *links: Link | None, names=NAMES, seconds=3.0, is_local=True):
    settings = MeasurementSettings(
        address=server.address,
        host="",
        is_local=is_local,
        names=names,
        links=tuple(NamedLink(f"link {i}", link) for i, link in enumerate(links)),
        seconds=seconds,
        seed=7,
        bots=2,
        snapshot_hz=30,
    )
    measurement = Measurement(TRANSPORTS, settings)
    measurement.run(lambda progress: None)
    assert measurement.is_complete
    return [analysis.run for analysis in measurement.analyses]


def medians_ms(server) -> dict[int, dict[str, tuple[float, float]]]:
    """Return for each delay what each transport measured: median age, half the median round trip.

    One run, whose relays change the delay while it lasts.
    """
    settings = ClientGroupSettings(server.address, NAMES, has_reference=False, link=Link(), seed=7)
    windows = {}
    with ClientGroup(TRANSPORTS, settings) as group:
        recorder = RunRecorder(group, len(DELAYS_MS) * (SETTLE_S + WINDOW_S) + 1.0)
        with NetworkThread(group.run, recorder.run) as network:
            wait(network, lambda: recorder.elapsed_s > 0.0)
            for delay_ms in DELAYS_MS:
                group.set_link(both_ways(delay_s=delay_ms / 1000))
                begin_s = recorder.elapsed_s + SETTLE_S
                wait(network, lambda until_s=begin_s + WINDOW_S: recorder.elapsed_s > until_s)
                windows[delay_ms] = begin_s
            wait(network, lambda: recorder.is_over)
    settings = AnalysisSettings(2, 4 / 60, clock_is_shared=True)
    return {
        delay_ms: {
            name: medians_of(window_of(recording, begin_s), settings)
            for name, recording in recorder.recordings.items()
        }
        for delay_ms, begin_s in windows.items()
    }


def window_of(recording: ClientRecording, begin_s: float) -> ClientRecording:
    began_at = recording.started_at + begin_s
    return replace(recording, started_at=began_at, ended_at=began_at + WINDOW_S)


def medians_of(recording: ClientRecording, settings: AnalysisSettings) -> tuple[float, float]:
    run = analyse("", "", None, recording, ReferenceTrack([]), settings).run
    return run.snapshot_age_ms.p50, run.rtt_ms.p50 / 2


@pytest.mark.timing
def test_known_delays_are_measured_as_they_are_on_every_transport(server):
    """A delay adds itself to what the same way, through the same relay, takes without it."""
    with skip_if_disturbed():
        # A pause of the machine may shift one window. A wrong figure is wrong each time.
        attempts = []
        while len(attempts) < ATTEMPTS and all(attempts):
            attempts.append(wrong_delays(medians_ms(server)))
        assert not attempts[-1], attempts


def wrong_delays(
    measured_ms: dict[int, dict[str, tuple[float, float]]],
) -> dict[tuple[int, str], list[float]]:
    """Return the errors in milliseconds of all cases that are wrong by over half a millisecond."""
    errors_ms = {
        (delay_ms, name): [
            with_delay - without - delay_ms
            for with_delay, without in zip(
                measured_ms[delay_ms][name], measured_ms[0][name], strict=True
            )
        ]
        for delay_ms in DELAYS_MS[1:]
        for name in NAMES
    }
    # The age within half a millisecond, and the round trip within one.
    return {case: pair for case, pair in errors_ms.items() if max(map(abs, pair)) > 0.5}


@pytest.mark.timing
def test_ages_are_right_with_a_skewed_server_clock():
    wrapper = (sys.executable, "-P", "-c", SKEWED_SERVER)
    with LocalServer(*OPTIONS, wrapper=wrapper) as skewed, skip_if_disturbed():
        runs = measured(skewed, both_ways(delay_s=0.05), seconds=5.0, is_local=False)
        for run in runs:
            # The path is symmetric, so nothing is left of five seconds and the drift.
            assert run.snapshot_age_ms.p50 == pytest.approx(50, abs=3)
            # The error may be as large as half the least round trip.
            assert run.clock_offset_error_ms == pytest.approx(50, abs=3)
            assert run.frozen_ratio.value < 0.05


@pytest.mark.slow
def test_udps_counters_equal_the_links(server):
    bad = both_ways(delay_s=0.02, loss_ratio=0.1, duplicate_ratio=0.1)
    clean = both_ways(delay_s=0.02)
    settings = ClientGroupSettings(
        server.address, ("udp",), has_reference=False, link=clean, seed=7
    )
    with ClientGroup(TRANSPORTS, settings) as group:
        recorder = RunRecorder(group, 5.0)
        with NetworkThread(group.run, recorder.run) as network:
            # Nothing is on its way at either end, so all that is missing has been lost.
            wait(network, lambda: recorder.elapsed_s > 0.5)
            group.set_link(bad)
            wait(network, lambda: recorder.elapsed_s > 4.0)
            group.set_link(clean)
            wait(network, lambda: recorder.is_over)
    wire, link = recorder.recordings["udp"].wire, recorder.recordings["udp"].link_counters
    assert wire.lost == link.down.lost > 0
    assert wire.duplicate == link.down.duplicated > 0


def test_over_a_lossy_link_streams_resend_and_datagrams_are_lost(server):
    runs = measured(server, both_ways(delay_s=0.025, loss_ratio=0.1), seconds=6.0)
    tcp, udp, websocket = runs
    for stream in (tcp, websocket):
        assert stream.retransmitted > 10
        assert stream.snapshots.lost == 0
        assert stream.transport_lost == 0
        assert stream.age_when_drawn_ms.p99 > udp.age_when_drawn_ms.p50
    assert udp.snapshots.lost > 3
    assert udp.ledger.down.retransmits == 0
    # One seed: the first packets of every transport were lost or arrived alike.
    assert {run.transport for run in runs} == set(NAMES)


@pytest.mark.slow
def test_without_a_link_nothing_is_emulated(server):
    (run,) = measured(server, None, names=("udp",), seconds=1.0)
    assert (run.link_up, run.link_down, run.ledger) == (None, None, None)
    # A busy machine sends fewer; ``test_simulation`` counts them exactly, in virtual time.
    assert 10 < run.snapshots.received <= run.snapshots.expected <= 32
    assert run.visual_error.n > 20


@pytest.mark.timing
def test_a_connection_that_is_given_up_and_remade_is_counted_apart(server, monkeypatch):
    # A client gives up after ten seconds of silence: here after one.
    monkeypatch.setattr("net.session.liveness.PEER_TIMEOUT_S", 1.0)
    settings = ClientGroupSettings(server.address, ("tcp", "udp"), True, link=Link(), seed=7)
    # On a computer that stands still for long, snapshots are late rather than without a connection.
    with skip_if_disturbed(late_p99_s=0.05, late_max_s=0.5):
        with ClientGroup(TRANSPORTS, settings) as group:
            recorder = RunRecorder(group, 6.0)
            with NetworkThread(group.run, recorder.run) as network:
                wait(network, lambda: recorder.elapsed_s > 0.5)
                group.burst_loss(2.0)
                wait(network, lambda: recorder.is_over)
        track = recorder.reference_track()
        analysis_settings = AnalysisSettings(1, 4 / 60, clock_is_shared=True)
        for name in settings.names:
            recording = recorder.recordings[name]
            run = analyse(name, "burst", Link(), recording, track, analysis_settings).run
            assert run.connections_lost >= 1
            assert 1000.0 < run.disconnected_ms < 5000.0
            assert run.longest_freeze_ms < 1000.0
            assert run.snapshots.without_connection > 50
            # The counters are those of both connections, and the lost packets those of the burst.
            assert run.messages_per_s.down > 20
            assert recording.link_counters.down.lost > 3
            assert recording.link_counters.down.sent > 100
