"""Pixel counts and comparisons of drawn surfaces."""

import pygame

from game.view.colours import Colour


def count(surface: pygame.Surface, area: pygame.Rect, colour: Colour, tolerance: int = 0) -> int:
    """Return how many pixels of ``area`` have this colour, each channel within ``tolerance``."""
    part = surface.subsurface(area.clip(surface.get_rect()))
    return pygame.mask.from_threshold(part, colour, (tolerance + 1,) * 3).count()


def differs(before: pygame.Surface, after: pygame.Surface, area: pygame.Rect) -> bool:
    """Return whether any pixel of ``area`` differs."""
    area = area.clip(before.get_rect())
    old, new = before.subsurface(area), after.subsurface(area)
    return pygame.image.tobytes(old, "RGB") != pygame.image.tobytes(new, "RGB")
