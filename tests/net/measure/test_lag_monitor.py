"""Status and statistics of the lag monitor on links with known outcomes."""

from math import isnan

import pytest

from net.measure.lag_monitor import ArrivalStatus, LagColumn, LagMonitor

INTERVAL_S = 1 / 30
DELAY_S = 0.025
INTERPOLATION_S = 2 * INTERVAL_S


def arrive(monitor: LagMonitor, number: int, late_s: float = 0.0) -> LagColumn | None:
    """Add snapshot ``number`` of a link of constant delay, ``late_s`` later than that."""
    stamp_s = number * INTERVAL_S
    now = stamp_s + DELAY_S + late_s
    return monitor.add_snapshot(
        now,
        tick=2 * number,
        server_time_s=stamp_s,
        age_s=DELAY_S + late_s,
        render_time_s=now - DELAY_S - INTERPOLATION_S,
    )


def statuses(monitor: LagMonitor) -> list[ArrivalStatus]:
    return [column.status for column in monitor.columns]


def new_monitor(columns: int = 300) -> LagMonitor:
    return LagMonitor(now=0.0, interval_ticks=2, tick_hz=60, columns=columns)


def test_a_perfect_link_is_on_time():
    monitor = new_monitor()
    for number in range(60):
        arrive(monitor, number)
    assert statuses(monitor) == [ArrivalStatus.ON_TIME] * 60
    stats = monitor.stats(60 * INTERVAL_S)
    assert stats.jitter_s == pytest.approx(0.0, abs=1e-9)
    assert stats.stalls == 0
    assert stats.loss_ratio == 0.0
    assert stats.counts.received == stats.counts.expected == 60


def test_a_lost_snapshot_has_a_column_of_its_own():
    monitor = new_monitor()
    for number in (0, 1, 3, 4):
        arrive(monitor, number)
    assert statuses(monitor) == [
        ArrivalStatus.ON_TIME,
        ArrivalStatus.ON_TIME,
        ArrivalStatus.LOST,
        ArrivalStatus.ON_TIME,
        ArrivalStatus.ON_TIME,
    ]
    assert [column.tick for column in monitor.columns] == [0, 2, 4, 6, 8]
    assert monitor.columns[2].age_s is None
    assert monitor.stats(1.0).loss_ratio == pytest.approx(1 / 5)


def test_a_snapshot_after_its_render_time_is_late():
    monitor = new_monitor()
    arrive(monitor, 0)
    arrive(monitor, 1, late_s=INTERPOLATION_S - 0.001)
    arrive(monitor, 4, late_s=INTERPOLATION_S + 0.001)
    assert monitor.columns[1].status is ArrivalStatus.ON_TIME
    assert monitor.columns[-1].status is ArrivalStatus.LATE


def test_a_stall_ends_with_a_late_snapshot_and_a_burst():
    monitor = new_monitor()
    for number in range(10):
        arrive(monitor, number)
    # Head-of-line blocking: ten snapshots wait for a lost packet and arrive at once.
    for number in range(10, 20):
        arrive(monitor, number, late_s=(20 - number) * INTERVAL_S + 0.0001 * number)
    for number in range(21, 24):
        arrive(monitor, number)
    assert statuses(monitor)[10] is ArrivalStatus.LATE
    assert statuses(monitor)[11:20] == [ArrivalStatus.BURST] * 9
    assert statuses(monitor)[-3:] == [ArrivalStatus.ON_TIME] * 3
    stats = monitor.stats(24 * INTERVAL_S)
    assert stats.stalls == 1
    assert stats.longest_gap_s > 10 * INTERVAL_S


def test_a_stale_snapshot_replaces_its_lost_column():
    monitor = new_monitor()
    for number in (0, 1, 3):
        arrive(monitor, number)
    arrive(monitor, 2, late_s=0.1)
    assert statuses(monitor)[2] is ArrivalStatus.STALE
    assert len(monitor.columns) == 4
    assert monitor.columns[2].age_s == pytest.approx(DELAY_S + 0.1)
    assert arrive(monitor, 2) is None
    assert monitor.stats(1.0).counts.duplicate == 1


def test_snapshots_that_the_transport_discarded_are_stale_and_not_lost():
    monitor = new_monitor()
    for number in (0, 2, 4, 6):
        arrive(monitor, number)
    monitor.mark_stale(2)
    lost_or_stale = [
        column for column in monitor.columns if column.status is not ArrivalStatus.ON_TIME
    ]
    assert [column.status for column in lost_or_stale] == [
        ArrivalStatus.LOST,
        ArrivalStatus.STALE,
        ArrivalStatus.STALE,
    ]


def test_age_grows_with_every_frame_that_draws_the_same_snapshot():
    monitor = new_monitor()
    assert isnan(monitor.stats(0.0).age_s)
    monitor.add_frame(0.0, starved=True)
    assert isnan(monitor.stats(0.0).age_p95_s)
    arrive(monitor, 0)
    for number in range(100):
        monitor.add_frame(DELAY_S + number / 60, starved=number >= 4)
    stats = monitor.stats(DELAY_S + 99 / 60)
    assert stats.age_s == pytest.approx(DELAY_S + 99 / 60)
    assert stats.age_p95_s == pytest.approx(DELAY_S + 94.05 / 60)
    assert stats.frozen_ratio == 0.96
    assert stats.stalls == 1


def test_a_new_channel_is_not_charged_with_the_previous_one():
    monitor = new_monitor()
    for number in (0, 1, 3):
        arrive(monitor, number)
    switched_at = 4 * INTERVAL_S + 0.4
    for starved in (False, True, True):
        monitor.add_frame(switched_at, starved)
    monitor.reset(switched_at)
    # Drawn from snapshots of the other channel; nothing has arrived on this one.
    monitor.add_frame(switched_at + 0.01, starved=True)
    assert isnan(monitor.stats(switched_at).frozen_ratio)
    # Snapshots that the other channel held back are missing.
    for number in (20, 21, 22):
        arrive(monitor, number)
    monitor.add_frame(22 * INTERVAL_S + DELAY_S, starved=False)
    stats = monitor.stats(22 * INTERVAL_S + DELAY_S)
    assert (stats.frozen_ratio, stats.loss_ratio) == (0.0, 0.0)
    assert stats.age_p95_s == pytest.approx(DELAY_S)
    assert stats.longest_gap_s < 0.4


def test_the_columns_show_a_stall_that_ended_with_a_switch_of_channels():
    monitor = new_monitor()
    arrive(monitor, 0)
    monitor.reset(0.5)
    column = arrive(monitor, 15)
    assert column is not None
    assert column.gap_s == pytest.approx(15 * INTERVAL_S)
    assert monitor.stats(column.at).stalls == 0
    assert [column.tick for column in monitor.columns][::15] == [0, 30]


def test_memory_is_bounded_however_far_a_tick_number_jumps():
    monitor = new_monitor(columns=50)
    arrive(monitor, 0)
    arrive(monitor, 2_000_000_000)
    assert len(monitor.columns) == 50
    assert monitor.columns[-1].status is not ArrivalStatus.LOST
    assert set(statuses(monitor)[:-1]) == {ArrivalStatus.LOST}
