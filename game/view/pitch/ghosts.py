"""Ghosts: white outlines at the server's positions, and the error of the drawn ball."""

from collections.abc import Sequence
from math import hypot

import pygame

from game.client.frame import Scene
from game.client.netcode import PredictionMode
from game.match.world import BALL_RADIUS, PLAYER_RADIUS
from game.view import colours
from game.view.pitch.pitch_view import PitchView
from game.view.pitch.sprites import Disc
from game.view.texts import Texts
from game.view.theme import Theme

Point = tuple[float, float]

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
        self._theme = theme
        self._texts = texts

    def draw(
        self, surface: pygame.Surface, drawn: Scene, reference: Scene, prediction: PredictionMode
    ) -> None:
        """Draw the outlines of ``reference``, and a line from the drawn ball to its ghost."""
        for player in reference.players:
            # A predicted player is drawn ahead of the reference time, so a comparison would be
            # wrong.
            if player.player_id != _predicted_id(drawn, prediction):
                point = self._pitch.viewport.point(player.x, player.y)
                self._pitch.sprites.draw(surface, _PLAYER, *point)
        ball = self._pitch.viewport.point(drawn.ball_x, drawn.ball_y)
        ghost = self._pitch.viewport.point(reference.ball_x, reference.ball_y)
        error = hypot(drawn.ball_x - reference.ball_x, drawn.ball_y - reference.ball_y)
        if error > _FELT_UNITS:
            pygame.draw.line(surface, colours.VERMILLION, ball, ghost, self._theme.px(2))
            discs = [*self._disc_rects(drawn), *self._disc_rects(reference)]
            self._draw_distance(surface, (ball, ghost), error, discs)
        self._pitch.sprites.draw(surface, _BALL, *ghost)

    def _draw_distance(
        self,
        surface: pygame.Surface,
        balls: tuple[Point, Point],
        error: float,
        discs: Sequence[pygame.Rect],
    ) -> None:
        words = self._texts.ball_error.format(distance=self._texts.number(error, 1))
        text = self._theme.text(words, _TEXT_SIZE, colours.WARM, bold=True)
        if text.get_width() > self._pitch.rect.width * _WIDEST_TEXT:
            return
        shadow = self._theme.text(words, _TEXT_SIZE, colours.INK, bold=True)
        rect = self.distance_rect(text.get_rect(), *balls, discs)
        surface.blit(shadow, rect.move(1, 1))
        surface.blit(text, rect)

    def distance_rect(
        self,
        text: pygame.Rect,
        ball: Point,
        ghost: Point,
        discs: Sequence[pygame.Rect] = (),
    ) -> pygame.Rect:
        """Return the rectangle for a text beside ball and ghost.

        If possible it is clear of all names, then of as many ``discs`` as possible.
        """
        reach = 2 * (round(BALL_RADIUS * self._pitch.viewport.scale) + self._theme.px(_GAP))
        balls = pygame.Rect(ball, (1, 1)).union((ghost, (1, 1))).inflate(reach, reach)
        names = self._pitch.name_rects
        space = self._pitch.rect.inflate(0, -2 * self._theme.px(_EDGE))
        # If the ball is among names, try beside the names too, and then further away.
        around = balls.unionall(names)
        far = 2 * text.height
        rects = [
            rect.clamp(space)
            for centre in (balls, around, balls.inflate(far, far), around.inflate(far, far))
            for rect in _beside(centre, text)
        ]
        taken = [balls, *names]
        free = [rect for rect in rects if rect.collidelist(taken) < 0]
        return min(free or rects[:1], key=lambda rect: len(rect.collidelistall(list(discs))))

    def _disc_rects(self, scene: Scene) -> list[pygame.Rect]:
        """Return the squares around the players of a scene."""
        side = round(2 * PLAYER_RADIUS * self._pitch.disc_scale)
        rects = []
        for player in scene.players:
            x, y = self._pitch.viewport.point(player.x, player.y)
            rects.append(pygame.Rect(round(x) - side // 2, round(y) - side // 2, side, side))
        return rects


def _beside(centre: pygame.Rect, text: pygame.Rect) -> tuple[pygame.Rect, ...]:
    """Return ``text`` below, above, right and left of a rectangle, then at its corners."""
    rects = tuple(text.copy() for _ in range(8))
    below, above, right, left, *corners = rects
    below.midtop, above.midbottom = centre.midbottom, centre.midtop
    right.midleft, left.midright = centre.midright, centre.midleft
    corners[0].topleft, corners[1].topright = centre.bottomright, centre.bottomleft
    corners[2].bottomleft, corners[3].bottomright = centre.topright, centre.topleft
    return rects


def _predicted_id(drawn: Scene, prediction: PredictionMode) -> int | None:
    if prediction is PredictionMode.OFF:
        return None
    return next((player.player_id for player in drawn.players if player.is_own), None)
