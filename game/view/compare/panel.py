"""One panel of a comparison: title, pitch with ghosts and trail, lagometer, figures.

Asks its source for its own frames. Knows no keys and no other panel.
"""

import pygame

from game.client.frame import Frame, Scene
from game.client.frame_history import FrameHistory
from game.match.pitch import PITCH
from game.match.world import Team
from game.view import theme
from game.view.compare.controls import CompareControls, GhostMode
from game.view.compare.player_titles import TransportTitles
from game.view.compare.source import CompareSource
from game.view.hud import transport_title
from game.view.network.captions import CaptionWriter
from game.view.network.lagometer import Lagometer
from game.view.network.stats_grid import ONE_ROW_HEIGHT, USUAL_HEIGHT, FiguresGrid
from game.view.panel import Layer, Panel
from game.view.pitch.ghosts import GhostView
from game.view.pitch.trails import Trail
from game.view.pitch.viewport import Viewport
from game.view.texts import Texts
from game.view.theme import Theme
from net.link.stats import ConnectionStats

_PADDING = 10.0
_TITLE_HEIGHT = 46.0
_LAGOMETER_HEIGHT = 84.0
_LAGOMETER_MOST = 170.0
_GAP = 8.0
_PITCH_ASPECT = PITCH.outer_half_width / PITCH.outer_half_height
# Of the pitch that the panel's width allows.
_LEAST_PITCH_SHARE = 0.65


