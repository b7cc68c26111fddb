"""Frame statistics of the virtual screen on known links."""

from math import isnan

import pytest

from net.measure.virtual_screen import SCREEN_HZ, FrameMeter, FrameSchedule, ScreenStats

INTERVAL_S = 1 / 30
DELAY_S = 0.025
INTERPOLATION_S = 2 * INTERVAL_S


def stats_of(seconds: float, silent: tuple[float, float] | None = None) -> ScreenStats:
    """Return the statistics of a link of constant delay, silent between the times ``silent``."""
    schedule, meter = FrameSchedule(0.0), FrameMeter()
    newest_s: float | None = None

    def draw_until(now: float) -> None:
        for at in schedule.due(now):
            if newest_s is not None:
                meter.add_frame(at, at - DELAY_S - INTERPOLATION_S, newest_s, visual_error=0.5)

    for number in range(round(seconds * 30)):
        stamp_s = number * INTERVAL_S
        arrival_s = stamp_s + DELAY_S
        if silent and silent[0] <= arrival_s < silent[1]:
            continue
        draw_until(arrival_s)
        newest_s = stamp_s
    draw_until(seconds)
    return meter.stats()


@pytest.mark.parametrize("phase_s", [0.0, 0.004, 0.008, 0.012, 0.016])
def test_the_effect_of_a_loss_does_not_depend_on_the_phase_of_the_screen(phase_s):
    # Every 20th snapshot is lost and the next one is 4 ms late. A frame in these 4 ms is starved.
    # They are a quarter of the time between two frames.
    schedule, meter = FrameSchedule(phase_s), FrameMeter()
    newest_s = 0.0
    numbers = range(1, 20 * 30)
    for number in numbers:
        if number % 20:
            stamp_s = number * INTERVAL_S
            for at in schedule.due(stamp_s + DELAY_S + (0.004 if number % 20 == 1 else 0.0)):
                meter.add_frame(at, at - DELAY_S - INTERPOLATION_S, newest_s, None)
            newest_s = stamp_s
    losses = len(numbers) // 20
    assert meter.stats().frozen_ratio * meter.stats().frames == pytest.approx(losses / 4, abs=3)


def test_frames_do_not_drift():
    schedule = FrameSchedule(100.0, hz=60)
    frames = list(schedule.due(100.0)) + list(schedule.due(160.0))
    assert len(frames) == 60 * 60 + 1
    assert frames[-1] == 160.0
    assert list(schedule.due(160.01)) == []


def test_a_perfect_link_freezes_nothing():
    stats = stats_of(10.0)
    assert stats.frames == pytest.approx(600, abs=3)
    assert stats.frozen_ratio == 0.0
    assert stats.longest_freeze_s == 0.0
    assert stats.freezes_s.n == 0
    assert DELAY_S <= stats.age_when_drawn_s.p50 <= DELAY_S + INTERVAL_S
    assert stats.visual_error.max == 0.5


def test_a_freeze_of_a_second_shows_as_a_second():
    silence_s = 1.0 + INTERPOLATION_S
    stats = stats_of(20.0, silent=(10.0, 10.0 + silence_s))
    assert stats.longest_freeze_s == pytest.approx(1.0, abs=3 / SCREEN_HZ)
    assert stats.freezes_s.n == 1
    assert stats.frozen_ratio == pytest.approx(1.0 / 20, abs=0.003)
    # No coordinated omission: the frames of the freeze, 5% of all, have the greatest age.
    oldest_s = DELAY_S + INTERPOLATION_S + 1.0
    assert stats.age_when_drawn_s.max == pytest.approx(oldest_s, abs=2 * INTERVAL_S)
    assert stats.age_when_drawn_s.p99 == pytest.approx(oldest_s - 0.2, abs=2 * INTERVAL_S)
    assert stats.age_when_drawn_s.p50 < 0.1


def test_a_freeze_that_has_not_ended_counts():
    stats = stats_of(12.0, silent=(10.0, 99.0))
    assert stats.longest_freeze_s == pytest.approx(2.0 - INTERPOLATION_S, abs=2 / SCREEN_HZ)


def test_several_freezes_are_counted_apart():
    meter = FrameMeter(hz=10)
    for starved in (True, True, False, True, False, False):
        meter.add_frame(1.0, 0.6 if starved else 0.4, 0.5)
    stats = meter.stats()
    assert stats.freezes_s.n == 2
    assert stats.freezes_s.max == stats.longest_freeze_s == pytest.approx(0.2)
    assert stats.frozen_ratio == 0.5


def test_a_screen_without_frames():
    stats = FrameMeter().stats()
    assert (stats.frames, stats.frozen_ratio, stats.longest_freeze_s) == (0, 0.0, 0.0)
    assert isnan(stats.age_when_drawn_s.p50)


def test_snapshots_that_all_come_too_late_move_the_picture_and_freeze_it_for_a_moment_only():
    meter = FrameMeter(hz=60)
    for frame in range(120):
        # A new snapshot in every second frame, always half a second behind the render time.
        meter.add_frame(frame / 60, frame / 60, frame // 2 / 30 - 0.5)
    stats = meter.stats()
    assert stats.frozen_ratio == 1.0
    assert stats.longest_freeze_s <= 2.1 / 60
