"""Celebration of a goal: confetti from the goal, and text across the pitch.

Every position follows from ``now``, so a slow computer draws fewer frames of the same motion.
"""

import random
from dataclasses import dataclass
from math import cos, exp, pi, sin

import pygame

from game.match.pitch import Pitch
from game.match.world import Team
from game.protocol.messages import Goal
from game.view import colours
from game.view.pitch.viewport import Viewport
from game.view.texts import Texts
from game.view.theme import Theme, blit_faded

# As long as the pause after a goal in the rules.
SHOWN_S = 2.5
_CONFETTI = 90
_FADE_S = 0.5
_POP_S = 0.18
# Confetti in air: drag stops it, then it sinks at this acceleration (units/s²).
_DRAG_PER_S = 2.6
_SINK = 70.0


@dataclass(frozen=True, slots=True)
class _Piece:
    vx: float
    vy: float
    size: float
    colour: colours.Colour


class Celebration:
    """Celebration of one goal on ``pitch``, in ``half`` 1 or 2, that began at ``began_at``."""

    def __init__(
        self, goal: Goal, half: int, pitch: Pitch, scorer: str, texts: Texts, began_at: float
    ) -> None:
        self._colour = colours.TEAM_COLOURS[goal.team]
        self._title = texts.own_goal if goal.own_goal else texts.goal
        by = texts.own_goal_by if goal.own_goal else texts.scored_by
        self._scorer = by.format(name=scorer) if scorer else ""
        side = side_of(goal.team, half)
        self._pitch = pitch
        self._mouth = (side * pitch.half_width, 0.0)
        self._began_at = began_at
        # Seeded, so that a goal looks the same in every panel.
        self._pieces = _throw(random.Random(goal.tick), side, self._colour)

    def has_begun(self, now: float) -> bool:
        """Return whether there is something to draw yet; not in a replay of the time before."""
        return now >= self._began_at

    def is_over(self, now: float) -> bool:
        """Return whether nothing is left to draw."""
        return now - self._began_at >= SHOWN_S

    def draw(self, surface: pygame.Surface, view: Viewport, theme: Theme, now: float) -> None:
        """Draw confetti and text as they are at ``now``."""
        age_s = now - self._began_at
        self._draw_pieces(surface, view, age_s)
        self._draw_words(surface, view, theme, age_s)

    def _draw_pieces(self, surface: pygame.Surface, view: Viewport, age_s: float) -> None:
        flown = (1.0 - exp(-_DRAG_PER_S * age_s)) / _DRAG_PER_S
        shrunk = max(0.0, 1.0 - age_s / SHOWN_S)
        for piece in self._pieces:
            x, y = view.point(
                self._mouth[0] + piece.vx * flown,
                self._mouth[1] + piece.vy * flown + _SINK * age_s * age_s / 2.0,
            )
            side = max(1, round(piece.size * shrunk * view.scale))
            surface.fill(piece.colour, (round(x), round(y), side, side))

    def _draw_words(
        self, surface: pygame.Surface, view: Viewport, theme: Theme, age_s: float
    ) -> None:
        opacity = max(0.0, min(1.0, age_s / _POP_S, (SHOWN_S - age_s) / _FADE_S))
        rise = theme.px(26) * (1.0 - min(1.0, age_s / _POP_S)) ** 2
        x, y = view.point(0.0, -self._pitch.half_height * 0.42)
        lines = ((self._title, 76.0, self._colour), (self._scorer, 30.0, colours.TEXT))
        # A small panel in a large window needs smaller text.
        shrink = min(1.0, view.scale * 1.3 / theme.scale)
        for text, size, colour in lines:
            if not text:
                continue
            for offset, shade in ((theme.px(2), colours.INK), (0, colour)):
                image = theme.text(text, size * shrink, shade, bold=True)
                rect = image.get_rect(center=(x + offset, y + rise + offset))
                blit_faded(surface, image, rect, opacity)
            y += image.get_height() * 0.78


def _throw(rng: random.Random, side: int, colour: colours.Colour) -> tuple[_Piece, ...]:
    """Return confetti thrown into the pitch from the goal at ``side``."""
    choices = (colour, colour, colours.WHITE, colours.YELLOW)
    pieces = []
    for _ in range(_CONFETTI):
        angle = rng.uniform(-0.42, 0.42) * pi
        speed = rng.uniform(120.0, 900.0)
        pieces.append(
            _Piece(
                -side * speed * cos(angle),
                speed * sin(angle),
                rng.uniform(4.0, 11.0),
                rng.choice(choices),
            )
        )
    return tuple(pieces)


def side_of(team: Team, half: int) -> int:
    """Return the end where ``team`` scores in this half: +1 right, -1 left."""
    return 1 if (team is Team.ORANGE) == (half == 1) else -1
