"""The presets are the ones promised, and keep the order that their names suggest."""

import pytest

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


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_bears_its_name_and_does_something(name: str) -> None:
    assert PRESETS[name].name == name
    assert PRESETS[name] != Link()


def test_lossy_is_the_link_that_the_kernel_was_measured_on() -> None:
    assert PRESETS["lossy"] == Link.symmetric(LinkProfile(delay_s=0.025, loss_ratio=0.05))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("lan", "fiber"),
        ("fiber", "cable"),
        ("cable", "dsl"),
        ("wifi", "wifi-crowded"),
        ("4g", "3g"),
        ("satellite-leo", "satellite"),
    ],
)
def test_the_worse_link_has_more_delay_and_no_more_rate(better: str, worse: str) -> None:
    good, bad = PRESETS[better], PRESETS[worse]
    for one, other in ((good.up, bad.up), (good.down, bad.down)):
        assert one.delay_s < other.delay_s
        assert (one.rate_bps or 0.0) >= (other.rate_bps or 0.0)
