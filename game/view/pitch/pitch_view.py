"""Pitch, players and ball, drawn in any rectangle of the screen.

Other layers (ghosts, trails, celebrations) take their coordinates from ``viewport``.
"""

import pygame

from game.client.frame import DrawnPlayer, Scene
from game.match.physics import KICK_REACH
from game.match.pitch import MEDIUM_PITCH, Pitch
from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Team
from game.view import colours
from game.view.pitch.sprites import Disc, Sprites
from game.view.pitch.viewport import Viewport
from game.view.theme import Theme

_PLAYERS = {
    # Not by colour alone: sky has a ring.
    Team.ORANGE: Disc(PLAYER_RADIUS, colours.ORANGE, colours.INK, 2.0),
    Team.SKY: Disc(PLAYER_RADIUS, colours.SKY, colours.INK, 2.0, core=(226, 244, 255)),
}
_BALL = Disc(BALL_RADIUS, colours.WHITE, colours.INK, 1.8)
_OWN_MARK = Disc(PLAYER_RADIUS + 4.5, None, colours.WHITE, 2.2)
_KICK_RING = Disc(PLAYER_RADIUS + KICK_REACH + 2.0, None, (255, 244, 214), 1.5)

_NAME_SIZE = 13.0
# In a large window as in a small one, where the theme's least size is as much.
_LEAST_NAME_SIZE = 11.0
_NAME_WIDTH = 110.0
# Pixels per unit, at 1280x720, of a pitch that fills the window.
_FULL_WINDOW_FIT = 0.95
# A small panel draws discs larger than to scale, or nobody would see the ball.
_LEAST_DISC_SCALE = 0.4
# Before the name of a player who is ready to go on.
_READY_MARK = "✓ "
_STRIPES = 14
_NET_MESH = 10.0


class PitchView:
    """Drawing of scenes in one rectangle. Make a new one for another rectangle or theme.

    With ``own_name_only`` other players have no names: in a small panel they would cover the match.
    ``name_rects`` are the rectangles of the names in the last scene.
    ``viewport``, ``disc_scale`` and ``sprites`` are for the pitch of the last scene.
    """

    def __init__(self, rect: pygame.Rect, theme: Theme, own_name_only: bool = False) -> None:
        self.rect = rect
        self._own_name_only = own_name_only
        self.name_rects: list[pygame.Rect] = []
        self._theme = theme
        self._fit(MEDIUM_PITCH)

    def _fit(self, pitch: Pitch) -> None:
        """Draw this pitch from now on."""
        theme = self._theme
        self._pitch = pitch
        self.viewport = Viewport.fit(pitch, *self.rect)
        self.disc_scale = max(self.viewport.scale, _LEAST_DISC_SCALE * theme.scale / theme.ui_scale)
        self.sprites = Sprites(self.disc_scale)
        self._backgrounds: dict[bool, pygame.Surface] = {}
        # Names shrink with a pitch that is small in its window, as in a comparison.
        fit = self.viewport.scale * theme.ui_scale / theme.scale
        self._name_size = max(_LEAST_NAME_SIZE, _NAME_SIZE * min(1.0, fit / _FULL_WINDOW_FIT))

    def draw(self, surface: pygame.Surface, scene: Scene | None) -> None:
        """Draw the pitch and, with a scene, players and ball."""
        if scene is not None and scene.pitch != self._pitch:
            self._fit(scene.pitch)
        swapped = scene is not None and scene.half == 2
        surface.blit(self._background(swapped), self.rect)
        self.name_rects.clear()
        if scene is None:
            return
        # Crowded discs must stay visible, so names of bots are below them and names of people
        # above.
        for player in scene.players:
            if player.is_bot and not self._own_name_only:
                self._draw_name(surface, player)
        for player in scene.players:
            self._draw_player(surface, player)
        self.sprites.draw(surface, _BALL, *self.viewport.point(scene.ball_x, scene.ball_y))
        for player in scene.players:
            if player.is_own or not (player.is_bot or self._own_name_only):
                self._draw_name(surface, player)

    def _draw_player(self, surface: pygame.Surface, player: DrawnPlayer) -> None:
        x, y = self.viewport.point(player.x, player.y)
        if player.kicking:
            self.sprites.draw(surface, _KICK_RING, x, y)
        if player.is_own:
            self.sprites.draw(surface, _OWN_MARK, x, y)
        self.sprites.draw(surface, _PLAYERS[player.team], x, y)

    def _draw_name(self, surface: pygame.Surface, player: DrawnPlayer) -> None:
        x, y = self.viewport.point(player.x, player.y)
        width = self._theme.px(_NAME_WIDTH)
        marked = _READY_MARK + player.name if player.is_ready else player.name
        name = self._theme.shortened(marked, self._name_size, width, player.is_own)
        colour = (
            colours.WHITE if player.is_own else colours.MUTED if player.is_bot else colours.TEXT
        )
        shadow = self._theme.text(name, self._name_size, colours.INK, player.is_own)
        text = self._theme.text(name, self._name_size, colour, player.is_own)
        # Whole, also where its player is at the edge.
        left = max(self.rect.left, round(x - text.get_width() / 2))
        left = min(left, self.rect.right - text.get_width() - 1)
        top = round(y - (PLAYER_RADIUS + 5.0) * self.viewport.scale) - text.get_height()
        top = max(top, self.rect.top)
        surface.blit(shadow, (left + 1, top + 1))
        self.name_rects.append(surface.blit(text, (left, top)))

    def _background(self, swapped: bool) -> pygame.Surface:
        if swapped not in self._backgrounds:
            local = Viewport.fit(self._pitch, 0, 0, *self.rect.size)
            self._backgrounds[swapped] = _paint_pitch(self.rect.size, self._pitch, local, swapped)
        return self._backgrounds[swapped]


