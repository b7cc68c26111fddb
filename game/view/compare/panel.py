"""Panel of a comparison: title, pitch with ghosts and trail, lagometer, stats."""

import pygame

from game.client.frame import Frame, Scene
from game.client.frame_history import FrameHistory
from game.match.pitch import PITCH
from game.match.world import Team
from game.view import colours
from game.view.compare.controls import CompareControls, GhostMode
from game.view.compare.source import CompareSource
from game.view.compare.transport_titles import TransportTitles
from game.view.hud import transport_title
from game.view.network.captions import CaptionWriter
from game.view.network.lagometer import Lagometer
from game.view.network.stats_grid import ONE_ROW_HEIGHT, USUAL_HEIGHT, StatsGrid
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
# Relative to the height of a pitch that fills the panel's width.
_LEAST_PITCH_SHARE = 0.65


class ComparePanel:
    """Panel that draws the client called ``name`` of ``source``, as set in ``controls``.

    All panels share ``titles``, since each panel's player appears in the others too.
    """

    def __init__(
        self,
        name: str,
        source: CompareSource,
        controls: CompareControls,
        texts: Texts,
        titles: TransportTitles,
    ) -> None:
        self.name = name
        self.history = FrameHistory()
        self._source = source
        self._controls = controls
        self._texts = texts
        self._titles = titles
        self._panel = Panel(texts, own_name_only=True)
        self._trail = Trail()
        self._caption_writer = CaptionWriter(texts)

    def place(self, rect: pygame.Rect, theme: Theme) -> None:
        """Lay the panel out in ``rect``. Call it before the first ``draw``."""
        self.rect, self._theme = rect, theme
        inside = rect.inflate(-2 * theme.px(_PADDING), -2 * theme.px(_PADDING))
        self._title = pygame.Rect(inside.topleft, (inside.width, theme.px(_TITLE_HEIGHT)))
        pitch, lagometer, stats = self._divide(inside)
        self._panel.place(pitch, theme)
        self._trail.place(theme)
        self.pitch = pitch
        self._ghosts = GhostView(self._panel.pitch, theme, self._texts)
        self._lagometer = Lagometer(lagometer, theme, self._texts) if lagometer.height else None
        self._stats = StatsGrid(stats, theme, self._texts)

    def draw_background(self, surface: pygame.Surface) -> None:
        """Draw the part that changes only with the layout."""
        surface.blit(self._theme.rounded_rect(self.rect.size, colours.PANEL, 10), self.rect)

    def draw(
        self,
        surface: pygame.Surface,
        link: ConnectionStats | None,
        now: float,
        renews_lagometer: bool,
    ) -> Frame:
        """Draw everything on the background, as at ``now``.

        ``link`` is what the emulated link did to this panel's packets.
        """
        frame = self._titles.renamed(self.name, self._source.frame(self.name, now))
        error = self._source.visual_error(self.name, frame)
        self.history.record(now, frame, error, link)
        if frame.scene is not None:
            self._trail.note(now, frame.scene)
        self._draw_title(surface, frame, link, now)
        self._panel.draw(surface, frame, now, self._layers(frame, now))
        self._draw_notes(surface, frame)
        if self._lagometer is not None:
            self._lagometer.draw(surface, frame, self.history, now, renews_lagometer)
        self._stats.draw(surface, frame, self.history, link, now)
        return frame

    def _divide(self, inside: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect, pygame.Rect]:
        """Return the rectangles of pitch, lagometer and stats, below the title."""
        theme = self._theme
        gap = theme.px(_GAP)
        top = inside.top + theme.px(_TITLE_HEIGHT)
        space = inside.bottom - top
        wide_enough = round(inside.width / _PITCH_ASPECT)
        has_lagometer = self._controls.shows_lagometers
        stats_height = theme.px(USUAL_HEIGHT)
        lag_height = theme.px(_LAGOMETER_HEIGHT) if has_lagometer else 0
        gaps = gap * (2 if has_lagometer else 1)
        # However large the text is, the football stays the largest part.
        if space - stats_height - lag_height - gaps < wide_enough * _LEAST_PITCH_SHARE:
            stats_height = min(theme.px(ONE_ROW_HEIGHT), space // 4)
            lag_height = min(lag_height, space // 5)
        pitch_height = min(space - stats_height - lag_height - gaps, wide_enough)
        if has_lagometer:
            # The pitch cannot use more height than its width allows; the lagometer takes the rest.
            spare = space - stats_height - lag_height - gaps - pitch_height
            lag_height += max(0, min(spare, theme.px(_LAGOMETER_MOST) - lag_height))
        pitch = pygame.Rect(inside.left, top, inside.width, max(1, pitch_height))
        lagometer = pygame.Rect(inside.left, pitch.bottom + gap, inside.width, lag_height)
        stats_top = lagometer.bottom + gap if has_lagometer else pitch.bottom + gap
        stats = pygame.Rect(inside.left, stats_top, inside.width, inside.bottom - stats_top)
        return pitch, lagometer, stats

    def _layers(self, frame: Frame, now: float) -> list[Layer]:
        layers: list[Layer] = []
        if self._controls.shows_trails:
            layers.append(lambda surface, view: self._trail.draw(surface, view, now))
        scene, reference = frame.scene, self._reference_scene(frame)
        if scene is not None and reference is not None:
            layers.append(self._ghost_layer(scene, reference, frame))
        return layers

    def _ghost_layer(self, scene: Scene, reference: Scene, frame: Frame) -> Layer:
        def draw(surface: pygame.Surface, _: Viewport) -> None:
            self._ghosts.draw(surface, scene, reference, frame.netcode.prediction)

        return draw

    def _reference_scene(self, frame: Frame) -> Scene | None:
        newest_time_s = self._source.reference_newest_time_s()
        if (
            self._controls.ghosts is GhostMode.OFF
            or newest_time_s is None
            or frame.render_time_s is None
        ):
            return None
        if self._controls.ghosts is GhostMode.PRESENT:
            return self._source.reference_scene(newest_time_s)
        # If the reference state arrives late, show the newest one that has arrived.
        return self._source.reference_scene(min(frame.render_time_s, newest_time_s))

    def _draw_title(
        self, surface: pygame.Surface, frame: Frame, link: ConnectionStats | None, now: float
    ) -> None:
        theme, rect = self._theme, self._title
        title = theme.text(transport_title(frame.transport), 20, colours.TEXT, bold=True)
        surface.blit(title, title.get_rect(topleft=(rect.left, rect.top - theme.px(5))))
        space = rect.width - title.get_width() - theme.px(30)
        self._draw_pill(surface, frame, now, space)
        waits = self._source.has_head_of_line_blocking(frame.transport)
        caption = self._caption_writer.caption(now, frame, self.history, waits)
        text = theme.fitted(caption.text, 13, rect.width, caption.colour)
        surface.blit(text, text.get_rect(bottomleft=(rect.left, rect.bottom - theme.px(3))))

    def _draw_pill(self, surface: pygame.Surface, frame: Frame, now: float, space: int) -> None:
        """Draw a pill that says "frozen" or "extrapolated"."""
        freeze = self.history.freeze(now)
        if frame.is_extrapolated:
            words, colour, background = self._texts.extrapolated, colours.YELLOW, colours.CAUTION
        elif freeze is None:
            return
        else:
            text = self._texts.was_frozen_for if freeze.is_over else self._texts.frozen_for
            words = text.format(value=self._texts.number(freeze.length_s * 1000))
            colour = colours.MUTED if freeze.is_over else colours.WARM
            background = colours.BUTTON if freeze.is_over else colours.ALARM
        image = self._theme.fitted(words, 13, max(1, space), colour, bold=True)
        box = image.get_rect().inflate(self._theme.px(18), self._theme.px(6))
        box.topright = self._title.topright
        surface.blit(self._theme.rounded_rect(box.size, background, box.height), box)
        surface.blit(image, image.get_rect(center=box.center))

    def _draw_notes(self, surface: pygame.Surface, frame: Frame) -> None:
        """Draw the notes along the edges of the pitch: player, corrections, score, late ghosts."""
        if frame.scene is None:
            return
        apron = self.pitch.inflate(-self._theme.px(16), -self._theme.px(8))
        input_router = self._controls.input_router
        if input_router.is_human(self.name):
            self._note(surface, self._texts.you_play, colours.WHITE, bottomleft=apron.bottomleft)
        else:
            receives_input = input_router.receives_input(self.name)
            words = self._texts.bot_plays if receives_input else self._texts.bot_plays_here
            self._note(surface, words, colours.MUTED, bottomleft=apron.bottomleft)
        if frame.corrections is not None:
            size_px = frame.corrections.mean * self._panel.pitch.viewport.scale
            words = self._texts.corrections.format(
                count=frame.corrections.count, size=self._texts.number(size_px, 1)
            )
            self._note(surface, words, colours.MUTED, bottomright=apron.bottomright)
        if self._controls.unreliable_events:
            score = frame.scene.score
            score_text = f"{score[Team.ORANGE]} : {score[Team.SKY]}"
            words = self._texts.score_from_events.format(score=score_text)
            self._note(surface, words, colours.WHITE, topleft=apron.topleft)
        if self._controls.ghosts is not GhostMode.OFF and self._source.reference_is_delayed:
            self._note(surface, self._texts.ghosts_delayed, colours.YELLOW, topright=apron.topright)

    def _note(
        self, surface: pygame.Surface, words: str, colour: colours.Colour, **corner: tuple[int, int]
    ) -> None:
        # Two notes share an edge.
        space = max(1, self.pitch.width // 2 - self._theme.px(20))
        text = self._theme.fitted(words, 11.5, space, colour, bold=True)
        shadow = self._theme.fitted(words, 11.5, space, colours.INK, bold=True)
        rect = text.get_rect(**corner)
        surface.blit(shadow, rect.move(1, 1))
        surface.blit(text, rect)
