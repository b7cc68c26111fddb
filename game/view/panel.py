"""Panel with one client's match: the pitch and everything drawn on it.

A panel keeps what outlasts a frame: the celebration, the roster and the own goals.
"""

from collections.abc import Callable, Iterable

import pygame

from game.client.frame import Frame, Scene
from game.match.rules import Phase
from game.protocol.messages import Goal, PhaseChanged, Roster, RosterEntry
from game.view import colours
from game.view.pitch.celebration import Celebration
from game.view.pitch.pitch_view import PitchView
from game.view.pitch.viewport import Viewport
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.cards import draw_card, result_lines, status_lines
from net.session.liveness import Liveness, liveness_of

# Function that draws more on a pitch, such as ghosts or trails.
Layer = Callable[[pygame.Surface, Viewport], None]


class Panel:
    """Panel of one source. Call ``place`` before the first ``draw``."""

    def __init__(self, texts: Texts, own_name_only: bool = False) -> None:
        self._texts = texts
        self._own_name_only = own_name_only
        self._roster: tuple[RosterEntry, ...] = ()
        self._celebration: Celebration | None = None
        # Of this match, by name, from all rosters of it: a roster forgets who has left.
        self._own_goals: dict[str, int] = {}
        self._is_final = False

    def place(self, rect: pygame.Rect, theme: Theme) -> None:
        """Lay the panel out in ``rect``."""
        self._theme = theme
        self.pitch = PitchView(rect, theme, self._own_name_only)

    def draw(
        self, surface: pygame.Surface, frame: Frame, now: float, layers: Iterable[Layer] = ()
    ) -> None:
        """Draw one frame at ``now``, in seconds of the clock that the frame was asked with.

        The ``layers`` are drawn above the match and below all text.
        """
        self.note_events(frame, now)
        around = surface.get_clip()
        surface.set_clip(self.pitch.rect)
        self._draw_inside(surface, frame, now, layers)
        surface.set_clip(around)

    def name_of(self, player_id: int | None, scene: Scene | None) -> str:
        """Return a player's name; empty for an unknown id."""
        drawn = () if scene is None else scene.players
        names = {entry.player_id: entry.name for entry in self._roster}
        names.update((player.player_id, player.name) for player in drawn)
        return "" if player_id is None else names.get(player_id, "")

    def _draw_inside(
        self, surface: pygame.Surface, frame: Frame, now: float, layers: Iterable[Layer]
    ) -> None:
        self.pitch.draw(surface, frame.scene)
        for draw_layer in layers:
            draw_layer(surface, self.pitch.viewport)
        if self._celebration is not None:
            if self._celebration.is_over(now):
                self._celebration = None
            elif self._celebration.has_begun(now):
                self._celebration.draw(surface, self.pitch.viewport, self._theme, now)
        self._draw_card(surface, frame, now)
        self._draw_silence(surface, frame.network.silence_s, frame)

    def note_events(self, frame: Frame, now: float) -> None:
        """Note the events of a frame, which is drawn later or not at all."""
        for event in frame.events:
            if isinstance(event, Roster):
                self._roster = event.entries
                self._own_goals |= {each.name: each.own_goals for each in event.entries}
            elif isinstance(event, Goal) and frame.scene is not None:
                scene = frame.scene
                scorer = self.name_of(event.scorer_id, scene)
                self._celebration = Celebration(
                    event, scene.half, scene.pitch, scorer, self._texts, now
                )
            elif isinstance(event, PhaseChanged):
                if self._is_final:
                    self._own_goals.clear()
                self._is_final = event.phase is Phase.FINAL

    def _draw_card(self, surface: pygame.Surface, frame: Frame, now: float) -> None:
        lines = status_lines(frame, self._texts, now)
        if not lines and frame.scene is not None:
            lines = result_lines(frame.scene, self._roster, self._own_goals, self._texts)
        if lines:
            draw_card(surface, self.pitch.rect, self._theme, lines)

    def _draw_silence(self, surface: pygame.Surface, silence_s: float, frame: Frame) -> None:
        liveness = liveness_of(silence_s)
        if liveness is Liveness.ALIVE or frame.scene is None:
            return
        seconds = self._texts.number(silence_s, 1)
        if liveness is Liveness.WARN:
            text = self._texts.no_data_for.format(seconds=seconds)
            self._draw_banner(surface, text, 14, colours.YELLOW, colours.CAUTION)
        else:
            text = self._texts.interrupted.format(seconds=seconds)
            self._draw_banner(surface, text, 22, colours.WARM, colours.ALARM)

    def _draw_banner(
        self,
        surface: pygame.Surface,
        text: str,
        size: float,
        colour: colours.Colour,
        background: colours.Colour,
    ) -> None:
        image = self._theme.text(text, size, colour, bold=True)
        box = image.get_rect().inflate(self._theme.px(size * 1.8), self._theme.px(size * 0.7))
        box.midtop = (self.pitch.rect.centerx, self.pitch.rect.top + self._theme.px(14))
        surface.blit(self._theme.rounded_rect(box.size, background, box.height), box)
        surface.blit(image, image.get_rect(center=box.center))
