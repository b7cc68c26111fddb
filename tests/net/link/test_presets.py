"""Tests of the presets: their names, and the order that the names suggest."""

from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile


def test_every_promised_preset_is_there() -> None:
    assert set(PRESETS) == {
        "lan",
        "fiber",
        "cable",
        "dsl",
        "wifi",
        "wifi-crowded",
        "4g",
        "3g",
        "satellite-leo",
        "satellite",
        "lossy",
        "awful",
    }


def test_presets_have_their_names_and_an_effect() -> None:
    assert {name: link.name for name, link in PRESETS.items()} == {name: name for name in PRESETS}
    assert [name for name, link in PRESETS.items() if link == Link()] == []


def test_lossy_is_the_link_that_the_kernel_was_measured_on() -> None:
    assert PRESETS["lossy"] == Link.symmetric(LinkProfile(delay_s=0.025, loss_ratio=0.05))


def test_worse_links_have_more_delay_and_no_higher_rate() -> None:
    pairs = (
        ("lan", "fiber"),
        ("fiber", "cable"),
        ("cable", "dsl"),
        ("wifi", "wifi-crowded"),
        ("4g", "3g"),
        ("satellite-leo", "satellite"),
    )
    wrong = []
    for better, worse in pairs:
        good, bad = PRESETS[better], PRESETS[worse]
        for one, other in ((good.up, bad.up), (good.down, bad.down)):
            has_more_delay = one.delay_s < other.delay_s
            has_no_higher_rate = (one.rate_bps or 0.0) >= (other.rate_bps or 0.0)
            if not (has_more_delay and has_no_higher_rate):
                wrong.append((better, worse, one, other))
    assert wrong == []