def _paint_pitch(
    size: tuple[int, int], pitch: Pitch, view: Viewport, swapped: bool
) -> pygame.Surface:
    """Return an image of the empty pitch; with ``swapped`` sky defends the left goal."""
    # A window may be so small that nothing is left for the pitch.
    surface = pygame.Surface((max(1, size[0]), max(1, size[1]))).convert()
    surface.fill(colours.BACKGROUND)
    outer_x, outer_y = pitch.outer_half_width, pitch.outer_half_height
    apron = pygame.Rect(view.corners(-outer_x, -outer_y, outer_x, outer_y))
    pygame.draw.rect(surface, colours.APRON, apron, border_radius=round(14 * view.scale))
    _paint_grass(surface, pitch, view)
    left, right = (Team.SKY, Team.ORANGE) if swapped else (Team.ORANGE, Team.SKY)
    _paint_goal(surface, pitch, view, -1, colours.TEAM_COLOURS[left])
    _paint_goal(surface, pitch, view, 1, colours.TEAM_COLOURS[right])
    _paint_lines(surface, pitch, view)
    _paint_posts(surface, pitch, view)
    return surface


def _paint_grass(surface: pygame.Surface, pitch: Pitch, view: Viewport) -> None:
    step = 2.0 * pitch.half_width / _STRIPES
    for index in range(_STRIPES):
        left = -pitch.half_width + index * step
        stripe = view.corners(left, -pitch.half_height, left + step, pitch.half_height)
        surface.fill(colours.GRASS_STRIPE if index % 2 else colours.GRASS, stripe)


def _paint_goal(
    surface: pygame.Surface, pitch: Pitch, view: Viewport, side: int, colour: colours.Colour
) -> None:
    """Paint a goal net in the colour of the team that defends it."""
    line, back = side * pitch.half_width, side * (pitch.half_width + pitch.goal_depth)
    half = pitch.goal_half_height
    box = pygame.Rect(view.corners(min(line, back), -half, max(line, back), half))
    surface.fill(_mixed(colours.APRON, colour, 0.16), box)
    mesh = _mixed(colours.APRON, colour, 0.42)
    step = _NET_MESH * view.scale
    for index in range(1, int(box.width / step) + 1):
        x = box.left + round(index * step)
        pygame.draw.line(surface, mesh, (x, box.top), (x, box.bottom - 1))
    for index in range(1, int(box.height / step) + 1):
        y = box.top + round(index * step)
        pygame.draw.line(surface, mesh, (box.left, y), (box.right - 1, y))
    pygame.draw.rect(surface, _mixed(colours.APRON, colour, 0.8), box, _line_width(view))


def _paint_lines(surface: pygame.Surface, pitch: Pitch, view: Viewport) -> None:
    width = _line_width(view)
    half_width, half_height = pitch.half_width, pitch.half_height
    field = pygame.Rect(view.corners(-half_width, -half_height, half_width, half_height))
    pygame.draw.rect(surface, colours.LINE, field, width)
    x, _ = view.point(0.0, 0.0)
    surface.fill(colours.LINE, (round(x - width / 2), field.top, width, field.height))
    sprites = Sprites(view.scale)
    line_width = width / view.scale
    circle = Disc(pitch.centre_circle_radius, None, colours.LINE, line_width)
    spot = Disc(5.0, colours.LINE, colours.LINE, 1.0)
    for disc in (circle, spot):
        sprites.draw(surface, disc, *view.point(0.0, 0.0))


def _paint_posts(surface: pygame.Surface, pitch: Pitch, view: Viewport) -> None:
    sprites = Sprites(view.scale)
    post = Disc(pitch.post_radius, colours.POST, colours.INK, 1.6)
    for x, y in pitch.posts:
        sprites.draw(surface, post, *view.point(x, y))


def _line_width(view: Viewport) -> int:
    return max(1, round(2.4 * view.scale))


def _mixed(base: colours.Colour, tint: colours.Colour, share: float) -> colours.Colour:
    red, green, blue, _ = pygame.Color(*base).lerp(pygame.Color(*tint), share)
    return red, green, blue
