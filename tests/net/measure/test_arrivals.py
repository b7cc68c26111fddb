"""Arrival statistics, compared with brute force, with the RFC's formula and with known cases."""

import json
import statistics
from itertools import pairwise
from math import isnan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.measure.arrivals import (
    STALL_S,
    ArrivalOrder,
    Jitter,
    SnapshotCounter,
    SnapshotCounts,
    StallCounter,
)
from net.measure.statistics import Quantiles, Rate, SlidingQuantiles, SlidingRatio, quantile

SAMPLES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300)


@given(samples=SAMPLES)
def test_quantiles_agree_with_the_standard_library(samples):
    quantiles = Quantiles.of(samples)
    hundredths = statistics.quantiles(samples, n=100, method="inclusive")
    assert quantiles.n == len(samples)
    assert quantiles.mean == pytest.approx(statistics.fmean(samples), abs=1e-6)
    assert quantiles.max == max(samples)
    for value, percent in (
        (quantiles.p50, 50),
        (quantiles.p90, 90),
        (quantiles.p95, 95),
        (quantiles.p99, 99),
    ):
        assert value == pytest.approx(hundredths[percent - 1], abs=1e-6)


def test_one_sample_is_all_its_quantiles():
    assert Quantiles.of([4.0]) == Quantiles(1, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0)


def test_without_samples_all_quantiles_are_nan():
    empty = Quantiles.of([])
    assert empty.n == 0
    assert isnan(empty.p95)
    assert empty.as_json() == {"n": 0} | dict.fromkeys(("mean", "p50", "p90", "p95", "p99", "max"))


def test_quantiles_as_json_in_milliseconds():
    text = json.dumps(Quantiles.of([0.001, 0.0020004]).scaled(1000).as_json(), allow_nan=False)
    assert json.loads(text)["max"] == 2.0
    assert json.loads(text)["n"] == 2


def test_the_jitter_of_a_constant_delay_is_zero_whatever_the_offset():
    jitter = Jitter()
    for number in range(100):
        jitter.add(number / 30, number / 30 + 5000.025)
    assert jitter.jitter_s == pytest.approx(0.0, abs=1e-9)


def test_jitter_follows_the_formula_of_the_rfc():
    jitter = Jitter()
    assert jitter.add(0.0, 1.0) == 0.0
    assert jitter.add(1.0, 2.016) == pytest.approx(0.001)
    assert jitter.add(2.0, 3.0) == pytest.approx(0.001 + (0.016 - 0.001) / 16)


def test_jitter_converges_to_the_mean_difference_of_delays():
    rng = Random(11)
    jitter = Jitter()
    delays_s = [0.02 + rng.random() * 0.03 for _ in range(5000)]
    smoothed = [jitter.add(i / 30, i / 30 + s) for i, s in enumerate(delays_s)]
    differences = [abs(b - a) for a, b in pairwise(delays_s)]
    assert statistics.fmean(smoothed[500:]) == pytest.approx(
        statistics.fmean(differences), rel=0.03
    )


def test_a_gap_of_exactly_the_limit_is_no_stall():
    stalls = StallCounter(now=0.0)
    stalls.add_arrival(STALL_S)
    assert stalls.total(STALL_S) == 0
    stalls.add_arrival(2.001 * STALL_S)
    assert stalls.total(2.001 * STALL_S) == 1


def test_a_gap_that_has_not_ended_counts_and_counts_once():
    stalls = StallCounter(now=0.0)
    stalls.add_arrival(0.1)
    assert stalls.total(0.3) == stalls.in_window(0.3) == 1
    assert stalls.longest_s(1.1) == 1.0
    stalls.add_arrival(1.2)
    assert stalls.total(1.2) == stalls.in_window(1.2) == 1
    assert stalls.longest_s(1.2) == pytest.approx(1.1)


def test_a_channel_without_arrivals_is_one_long_stall():
    stalls = StallCounter(now=5.0)
    assert stalls.total(35.0) == 1
    assert stalls.longest_s(35.0) == 30.0


def test_stalls_leave_the_window_and_stay_in_the_total():
    stalls = StallCounter(now=0.0, window_s=60.0)
    for number in range(1, 121):
        stalls.add_arrival(number * 1.0)
    assert stalls.in_window(120.0) == 61
    assert stalls.total(120.0) == 120


