"""Interpolation buffer, minimum delay filter and render time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.sync.interpolation import InterpolationBuffer, MinDelayFilter, render_time

TIMES = st.lists(st.integers(0, 500), min_size=1, max_size=100)


def filled(*times: float) -> InterpolationBuffer[float]:
    buffer: InterpolationBuffer[float] = InterpolationBuffer()
    for time_s in times:
        buffer.push(time_s, time_s)
    return buffer


def test_an_empty_buffer_has_no_sample():
    assert filled().sample(1.0) is None
    assert filled().newest is None
    assert filled().newest_time_s is None


def test_between_two_snapshots():
    sample = filled(1.0, 2.0, 4.0).sample(2.5)
    assert sample is not None
    assert (sample.before, sample.after, sample.fraction) == (2.0, 4.0, 0.25)
    assert not sample.starved
    assert sample.extrapolate_s == 0.0


def test_at_a_snapshot():
    sample = filled(1.0, 2.0, 4.0).sample(2.0)
    assert sample is not None
    assert (sample.before, sample.after, sample.fraction) == (2.0, 4.0, 0.0)


def test_before_the_oldest_snapshot_both_are_the_oldest():
    sample = filled(1.0, 2.0).sample(0.5)
    assert sample is not None
    assert (sample.before, sample.after, sample.starved) == (1.0, 1.0, False)


def test_a_frame_is_starved_after_the_newest_snapshot_and_not_at_it():
    at, after = filled(1.0, 2.0).sample(2.0), filled(1.0, 2.0).sample(2.25)
    assert at is not None
    assert after is not None
    assert (at.before, at.starved) == (2.0, False)
    assert (after.before, after.after, after.starved, after.extrapolate_s) == (2.0, 2.0, True, 0.25)


@given(times=TIMES, render=st.floats(-10, 510))
def test_a_sample_is_the_two_snapshots_around_the_render_time(times, render):
    sample = filled(*times).sample(render)
    assert sample is not None
    assert sample.starved == (max(times) < render)
    assert 0.0 <= sample.fraction <= 1.0
    if min(times) <= render < max(times):
        assert sample.before == max(t for t in times if t <= render)
        assert sample.after == min(t for t in times if t > render)
        drawn = sample.before + sample.fraction * (sample.after - sample.before)
        assert drawn == pytest.approx(render, abs=1e-6)


@given(times=TIMES)
def test_order_and_duplicates_of_arrival_do_not_matter(times):
    shuffled, ordered = filled(*times), filled(*sorted(set(times))[-64:])
    assert len(shuffled) == len(ordered)
    for render in range(-1, 502, 7):
        assert shuffled.sample(render) == ordered.sample(render)


def test_push_returns_whether_the_snapshot_was_new():
    buffer: InterpolationBuffer[str] = InterpolationBuffer(capacity=2)
    assert buffer.push(1.0, "a")
    assert buffer.push(3.0, "c")
    assert not buffer.push(3.0, "again")
    assert not buffer.push(0.5, "older than all of a full buffer")
    assert buffer.push(2.0, "b")
    assert len(buffer) == 2
    assert buffer.newest == "c"


def test_a_cleared_buffer_is_empty():
    buffer = filled(1.0, 2.0)
    buffer.clear()
    assert len(buffer) == 0
    assert buffer.sample(1.0) is None


def test_render_time_on_a_perfect_link_has_a_snapshot_on_either_side():
    min_delay, buffer = MinDelayFilter(), InterpolationBuffer[float]()
    delay_s, interval_s = 0.025, 1 / 30
    for number in range(100):
        stamp_s = number * interval_s
        min_delay.add(stamp_s + delay_s, delay_s)
        buffer.push(stamp_s, stamp_s)
        for step in range(4):
            server_now_s = stamp_s + delay_s + step * interval_s / 4
            sample = buffer.sample(
                render_time(server_now_s, min_delay.min_delay_s(server_now_s), 2 * interval_s)
            )
            assert sample is not None
            assert not sample.starved


def test_the_minimum_delay_needs_an_arrival():
    with pytest.raises(LookupError):
        MinDelayFilter().min_delay_s(0.0)


@given(delays=st.lists(st.floats(0, 1), min_size=1, max_size=80))
def test_the_minimum_delay_is_that_of_the_window(delays):
    min_delay = MinDelayFilter(window_s=1.0)
    for number, delay_s in enumerate(delays):
        min_delay.add(number / 8, delay_s)
        assert min_delay.min_delay_s(number / 8) == min(delays[max(0, number - 8) : number + 1])


def test_the_last_delay_outlives_its_window():
    min_delay = MinDelayFilter(window_s=1.0)
    min_delay.add(0.0, 0.010)
    min_delay.add(0.5, 0.030)
    assert min_delay.min_delay_s(0.9) == 0.010
    assert min_delay.min_delay_s(60.0) == 0.030


# Multiples of 1/64 s, which floats hold exactly. So no arrival is inside the window by one clock
# and outside it by the other.
EXACT = st.integers(0, 64).map(lambda number: number / 64)


@given(delays=st.lists(EXACT, min_size=1, max_size=30), offset_s=st.integers(-1000, 1000))
def test_render_time_needs_no_offset_between_the_clocks(delays, offset_s):
    by_server, by_own = MinDelayFilter(), MinDelayFilter()
    for number, delay_s in enumerate(delays):
        by_server.add(number + delay_s, delay_s)
        by_own.add(number + delay_s - offset_s, delay_s - offset_s)
    now = len(delays) + 1.0
    assert render_time(now, by_server.min_delay_s(now), 0.1) == pytest.approx(
        render_time(now - offset_s, by_own.min_delay_s(now - offset_s), 0.1), abs=1e-6
    )
