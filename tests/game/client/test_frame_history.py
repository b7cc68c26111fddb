"""History of a panel: freezes, visual error, annotations, clock origin."""

from dataclasses import replace

import pytest

from game.client.frame_history import FELT_FREEZE_S, LEAST_FREEZE_S, FrameHistory
from game.client.netcode import NetcodeSettings
from tests.game.view.local_comparison import LocalComparison

FRAME_S = 1 / 60


def draw(source: LocalComparison, name: str, until: float, history: FrameHistory) -> None:
    """Draw a panel sixty times a second."""
    for n in range(1, round(until / FRAME_S) + 1):
        now = n * FRAME_S
        frame = source.frame(name, now)
        error = source.visual_error(name, frame)
        history.record(now, frame, error)


def test_without_a_stall_there_is_no_freeze_and_no_error():
    source, history = LocalComparison(), FrameHistory()
    draw(source, "tcp", 2.0, history)
    assert history.freeze(2.0) is None
    assert history.error_mean == pytest.approx(0.0)
    assert all(sample.buffered_s >= 0.0 for sample in history.frames)


def test_a_freeze_grows_while_it_lasts_and_is_kept_for_a_moment():
    source, history = LocalComparison(), FrameHistory()
    source.panels["tcp"].stall = (1.0, 1.5)
    draw(source, "tcp", 1.4, history)
    freeze = history.freeze(1.4)
    assert freeze is not None
    assert not freeze.is_over
    # The buffered snapshots were drawn first.
    assert 0.2 < freeze.length_s < 0.4
    assert history.error_mean is not None
    assert history.error_mean > 0.0
    draw(source, "tcp", 1.7, history)
    over = history.freeze(1.7)
    assert over is not None
    assert over.is_over
    assert over.length_s > FELT_FREEZE_S
    assert history.freeze(3.0) is None


def test_a_switch_of_transport_resets_freeze_and_error():
    source, history = LocalComparison(), FrameHistory()
    source.panels["tcp"].stall = (1.0, 1.5)
    draw(source, "tcp", 1.4, history)
    assert history.error_p95
    history.annotate(1.4, "UDP")
    source.switch("tcp", "udp")
    source.panels["tcp"].stall = None
    draw(source, "tcp", 2.0, history)
    assert history.freeze(2.0) is None
    assert history.error_p95 == 0.0
    assert [annotation.text for annotation in history.annotations] == ["UDP"]


def test_two_starved_frames_are_no_freeze():
    source, history = LocalComparison(), FrameHistory()
    source.panels["tcp"].stall = (1.0, 1.1)
    draw(source, "tcp", 1.12, history)
    assert history.freeze(1.12) is None
    assert LEAST_FREEZE_S > 2 * FRAME_S


def test_without_interpolation_each_snapshot_ends_a_freeze():
    source, history = LocalComparison(), FrameHistory()
    for n in range(1, 60):
        now = n * FRAME_S
        frame = source.frame("tcp", now)
        netcode = NetcodeSettings(interpolation=False)
        starved = replace(frame, is_starved=True, netcode=netcode)
        history.record(now, starved, None)
        assert history.freeze(now) is None


def test_extrapolation_is_no_freeze():
    source, history = LocalComparison(), FrameHistory()
    source.netcode = replace(source.netcode, extrapolation=True)
    source.panels["tcp"].stall = (1.0, 1.5)
    draw(source, "tcp", 1.4, history)
    assert history.freeze(1.4) is None
    assert history.frames[-1].is_extrapolated


def test_the_time_of_tick_0_is_estimated_on_our_clock():
    source, history = LocalComparison(), FrameHistory()
    draw(source, "udp", 2.0, history)
    assert history.origin_s == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_recorded_before_the_first_snapshot():
    history = FrameHistory()
    source = LocalComparison()
    history.record(0.001, source.frame("tcp", 0.001), None)
    assert not history.frames
    assert history.error_mean is None
    assert history.error_p95 is None
