"""Strips at the edges of the window: scoreboard above, connection below."""

from math import ceil

import pygame

from game.client.frame import Frame, NetworkStats, Scene
from game.match.rules import Phase
from game.match.world import Team
from game.view import colours
from game.view.texts import Texts
from game.view.theme import Theme

# Players notice an older snapshot. It is two intervals at 30 Hz plus some network delay.
_OLD_SNAPSHOT_S = 0.125
_SEPARATION = 22.0
_PILL_PADDING = 22.0
# Names whose spelling no rule of capital letters produces.
_PROPER_NAMES = {"websocket": "WebSocket", "webtransport": "WebTransport"}


class Scoreboard:
    """Strip with score, clock and half."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self._rect = rect
        self._theme = theme
        self._texts = texts

    def draw(self, surface: pygame.Surface, scene: Scene | None) -> None:
        """Draw the strip; without a scene only its background."""
        surface.fill(colours.BACKGROUND, self._rect)
        if scene is None:
            return
        theme, centre = self._theme, self._rect.center
        clock = theme.text(clock_text(scene), 26, colours.TEXT, bold=True)
        half = theme.text(self._half_text(scene), 12, colours.MUTED)
        height = clock.get_height() + half.get_height() - theme.px(6)
        top = centre[1] - height // 2
        surface.blit(clock, clock.get_rect(midtop=(centre[0], top)))
        surface.blit(half, half.get_rect(midbottom=(centre[0], top + height)))
        for team, side in ((Team.ORANGE, -1), (Team.SKY, 1)):
            self._draw_goals(surface, team, scene.score[team], centre[0] + side * theme.px(82))

    def _draw_goals(self, surface: pygame.Surface, team: Team, goals: int, x: int) -> None:
        number = self._theme.text(str(goals), 26, colours.INK, bold=True)
        box = pygame.Rect(0, 0, max(self._theme.px(48), number.get_width()), self._theme.px(40))
        box.center = (x, self._rect.centery)
        surface.blit(self._theme.rounded_rect(box.size, colours.TEAM_COLOURS[team], 8), box)
        surface.blit(number, number.get_rect(center=box.center))

    def _half_text(self, scene: Scene) -> str:
        match scene.phase:
            case Phase.KICK_OFF:
                return self._texts.kick_off
            case Phase.HALF_TIME:
                return self._texts.half_time
            case Phase.FINAL:
                return self._texts.final
        return self._texts.first_half if scene.half == 1 else self._texts.second_half


def clock_text(scene: Scene) -> str:
    """Return the time left in the half as minutes and seconds; 0:00 only at the end."""
    left_s = max(0, ceil(scene.half * scene.half_s - scene.clock_s - 1e-6))
    return f"{left_s // 60}:{left_s % 60:02d}"


class NetworkStrip:
    """Strip with transport, RTT, snapshot age, server address and emulated link."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self._rect = rect
        self._theme = theme
        self._texts = texts

    def draw(self, surface: pygame.Surface, frame: Frame) -> None:
        """Draw the strip: transport and link always, the rest as far as it fits whole."""
        surface.fill(colours.BACKGROUND, self._rect)
        left = self._draw_transport(surface, frame.transport)
        right = self._draw_link_label(surface, frame.link_label, left)
        for label, value, is_warm in self._stats(frame):
            left = self._draw_figure(surface, (left, right), label, value, is_warm)
        self._draw_address(surface, frame, left, right)

    def _stats(self, frame: Frame) -> tuple[tuple[str, str, bool], ...]:
        stats: NetworkStats = frame.network
        age_s = stats.snapshot_age_s
        is_old = frame.is_starved or (age_s is not None and age_s > _OLD_SNAPSHOT_S)
        return (
            (self._texts.rtt, self._milliseconds(stats.rtt_s), False),
            (self._texts.snapshot_age, self._milliseconds(age_s), is_old),
        )

    def _milliseconds(self, seconds: float | None) -> str:
        if seconds is None:
            return self._texts.unknown
        # On a LAN all the difference is in the decimals.
        digits = 1 if seconds < 0.01 else 0
        return self._texts.milliseconds.format(value=self._texts.number(seconds * 1000, digits))

    def _draw_transport(self, surface: pygame.Surface, transport: str) -> int:
        text = self._theme.text(transport_title(transport), 15, colours.TEXT, bold=True)
        box = self._pill(text, self._rect.left + self._theme.px(12))
        surface.blit(self._theme.rounded_rect(box.size, colours.BUTTON, 7), box)
        surface.blit(text, text.get_rect(center=box.center))
        return box.right + self._theme.px(_SEPARATION)

    def _draw_link_label(self, surface: pygame.Surface, label: str, left: int) -> int:
        """Draw the link's label before the right end, and return its left edge.

        It is never left out: a label that does not fit is smaller, then shortened.
        """
        right = self._rect.right - self._theme.px(12)
        if not label:
            return right
        space = right - left - self._theme.px(_PILL_PADDING)
        text = self._theme.fitted(label, 14, max(1, space), colours.WARM, bold=True)
        box = self._pill(text, 0)
        box.right = right
        surface.blit(self._theme.rounded_rect(box.size, colours.ALARM, 7), box)
        surface.blit(text, text.get_rect(center=box.center))
        return box.left

    def _draw_address(self, surface: pygame.Surface, frame: Frame, left: int, right: int) -> None:
        is_watching = frame.scene is not None and frame.own_id is None
        words = f"{frame.address}  ({self._texts.watching})" if is_watching else frame.address
        address = self._theme.text(words, 13, colours.MUTED)
        if left + address.get_width() <= right - self._theme.px(_SEPARATION):
            surface.blit(address, address.get_rect(midleft=(left, self._rect.centery)))

    def _draw_figure(
        self, surface: pygame.Surface, space: tuple[int, int], label: str, value: str, is_warm: bool
    ) -> int:
        """Draw a figure at the left end of ``space`` if it fits; return where the next begins."""
        left, right = space
        y = self._rect.centery
        name = self._theme.text(label, 13, colours.MUTED)
        number = self._theme.text(value, 15, colours.WARM if is_warm else colours.TEXT, bold=True)
        at = left + name.get_width() + self._theme.px(7)
        # A minimum width, so that what follows does not move with the digits.
        end = at + max(number.get_width(), self._theme.px(56))
        if end > right:
            return left
        surface.blit(name, name.get_rect(midleft=(left, y)))
        surface.blit(number, number.get_rect(midleft=(at, y)))
        return end + self._theme.px(_SEPARATION)

    def _pill(self, text: pygame.Surface, left: int) -> pygame.Rect:
        box = pygame.Rect(
            left, 0, text.get_width() + self._theme.px(_PILL_PADDING), self._theme.px(28)
        )
        box.centery = self._rect.centery
        return box


def transport_title(transport: str) -> str:
    """Return a transport's display name; a short unknown name is taken for an acronym."""
    if transport in _PROPER_NAMES:
        return _PROPER_NAMES[transport]
    return transport.upper() if len(transport) <= 4 else transport.capitalize()
