"""Discs and rings with smooth edges, drawn once for each size and place between two pixels.

A ready sprite is drawn in half a microsecond; an anti-aliased circle takes twenty times that.
Sprites are kept at quarters of a pixel, so that what moves slowly glides instead of stepping.
"""

from dataclasses import dataclass

import pygame

from game.view.colours import Colour

# Each pixel is averaged from 4x4: seventeen shades at an edge, and four places a pixel each way.
_OVERSAMPLING = 4


@dataclass(frozen=True, slots=True, eq=False)
class Disc:
    """A filled circle with a rim inside its edge and, with `core`, a lighter ring in the middle.

    `radius` and `rim_width` in pitch units. Without `fill` it is a ring.
    """

    radius: float
    fill: Colour | None
    rim: Colour
    rim_width: float
    core: Colour | None = None


class Sprites:
    """Draw discs at one scale, in pixels a unit."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._kept: dict[tuple[Disc, int, int], tuple[pygame.Surface, int]] = {}

    def draw(self, surface: pygame.Surface, disc: Disc, x: float, y: float) -> None:
        """Draw `disc` with its centre at (x, y) in pixels, fractions included."""
        column, row = int(x // 1), int(y // 1)
        phase_x = int((x - column) * _OVERSAMPLING)
        phase_y = int((y - row) * _OVERSAMPLING)
        key = (disc, phase_x, phase_y)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _paint(disc, self._scale, phase_x, phase_y)
        sprite, reach = kept
        surface.blit(sprite, (column - reach, row - reach))


def _paint(disc: Disc, scale: float, phase_x: int, phase_y: int) -> tuple[pygame.Surface, int]:
    """Return the sprite and how far its centre's pixel is from its corner."""
    reach = int(disc.radius * scale) + 2
    side = 2 * reach + 1
    large = pygame.Surface((side * _OVERSAMPLING,) * 2, pygame.SRCALPHA)
    # Transparent, but of the edge's colour: what is averaged with it keeps its hue.
    large.fill((*disc.rim, 0))
    centre = (reach * _OVERSAMPLING + phase_x, reach * _OVERSAMPLING + phase_y)
    radius = disc.radius * scale * _OVERSAMPLING
    rim_width = max(disc.rim_width * scale, 1.0) * _OVERSAMPLING
    if disc.fill is None:
        pygame.draw.circle(large, disc.rim, centre, radius, round(rim_width))
    else:
        pygame.draw.circle(large, disc.rim, centre, radius)
        pygame.draw.circle(large, disc.fill, centre, radius - rim_width)
    if disc.core is not None:
        pygame.draw.circle(large, disc.core, centre, radius * 0.42, round(radius * 0.16))
    return pygame.transform.smoothscale(large, (side, side)).convert_alpha(), reach
