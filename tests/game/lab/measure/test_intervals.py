"""Confidence intervals of dependent samples."""

from random import Random

import pytest

from game.lab.measure.intervals import BLOCKS, Block, mean_interval, rate_interval, ratio_interval


def test_the_interval_of_a_constant_value_has_no_width():
    interval = mean_interval([(second / 10, 5.0) for second in range(100)], 0.0, 10.0)
    assert (interval.low, interval.high) == pytest.approx((5.0, 5.0))


def test_there_is_no_interval_without_samples():
    assert mean_interval([], 0.0, 10.0) is None


def test_a_block_is_weighted_by_its_samples():
    blocks = [Block(10.0, 1.0), *[Block(0.0, 99.0 / (BLOCKS - 1))] * (BLOCKS - 1)]
    interval = ratio_interval(blocks)
    assert (interval.low + interval.high) / 2 == pytest.approx(10.0 / 100.0)


def test_samples_outside_count_for_the_nearest_block():
    interval = mean_interval([(-1.0, 1.0), (11.0, 3.0)], 0.0, 10.0)
    assert (interval.low + interval.high) / 2 == pytest.approx(2.0)


def test_a_rate_is_not_negative():
    interval = rate_interval([5.0], 0.0, 10.0, 60.0)
    assert interval.low == 0.0
    assert interval.high > 6.0


def test_a_rate_without_events_has_an_upper_bound():
    interval = rate_interval([], 0.0, 20.0, 60.0)
    # In twenty seconds nobody can tell nine a minute from none, once in twenty times.
    assert (interval.low, interval.high) == pytest.approx((0.0, 9.0))


def test_95_of_100_intervals_hold_the_true_mean_of_dependent_samples():
    rng = Random(7)
    hits = sum(_holds(rng) for _ in range(1000))
    # Three standard deviations of 1000 throws around 95%; bunches cost a little.
    assert 920 <= hits <= 975


def _holds(rng):
    """True if the interval of one run, whose value changes every 0.5 s only, holds its mean."""
    values = [rng.gauss(100.0, 20.0) for _ in range(40)]
    samples = [(at / 30, values[int(at / 15)]) for at in range(600)]
    interval = mean_interval(samples, 0.0, 20.0)
    return interval.low <= 100.0 <= interval.high


def test_intervals_of_independent_samples_would_be_too_narrow():
    rng = Random(7)
    values = [rng.gauss(100.0, 20.0) for _ in range(40)]
    samples = [(at / 30, values[int(at / 15)]) for at in range(600)]
    blocks = mean_interval(samples, 0.0, 20.0)
    shuffled = [value for _, value in samples]
    rng.shuffle(shuffled)
    naive = mean_interval(
        [(at, value) for (at, _), value in zip(samples, shuffled, strict=True)], 0.0, 20.0
    )
    assert blocks.high - blocks.low > 1.5 * (naive.high - naive.low)
