"""Tests of the toasts: they appear, fade and go, the newest lowest. Time is virtual."""

import pygame
import pytest

from game.view.theme import Theme
from game.view.widgets.toasts import SHOWN_S, Toasts
from tests.game.view.pixels import differs


def test_a_toast_is_shown_for_its_time_only() -> None:
    toasts = Toasts()
    toasts.add("Ada joined", 100.0)
    assert toasts.shown(101.0) == (("Ada joined", 1.0),)
    assert toasts.shown(100.0 + SHOWN_S) == ()


def test_it_fades_in_and_out() -> None:
    toasts = Toasts()
    toasts.add("Ada joined", 0.0)
    opacities = [toasts.shown(n * SHOWN_S / 100)[0][1] for n in range(100)]
    peak = opacities.index(1.0)
    assert opacities[0] == pytest.approx(0.0)
    assert opacities[:peak] == sorted(opacities[:peak])
    assert opacities[-10:] == sorted(opacities[-10:], reverse=True)
    assert opacities[-1] < 0.2


def test_only_the_last_few_toasts_are_kept() -> None:
    toasts = Toasts()
    for n in range(40):
        toasts.add(f"player {n}", 1.0)
    assert [text for text, _ in toasts.shown(1.5)] == [f"player {n}" for n in range(36, 40)]


def test_a_toast_replaces_the_one_before_on_its_topic() -> None:
    toasts = Toasts()
    toasts.add("moving to TCP", 0.0, topic="transport")
    toasts.add("Ada joined", 0.1)
    toasts.add("Grace joined", 0.2)
    toasts.add("now over TCP", 0.3, topic="transport")
    texts = [text for text, _ in toasts.shown(1.0)]
    assert texts == ["Ada joined", "Grace joined", "now over TCP"]


def test_they_are_drawn_upwards_from_their_corner(surface: pygame.Surface, theme: Theme) -> None:
    toasts, before = Toasts(), surface.copy()
    toasts.add("Ada joined", 0.0)
    toasts.draw(surface, (10, 700), theme, 1.0)
    row = theme.px(40)
    lowest, above = pygame.Rect(10, 700 - row, 200, row), pygame.Rect(10, 600, 200, 100 - row)
    assert differs(before, surface, lowest)
    assert not differs(before, surface, above)
    toasts.add("Grace joined", 0.5)
    toasts.draw(surface, (10, 700), theme, 1.0)
    assert differs(before, surface, above)


def test_nothing_is_drawn_without_toasts(surface: pygame.Surface, theme: Theme) -> None:
    before = surface.copy()
    Toasts().draw(surface, (10, 700), theme, 1.0)
    assert not differs(before, surface, surface.get_rect())
