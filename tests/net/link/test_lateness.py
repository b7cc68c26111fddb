"""Tests of the lateness histogram: quantiles are never below the exact ones."""

from hypothesis import given
from hypothesis import strategies as st

from net.link.lateness import LatenessHistogram


def test_nothing_was_late_when_nothing_left() -> None:
    assert LatenessHistogram().stats().count == 0
    assert LatenessHistogram().stats().p99_s == 0.0


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=200))
def test_quantiles_are_rounded_up_by_less_than_a_class(late_s: list[float]) -> None:
    lateness = LatenessHistogram()
    for each in late_s:
        lateness.add(each)
    stats = lateness.stats()
    ordered = sorted(late_s)
    assert stats.count == len(late_s)
    assert stats.max_s == ordered[-1]
    for share, quantile_s in ((0.5, stats.p50_s), (0.99, stats.p99_s)):
        covered = sum(each <= quantile_s + 1e-9 for each in ordered)
        assert covered >= share * len(ordered)
        below = sum(each < quantile_s - 0.00005 - 1e-9 for each in ordered)
        assert quantile_s == ordered[-1] or below < share * len(ordered)
