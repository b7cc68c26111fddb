"""Panel of a comparison: title, pitch with ghosts and trail, lagometer, stats."""

from dataclasses import replace

import pygame

from game.client.frame import Frame, Scene
from game.client.frame_history import FrameHistory, Freeze
from game.match.world import Team
from game.view import colours
from game.view.compare.panel_layout import (
    CAPTION_SIZE,
    SIMPLE_CAPTION_SIZE,
    TITLE_SIZE,
    PanelParts,
    lay_out_panel,
)
from game.view.compare.settings import CompareControls, GhostMode
from game.view.compare.source import CompareSource
from game.view.compare.transport_titles import TransportTitles
from game.view.hud import transport_title
from game.view.network.captions import Caption, CaptionWriter
from game.view.network.lagometer import Lagometer
from game.view.network.stats_grid import StatsGrid
from game.view.packet_lane.lane_clip import LaneClip, live_state
from game.view.packet_lane.lane_layout import TRACKS_HEIGHT
from game.view.packet_lane.lane_view import LaneView
from game.view.packet_lane.recent_packets import PacketHistory
from game.view.panel import Layer, Panel
from game.view.pitch.ghosts import GhostView
from game.view.pitch.trails import SHOWN_S, Trail
from game.view.pitch.viewport import Viewport
from game.view.replay.panel_clip import PanelClip, newest_snapshot_image
from game.view.replay.playback import Playback
from game.view.replay.recent_frames import PanelMoment
from game.view.texts import Texts
from game.view.theme import Theme
from net.link.stats import ConnectionStats

