"""The lagmeter's verdicts and figures, on links whose fate is written down."""

from math import isnan

import pytest

from net.measure.lag_monitor import ArrivalStatus, LagColumn, LagMonitor

INTERVAL_S = 1 / 30
DELAY_S = 0.025
INTERPOLATION_S = 2 * INTERVAL_S


def arrive(meter: LagMonitor, number: int, late_s: float = 0.0) -> LagColumn | None:
    """Let snapshot ``number`` of a link of constant delay arrive, later than that by ``late_s``."""
    stamp_s = number * INTERVAL_S
    now = stamp_s + DELAY_S + late_s
    return meter.add_snapshot(
        now,
        tick=2 * number,
        server_time_s=stamp_s,
        age_s=DELAY_S + late_s,
        render_time_s=now - DELAY_S - INTERPOLATION_S,
    )


def verdicts(meter: LagMonitor) -> list[ArrivalStatus]:
    return [column.status for column in meter.columns]


def new_meter(columns: int = 300) -> LagMonitor:
    return LagMonitor(now=0.0, interval_ticks=2, tick_hz=60, columns=columns)


def test_a_perfect_link_is_on_time():
    meter = new_meter()
    for number in range(60):
        arrive(meter, number)
    assert verdicts(meter) == [ArrivalStatus.ON_TIME] * 60
    figures = meter.stats(60 * INTERVAL_S)
    assert figures.jitter_s == pytest.approx(0.0, abs=1e-9)
    assert figures.stalls == 0
    assert figures.loss_ratio == 0.0
    assert figures.counts.received == figures.counts.expected == 60


def test_a_lost_snapshot_has_a_column_of_its_own():
    meter = new_meter()
    for number in (0, 1, 3, 4):
        arrive(meter, number)
    assert verdicts(meter) == [
        ArrivalStatus.ON_TIME,
        ArrivalStatus.ON_TIME,
        ArrivalStatus.LOST,
        ArrivalStatus.ON_TIME,
        ArrivalStatus.ON_TIME,
    ]
    assert [column.tick for column in meter.columns] == [0, 2, 4, 6, 8]
    assert meter.columns[2].age_s is None
    assert meter.stats(1.0).loss_ratio == pytest.approx(1 / 5)


def test_late_is_what_was_wanted_before_it_came():
    meter = new_meter()
    arrive(meter, 0)
    arrive(meter, 1, late_s=INTERPOLATION_S - 0.001)
    arrive(meter, 4, late_s=INTERPOLATION_S + 0.001)
    assert meter.columns[1].status is ArrivalStatus.ON_TIME
    assert meter.columns[-1].status is ArrivalStatus.LATE


def test_a_stall_ends_late_and_the_rest_of_it_comes_in_a_burst():
    meter = new_meter()
    for number in range(10):
        arrive(meter, number)
    # As over a stream: ten snapshots wait for a lost one, and come all at once.
    for number in range(10, 20):
        arrive(meter, number, late_s=(20 - number) * INTERVAL_S + 0.0001 * number)
    for number in range(21, 24):
        arrive(meter, number)
    assert verdicts(meter)[10] is ArrivalStatus.LATE
    assert verdicts(meter)[11:20] == [ArrivalStatus.BURST] * 9
    assert verdicts(meter)[-3:] == [ArrivalStatus.ON_TIME] * 3
    figures = meter.stats(24 * INTERVAL_S)
    assert figures.stalls == 1
    assert figures.longest_gap_s > 10 * INTERVAL_S


def test_a_stale_snapshot_takes_the_place_of_its_lost_column():
    meter = new_meter()
    for number in (0, 1, 3):
        arrive(meter, number)
    arrive(meter, 2, late_s=0.1)
    assert verdicts(meter)[2] is ArrivalStatus.STALE
    assert len(meter.columns) == 4
    assert meter.columns[2].age_s == pytest.approx(DELAY_S + 0.1)
    assert arrive(meter, 2) is None
    assert meter.stats(1.0).counts.duplicate == 1


def test_what_the_transport_discarded_is_stale_and_not_lost():
    meter = new_meter()
    for number in (0, 2, 4, 6):
        arrive(meter, number)
    meter.mark_stale(2)
    lost_or_stale = [
        column for column in meter.columns if column.status is not ArrivalStatus.ON_TIME
    ]
    assert [column.status for column in lost_or_stale] == [
        ArrivalStatus.LOST,
        ArrivalStatus.STALE,
        ArrivalStatus.STALE,
    ]


def test_age_grows_with_every_frame_that_draws_the_same_snapshot():
    meter = new_meter()
    assert isnan(meter.stats(0.0).age_s)
    meter.add_frame(0.0, starved=True)
    assert isnan(meter.stats(0.0).age_p95_s)
    arrive(meter, 0)
    for number in range(100):
        meter.add_frame(DELAY_S + number / 60, starved=number >= 4)
    figures = meter.stats(DELAY_S + 99 / 60)
    assert figures.age_s == pytest.approx(DELAY_S + 99 / 60)
    assert figures.age_p95_s == pytest.approx(DELAY_S + 94.05 / 60)
    assert figures.frozen_ratio == 0.96
    assert figures.stalls == 1


def test_another_channel_does_not_answer_for_the_one_before():
    meter = new_meter()
    for number in (0, 1, 3):
        arrive(meter, number)
    switched_at = 4 * INTERVAL_S + 0.4
    for dry in (False, True, True):
        meter.add_frame(switched_at, dry)
    meter.reset(switched_at)
    # Drawn from what the other channel brought, while this one has brought nothing yet.
    meter.add_frame(switched_at + 0.01, starved=True)
    assert isnan(meter.stats(switched_at).frozen_ratio)
    # The switch skipped what the other channel held back.
    for number in (20, 21, 22):
        arrive(meter, number)
    meter.add_frame(22 * INTERVAL_S + DELAY_S, starved=False)
    figures = meter.stats(22 * INTERVAL_S + DELAY_S)
    assert (figures.frozen_ratio, figures.loss_ratio) == (0.0, 0.0)
    assert figures.age_p95_s == pytest.approx(DELAY_S)
    assert figures.longest_gap_s < 0.4


def test_the_lagometer_shows_a_stall_that_a_switch_of_channels_ended():
    meter = new_meter()
    arrive(meter, 0)
    meter.reset(0.5)
    column = arrive(meter, 15)
    assert column is not None
    assert column.gap_s == pytest.approx(15 * INTERVAL_S)
    assert meter.stats(column.at).stalls == 0
    assert [column.tick for column in meter.columns][::15] == [0, 30]


def test_memory_is_bounded_however_far_a_tick_number_jumps():
    meter = new_meter(columns=50)
    arrive(meter, 0)
    arrive(meter, 2_000_000_000)
    assert len(meter.columns) == 50
    assert meter.columns[-1].status is not ArrivalStatus.LOST
    assert set(verdicts(meter)[:-1]) == {ArrivalStatus.LOST}
