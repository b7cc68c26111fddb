"""Tests of the hints of a control strip."""

import pygame
import pytest

from game.view.theme import Theme
from game.view.widgets.buttons import Button
from game.view.widgets.control_strip import ControlStrip
from game.view.widgets.hints import HINT_AFTER_S


def do_nothing() -> None:
    """Do nothing: the callback of each button."""


@pytest.mark.parametrize("width", [1280, 640, 360])
def test_a_hint_covers_no_control_of_any_row(width: int, theme: Theme) -> None:
    buttons = [
        Button("K", lambda n=n: f"button {n}", do_nothing, lambda: False, hint="a hint")
        for n in range(12)
    ]
    strip = ControlStrip((), (), buttons)
    area = pygame.Rect(0, 0, width, 720)
    strip.fit(area, theme)
    surface = pygame.Surface(area.size)
    rows = {rect.top for _, rect in strip.button_rects}
    assert len(rows) > 1 or width == 1280
    for number, (_, rect) in enumerate(strip.button_rects):
        now = float(number)
        strip.draw(surface, now)
        strip.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=rect.center), 1.0)
        box = strip.draw_hint(surface, theme, now + 2 * HINT_AFTER_S)
        assert box is not None
        assert area.contains(box)
        assert not box.colliderect(strip.rect)
