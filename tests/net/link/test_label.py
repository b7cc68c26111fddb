"""Labels of links: two links that differ have two labels."""

from dataclasses import fields, replace

import pytest

from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS, link_label
from net.link.profile import Link, LinkProfile

# A link in which every setting has an effect.
PROFILE = LinkProfile(delay_s=0.025, jitter_s=0.005, loss_ratio=0.05, burst=3.0, rate_bps=64e3)
OTHER = {
    "delay_s": 0.05,
    "jitter_s": 0.01,
    "jitter_is_normal": True,
    "reorders": True,
    "loss_ratio": 0.1,
    "burst": 4.0,
    "duplicate_ratio": 0.02,
    "rate_bps": 128e3,
    "queue_s": 2.0,
    "queue_bytes": 3000,
    "nagle": True,
    "congestion": "reno",
}


def test_every_setting_is_tried():
    assert set(OTHER) == {field.name for field in fields(LinkProfile)}


@pytest.mark.parametrize("words", [ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS])
@pytest.mark.parametrize("setting", OTHER)
def test_links_that_differ_in_one_setting_have_different_labels(setting, words):
    other = replace(PROFILE, **{setting: OTHER[setting]})
    labels = {
        link_label(Link.symmetric(profile), seed=7, words=words) for profile in (PROFILE, other)
    }
    assert len(labels) == 2


def test_the_queue_is_named_in_its_unit():
    slow = replace(PROFILE, queue_s=2.0)
    assert "0.064 Mbit/s, queue 2000 ms, each way" in link_label(Link.symmetric(slow), 7)
    small = replace(PROFILE, queue_bytes=3000)
    assert "0,064 Mbit/s, cola 3 kB" in link_label(Link.symmetric(small), 7, SPANISH_LINK_WORDS)
