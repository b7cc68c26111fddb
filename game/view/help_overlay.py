"""Help overlay: a page with the effect of each key, and of the lagometer's columns."""

from collections.abc import Sequence

import pygame

from game.view import colours
from game.view.network.lagometer import paint_column
from game.view.network.legend import status_texts
from game.view.texts import Texts
from game.view.theme import Theme
from net.measure.lag_monitor import ArrivalStatus

_TEXT_SIZE = 15.0
_ROW_HEIGHT = 32.0
_KEY_LABEL_WIDTH = 62.0
_COLUMNS = 2
_SAMPLES_HEIGHT = 110.0
# Sample column's height as a divisor of the full height.
_SAMPLE_HEIGHTS = {
    ArrivalStatus.ON_TIME: 4,
    ArrivalStatus.LATE: 2,
    ArrivalStatus.BURST: 2,
    ArrivalStatus.LOST: 1,
    ArrivalStatus.STALE: 2,
}

# Events that would reach the match, or buttons below the overlay.
_PRESSES = (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.JOYBUTTONDOWN)
_CLOSING_KEYS = (pygame.K_F1, pygame.K_ESCAPE)


def is_modal_event(event: pygame.event.Event) -> bool:
    """Return whether the open overlay must keep this event from what lies below it."""
    return event.type in _PRESSES


def is_close_event(event: pygame.event.Event) -> bool:
    """Return whether an event closes the open overlay."""
    if event.type == pygame.KEYDOWN:
        return event.key in _CLOSING_KEYS
    return event.type == pygame.MOUSEBUTTONDOWN


class HelpOverlay:
    """Page that covers a whole area. It is opaque: text behind it would disturb.

    ``rows`` are the labels of the keys, each with its line of help.
    """

    def __init__(
        self,
        title: str,
        intro: str,
        rows: Sequence[tuple[str, str]],
        texts: Texts,
    ) -> None:
        self._title = title
        self._intro = intro
        self._close = texts.help_close
        self._lagometer = texts.help_lagometer_title
        self._statuses = status_texts(texts)
        self._rows = rows

    def draw(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw the page over all of ``area``."""
        surface.fill(colours.BACKGROUND, area)
        page = area.inflate(-theme.px(40), -theme.px(40))
        surface.blit(theme.rounded_rect(page.size, colours.PANEL, 14), page)
        inside = page.inflate(-theme.px(48), -theme.px(36))
        title = theme.text(self._title, 26, colours.TEXT, bold=True)
        intro = theme.fitted(self._intro, 15, inside.width, colours.MUTED)
        space = max(1, inside.width - title.get_width() - theme.px(20))
        close = theme.fitted(self._close, _TEXT_SIZE, space, colours.SKY, bold=True)
        surface.blit(title, inside.topleft)
        surface.blit(close, close.get_rect(topright=inside.topright))
        surface.blit(intro, (inside.left, inside.top + title.get_height()))
        top = inside.top + title.get_height() + intro.get_height() + theme.px(12)
        space = inside.bottom - theme.px(_SAMPLES_HEIGHT) - top
        self._draw_rows(surface, pygame.Rect(inside.left, top, inside.width, space), theme)
        samples = pygame.Rect(inside.left, top + space, inside.width, theme.px(_SAMPLES_HEIGHT))
        self._draw_samples(surface, samples, theme)

    def _draw_rows(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        in_column = -(-len(self._rows) // _COLUMNS)
        step = min(theme.px(_ROW_HEIGHT), area.height // in_column)
        size = _TEXT_SIZE * min(1.0, step / theme.px(_ROW_HEIGHT))
        width = area.width // _COLUMNS
        for index, (key_label, text) in enumerate(self._rows):
            column, row = divmod(index, in_column)
            rect = pygame.Rect(area.left + column * width, area.top + row * step, width, step)
            self._draw_row(surface, rect, theme, key_label, text, size)

    def _draw_samples(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw a large sample column of each kind, with its meaning."""
        head = theme.fitted(self._lagometer, _TEXT_SIZE, area.width, colours.MUTED)
        surface.blit(head, head.get_rect(topleft=(area.left, area.top + theme.px(10))))
        top = area.top + head.get_height() + theme.px(18)
        slot_height = area.bottom - top
        width = area.width // len(self._statuses)
        for index, (status, text) in enumerate(self._statuses.items()):
            left = area.left + index * width
            slot = pygame.Rect(left, top, theme.px(14), slot_height)
            paint_column(surface, status, slot, slot_height // _SAMPLE_HEIGHTS[status])
            words = theme.fitted(text, _TEXT_SIZE, width - theme.px(34), colours.TEXT)
            surface.blit(words, words.get_rect(midleft=(left + theme.px(24), slot.centery)))

    def _draw_row(
        self,
        surface: pygame.Surface,
        rect: pygame.Rect,
        theme: Theme,
        key_label: str,
        text: str,
        size: float,
    ) -> None:
        key = theme.fitted(
            key_label, size, theme.px(_KEY_LABEL_WIDTH) - theme.px(10), colours.SKY, bold=True
        )
        box = pygame.Rect(rect.left, rect.top, theme.px(_KEY_LABEL_WIDTH), rect.height)
        box = box.inflate(0, -theme.px(3))
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, 5), box)
        surface.blit(key, key.get_rect(center=box.center))
        left = box.right + theme.px(10)
        words = theme.fitted(text, size, rect.right - left - theme.px(10), colours.TEXT)
        surface.blit(words, words.get_rect(midleft=(left, rect.centery)))
