"""The results of a simulated measurement, compared with the settings of its link."""

import pytest

from game.lab.simulate import virtual_wire
from game.lab.simulate.simulation import SimulationSettings, SkewedClock, simulate
from net.datagram.connection import DatagramConnection
from net.datagram.wire_format import FROM_SERVER, LATEST, NUMBERED_HEADER
from net.link.packet_log import LogRecord
from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.transport import LANES

LOSSY = LinkProfile(delay_s=0.025, loss_ratio=0.05)
CLEAN = LinkProfile(delay_s=0.025)
DEAD = LinkProfile(delay_s=0.025, loss_ratio=1.0)
# An interpolation delay of two intervals of 1/30 s.
BUFFER_S = 2 / 30
FRAME_S = 1 / 60

both_channels = pytest.mark.parametrize("name", ["tcp", "udp"])


def both_ways(profile: LinkProfile) -> Link:
    return Link(profile, profile)


def test_one_seed_gives_identical_results():
    settings = SimulationSettings(both_ways(LOSSY), seconds=4.0)
    assert simulate(settings) == simulate(settings)


def test_another_seed_loses_other_packets():
    runs = [
        simulate(SimulationSettings(both_ways(LOSSY), seed=seed, seconds=4.0)) for seed in (1, 2)
    ]
    assert runs[0]["udp"].run.ledger != runs[1]["udp"].run.ledger


@pytest.mark.parametrize("seed", range(10))
def test_a_client_joins_over_a_link_that_loses_its_hello(seed):
    # With seed 5 the answer to a ping would arrive before the repeated hello.
    run = simulate(SimulationSettings(PRESETS["awful"], ("udp",), seed, seconds=1.0, bots=0))
    assert run["udp"].run.snapshot_age_ms is not None


@both_channels
@pytest.mark.parametrize("delay_ms", [1, 10, 50, 200])
def test_a_constant_delay_is_measured_as_it_is(name, delay_ms):
    link = both_ways(LinkProfile(delay_s=delay_ms / 1000))
    run = simulate(SimulationSettings(link, (name,), seconds=5.0, bots=0))[name].run
    assert run.snapshot_age_ms.p50 == pytest.approx(delay_ms, abs=0.5)
    assert run.rtt_ms.p50 == pytest.approx(2 * delay_ms, abs=1.0)
    assert run.frozen_ratio.value == 0.0
    assert run.stalls_over_125ms_per_min.value == 0.0


@both_channels
@pytest.mark.parametrize(("up_ms", "down_ms"), [(25, 25), (10, 40)])
def test_skewed_clocks_cost_no_more_than_half_the_asymmetry(name, up_ms, down_ms):
    link = Link(LinkProfile(delay_s=up_ms / 1000), LinkProfile(delay_s=down_ms / 1000))
    skewed = SkewedClock(offset_s=5.0, drift_ratio=100e-6)
    run = simulate(SimulationSettings(link, (name,), seconds=15.0, bots=0, clock=skewed))[name].run
    error_ms = max(abs(run.snapshot_age_ms.p50 - down_ms), abs(run.snapshot_age_ms.max - down_ms))
    assert error_ms <= abs(up_ms - down_ms) / 2 + 0.5
    # It cannot know its error, only that it is no greater than this.
    assert run.clock_offset_error_ms == pytest.approx((up_ms + down_ms) / 2, abs=0.5)
    assert run.clock_offset_error_ms >= error_ms
    assert run.frozen_ratio.value == 0.0


def test_a_freeze_of_a_second_shows_as_a_second():
    # The picture lives on its buffer first, so the link is dead for that much longer.
    changes = ((8.0, both_ways(DEAD)), (9.0 + BUFFER_S, both_ways(CLEAN)))
    run = simulate(SimulationSettings(both_ways(CLEAN), ("udp",), changes=changes))["udp"].run
    # Snapshots come every 33 ms and frames every 17.
    assert run.longest_freeze_ms == pytest.approx(1000, abs=50)
    assert run.freezes_ms.max == run.longest_freeze_ms
    assert run.frozen_ratio.value == pytest.approx(1 / 20, rel=0.06)
    assert run.age_when_drawn_ms.max == pytest.approx(1000 + 1000 * BUFFER_S + 25, abs=50)
    assert run.age_when_drawn_ms.p99 > 800
    assert run.stalls_over_125ms_per_min.value == 3.0
    # The ages of those that came know nothing of it: that is the omission.
    assert run.snapshot_age_ms.max < 26


