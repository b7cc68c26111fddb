"""Clip of one panel for slow motion: its lagometer and packets at the time of a playback."""

from dataclasses import dataclass

import pygame

from game.client.frame import Frame
from game.client.frame_history import PastSamples
from game.view import colours
from game.view.network.lagometer import Lagometer
from game.view.packet_lane.lane_clip import LaneClip
from game.view.packet_lane.lane_view import LaneView, snapshot_number
from game.view.replay.playback import Playback
from game.view.texts import Texts
from game.view.theme import Theme

_NOTE_SIZE = 11.5


@dataclass(frozen=True, slots=True)
class PanelClip:
    """The panel at ``index`` of each moment, with its samples and packets as of the clip's end."""

    index: int
    samples: PastSamples
    lane: LaneClip

    def draw_lagometer(
        self,
        surface: pygame.Surface,
        lagometer: Lagometer,
        playback: Playback,
        is_renewed: bool = True,
    ) -> None:
        """Draw the lagometer around the time of the playback, and a cursor at it.

        Without ``is_renewed`` the cursor moves over the last image.
        """
        clip, at = playback.clip, playback.at
        # The cursor stands in the middle where there is time on both of its sides.
        end_s = min(clip.end_s, at + lagometer.shown_s / 2)
        newest = clip.moments[clip.index_at(end_s)].panels[self.index].frame
        lagometer.draw(surface, newest, self.samples.until(end_s), end_s, is_renewed)
        lagometer.draw_cursor(surface, at)

    def draw_lane(
        self,
        surface: pygame.Surface,
        lane: LaneView,
        playback: Playback,
        is_linked: bool = True,
    ) -> None:
        """Draw the packets at the time of the playback, with the words of their events.

        Without an emulated link (``is_linked``) no packet is known.
        """
        at = playback.at
        events = self.lane.events(at, playback.speed)
        lane.draw(surface, self.lane.state(at), events, is_linked)


def newest_snapshot_image(
    theme: Theme, texts: Texts, frame: Frame, space: int
) -> pygame.Surface | None:
    """Return the number of the newest snapshot, which the lane has on the packet; None without one.

    Where the words do not fit into ``space``, the number stands alone.
    """
    columns = frame.network.columns
    tick = next((each.tick for each in reversed(columns) if each.age_s is not None), None)
    if tick is None:
        return None
    words = texts.lane_snapshot.format(number=snapshot_number(tick))
    if theme.text_width(words, _NOTE_SIZE, bold=True) > space:
        words = snapshot_number(tick)
    return theme.fitted(words, _NOTE_SIZE, space, colours.WHITE, bold=True)


def draw_newest_snapshot(
    surface: pygame.Surface, pitch: pygame.Rect, theme: Theme, texts: Texts, frame: Frame
) -> None:
    """Draw the number of the newest snapshot into the corner of a pitch that fills its window."""
    image = newest_snapshot_image(theme, texts, frame, pitch.width // 2)
    if image is None:
        return
    rect = image.get_rect(topright=(pitch.right - theme.px(8), pitch.top + theme.px(4)))
    surface.fill(colours.INK, rect.inflate(theme.px(6), 0))
    surface.blit(image, rect)
