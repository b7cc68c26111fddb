"""Downsampling keeps every peak, and adds no point."""

from math import floor

from hypothesis import given
from hypothesis import strategies as st

from game.lab.report.downsampling import cumulative, keep_peaks

values = st.floats(0, 1e6)
lines = st.lists(st.tuples(st.floats(0, 600), values)).map(sorted)


@given(lines, st.floats(0.01, 100))
def test_every_stretch_keeps_its_peak_and_nothing_else(line, stretch_s):
    kept = keep_peaks(line, stretch_s)
    peaks: dict[int, float] = {}
    for at, value in line:
        stretch = floor(at / stretch_s)
        peaks[stretch] = max(peaks.get(stretch, 0.0), value)
    assert {floor(at / stretch_s): value for at, value in kept} == peaks
    assert len(kept) == len(peaks)


@given(lines, st.floats(0.01, 100))
def test_points_are_kept_as_they_are_and_in_order(line, stretch_s):
    kept = keep_peaks(line, stretch_s)
    assert kept == sorted(kept, key=lambda point: point[0])
    assert set(kept) <= set(line)


@given(st.lists(values, min_size=1, max_size=2000), st.integers(0, 50))
def test_a_cumulative_curve_stands_on_real_samples(samples, lost):
    due = len(samples) + lost
    curve = cumulative(samples, due)
    assert len(curve) <= 400
    assert curve[0][0] == min(samples)
    assert curve[-1] == (max(samples), 100.0 * len(samples) / due)
    for value, percent in curve:
        not_above = sum(sample <= value for sample in samples)
        below = sum(sample < value for sample in samples)
        assert 100.0 * below / due < percent <= 100.0 * not_above / due * (1 + 1e-12)


def test_without_samples_there_is_no_curve():
    assert cumulative([], 30) == []


def test_the_tail_is_kept_sample_by_sample():
    samples = [float(number) for number in range(10_000)]
    assert [value for value, _ in cumulative(samples, 10_000)][-40:] == samples[-40:]