def test_a_freeze_at_the_end_counts_until_the_end():
    changes = ((20.0, both_ways(DEAD)),)
    run = simulate(SimulationSettings(both_ways(CLEAN), ("udp",), changes=changes))["udp"].run
    assert run.longest_freeze_ms == pytest.approx(2000 - 1000 * BUFFER_S, abs=60)
    assert run.arrival_gap_ms.max == pytest.approx(2000, abs=60)
    assert run.stalls_over_125ms_per_min.value == 3.0


@pytest.fixture
def received_by_client(monkeypatch):
    """Return a list that gets the number and kind of each datagram, as the client receives it."""
    log = []

    class LoggingConnection(DatagramConnection):
        def receive(self, datagram, now):
            kind, _, number, _, _ = NUMBERED_HEADER.unpack_from(datagram)
            if kind & FROM_SERVER:
                log.append((number, kind ^ FROM_SERVER))
            return super().receive(datagram, now)

    monkeypatch.setattr(virtual_wire, "DatagramConnection", LoggingConnection)
    return log


def overtaken(log):
    """Count by the definition: came for the first time, after a newer one of its lane."""
    newest, seen, count = dict.fromkeys(LANES, 0), set(), 0
    for number, kind in log:
        lane = kind - LATEST
        if lane in newest and number not in seen:
            count += number < newest[lane]
            newest[lane] = max(newest[lane], number)
        seen.add(number)
    return count


def test_counts_over_datagrams_equal_the_links_counters(received_by_client):
    bad = LinkProfile(
        delay_s=0.05, jitter_s=0.045, reorders=True, loss_ratio=0.05, duplicate_ratio=0.05
    )
    # At the ends nothing is on its way: what has not come has been lost.
    changes = ((3.0, both_ways(bad)), (20.0, both_ways(CLEAN)))
    run = simulate(SimulationSettings(both_ways(CLEAN), ("udp",), changes=changes))["udp"].run
    ledger = run.ledger.down
    assert run.transport_lost == ledger.lost > 20
    assert run.snapshots.duplicate == ledger.duplicated > 20
    assert run.snapshots.stale == overtaken(received_by_client) > 5
    assert ledger.reordered > 5
    assert run.snapshots.expected == 600
    assert run.snapshots.expected == sum(
        (run.snapshots.received, run.snapshots.lost, run.snapshots.stale)
    )


def test_tcps_retransmissions_are_the_models():
    run = simulate(SimulationSettings(both_ways(LOSSY), ("tcp",)))["tcp"].run
    assert run.retransmitted == run.ledger.up.retransmits + run.ledger.down.retransmits > 20
    assert (run.snapshots.lost, run.snapshots.stale, run.snapshots.duplicate) == (0, 0, 0)
    assert run.snapshots.expected == pytest.approx(600, abs=4)


@pytest.mark.slow
def test_the_headline_tcp_freezes_where_udp_flows():
    """25 ms and 5% each way, 67 ms of buffer: the kernel's TCP froze about 10% of the time."""
    # A lost copy that waits for its timer comes in most runs of this length, and with this seed.
    settings = SimulationSettings(both_ways(LOSSY), seed=1, seconds=420.0, bots=0)
    analyses = simulate(settings)
    tcp, udp = analyses["tcp"].run, analyses["udp"].run
    assert tcp.frozen_ratio.value == pytest.approx(0.10, abs=0.025)
    assert tcp.longest_freeze_ms > 250
    # Two in a row must be lost before the buffer is dry: 5% of 5%.
    assert udp.frozen_ratio.value == pytest.approx(0.0025, abs=0.0015)
    assert udp.longest_freeze_ms < 150
    assert tcp.visual_error.mean > 2 * udp.visual_error.mean


def test_an_input_takes_a_round_trip_to_its_effect_and_longer_to_be_seen():
    run = simulate(SimulationSettings(both_ways(CLEAN), ("udp",), seconds=10.0))["udp"].run
    # There, up to a tick until it is used, up to an interval until the snapshot, and back.
    assert 50 < run.input_to_effect_ms.p50 < 50 + 17 + 33 + 1
    drawn_later_ms = run.input_to_drawn_ms.p50 - run.input_to_effect_ms.p50
    assert drawn_later_ms == pytest.approx(1000 * BUFFER_S, abs=1000 * FRAME_S)


def test_the_packet_log_is_the_same_for_the_same_seed() -> None:
    settings = SimulationSettings(both_ways(LOSSY), seconds=3.0, bots=0)
    logs: list[list[tuple[str, LogRecord]]] = [[], []]
    for log in logs:
        simulate(settings, lambda name, record, log=log: log.append((name, record)))  # type: ignore[misc]
    assert repr(logs[0]) == repr(logs[1])
    assert {name for name, _ in logs[0]} == {"tcp", "udp"}
