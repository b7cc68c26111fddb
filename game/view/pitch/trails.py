"""Trail of the ball over the last two seconds, one dot per frame.

Evenly spaced dots mean smooth motion. A pile of dots and then a gap mean a freeze.
"""

from collections import deque
from collections.abc import Iterable

import pygame

from game.client.frame import Scene
from game.view import colours
from game.view.pitch.sprites import Disc, Sprites
from game.view.pitch.viewport import Viewport
from game.view.theme import Theme

SHOWN_S = 2.0
# In pixels: to scale, the dots of a small pitch would be too small to see.
_DOT_RADIUS_PX = 1.8
# More shades could not be distinguished on grass.
_SHADES = 8
# A screen that draws more frames than this loses its oldest dots early.
_KEPT = 512


class Trail:
    """Trail of one panel's ball."""

    def __init__(self) -> None:
        self._dots: deque[tuple[float, float, float]] = deque(maxlen=_KEPT)
        self._discs: tuple[Disc, ...] = ()

    def place(self, theme: Theme) -> None:
        """Use the dot size of this theme. Call it before the first ``draw``."""
        radius_px = _DOT_RADIUS_PX * theme.scale
        self._discs = tuple(_disc(shade / _SHADES, radius_px) for shade in range(1, _SHADES + 1))
        self._sprites = Sprites(1.0)

    def note(self, now: float, scene: Scene) -> None:
        """Add the position of the ball at ``now``."""
        self._dots.append((now, scene.ball_x, scene.ball_y))
        while self._dots[0][0] < now - SHOWN_S:
            self._dots.popleft()

    def draw(self, surface: pygame.Surface, view: Viewport, now: float) -> None:
        """Draw the dots; older ones are fainter."""
        self.draw_dots(surface, view, self._dots, now)

    def draw_dots(
        self,
        surface: pygame.Surface,
        view: Viewport,
        dots: Iterable[tuple[float, float, float]],
        now: float,
    ) -> None:
        """Draw other dots, as ``(at, x, y)`` in the order of time."""
        last = None
        placed = []
        for at, x, y in dots:
            # While the ball stands still, one dot covers all the others.
            if (x, y) != last:
                shade = int((1.0 - (now - at) / SHOWN_S) * _SHADES)
                disc = self._discs[min(max(shade, 0), _SHADES - 1)]
                placed.append(self._sprites.placed(disc, *view.point(x, y)))
                last = (x, y)
        surface.fblits(placed)


def _disc(share: float, radius_px: float) -> Disc:
    red, green, blue, _ = pygame.Color(*colours.GRASS).lerp(
        pygame.Color(*colours.WHITE), 0.75 * share
    )
    colour = (red, green, blue)
    return Disc(radius_px, colour, colour, 1.0)
