"""Tests of a run's figures: the definitions, and only of what happened during the run."""

from dataclasses import replace

import pytest

from game.client.frame import Frame, NetworkStats
from game.client.frame_history import Freeze
from game.lesson.figures import FigureRecorder
from game.match.world import Team
from game.protocol.messages import Goal, Kicked, PlayerJoined
from net.link.profile import RelayProtocol
from net.link.stats import ConnectionStats, DirectionStats, TcpStats
from net.measure.lag_monitor import ArrivalStatus, LagColumn
from net.transport import Address
from tests.game.view.local_source import LocalSource

FRAME_S = 1 / 60


def frame(age_s: float, buffered_s: float, *, starved: bool = False, events=(), columns=()):  # type: ignore[no-untyped-def]
    drawn: Frame = LocalSource(2).frame(0.0)
    return replace(
        drawn,
        network=NetworkStats(None, age_s, 0.0, columns=columns),
        is_starved=starved,
        is_extrapolated=False,
        newest_time_s=10.0,
        render_time_s=10.0 - buffered_s,
        events=events,
    )


def link(number: int, lost: int, resent: int) -> ConnectionStats:
    tcp = TcpStats(0.05, 0.25, 10, 0, resent, 0, 0, 0)
    down = DirectionStats(100, lost, 1, 0, 0, tcp)
    return ConnectionStats(RelayProtocol.TCP, 7777, Address("127.0.0.1", 1), number, down, down)


def test_a_run_without_frames_has_no_figures() -> None:
    assert FigureRecorder(0.0).figures() == {}


def test_ages_and_frozen_time_are_those_of_the_frames() -> None:
    recorder = FigureRecorder(0.0)
    for number in range(100):
        drawn = frame(0.04 if number < 90 else 0.3, 0.03, starved=number >= 90)
        recorder.add(number * FRAME_S, drawn, None, None)
    figures = recorder.figures()
    assert figures["age_median_ms"] == pytest.approx(40.0)
    assert figures["age_p95_ms"] == pytest.approx(300.0)
    assert figures["behind_ms"] == pytest.approx(70.0)
    assert figures["frozen_percent"] == pytest.approx(10.0)
    assert "lost_packets" not in figures


def test_freezes_and_gaps_from_before_the_run_do_not_count() -> None:
    recorder = FigureRecorder(100.0)
    before = LagColumn(1, 100.1, ArrivalStatus.LATE, gap_s=0.5)
    during = LagColumn(2, 101.0, ArrivalStatus.LATE, gap_s=0.2)
    recorder.add(100.1, frame(0.0, 0.0, columns=(before,)), Freeze(0.4, False), None)
    recorder.add(101.0, frame(0.0, 0.0, columns=(before, during)), Freeze(0.15, True), None)
    figures = recorder.figures()
    assert figures["longest_gap_ms"] == pytest.approx(200.0)
    assert figures["longest_freeze_ms"] == pytest.approx(150.0)


def test_kicks_and_goals_are_counted_and_no_other_events() -> None:
    recorder = FigureRecorder(0.0)
    goal = Goal(1, Team.SKY, None, False, (0, 1))
    recorder.add(
        0.0, frame(0.0, 0.0, events=(Kicked(1, 2), goal, PlayerJoined(1, "x"))), None, None
    )
    assert recorder.figures()["events"] == 2


def test_losses_are_those_of_the_present_connection_since_the_run_began() -> None:
    recorder = FigureRecorder(0.0)
    for counters in (link(0, 50, 40), link(1, 5, 2), link(1, 9, 7)):
        recorder.add(0.0, frame(0.0, 0.0), None, counters)
    figures = recorder.figures()
    assert (figures["lost_packets"], figures["sent_again"]) == (4, 5)
