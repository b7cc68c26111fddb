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


def of_figure(verdicts, figure):
    (verdict,) = (each for each in verdicts if each.figure == figure)
    return verdict


def test_a_run_agrees_with_itself_in_every_figure(run):
    verdicts = list(compare_runs(run, run))
    assert len(verdicts) == 6
    assert all(verdict.agrees for verdict in verdicts)


def test_a_median_that_is_too_far_off_does_not_agree(run):
    age = replace(run.snapshot_age_ms, p50=run.snapshot_age_ms.p50 * 1.2)
    verdict = of_figure(
        compare_runs(replace(run, snapshot_age_ms=age), run), "snapshot age, p50, ms"
    )
    assert not verdict.agrees


def test_a_mean_agrees_when_the_intervals_meet(run):
    age = run.snapshot_age_ms
    far = replace(age, mean=2 * age.mean, mean_low=age.mean, mean_high=3 * age.mean)
    figure = "snapshot age, mean, ms"
    assert of_figure(compare_runs(replace(run, snapshot_age_ms=far), run), figure).agrees
    apart = replace(far, mean_low=1.9 * age.mean)
    assert not of_figure(compare_runs(replace(run, snapshot_age_ms=apart), run), figure).agrees


def test_another_link_does_not_agree(run):
    slow = LinkProfile(delay_s=0.05, loss_ratio=0.05)
    other = simulate(SimulationSettings(Link(slow, slow), ("tcp",), seconds=30.0, bots=0))[
        "tcp"
    ].run
    assert not any(v.agrees for v in compare_runs(other, run) if "age" in v.figure)


def test_what_was_not_measured_is_not_judged(run):
    nothing = replace(run.frozen_ratio, value=None)
    figures = [each.figure for each in compare_runs(replace(run, frozen_ratio=nothing), run)]
    assert "share frozen" not in figures
