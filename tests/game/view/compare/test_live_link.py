"""A link that is changed live: presets in a round, dials that keep their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.view.compare.live_link import DIALS, LinkEditor
from net.link.presets import PRESETS
from net.link.profile import Link
from net.link.spec import link_label

DELAY, JITTER, LOSS, BURST, RATE = DIALS


def test_presets_are_walked_round_and_round():
    live_link = LinkEditor(PRESETS["lossy"])
    names = list(live_link.presets)
    seen = []
    for _ in names:
        seen.append(live_link.name)
        live_link.walk(1)
    assert sorted(seen) == sorted(names)
    assert live_link.name == "lossy"
    live_link.walk(-1)
    live_link.walk(1)
    assert live_link.link == PRESETS["lossy"]


def test_a_turned_dial_makes_a_link_of_ones_own_both_ways():
    live_link = LinkEditor(PRESETS["lossy"])
    live_link.turn(LOSS, 0.0)
    assert live_link.name == ""
    assert live_link.link.up.loss_ratio == live_link.link.down.loss_ratio == 0.0
    assert live_link.link.down.delay_s == PRESETS["lossy"].down.delay_s
    live_link.walk(1)
    assert live_link.name == next(iter(live_link.presets))


def test_a_dial_keeps_what_another_direction_has_of_its_own():
    live_link = LinkEditor(PRESETS["dsl"])
    live_link.turn(DELAY, 1.0)
    assert live_link.link.up.rate_bps == PRESETS["dsl"].up.rate_bps
    assert live_link.link.up.delay_s == DELAY.high


def test_nagle_stays_when_the_link_changes():
    live_link = LinkEditor(PRESETS["lossy"])
    live_link.nagle = True
    live_link.choose("wifi")
    assert live_link.link.up.nagle
    assert live_link.link.down.nagle
    assert live_link.name == "wifi"


def test_no_link_is_called_none():
    live_link = LinkEditor(Link())
    assert live_link.name == "none"
    assert link_label(live_link.link, 7) == "LINK none"


@pytest.mark.parametrize("dial", DIALS)
@given(position=st.floats(0.0, 1.0))
def test_a_dial_stands_where_it_was_put(dial, position):
    live_link = LinkEditor(Link())
    live_link.turn(dial, position)
    # The steps of small values are wider than they look.
    assert live_link.position(dial) == pytest.approx(position, abs=0.08)
    assert dial.low <= (live_link.link.down.rate_bps or dial.low) or dial is not RATE


@pytest.mark.parametrize("dial", DIALS)
def test_both_ends_of_a_dial_are_exact(dial):
    live_link = LinkEditor(Link())
    live_link.turn(dial, 0.0)
    assert getattr(live_link.link.down, dial.field) == dial.low
    live_link.turn(dial, 1.0)
    assert getattr(live_link.link.down, dial.field) == (None if dial is RATE else dial.high)
