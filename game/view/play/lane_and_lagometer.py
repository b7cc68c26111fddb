"""Lane and lagometer below the match of one player: the packets of the link, and the lag."""

import pygame

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.view import colours
from game.view.network.lagometer import Lagometer
from game.view.packet_lane.lane_clip import LaneClip, live_state
from game.view.packet_lane.lane_layout import TRACKS_HEIGHT, WORDS_HEIGHT
from game.view.packet_lane.lane_view import LaneView
from game.view.packet_lane.recent_packets import PacketHistory
from game.view.replay.panel_clip import PanelClip
from game.view.replay.playback import Playback
from game.view.texts import Texts
from game.view.theme import Theme

_LAGOMETER_HEIGHT = 120.0
# The lane has words then, and the match needs the rest.
_REPLAY_LAGOMETER_HEIGHT = 84.0
# Maximum share of the space below the scoreboard; the match needs the rest.
_MOST = 0.45
_SIDE = 12.0
_GAP = 4.0


class LaneAndLagometer:
    """Lane and lagometer of one player, with what they show.

    ``shows_lane`` and ``shows_lagometer`` are the player's choices; slow motion shows both.
    """

    def __init__(self, texts: Texts) -> None:
        self.history = FrameHistory()
        self.packets = PacketHistory()
        self.shows_lane = self.shows_lagometer = False
        self._texts = texts
        self._lane: LaneView | None = None
        self._lagometer: Lagometer | None = None
        self._area = pygame.Rect(0, 0, 0, 0)

    def place(self, area: pygame.Rect, theme: Theme, is_replay: bool) -> int:
        """Lay lane and lagometer out at the bottom of ``area``; return their height in pixels."""
        most = area.height * _MOST
        lane, lagometer = self._heights(theme, is_replay)
        if lane > most:
            lane = theme.px(TRACKS_HEIGHT) if theme.px(TRACKS_HEIGHT) <= most else 0
        gap = theme.px(_GAP)
        if lane + lagometer + gap > most:
            lagometer = 0 if lane or lagometer > most else lagometer
        height = sum(each + gap for each in (lane, lagometer) if each)
        self._area = pygame.Rect(area.left, area.bottom - height, area.width, height)
        inside = self._area.inflate(-2 * theme.px(_SIDE), 0)
        self._lane = self._lagometer = None
        if lane:
            rect = pygame.Rect(inside.left, inside.top, inside.width, lane)
            has_words = is_replay and lane > theme.px(TRACKS_HEIGHT)
            self._lane = LaneView(rect, theme, self._texts, has_words)
        if lagometer:
            rect = pygame.Rect(inside.left, inside.bottom - lagometer, inside.width, lagometer)
            self._lagometer = Lagometer(rect, theme, self._texts)
        return height

    def draw(self, surface: pygame.Surface, frame: Frame, now: float) -> None:
        """Draw lane and lagometer at ``now``."""
        self._draw_background(surface)
        if self._lane is not None:
            self._lane.draw(
                surface, live_state(self.packets, now), is_linked=bool(frame.link_label)
            )
        if self._lagometer is not None:
            self._lagometer.draw(surface, frame, self.history, now)

    def panel_clip(self) -> PanelClip:
        """Return the samples and packets of now, for slow motion."""
        return PanelClip(0, self.history.samples(), LaneClip(self.packets.packets()))

    def draw_playback(
        self, surface: pygame.Surface, frame: Frame, playback: Playback, panel_clip: PanelClip
    ) -> None:
        """Draw lane and lagometer at the time of a playback, whose frame is ``frame``."""
        self._draw_background(surface)
        if self._lane is not None:
            panel_clip.draw_lane(surface, self._lane, playback, is_linked=bool(frame.link_label))
        if self._lagometer is not None:
            panel_clip.draw_lagometer(surface, self._lagometer, playback)

    def _heights(self, theme: Theme, is_replay: bool) -> tuple[int, int]:
        """Return the heights that are wanted for lane and lagometer."""
        lane = theme.px(TRACKS_HEIGHT) if self.shows_lane or is_replay else 0
        if is_replay:
            lane += theme.px(WORDS_HEIGHT)
        has_lagometer = self.shows_lagometer or is_replay
        height = _REPLAY_LAGOMETER_HEIGHT if is_replay else _LAGOMETER_HEIGHT
        return lane, theme.px(height) if has_lagometer else 0

    def _draw_background(self, surface: pygame.Surface) -> None:
        surface.fill(colours.BACKGROUND, self._area)
