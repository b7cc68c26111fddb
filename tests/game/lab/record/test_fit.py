"""Tests of the nearest SPEC: a link of known settings is found again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.lab.record.fit import GAME_HZ, fit_link, loss_interval
from game.lab.record.imports import import_recording
from net.link.profile import Link, LinkProfile
from net.link.spec import format_link, parse_link
from tests.examples import scaled
from tests.net.link.recorded import recorded


@given(st.floats(0.002, 0.2), st.floats(0.0, 0.2), st.integers(0, 1000))
@settings(max_examples=scaled(15))
def test_a_constant_link_is_found(delay_s, loss_ratio, seed):
    profile = LinkProfile(delay_s=delay_s, loss_ratio=loss_ratio)
    fit = fit_link(recorded(Link.symmetric(profile), seed, 20.0))
    for each in (fit.up, fit.down):
        assert each.profile.delay_s == pytest.approx(delay_s, abs=0.0005)
        assert each.profile.jitter_s == 0.0
        assert each.profile.burst == 1.0
        assert each.delay_distance < 0.05
        low, high = loss_interval(each.summary)
        assert low - 0.01 <= loss_ratio <= high + 0.01


@pytest.mark.parametrize(
    "distribution", ["uniform", pytest.param("normal", marks=pytest.mark.slow)]
)
def test_jitter_is_found_with_its_distribution(distribution):
    spec = f"delay=60ms,jitter=10ms,distribution={distribution},reorder=on"
    fit = fit_link(recorded(parse_link(spec), 7, 20.0))
    assert fit.down.profile.jitter_s == pytest.approx(0.010, rel=0.3)
    assert fit.down.profile.delay_s == pytest.approx(0.060, abs=0.003)
    assert fit.down.profile.jitter_is_normal == (distribution == "normal")
    assert fit.down.delay_distance < 0.08


def test_a_burst_is_counted_in_packets_of_a_game():
    fit = fit_link(recorded(parse_link("delay=20ms,loss=10%,burst=20"), 7, 60.0))
    assert fit.down.profile.burst == pytest.approx(20 / 200 * GAME_HZ, rel=0.3)


def test_directions_that_differ_are_written_apart():
    link = fit_link(recorded(parse_link("up.delay=40ms,down.delay=10ms"), 7, 5.0)).link
    assert format_link(link) == "up.delay=40ms,down.delay=10ms"


def test_like_directions_are_written_as_one():
    spec = format_link(fit_link(recorded(parse_link("lossy"), 7, 30.0)).link)
    assert spec.startswith("delay=25ms,loss=")
    assert "up." not in spec


def test_a_trace_of_rates_gives_their_mean():
    trace = "\n".join(str(at_ms) for at_ms in range(0, 10_000, 10))
    fit = fit_link(import_recording(trace, "trace", ""))
    assert fit.link.down.rate_bps == pytest.approx(1.2e6, rel=0.02)
