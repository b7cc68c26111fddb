"""Hint of a control on which the mouse rests: a box with a line of text."""

from collections.abc import Iterable

import pygame

from game.view import colours
from game.view.theme import Theme

# A mouse that only passes over a control shows no hint.
HINT_AFTER_S = 0.3
_TEXT_SIZE = 13.0
_PADDING = 10.0


def hint_under(
    mouse: tuple[int, int], rested_s: float, controls: Iterable[tuple[str, pygame.Rect]]
) -> tuple[str, pygame.Rect] | None:
    """Return hint and rectangle of the control under a mouse that has rested long enough.

    ``controls`` are the hints of all controls, empty for none, with their rectangles.
    """
    if rested_s < HINT_AFTER_S:
        return None
    hints = ((hint, rect) for hint, rect in controls if hint and rect.collidepoint(mouse))
    return next(hints, None)


def draw_hint_box(
    surface: pygame.Surface, theme: Theme, hint: str, midbottom: tuple[int, int]
) -> pygame.Rect:
    """Draw a hint with its lower edge there, inside the window; return the rectangle of the box.

    The caller chooses a place that covers no other control.
    """
    window = surface.get_rect()
    space = max(1, window.width - theme.px(4 * _PADDING))
    image = theme.fitted(hint, _TEXT_SIZE, space, colours.TEXT)
    box = image.get_rect().inflate(theme.px(2 * _PADDING), theme.px(_PADDING))
    box.midbottom = midbottom
    box.clamp_ip(window)
    surface.blit(theme.rounded_rect(box.size, colours.BUTTON_HOVERED, 6), box)
    surface.blit(image, image.get_rect(center=box.center))
    return box
