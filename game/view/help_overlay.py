"""Help overlay: a page with the effect of each key, and the shapes of lagometer and lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pygame

from game.view import colours
from game.view.network.lagometer import paint_column
from game.view.network.legend import status_texts
from game.view.packet_lane.lane_legend import LaneLegend
from game.view.texts import Texts
from game.view.theme import LEAST_SCALE, Theme
from game.view.widgets.wrapped_text import wrapped_lines
from net.measure.lag_monitor import ArrivalStatus

_TEXT_SIZE = 15.0
# The rows are what the page is for. With less height the page is reduced, and then goes without
# the samples.
_LEAST_ROW_HEIGHT = 21.0
_MARGINS_HEIGHT = 76.0
_HEAD_HEIGHT = 72.0
_TEXT_SIZES = tuple(_TEXT_SIZE * 0.9**step for step in range(14))
_ROW_PADDING = 10.0
_KEY_LABEL_WIDTH = 62.0
# In the order of preference.
_COLUMNS = (2, 1)
_SAMPLES_HEIGHT = 136.0
_LANE_LEGEND_HEIGHT = 30.0
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
        self._texts = texts
        self._lane_legend: tuple[Theme, LaneLegend] | None = None
        self._page: tuple[Theme, Theme, int] | None = None
        self._fitted_for: tuple[object, ...] = ()
        self._fitted: _Grid | None = None

    def draw(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw the page over all of ``area``."""
        theme, samples_height = self._fit(area, theme)
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
        below = pygame.Rect(inside.left, top, inside.width, max(1, inside.bottom - top))
        above = below.copy()
        above.height = max(1, below.height - samples_height)
        # What the keys do is more important than what the columns mean.
        if not samples_height or self._fit_rows(above, theme) is None:
            self._draw_rows(surface, below, theme)
            return
        self._draw_rows(surface, above, theme)
        samples = pygame.Rect(inside.left, above.bottom, inside.width, samples_height)
        self._draw_samples(surface, samples, theme)

    def _fit(self, area: pygame.Rect, theme: Theme) -> tuple[Theme, int]:
        """Return a theme with which the rows fit, and the height of the samples in pixels.

        Kept from frame to frame, since a new theme renders its texts again.
        """
        if self._page is None or self._page[0] is not theme:
            in_column = -(-len(self._rows) // _COLUMNS[0])
            needed = _MARGINS_HEIGHT + _HEAD_HEIGHT + in_column * _LEAST_ROW_HEIGHT
            scale = area.height / (needed + _SAMPLES_HEIGHT)
            has_samples = scale >= LEAST_SCALE
            without_samples = max(LEAST_SCALE, area.height / needed)
            reduced = theme.reduced(scale if has_samples else without_samples)
            self._page = theme, reduced, reduced.px(_SAMPLES_HEIGHT) if has_samples else 0
        return self._page[1:]

    def _draw_rows(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw the rows as large as they fit whole; leave the last ones out if they do not."""
        grid = self._fit_rows(area, theme)
        if grid is None:
            self._draw_first_rows(surface, area, theme)
            return
        in_column = -(-len(self._rows) // grid.columns)
        step = max(1, min(grid.step(theme), area.height // in_column))
        width = area.width // grid.columns
        for index, row in enumerate(self._rows):
            column, line = divmod(index, in_column)
            rect = pygame.Rect(area.left + column * width, area.top + line * step, width, step)
            self._draw_row(surface, rect, theme, row, grid)

    def _draw_first_rows(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw as many rows as fit whole with small text, each with the lines that it needs.

        The menu and the buttons have the other keys too.
        """
        size, columns = _TEXT_SIZES[-1], _COLUMNS[0]
        width = area.width // columns
        text_width = max(1, self._text_width(width, theme, size))
        line_height = theme.text("0", size).get_height()
        column, top = 0, area.top
        in_column = -(-len(self._rows) // columns)
        for index, row in enumerate(self._rows):
            grid = _Grid(size, columns, len(wrapped_lines(row[1], text_width, theme, size)))
            # Without padding: each row more is worth it.
            height = grid.lines * line_height
            # A column with more than its share would look as if the last rows were missing.
            if top + height > area.bottom or index == in_column * (column + 1):
                column, top = column + 1, area.top
            if column == columns or height > area.height:
                return
            rect = pygame.Rect(area.left + column * width, top, width, height)
            self._draw_row(surface, rect, theme, row, grid)
            top = rect.bottom

    def _fit_rows(self, area: pygame.Rect, theme: Theme) -> "_Grid | None":
        """Return the grid with the largest text in which all rows are whole; None without one."""
        if self._fitted_for != (theme, *area):
            self._fitted_for = (theme, *area)
            grids = (
                _Grid(size, columns, lines)
                for size in _TEXT_SIZES
                for columns, lines in product(_COLUMNS, (1, 2))
            )
            self._fitted = next((grid for grid in grids if self._fits(grid, area, theme)), None)
        return self._fitted

    def _fits(self, grid: "_Grid", area: pygame.Rect, theme: Theme) -> bool:
        in_column = -(-len(self._rows) // grid.columns)
        if in_column * grid.step(theme) > area.height:
            return False
        width = self._text_width(area.width // grid.columns, theme, grid.size)
        return all(
            len(lines) <= grid.lines
            and all(theme.text_width(line, grid.size) <= width for line in lines)
            for lines in (wrapped_lines(text, width, theme, grid.size) for _, text in self._rows)
        )

    def _text_width(self, width: int, theme: Theme, size: float) -> int:
        """Return the width for the text of a row."""
        return width - self._key_width(theme, size) - theme.px(24)

    def _key_width(self, theme: Theme, size: float) -> int:
        labels = (theme.text_width(label, size, bold=True) for label, _ in self._rows)
        return max(theme.px(_KEY_LABEL_WIDTH), max(labels) + theme.px(10))

    def _draw_samples(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        """Draw a large sample column of each kind, with its meaning, and the lane's legend."""
        legend_height = theme.px(_LANE_LEGEND_HEIGHT)
        self._draw_lane_legend(
            surface,
            pygame.Rect(area.left, area.bottom - legend_height, area.width, legend_height),
            theme,
        )
        area = pygame.Rect(area.topleft, (area.width, area.height - legend_height))
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

    def _draw_lane_legend(self, surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
        if self._lane_legend is None or self._lane_legend[0] is not theme:
            self._lane_legend = theme, LaneLegend(area, theme, self._texts)
        self._lane_legend[1].draw(surface)

    def _draw_row(
        self,
        surface: pygame.Surface,
        rect: pygame.Rect,
        theme: Theme,
        row: tuple[str, str],
        grid: "_Grid",
    ) -> None:
        key_label, text = row
        key_width = self._key_width(theme, grid.size)
        key = theme.text(key_label, grid.size, colours.SKY, bold=True)
        box = pygame.Rect(rect.left, rect.top, key_width, rect.height)
        box = box.inflate(0, -theme.px(3))
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, 5), box)
        surface.blit(key, key.get_rect(center=box.center))
        width = max(1, self._text_width(rect.width, theme, grid.size))
        if grid.lines == 1:
            images = [theme.fitted(text, grid.size, width)]
        else:
            lines = wrapped_lines(text, width, theme, grid.size)[: grid.lines]
            images = [theme.text(line, grid.size) for line in lines]
        top = rect.centery - sum(image.get_height() for image in images) // 2
        for image in images:
            surface.blit(image, (box.right + theme.px(10), top))
            top += image.get_height()


@dataclass(frozen=True, slots=True)
class _Grid:
    """Layout of the rows: text size, columns, and lines of text in a row."""

    size: float
    columns: int
    lines: int

    def step(self, theme: Theme) -> int:
        """Return the height of a row in pixels; small text has little space around it."""
        padding = theme.px(_ROW_PADDING) * self.size / _TEXT_SIZE
        return self.lines * theme.text("0", self.size).get_height() + round(padding)
