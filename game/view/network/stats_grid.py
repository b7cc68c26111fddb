"""Grid of one panel's stats: six large numbers, each with a small note.

A number that a player would notice is drawn in a warm colour.
"""

from dataclasses import dataclass
from math import isfinite

import pygame

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.client.panel_stats import PanelStats, panel_stats
from game.view import colours
from game.view.texts import Texts
from game.view.theme import Theme
from net.link.stats import ConnectionStats

# Often enough to follow, and long enough to read.
_RENEWED_EVERY_S = 0.25
_OLD_AGE_S = 0.125
_FROZEN_RATIO = 0.02
# The diameter of the ball: a player would miss it by that.
_WRONG_UNITS = 20.0
_JITTERY_S = 0.010
# In design pixels, for text of the usual size.
USUAL_HEIGHT = 108.0
ONE_ROW_HEIGHT = 50.0
_LEAST_HEIGHT = 92.0
# Three rows of two cells are wider, so their text can grow with the row height.
_TALL_HEIGHT = 190.0
_LARGEST_TEXT_SCALE = 2.4
_LARGEST_SMALL_SCALE = 1.4
_ROW_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Number with its label, its note, and True in ``is_warm`` if it is bad."""

    label: str
    value: str
    note: str
    is_warm: bool = False


class StatsGrid:
    """Grid of one panel's cells in ``rect``. Make a new one for another rectangle or theme."""

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self.rect = rect
        self._theme = theme
        self._texts = texts
        self._cells: tuple[Cell, ...] = ()
        self._renewed_at = float("-inf")
        self._rows, self._columns = _shape(rect.height, theme)
        self._gap = theme.px(_ROW_GAP)
        self._row_height = (rect.height - (self._rows - 1) * self._gap) // self._rows
        # If there is more space, the text grows.
        grown = self._row_height / theme.px(ONE_ROW_HEIGHT)
        self._text_scale = min(max(grown, 1.0), _LARGEST_TEXT_SCALE)

    def draw(
        self,
        surface: pygame.Surface,
        frame: Frame,
        history: FrameHistory,
        link: ConnectionStats | None,
        now: float,
    ) -> None:
        """Draw the numbers. They are computed a few times a second."""
        if now - self._renewed_at >= _RENEWED_EVERY_S:
            stats = panel_stats(frame, history, link)
            cells = make_cells(stats, self._texts) if stats else ()
            self._cells = cells[: self._rows * self._columns]
            self._renewed_at = now
        width = self.rect.width // self._columns
        for index, cell in enumerate(self._cells):
            row, column = divmod(index, self._columns)
            left = self.rect.left + column * width
            top = self.rect.top + row * (self._row_height + self._gap)
            rect = pygame.Rect(left, top, width - self._theme.px(6), self._row_height)
            self._draw_cell(surface, cell, rect)

    def _draw_cell(self, surface: pygame.Surface, cell: Cell, rect: pygame.Rect) -> None:
        theme, size = self._theme, self._text_scale
        small = min(size, _LARGEST_SMALL_SCALE)
        colour = colours.WARM if cell.is_warm else colours.TEXT
        label = theme.fitted(cell.label, 11.5 * small, rect.width, colours.MUTED)
        value = theme.fitted(cell.value, 19 * size, rect.width, colour, bold=True)
        note = theme.fitted(cell.note, 11 * small, rect.width, colours.MUTED)
        # Keep the lines of a cell together, and leave the spare space between the rows.
        spare = rect.height - sum(image.get_height() for image in (label, value, note))
        rect = rect.inflate(0, -max(0, spare))
        surface.blit(label, rect.topleft)
        surface.blit(note, note.get_rect(bottomleft=rect.bottomleft))
        middle = (rect.top + label.get_height() + rect.bottom - note.get_height()) // 2
        surface.blit(value, value.get_rect(midleft=(rect.left, middle)))


def _shape(height: int, theme: Theme) -> tuple[int, int]:
    """Return the number of rows and columns that use a height best."""
    if height >= theme.px(_TALL_HEIGHT):
        return 3, 2
    # With less than half of the height, show only what a player feels.
    return (2, 3) if height >= theme.px(_LEAST_HEIGHT) else (1, 3)


def make_cells(stats: PanelStats, texts: Texts) -> tuple[Cell, ...]:
    """Return the six cells; an unknown number is a dash."""
    return (
        Cell(
            texts.stat_age,
            _ms(stats.age_s, texts),
            texts.stat_p95.format(value=_ms(stats.age_p95_s, texts)),
            max(stats.age_s, stats.age_p95_s) > _OLD_AGE_S,
        ),
        Cell(
            texts.stat_frozen,
            _percent(stats.frozen_ratio, texts),
            texts.stat_stalls.format(count=stats.stalls),
            stats.frozen_ratio > _FROZEN_RATIO,
        ),
        Cell(
            texts.stat_error,
            _units(stats.error_units, 1, texts),
            texts.stat_units.format(value=_units(stats.error_p95_units, 0, texts)),
            (stats.error_units or 0.0) > _WRONG_UNITS,
        ),
        Cell(
            texts.rtt,
            _ms(stats.rtt_s, texts),
            texts.stat_jitter.format(value=_ms(stats.jitter_s, texts)),
            stats.jitter_s > _JITTERY_S,
        ),
        Cell(
            texts.stat_lost,
            _percent(stats.loss_ratio, texts),
            texts.stat_resent.format(count=stats.retransmitted),
        ),
        Cell(
            texts.stat_down,
            _rate(stats.down_bytes_per_s, texts),
            texts.stat_up.format(value=_rate(stats.up_bytes_per_s, texts)),
        ),
    )


def _units(units: float | None, digits: int, texts: Texts) -> str:
    return texts.unknown if units is None else f"{units:.{digits}f}"


def _ms(seconds: float | None, texts: Texts) -> str:
    if seconds is None or not isfinite(seconds):
        return texts.unknown
    # On a LAN all the difference is in the decimals.
    digits = 1 if seconds < 0.01 else 0
    return texts.milliseconds.format(value=f"{seconds * 1000:.{digits}f}")


def _percent(ratio: float, texts: Texts) -> str:
    if not isfinite(ratio):
        return texts.unknown
    return texts.percent.format(value=f"{ratio * 100:.1f}")


def _rate(bytes_per_s: float, texts: Texts) -> str:
    return texts.kilobytes.format(value=f"{bytes_per_s / 1000:.1f}")