class ComparePanel:
    """Draw what `source` has for the panel called `name`, as the desk is set.

    `titles` are shared by all panels, since each one's player plays in the others too.
    """

    def __init__(
        self,
        name: str,
        source: CompareSource,
        desk: CompareControls,
        texts: Texts,
        titles: TransportTitles,
    ) -> None:
        self.name = name
        self.history = FrameHistory()
        self._source = source
        self._desk = desk
        self._texts = texts
        self._titles = titles
        self._panel = Panel(texts, own_name_only=True)
        self._trail = Trail()
        self._narrator = CaptionWriter(texts)

    def place(self, rect: pygame.Rect, look: Theme) -> None:
        """Take this place on the screen from now on."""
        self.rect, self._look = rect, look
        inside = rect.inflate(-2 * look.px(_PADDING), -2 * look.px(_PADDING))
        self._title = pygame.Rect(inside.topleft, (inside.width, look.px(_TITLE_HEIGHT)))
        pitch, lagometer, figures = self._divide(inside)
        self._panel.place(pitch, look)
        self._trail.place(look)
        self.pitch = pitch
        self._ghosts = GhostView(self._panel.pitch, look, self._texts.distance_off)
        self._lagometer = Lagometer(lagometer, look, self._texts) if lagometer.height else None
        self._figures = FiguresGrid(figures, look, self._texts)

    def draw_ground(self, surface: pygame.Surface) -> None:
        """Draw what lies under it and never changes in one place."""
        surface.blit(self._look.rounded_rect(self.rect.size, theme.PANEL, 10), self.rect)

    def draw(
        self,
        surface: pygame.Surface,
        link: ConnectionStats | None,
        now: float,
        renews_lagometer: bool,
    ) -> Frame:
        """Draw everything on its ground, as it is `now`.

        `link` is what was done to this panel's packets.
        """
        frame = self._titles.renamed(self.name, self._source.frame(self.name, now))
        error = self._source.visual_error(self.name, frame)
        self.history.note(now, frame, error)
        if frame.scene is not None:
            self._trail.note(now, frame.scene)
        self._draw_title(surface, frame, link, now)
        self._panel.draw(surface, frame, now, self._layers(frame, now))
        self._draw_notes(surface, frame)
        if self._lagometer is not None:
            self._lagometer.draw(surface, frame, self.history, now, renews_lagometer)
        self._figures.draw(surface, frame, self.history, link, now)
        return frame

    def _divide(self, inside: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect, pygame.Rect]:
        """Return where pitch, lagometer and figures stand, under the title."""
        look = self._look
        gap = look.px(_GAP)
        top = inside.top + look.px(_TITLE_HEIGHT)
        room = inside.bottom - top
        wide_enough = round(inside.width / _PITCH_ASPECT)
        has_lagometer = self._desk.shows_lagometers
        figures_height = look.px(USUAL_HEIGHT)
        lag_height = look.px(_LAGOMETER_HEIGHT) if has_lagometer else 0
        gaps = gap * (2 if has_lagometer else 1)
        # However large the letters are, the football stays the main thing.
        if room - figures_height - lag_height - gaps < wide_enough * _LEAST_PITCH_SHARE:
            figures_height = min(look.px(ONE_ROW_HEIGHT), room // 4)
            lag_height = min(lag_height, room // 5)
        pitch_height = min(room - figures_height - lag_height - gaps, wide_enough)
        if has_lagometer:
            # A pitch cannot use more height than its width allows.
            spare = room - figures_height - lag_height - gaps - pitch_height
            lag_height += max(0, min(spare, look.px(_LAGOMETER_MOST) - lag_height))
        pitch = pygame.Rect(inside.left, top, inside.width, max(1, pitch_height))
        lagometer = pygame.Rect(inside.left, pitch.bottom + gap, inside.width, lag_height)
        figures_top = lagometer.bottom + gap if has_lagometer else pitch.bottom + gap
        figures = pygame.Rect(inside.left, figures_top, inside.width, inside.bottom - figures_top)
        return pitch, lagometer, figures

    def _layers(self, frame: Frame, now: float) -> list[Layer]:
        layers: list[Layer] = []
        if self._desk.shows_trails:
            layers.append(lambda surface, view: self._trail.draw(surface, view, now))
        scene, truth = frame.scene, self._truth(frame)
        if scene is not None and truth is not None:
            layers.append(self._ghost_layer(scene, truth, frame))
        return layers

    def _ghost_layer(self, scene: Scene, truth: Scene, frame: Frame) -> Layer:
        def draw(surface: pygame.Surface, _: Viewport) -> None:
            self._ghosts.draw(surface, scene, truth, frame.techniques.prediction)

        return draw

    def _truth(self, frame: Frame) -> Scene | None:
        newest_time_s = self._source.truth_newest_time_s()
        if (
            self._desk.ghosts is GhostMode.OFF
            or newest_time_s is None
            or frame.render_time_s is None
        ):
            return None
        if self._desk.ghosts is GhostMode.PRESENT:
            return self._source.truth_scene(newest_time_s)
        # Where the truth comes late, the ghosts stay behind until it has come.
        return self._source.truth_scene(min(frame.render_time_s, newest_time_s))

    def _draw_title(
        self, surface: pygame.Surface, frame: Frame, link: ConnectionStats | None, now: float
    ) -> None:
        look, place = self._look, self._title
        title = look.text(transport_title(frame.transport), 20, theme.TEXT, bold=True)
        surface.blit(title, title.get_rect(topleft=(place.left, place.top - look.px(5))))
        room = place.width - title.get_width() - look.px(30)
        self._draw_pill(surface, frame, now, room)
        waits = self._source.has_head_of_line_blocking(frame.transport)
        caption = self._narrator.caption(now, frame, self.history, link, waits)
        text = look.fitted(caption.text, 13, place.width, caption.colour)
        surface.blit(text, text.get_rect(bottomleft=(place.left, place.bottom - look.px(3))))

    def _draw_pill(self, surface: pygame.Surface, frame: Frame, now: float, room: int) -> None:
        """Say that the picture stands still, or is guessed."""
        freeze = self.history.freeze(now)
        if frame.is_extrapolated:
            words, colour, ground = self._texts.guessing, theme.YELLOW, theme.CAUTION
        elif freeze is None:
            return
        else:
            text = self._texts.was_frozen_for if freeze.is_over else self._texts.frozen_for
            words = text.format(value=f"{freeze.length_s * 1000:.0f}")
            colour = theme.MUTED if freeze.is_over else theme.WARM
            ground = theme.BUTTON if freeze.is_over else theme.ALARM
        image = self._look.fitted(words, 13, max(1, room), colour, bold=True)
        box = image.get_rect().inflate(self._look.px(18), self._look.px(6))
        box.topright = self._title.topright
        surface.blit(self._look.rounded_rect(box.size, ground, box.height), box)
        surface.blit(image, image.get_rect(center=box.center))

    def _draw_notes(self, surface: pygame.Surface, frame: Frame) -> None:
        """Write on the pitch's edge who steers, what was corrected, and what is late or told."""
        if frame.scene is None:
            return
        apron = self.pitch.inflate(-self._look.px(16), -self._look.px(8))
        steering = self._desk.steering
        if steering.is_human(self.name):
            self._note(surface, self._texts.you_steer, theme.WHITE, bottomleft=apron.bottomleft)
        else:
            has_keys = steering.has_keys(self.name)
            words = self._texts.bot_steers if has_keys else self._texts.bot_steers_here
            self._note(surface, words, theme.MUTED, bottomleft=apron.bottomleft)
        if frame.corrections is not None:
            size_px = frame.corrections.mean * self._panel.pitch.viewport.scale
            words = self._texts.corrections.format(
                count=frame.corrections.count, size=f"{size_px:.1f}"
            )
            self._note(surface, words, theme.MUTED, bottomright=apron.bottomright)
        if self._desk.unreliable_events:
            score = frame.scene.score
            told = f"{score[Team.ORANGE]} : {score[Team.SKY]}"
            words = self._texts.score_told.format(score=told)
            self._note(surface, words, theme.WHITE, topleft=apron.topleft)
        if self._desk.ghosts is not GhostMode.OFF and self._source.reference_is_delayed:
            self._note(surface, self._texts.ghosts_late, theme.YELLOW, topright=apron.topright)

    def _note(
        self, surface: pygame.Surface, words: str, colour: theme.Colour, **corner: tuple[int, int]
    ) -> None:
        # Two of them share an edge.
        room = max(1, self.pitch.width // 2 - self._look.px(20))
        text = self._look.fitted(words, 11.5, room, colour, bold=True)
        shadow = self._look.fitted(words, 11.5, room, theme.INK, bold=True)
        place = text.get_rect(**corner)
        surface.blit(shadow, place.move(1, 1))
        surface.blit(text, place)
