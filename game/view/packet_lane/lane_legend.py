"""Legend of the lanes' shapes, in one line, and the note where no lane fits."""

from collections.abc import Callable, Sequence

import pygame

from game.view import colours
from game.view.packet_lane.lane_shapes import (
    draw_acknowledgement,
    draw_copy,
    draw_cross,
    draw_hole,
    draw_input,
    draw_other_data,
    draw_report,
    draw_snapshot,
    draw_waiting,
)
from game.view.texts import Texts
from game.view.theme import Theme

_TEXT_SIZE = 12.0
_SAMPLE = (20.0, 11.0)
_GAP = 7.0
_BETWEEN = 18.0

_Sample = Callable[[pygame.Surface, pygame.Rect, Theme], None]


class LaneLegend:
    """Legend drawn into ``rect``. Make a new one for another rectangle or theme."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self._rect = rect
        self._theme = theme
        entries: tuple[tuple[_Sample, str], ...] = (
            (draw_snapshot, texts.legend_snapshot),
            (_draw_lost, texts.event_lost),
            (_draw_copy, texts.legend_copy),
            (draw_hole, texts.legend_hole),
            (draw_waiting, texts.legend_waiting),
            (_draw_report, texts.legend_report),
            (_draw_input, texts.legend_input),
            (_draw_acknowledgement, texts.legend_acknowledgement),
            (_draw_other_data, texts.legend_other_data),
        )
        self._image = self._paint(entries)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the line in the middle of the rectangle."""
        surface.blit(self._image, self._image.get_rect(center=self._rect.center))

    def _paint(self, entries: Sequence[tuple[_Sample, str]]) -> pygame.Surface:
        """Return an image of the line; without the last entries if they do not fit."""
        theme = self._theme
        sample, gap, between = theme.px(_SAMPLE[0]), theme.px(_GAP), theme.px(_BETWEEN)
        words = [theme.text(text, _TEXT_SIZE, colours.MUTED) for _, text in entries]
        widths = [sample + gap + word.get_width() for word in words]
        count = len(entries)
        while count and sum(widths[:count]) + between * count > self._rect.width:
            count -= 1
        size = (sum(widths[:count]) + between * count, self._rect.height)
        image = pygame.Surface(size, pygame.SRCALPHA)
        left = between // 2
        for (draw_sample, _), word, width in zip(entries[:count], words, widths, strict=False):
            box = pygame.Rect(left, 0, sample, min(theme.px(_SAMPLE[1]), size[1]))
            box.centery = size[1] // 2
            draw_sample(image, box, theme)
            image.blit(word, word.get_rect(midleft=(box.right + gap, size[1] // 2)))
            left += width + between
        return image


class LaneNote:
    """Line in place of the legend which says why no lane is drawn."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self._rect = rect
        self._image = theme.fitted(texts.lane_no_space, _TEXT_SIZE, rect.width, colours.TEXT)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the line in the middle of the rectangle."""
        surface.blit(self._image, self._image.get_rect(center=self._rect.center))


def _draw_lost(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    draw_cross(surface, box.center, box.height // 2 - 1, theme.px(2))


def _draw_copy(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    # Its tips reach out of its box.
    draw_copy(surface, box.inflate(-box.height // 2, 0), theme)


def _draw_report(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    draw_report(surface, box.center, theme)


def _draw_input(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    draw_input(surface, box.center, theme)


def _draw_acknowledgement(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    draw_acknowledgement(surface, box.center, theme)


def _draw_other_data(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    draw_other_data(surface, box.center, theme)
