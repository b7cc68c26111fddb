"""Legend of the lagometers, in one line: a sample has the shape of its column."""

from collections.abc import Callable, Sequence
from functools import partial

import pygame

from game.view import colours
from game.view.colours import Colour
from game.view.network.lagometer import STARVED_COLOUR, paint_column
from game.view.texts import Texts
from game.view.theme import Theme
from net.measure.lag_monitor import ArrivalStatus

_TEXT_SIZE = 12.0

# Paints a sample into its box.
_Sample = Callable[[pygame.Surface, pygame.Rect], None]


def status_texts(texts: Texts) -> dict[ArrivalStatus, str]:
    """Return the name of each arrival status."""
    return {
        ArrivalStatus.ON_TIME: texts.arrival_on_time,
        ArrivalStatus.LATE: texts.arrival_late,
        ArrivalStatus.BURST: texts.arrival_burst,
        ArrivalStatus.LOST: texts.arrival_lost,
        ArrivalStatus.STALE: texts.arrival_stale,
    }


class Legend:
    """Legend drawn into ``rect``. Make a new one for another rectangle or theme."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self._rect = rect
        self._theme = theme
        self._legend = texts.legend
        self._entries = (
            *(
                (partial(paint_sample, status), text)
                for status, text in status_texts(texts).items()
            ),
            (partial(_paint_square, colours.BLUE), texts.legend_buffered),
            (partial(_paint_square, STARVED_COLOUR), texts.legend_starved),
            (partial(_paint_square, colours.WARM), texts.legend_felt),
        )
        self._image = self._paint()

    @staticmethod
    def height(theme: Theme) -> int:
        """Return the height in pixels that the line needs."""
        return theme.text("0", _TEXT_SIZE).get_height() + theme.px(2)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the line in the middle of the rectangle."""
        surface.blit(self._image, self._image.get_rect(center=self._rect.center))

    def _paint(self) -> pygame.Surface:
        """Return an image of the line; without the last entries if they do not fit."""
        for count in range(len(self._entries), 0, -1):
            image = self._paint_entries(self._entries[:count])
            if image.get_width() <= self._rect.width:
                return image
        return pygame.Surface((0, 0))

    def _paint_entries(self, entries: Sequence[tuple[_Sample, str]]) -> pygame.Surface:
        theme, size = self._theme, _TEXT_SIZE
        gap, side = theme.px(size * 0.5), theme.px(size * 0.6)
        head = theme.text(self._legend, size, colours.MUTED)
        words = [(paint, theme.text(text, size, colours.TEXT)) for paint, text in entries]
        width = head.get_width() + sum(3 * gap + side + text.get_width() for _, text in words)
        image = pygame.Surface((width, head.get_height()), pygame.SRCALPHA)
        image.blit(head, (0, 0))
        left = head.get_width()
        for paint, text in words:
            left += 2 * gap
            # As high as the line: a column shows its shape by its height.
            paint(image, pygame.Rect(left, 1, side, head.get_height() - 2))
            left += side + gap
            image.blit(text, (left, 0))
            left += text.get_width()
        return image.convert_alpha()


def paint_sample(status: ArrivalStatus, surface: pygame.Surface, box: pygame.Rect) -> None:
    """Paint a column as in the lagometer, high or low as it usually is there."""
    height = box.height if status is ArrivalStatus.BURST else box.height // 2
    paint_column(surface, status, box, height)


def _paint_square(colour: Colour, surface: pygame.Surface, box: pygame.Rect) -> None:
    square = pygame.Rect(0, 0, box.width, box.width)
    square.center = box.center
    surface.fill(colour, square)
