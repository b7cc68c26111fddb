"""Tests of the link editor: presets in a circle, and sliders that keep their position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.view.compare.link_editor import LinkEditor
from game.view.compare.link_parameters import LINK_PARAMETERS
from net.link.label import link_label
from net.link.presets import PRESETS
from net.link.profile import Link

DELAY, JITTER, LOSS, BURST, RATE = LINK_PARAMETERS


def test_presets_cycle():
    editor = LinkEditor(PRESETS["lossy"])
    names = list(editor.presets)
    seen = []
    for _ in names:
        seen.append(editor.name)
        editor.cycle(1)
    assert sorted(seen) == sorted(names)
    assert editor.name == "lossy"
    editor.cycle(-1)
    editor.cycle(1)
    assert editor.link == PRESETS["lossy"]


def test_a_changed_parameter_makes_an_unnamed_link_in_both_directions():
    editor = LinkEditor(PRESETS["lossy"])
    editor.set_parameter(LOSS, 0.0)
    assert editor.name == ""
    assert editor.link.up.loss_ratio == editor.link.down.loss_ratio == 0.0
    assert editor.link.down.delay_s == PRESETS["lossy"].down.delay_s
    editor.cycle(1)
    assert editor.name == next(iter(editor.presets))


def test_a_changed_parameter_leaves_the_others_of_each_direction():
    editor = LinkEditor(PRESETS["dsl"])
    editor.set_parameter(DELAY, 1.0)
    assert editor.link.up.rate_bps == PRESETS["dsl"].up.rate_bps
    assert editor.link.up.delay_s == DELAY.high


def test_nagle_stays_when_the_link_changes():
    editor = LinkEditor(PRESETS["lossy"])
    editor.nagle = True
    editor.select("wifi")
    assert editor.link.up.nagle
    assert editor.link.down.nagle
    assert editor.name == "wifi"


def test_no_link_is_called_none():
    editor = LinkEditor(Link())
    assert editor.name == "none"
    assert link_label(editor.link, 7) == "LINK none"


@pytest.mark.parametrize("parameter", LINK_PARAMETERS)
@given(position=st.floats(0.0, 1.0))
def test_a_slider_stays_where_it_was_put(parameter, position):
    editor = LinkEditor(Link())
    editor.set_parameter(parameter, position)
    # Small values are rounded to steps that are wide on the slider.
    assert editor.position(parameter) == pytest.approx(position, abs=0.08)
    assert parameter.low <= (editor.link.down.rate_bps or parameter.low) or parameter is not RATE


@pytest.mark.parametrize("parameter", LINK_PARAMETERS)
def test_both_ends_of_a_slider_are_exact(parameter):
    editor = LinkEditor(Link())
    editor.set_parameter(parameter, 0.0)
    assert getattr(editor.link.down, parameter.field) == parameter.low
    editor.set_parameter(parameter, 1.0)
    assert getattr(editor.link.down, parameter.field) == (
        None if parameter is RATE else parameter.high
    )
