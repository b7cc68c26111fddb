"""The comparison of two runs."""

from dataclasses import replace

import pytest

from game.lab.measure.validation import compare_runs
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.profile import Link, LinkProfile

LOSSY = LinkProfile(delay_s=0.025, loss_ratio=0.05)


@pytest.fixture(scope="module")
def run():
    return simulate(SimulationSettings(Link(LOSSY, LOSSY), ("tcp",), seconds=30.0, bots=0))[
        "tcp"
    ].run


def of_statistic(checks, statistic):
    (check,) = (each for each in checks if each.statistic == statistic)
    return check


def test_a_run_agrees_with_itself_in_every_figure(run):
    checks = list(compare_runs(run, run))
    assert len(checks) == 6
    assert all(check.agrees for check in checks)
    assert {check.result for check in checks} == {"agree"}


def test_a_median_that_is_too_far_off_does_not_agree(run):
    age = replace(run.snapshot_age_ms, p50=run.snapshot_age_ms.p50 * 1.2)
    check = of_statistic(
        compare_runs(replace(run, snapshot_age_ms=age), run), "snapshot age, p50, ms"
    )
    assert not check.agrees


def test_a_mean_agrees_when_the_intervals_overlap(run):
    age = run.snapshot_age_ms
    far = replace(age, mean=2 * age.mean, mean_low=age.mean, mean_high=3 * age.mean)
    statistic = "snapshot age, mean, ms"
    check = of_statistic(compare_runs(replace(run, snapshot_age_ms=far), run), statistic)
    # A reader sees values that are too far apart, and must learn why they agree.
    assert (check.agrees, check.result) == (True, "agree: 95% intervals meet")
    apart = replace(far, mean_low=1.9 * age.mean)
    assert not of_statistic(
        compare_runs(replace(run, snapshot_age_ms=apart), run), statistic
    ).agrees


def test_another_link_does_not_agree(run):
    slow = LinkProfile(delay_s=0.05, loss_ratio=0.05)
    other = simulate(SimulationSettings(Link(slow, slow), ("tcp",), seconds=30.0, bots=0))[
        "tcp"
    ].run
    assert not any(check.agrees for check in compare_runs(other, run) if "age" in check.statistic)


def test_missing_statistics_are_not_compared(run):
    nothing = replace(run.frozen_ratio, value=None)
    statistics = [each.statistic for each in compare_runs(replace(run, frozen_ratio=nothing), run)]
    assert "frozen ratio" not in statistics