_NOTE_SIZE = 11.5
# Share of the title's width for the number of the newest snapshot, in slow motion.
_SNAPSHOT_SHARE = 0.4
# What a player pays, and how much the link lost.
_SIMPLE_CELLS = 2
_CELLS = 6


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
        self._packets = PacketHistory()
        self._source = source
        self._controls = controls
        self._texts = texts
        self._titles = titles
        self._panel = Panel(texts, own_name_only=True)
        self._trail = Trail()
        self._caption_writer = CaptionWriter(texts)

    def place(self, rect: pygame.Rect, theme: Theme, parts: PanelParts) -> None:
        """Lay the panel out in ``rect``. Call it before the first ``draw``."""
        self.rect, self._theme = rect, theme
        layout = lay_out_panel(rect, theme, parts)
        self._title, self.pitch = layout.title, layout.pitch
        self._panel.place(self.pitch, theme)
        self._trail.place(theme)
        self._ghosts = GhostView(self._panel.pitch, theme, self._texts)
        self._lagometer = (
            Lagometer(layout.lagometer, theme, self._texts) if layout.lagometer else None
        )
        self._lane = None
        if layout.lane is not None:
            has_words = layout.lane.height > theme.px(TRACKS_HEIGHT)
            self._lane = LaneView(layout.lane, theme, self._texts, has_words)
        cells = _CELLS if parts.details else _SIMPLE_CELLS
        self._stats = StatsGrid(layout.stats, theme, self._texts, cells) if layout.stats else None

    @property
    def has_lagometer(self) -> bool:
        """True if a lagometer is wanted and there is space for it."""
        return self._lagometer is not None

    @property
    def has_lane(self) -> bool:
        """True if a lane is wanted and there is space for it."""
        return self._lane is not None

    @property
    def cells_shown(self) -> int:
        """The number of figures for which there is space."""
        return self._stats.cells_shown if self._stats is not None else 0

    @property
    def space_below_pitch(self) -> int:
        """The height below the pitch where nothing is drawn, in pixels."""
        stats = self._stats
        if stats is None or self._lagometer is not None or self._lane is not None:
            return 0
        # Figures may stand beside the pitch.
        return max(0, stats.rect.top + stats.space_above - self.pitch.bottom)

    def draw_background(self, surface: pygame.Surface) -> None:
        """Draw the part that changes only with the layout."""
        surface.blit(self._theme.rounded_rect(self.rect.size, colours.PANEL, 10), self.rect)

    def observe(self, link: ConnectionStats | None, now: float) -> tuple[Frame, PanelMoment]:
        """Note what the source shows at ``now``; return its frame, and what to draw of it.

        ``link`` is what the emulated link did to this panel's packets.
        """
        frame = self._titles.renamed(self.name, self._source.frame(self.name, now))
        error = self._source.visual_error(self.name, frame)
        self.history.record(now, frame, error, link)
        if frame.scene is not None:
            self._trail.note(now, frame.scene)
        self._panel.note_events(frame, now)
        self._packets.add(
            self._source.packet_log(self.name), self._source.packet_clock_offset_s, now
        )
        waits = self._source.has_head_of_line_blocking(frame.transport)
        moment = PanelMoment(
            frame if not frame.events else replace(frame, events=()),
            self._reference_scene(frame),
            self.history.freeze(now, self._controls.freeze_shown_s),
            self._caption_writer.caption(now, frame, self.history, waits),
        )
        return frame, moment

    def draw(
        self,
        surface: pygame.Surface,
        moment: PanelMoment,
        link: ConnectionStats | None,
        now: float,
        renews_lagometer: bool,
    ) -> None:
        """Draw everything on the background, as at ``now``.

        ``link`` is what the emulated link did to this panel's packets.
        """
        frame = moment.frame
        layers: list[Layer] = []
        if self._controls.shows_trails:
            layers.append(lambda surface, view: self._trail.draw(surface, view, now))
        self._draw_match(surface, moment, now, layers)
        if self._lagometer is not None:
            self._lagometer.draw(surface, frame, self.history, now, renews_lagometer)
        if self._lane is not None:
            self._lane.draw(surface, live_state(self._packets, now))
        if self._stats is not None:
            self._stats.draw(surface, frame, self.history, link, now)

    def clip(self, index: int) -> PanelClip:
        """Return the samples and packets of now, for slow motion; ``index`` is the panel's own."""
        return PanelClip(index, self.history.samples(), LaneClip(self._packets.packets()))

    def draw_playback(
        self,
        surface: pygame.Surface,
        playback: Playback,
        panel_clip: PanelClip,
        renews_lagometer: bool,
    ) -> None:
        """Draw what this panel showed at the time of a playback."""
        clip, at = playback.clip, playback.at
        moment = clip.moments[clip.index_at(at)]
        shown = moment.panels[panel_clip.index]
        layers: list[Layer] = []
        if self._controls.shows_trails:
            dots = [
                (each.at, scene.ball_x, scene.ball_y)
                for each in clip.between(at - SHOWN_S, at)
                if (scene := each.panels[panel_clip.index].frame.scene) is not None
            ]
            layers.append(lambda surface, view: self._trail.draw_dots(surface, view, dots, at))
        space = round(self._title.width * _SNAPSHOT_SHARE)
        note = newest_snapshot_image(self._theme, self._texts, shown.frame, space)
        self._draw_match(surface, shown, moment.at, layers, note)
        if self._lane is not None:
            panel_clip.draw_lane(surface, self._lane, playback)
        if self._lagometer is not None:
            panel_clip.draw_lagometer(surface, self._lagometer, playback, renews_lagometer)

    def _draw_match(
        self,
        surface: pygame.Surface,
        moment: PanelMoment,
        now: float,
        layers: list[Layer],
        note: pygame.Surface | None = None,
    ) -> None:
        """Draw title, pitch and notes; the ghosts are the last layer. ``note`` is in the title."""
        frame, reference = moment.frame, moment.reference
        if frame.scene is not None and reference is not None:
            layers.append(self._ghost_layer(frame.scene, reference, frame))
        self._draw_title(surface, moment, note)
        self._panel.draw(surface, frame, now, layers)
        self._draw_notes(surface, frame)
        self._draw_freeze(surface, moment.freeze)

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
        self, surface: pygame.Surface, moment: PanelMoment, note: pygame.Surface | None
    ) -> None:
        theme, rect, frame = self._theme, self._title, moment.frame
        words = transport_title(frame.transport)
        if frame.switching_to not in (None, frame.transport):
            words += f" → {transport_title(frame.switching_to)}"
        title = theme.fitted(words, TITLE_SIZE, rect.width, bold=True)
        surface.blit(title, title.get_rect(topleft=(rect.left, rect.top - theme.px(4))))
        self._draw_pill(surface, moment, rect.width - title.get_width() - theme.px(30))
        space = rect.width
        if note is not None:
            surface.blit(note, note.get_rect(bottomright=rect.bottomright))
            space -= note.get_width() + theme.px(10)
        if moment.caption is not None:
            image = self._caption_image(moment.caption, space)
            surface.blit(image, image.get_rect(bottomleft=rect.bottomleft))

    def _caption_image(self, caption: Caption, width: int) -> pygame.Surface:
        """Return the caption in three words, or with details in half a line if that fits whole."""
        theme = self._theme
        if self._controls.shows_details:
            image = theme.text(caption.text, CAPTION_SIZE, caption.colour)
            if image.get_width() <= width:
                return image
            return theme.fitted(caption.short, CAPTION_SIZE, width, caption.colour)
        return theme.fitted(caption.short, SIMPLE_CAPTION_SIZE, width, caption.colour, bold=True)

    def _draw_freeze(self, surface: pygame.Surface, freeze: Freeze | None) -> None:
        """Draw a frame around a pitch that stands still: in most moments all pitches look alike."""
        if freeze is not None and not freeze.is_over:
            pygame.draw.rect(surface, colours.VERMILLION, self.pitch, self._theme.px(3))

    def _draw_pill(self, surface: pygame.Surface, moment: PanelMoment, space: int) -> None:
        """Draw a pill that says "frozen" or "extrapolated"; in short, or not at all, if narrow."""
        frame, freeze, texts = moment.frame, moment.freeze, self._texts
        words: tuple[str, ...]
        if frame.is_extrapolated:
            words, colour, background = (texts.extrapolated,), colours.YELLOW, colours.CAUTION
        elif freeze is None:
            return
        else:
            length_ms = texts.number(freeze.length_s * 1000)
            text = texts.was_frozen_for if freeze.is_over else texts.frozen_for
            words = (text.format(value=length_ms), texts.milliseconds.format(value=length_ms))
            colour = colours.MUTED if freeze.is_over else colours.WARM
            background = colours.BUTTON if freeze.is_over else colours.ALARM
        for each in words:
            image = self._theme.text(each, 13, colour, bold=True)
            box = image.get_rect().inflate(self._theme.px(18), self._theme.px(6))
            if box.width <= space:
                box.topright = self._title.topright
                box.top -= self._theme.px(4)
                surface.blit(self._theme.rounded_rect(box.size, background, box.height), box)
                surface.blit(image, image.get_rect(center=box.center))
                return

    def _draw_notes(self, surface: pygame.Surface, frame: Frame) -> None:
        """Draw the notes along the edges of the pitch: player, corrections, score, late ghosts."""
        if frame.scene is None:
            return
        apron = self.pitch.inflate(-self._theme.px(16), -self._theme.px(8))
        input_router = self._controls.input_router
        has_corrections = frame.corrections is not None and self._controls.shows_details
        words, colour = self._texts.you_play, colours.WHITE
        if not input_router.is_human(self.name):
            receives_input = input_router.receives_input(self.name)
            words = self._texts.bot_plays if receives_input else self._texts.bot_plays_here
            colour = colours.MUTED
        # The whole edge, if it has no other note.
        most = apron.width if not has_corrections else None
        self._note(surface, words, colour, most, bottomleft=apron.bottomleft)
        if frame.corrections is not None and has_corrections:
            size_px = frame.corrections.mean * self._panel.pitch.viewport.scale
            words = self._texts.corrections.format(
                count=frame.corrections.count, size=self._texts.number(size_px, 1)
            )
            self._note(surface, words, colours.MUTED, bottomright=apron.bottomright)
        is_delayed = (
            self._controls.ghosts is not GhostMode.OFF and self._source.reference_is_delayed
        )
        if self._controls.unreliable_events:
            score = frame.scene.score
            score_text = f"{score[Team.ORANGE]} : {score[Team.SKY]}"
            words = self._texts.score_from_events.format(score=score_text)
            most = apron.width if not is_delayed else None
            self._note(surface, words, colours.WHITE, most, topleft=apron.topleft)
        if is_delayed:
            self._note(surface, self._texts.ghosts_delayed, colours.YELLOW, topright=apron.topright)

    def _note(
        self,
        surface: pygame.Surface,
        words: str,
        colour: colours.Colour,
        most: int | None = None,
        **corner: tuple[int, int],
    ) -> None:
        """Draw a note that is ``most`` pixels wide at most, or leave it out.

        By default two notes share an edge.
        """
        space = self.pitch.width // 2 - self._theme.px(20) if most is None else most
        text = self._theme.text(words, _NOTE_SIZE, colour, bold=True)
        if text.get_width() > space:
            return
        rect = text.get_rect(**corner)
        # The lines of a small pitch would run through the words.
        surface.fill(colours.APRON, rect)
        surface.blit(text, rect)
