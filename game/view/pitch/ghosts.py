"""Ghosts: white outlines at the server's positions, and the error of the drawn ball."""

from math import hypot

import pygame

from game.client.frame import Scene
from game.client.netcode import PredictionMode
from game.match.world import BALL_RADIUS, PLAYER_RADIUS
from game.view import colours
from game.view.pitch.pitch_view import PitchView
from game.view.pitch.sprites import Disc, Sprites
from game.view.texts import Texts
from game.view.theme import Theme

_PLAYER = Disc(PLAYER_RADIUS, None, colours.WHITE, 1.6)
_BALL = Disc(BALL_RADIUS + 1.0, None, colours.WHITE, 2.4)
# Nobody sees an error below the ball's radius, and its number would cover the match.
_FELT_UNITS = BALL_RADIUS
_TEXT_SIZE = 14.0
# The panel's notes are along the upper and the lower edge.
_EDGE = 22.0
_GAP = 3.0
# In a small pitch the text would hide the players that it is about.
_WIDEST_TEXT = 0.3


class GhostView:
    """Drawing of one panel's ghosts. Make a new one for another pitch or theme."""

    def __init__(self, pitch: PitchView, theme: Theme, texts: Texts) -> None:
        self._pitch = pitch
        self._view = pitch.viewport
        self._theme = theme
        self._texts = texts
        self._sprites = Sprites(pitch.disc_scale)

    def draw(
        self, surface: pygame.Surface, drawn: Scene, reference: Scene, prediction: PredictionMode
    ) -> None:
        """Draw the outlines of ``reference``, and a line from the drawn ball to its ghost."""
        for player in reference.players:
            # A predicted player is drawn ahead of the reference time, so a comparison would be
            # wrong.
            if player.player_id != _predicted_id(drawn, prediction):
                point = self._view.point(player.x, player.y)
                self._sprites.draw(surface, _PLAYER, *point)
        ball = self._view.point(drawn.ball_x, drawn.ball_y)
        ghost = self._view.point(reference.ball_x, reference.ball_y)
        error = hypot(drawn.ball_x - reference.ball_x, drawn.ball_y - reference.ball_y)
        if error > _FELT_UNITS:
            pygame.draw.line(surface, colours.VERMILLION, ball, ghost, self._theme.px(2))
            self._draw_distance(surface, ball, ghost, error)
        self._sprites.draw(surface, _BALL, *ghost)

    def _draw_distance(
        self,
        surface: pygame.Surface,
        ball: tuple[float, float],
        ghost: tuple[float, float],
        error: float,
    ) -> None:
        words = self._texts.ball_error.format(distance=self._texts.number(error, 1))
        text = self._theme.text(words, _TEXT_SIZE, colours.WARM, bold=True)
        if text.get_width() > self._pitch.rect.width * _WIDEST_TEXT:
            return
        shadow = self._theme.text(words, _TEXT_SIZE, colours.INK, bold=True)
        rect = self.distance_rect(text.get_rect(), ball, ghost)
        surface.blit(shadow, rect.move(1, 1))
        surface.blit(text, rect)

    def distance_rect(
        self, text: pygame.Rect, ball: tuple[float, float], ghost: tuple[float, float]
    ) -> pygame.Rect:
        """Return the rectangle for a text beside ball and ghost, if possible clear of all names."""
        reach = 2 * (round(BALL_RADIUS * self._view.scale) + self._theme.px(_GAP))
        balls = pygame.Rect(ball, (1, 1)).union((ghost, (1, 1))).inflate(reach, reach)
        names = self._pitch.name_rects
        space = self._pitch.rect.inflate(0, -2 * self._theme.px(_EDGE))
        # If the ball is among names, try beside the names too.
        rects = [
            rect.clamp(space)
            for centre in (balls, balls.unionall(names))
            for rect in _beside(centre, text)
        ]
        taken = [balls, *names]
        return next((rect for rect in rects if rect.collidelist(taken) < 0), rects[0])


def _beside(centre: pygame.Rect, text: pygame.Rect) -> tuple[pygame.Rect, ...]:
    """Return ``text`` below, above, right and left of a rectangle."""
    below, above, right, left = (text.copy() for _ in range(4))
    below.midtop, above.midbottom = centre.midbottom, centre.midtop
    right.midleft, left.midright = centre.midright, centre.midleft
    return below, above, right, left


def _predicted_id(drawn: Scene, prediction: PredictionMode) -> int | None:
    if prediction is PredictionMode.OFF:
        return None
    return next((player.player_id for player in drawn.players if player.is_own), None)