def test_snapshots_are_counted_by_outcome():
    counter = SnapshotCounter(interval_ticks=2)
    assert counter.counts() == SnapshotCounts(0, 0, 0, 0, 0)
    assert counter.count(100) == (ArrivalOrder.NEW, 0)
    assert counter.count(102) == (ArrivalOrder.NEW, 0)
    assert counter.count(108) == (ArrivalOrder.NEW, 2)
    assert counter.count(104) == (ArrivalOrder.STALE, 0)
    assert counter.count(104) == (ArrivalOrder.DUPLICATE, 0)
    assert counter.count(108) == (ArrivalOrder.DUPLICATE, 0)
    assert counter.counts() == SnapshotCounts(expected=5, received=3, lost=1, stale=1, duplicate=2)
    assert counter.counts(due_tick=113).expected == 7
    assert counter.counts(due_tick=113).lost == 3


def test_a_snapshot_from_before_the_first_one_was_expected_too():
    counter = SnapshotCounter(interval_ticks=1)
    counter.count(10)
    assert counter.count(8) == (ArrivalOrder.STALE, 0)
    assert counter.counts() == SnapshotCounts(expected=3, received=1, lost=1, stale=1, duplicate=0)


@given(
    outcomes=st.lists(
        st.sampled_from(("arrives", "lost", "late", "twice")), min_size=1, max_size=200
    ),
    interval=st.integers(1, 12),
)
def test_the_counts_equal_those_of_a_simulated_link(outcomes, interval):
    counter = SnapshotCounter(interval)
    expected = dict.fromkeys(("arrives", "lost", "late", "twice"), 0)
    held: int | None = None
    # The first and the last arrive, so that link and counter cover the same snapshots.
    for number, outcome in enumerate(["arrives", *outcomes, "arrives"]):
        expected[outcome] += 1
        if outcome == "late":
            held = number if held is None else held
            expected["late"] -= held != number
            expected["lost"] += held != number
        if outcome in ("arrives", "twice"):
            counter.count(number * interval)
            if held is not None:
                counter.count(held * interval)
                held = None
        if outcome == "twice":
            counter.count(number * interval)
    assert counter.counts() == SnapshotCounts(
        expected=len(outcomes) + 2,
        received=expected["arrives"] + expected["twice"],
        lost=expected["lost"],
        stale=expected["late"],
        duplicate=expected["twice"],
    )


@given(
    samples=st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=1, max_size=150),
    probability=st.floats(0, 1),
)
def test_sliding_quantiles_are_those_of_the_window(samples, probability):
    sliding = SlidingQuantiles(window_s=100)
    now, history = 0, []
    for elapsed, sample in samples:
        now += elapsed
        history.append((now, sample))
        sliding.add(now, sample)
        window = sorted(value for at, value in history if at >= now - 100)
        assert sliding.quantile(probability) == quantile(window, probability)


def test_sliding_windows_start_with_nothing():
    assert isnan(SlidingQuantiles().quantile(0.5))
    assert isnan(SlidingRatio().ratio)


@given(events=st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=150))
def test_a_sliding_ratio_is_that_of_the_window(events):
    sliding = SlidingRatio(window_s=100)
    now, history = 0, []
    for elapsed, hit in events:
        now += elapsed
        history.append((now, hit))
        sliding.add(now, hit)
        window = [value for at, value in history if at >= now - 100]
        assert sliding.ratio == sum(window) / len(window)


def test_a_rate_is_the_growth_over_the_window():
    rate = Rate(window_s=1.0)
    assert rate.update(0.0, 500) == 0.0
    readings = [rate.update(number / 10, 500 + 30 * number) for number in range(1, 51)]
    assert readings == pytest.approx([300.0] * 50)
    # During silence the whole last second counts, not only the time with arrivals.
    assert rate.update(5.5, 2000) == pytest.approx(150.0)
    assert rate.update(7.0, 2000) == 0.0


def test_a_rate_starts_again_with_another_counter():
    rate = Rate()
    rate.update(0.0, 1_000_000)
    assert rate.update(0.5, 100) == 0.0
    assert rate.update(1.0, 200) == pytest.approx(200.0)
