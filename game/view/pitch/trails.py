"""Where the ball was drawn in the last two seconds, a dot a frame.

Even beads are a picture that flows; a heap, a gap and a leap are one that froze. Knows no network.
"""

from collections import deque

import pygame

from game.client.frame import Scene
from game.view import colours
from game.view.pitch.sprites import Disc, Sprites
from game.view.pitch.viewport import Viewport
from game.view.theme import Theme

SHOWN_S = 2.0
# In pixels: on a small pitch beads of its own size would be dust.
_DOT_RADIUS_PX = 1.8
# As many shades as can be told apart on the grass.
_SHADES = 8
# A screen that draws more often than this drops its oldest dots early.
_KEPT = 512


class Trail:
    """The way of one panel's ball."""

    def __init__(self) -> None:
        self._dots: deque[tuple[float, float, float]] = deque(maxlen=_KEPT)
        self._discs: tuple[Disc, ...] = ()

    def place(self, theme: Theme) -> None:
        """Take this theme's size of dots from now on; comes before the first `draw`."""
        radius_px = _DOT_RADIUS_PX * theme.scale
        self._discs = tuple(_disc(shade / _SHADES, radius_px) for shade in range(1, _SHADES + 1))
        self._sprites = Sprites(1.0)

    def note(self, now: float, scene: Scene) -> None:
        """Take where the ball is drawn `now`."""
        self._dots.append((now, scene.ball_x, scene.ball_y))
        while self._dots[0][0] < now - SHOWN_S:
            self._dots.popleft()

    def draw(self, surface: pygame.Surface, view: Viewport, now: float) -> None:
        """Draw the dots, the older the fainter."""
        last = None
        for at, x, y in self._dots:
            # Where the ball stood still, one dot lies over all the others.
            if (x, y) != last:
                shade = int((1.0 - (now - at) / SHOWN_S) * _SHADES)
                disc = self._discs[min(max(shade, 0), _SHADES - 1)]
                self._sprites.draw(surface, disc, *view.point(x, y))
                last = (x, y)


def _disc(share: float, radius_px: float) -> Disc:
    red, green, blue, _ = pygame.Color(*colours.GRASS).lerp(
        pygame.Color(*colours.WHITE), 0.75 * share
    )
    colour = (red, green, blue)
    return Disc(radius_px, colour, colour, 1.0)
