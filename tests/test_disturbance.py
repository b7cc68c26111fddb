"""Tests of the measurement that says whether a result of a timing test counts."""

from math import inf

import pytest

from tests.disturbance import Disturbance, DisturbanceWatcher, skip_if_disturbed


def test_quiet_machine_lets_a_test_pass_and_fail() -> None:
    with skip_if_disturbed(inf, inf, inf):
        pass
    with pytest.raises(AssertionError), skip_if_disturbed(inf, inf, inf):
        raise AssertionError


def test_disturbed_machine_skips_with_the_figures_whatever_the_outcome() -> None:
    def judge(outcome: Exception | None) -> None:
        with skip_if_disturbed(late_p99_s=-1.0):
            if outcome is not None:
                raise outcome

    for outcome in (None, AssertionError(), TimeoutError()):
        with pytest.raises(pytest.skip.Exception, match=r"late by .* ms .* steal time"):
            judge(outcome)


def test_other_errors_are_never_hidden() -> None:
    with pytest.raises(ValueError, match="a bug"), skip_if_disturbed(late_p99_s=-1.0):
        raise ValueError("a bug")


def test_watcher_measures_its_own_timers() -> None:
    found = DisturbanceWatcher().stop()
    assert 0.0 <= found.late_p99_s <= found.late_max_s
    assert 0.0 <= found.stolen_ratio <= 1.0


def test_figures_are_written_with_their_units() -> None:
    text = str(Disturbance(late_p99_s=0.0021, late_max_s=0.03, stolen_ratio=0.125))
    assert text == "timers late by 2.1 ms (p99), 30.0 ms (max), 12.5% steal time"
