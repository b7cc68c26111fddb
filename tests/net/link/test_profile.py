"""Tests of link values: two directions, and a name that does not count."""

from dataclasses import FrozenInstanceError

import pytest

from net.link.profile import Link, LinkProfile


def test_symmetric_link_does_the_same_each_way() -> None:
    profile = LinkProfile(delay_s=0.025)
    assert Link.symmetric(profile) == Link(profile, profile)


def test_name_does_not_make_two_links_different() -> None:
    assert Link(name="lossy") == Link()


def test_link_that_was_told_nothing_does_nothing() -> None:
    profile = Link().up
    assert (profile.delay_s, profile.loss_ratio, profile.rate_bps) == (0.0, 0.0, None)


def test_profiles_cannot_be_changed_behind_a_paths_back() -> None:
    with pytest.raises(FrozenInstanceError):
        LinkProfile().loss_ratio = 0.5  # type: ignore[misc]
