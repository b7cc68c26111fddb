"""Grid of one panel's stats: large numbers, each with a small note.

A number that a player would notice is drawn in a warm colour.
"""

from collections.abc import Sequence
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
_STARVED_RATIO = 0.02
# The diameter of the ball: a player would miss it by that.
_WRONG_UNITS = 20.0
_JITTERY_S = 0.010
_LARGEST_TEXT_SCALE = 2.4
# Smaller text is better than a missing figure, while it can still be read from afar.
_SMALLEST_TEXT_SCALE = 0.75
_LARGEST_SMALL_SCALE = 1.6
_ROW_GAP = 8.0
_COLUMN_GAP = 10.0
_LINE_GAP_MOST = 6.0
_LABEL_SIZE, _VALUE_SIZE, _NOTE_SIZE = 11.5, 19.0, 11.0
# Numbers as wide as any that a panel shows, to lay the cells out before there is one.
_WIDE_STATS = PanelStats(
    age_s=0.888,
    age_p95_s=0.888,
    starved_ratio=0.888,
    extrapolates=False,
    stalls=88,
    error_units=88.8,
    error_p95_units=888.0,
    rtt_s=0.888,
    jitter_s=0.088,
    wire_loss_ratio=0.888,
    never_shown_ratio=0.888,
    retransmitted=888,
    down_bytes_per_s=8800.0,
    up_bytes_per_s=8800.0,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Number with its label, its note, and True in ``is_warm`` if it is bad."""

    label: str
    value: str
    note: str
    is_warm: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """Rows and columns of a grid, and the scale of its text relative to the usual one."""

    rows: int
    columns: int
    scale: float
    has_notes: bool

    @property
    def cells(self) -> int:
        return self.rows * self.columns


_NO_CELLS = _Shape(0, 1, 1.0, False)


def grid_height(theme: Theme, rows: int, has_notes: bool) -> int:
    """Return the height in pixels of a grid with text of the usual size."""
    sizes = (_LABEL_SIZE, _VALUE_SIZE, _NOTE_SIZE) if has_notes else (_LABEL_SIZE, _VALUE_SIZE)
    # Text has a minimum size in pixels, so its height does not follow the window's size.
    row_height = sum(theme.text("0", size, bold=size == _VALUE_SIZE).get_height() for size in sizes)
    return rows * row_height + (rows - 1) * theme.px(_ROW_GAP)


class StatsGrid:
    """Grid of one panel's cells in ``rect``. Make a new one for another rectangle or theme.

    ``most`` is the number of cells that are wanted. A cell that does not fit whole is left out, the
    least important first.
    """

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts, most: int = 6) -> None:
        self.rect = rect
        self._theme = theme
        self._texts = texts
        self._cells: tuple[Cell, ...] = ()
        self._renewed_at = float("-inf")
        self._wide_cells = make_cells(_WIDE_STATS, texts)[:most]
        self._shape = self._best_shape()
        self._gap = theme.px(_ROW_GAP)
        rows = max(1, self._shape.rows)
        self._row_height = (rect.height - (rows - 1) * self._gap) // rows

    @property
    def cells_shown(self) -> int:
        """The number of cells for which there is space."""
        return min(self._shape.cells, len(self._wide_cells))

    @property
    def space_above(self) -> int:
        """The free height above the first line, in pixels."""
        if not self._shape.cells:
            return self.rect.height
        small = min(self._shape.scale, _LARGEST_SMALL_SCALE)
        sizes = [_LABEL_SIZE * small, _VALUE_SIZE * self._shape.scale]
        if self._shape.has_notes:
            sizes.append(_NOTE_SIZE * small)
        heights = [
            self._theme.text("0", size, bold=index == 1).get_height()
            for index, size in enumerate(sizes)
        ]
        return self._spacing(heights)[0]

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
            self._cells = cells[: self.cells_shown]
            self._renewed_at = now
        width = self.rect.width // self._shape.columns
        for index, cell in enumerate(self._cells):
            row, column = divmod(index, self._shape.columns)
            left = self.rect.left + column * width
            top = self.rect.top + row * (self._row_height + self._gap)
            rect = pygame.Rect(left, top, width - self._theme.px(_COLUMN_GAP), self._row_height)
            self._draw_cell(surface, cell, rect)

    def _draw_cell(self, surface: pygame.Surface, cell: Cell, rect: pygame.Rect) -> None:
        theme, scale = self._theme, self._shape.scale
        small = min(scale, _LARGEST_SMALL_SCALE)
        colour = colours.WARM if cell.is_warm else colours.TEXT
        images = [
            theme.text(cell.label, _LABEL_SIZE * small, colours.MUTED),
            theme.fitted(cell.value, _VALUE_SIZE * scale, rect.width, colour, bold=True),
        ]
        if self._shape.has_notes:
            note = theme.text(cell.note, _NOTE_SIZE * small, colours.MUTED)
            # A note that does not fit is left out; its line stays free, as in the other cells.
            fits = note.get_width() <= rect.width
            images.append(note if fits else theme.text(" ", _NOTE_SIZE * small))
        above, gap = self._spacing([image.get_height() for image in images])
        top = rect.top + above
        for image in images:
            surface.blit(image, (rect.left, top))
            top += image.get_height() + gap

    def _spacing(self, heights: Sequence[int]) -> tuple[int, int]:
        """Return the space above the lines of a cell, and between them."""
        # Half of the spare space goes between the lines, half between the rows.
        spare = max(0, self._row_height - sum(heights))
        gap = min(spare // (2 * len(heights)), self._theme.px(_LINE_GAP_MOST))
        return (spare - gap * (len(heights) - 1)) // 2, gap

    def _best_shape(self) -> _Shape:
        """Return the shape that shows most cells; of several the one with the largest text."""
        wanted = len(self._wide_cells)
        shapes = [self._shape_of(columns, notes) for columns in (6, 3, 2, 1) for notes in (1, 0)]
        return max(
            (shape for shape in shapes if shape.columns <= wanted),
            key=lambda shape: (min(shape.cells, wanted), shape.has_notes, shape.scale),
            default=_NO_CELLS,
        )

    def _shape_of(self, columns: int, has_notes: bool | int) -> _Shape:
        """Return the shape with this many columns; without rows if a cell would not fit."""
        theme = self._theme
        shown = self._wide_cells
        usual = grid_height(theme, 1, bool(has_notes))
        gap = theme.px(_ROW_GAP)
        rows = min((self.rect.height + gap) // (usual + gap), -(-len(shown) // columns))
        space = self.rect.width // columns - theme.px(_COLUMN_GAP)
        if rows < 1 or max(self._widths(shown, _SMALLEST_TEXT_SCALE)) > space:
            return _Shape(0, columns, 1.0, bool(has_notes))
        row_height = (self.rect.height - (rows - 1) * gap) // rows
        scale = min(max(row_height / usual, 1.0), _LARGEST_TEXT_SCALE)
        while scale > _SMALLEST_TEXT_SCALE and max(self._widths(shown, scale)) > space:
            scale = max(_SMALLEST_TEXT_SCALE, scale - 0.1)
        return _Shape(rows, columns, scale, bool(has_notes))

    def _widths(self, cells: tuple[Cell, ...], scale: float) -> list[int]:
        """Return the widths in pixels of labels and values; a note may be left out."""
        theme, small = self._theme, min(scale, _LARGEST_SMALL_SCALE)
        widths = [theme.text_width(cell.label, _LABEL_SIZE * small) for cell in cells]
        widths += [theme.text_width(cell.value, _VALUE_SIZE * scale, bold=True) for cell in cells]
        return widths


def make_cells(stats: PanelStats, texts: Texts) -> tuple[Cell, ...]:
    """Return the cells, the most important first; an unknown number is a dash."""
    return (
        _starved_cell(stats, texts),
        Cell(
            texts.stat_lost,
            _percent(stats.wire_loss_ratio, texts),
            texts.stat_resent.format(count=stats.retransmitted),
        ),
        Cell(
            texts.stat_age,
            _ms(stats.age_s, texts),
            texts.stat_p95.format(value=_ms(stats.age_p95_s, texts)),
            max(stats.age_s, stats.age_p95_s) > _OLD_AGE_S,
        ),
        Cell(
            texts.stat_error,
            _units(stats.error_units, 1, texts),
            texts.stat_units.format(value=_units(stats.error_p95_units, 0, texts)),
            (stats.error_units or 0.0) > _WRONG_UNITS,
        ),
        Cell(
            texts.stat_never_shown,
            _percent(stats.never_shown_ratio, texts),
            texts.stat_traffic.format(
                down=_rate(stats.down_bytes_per_s, texts), up=_rate(stats.up_bytes_per_s, texts)
            ),
        ),
        Cell(
            texts.rtt,
            _ms(stats.rtt_s, texts),
            texts.stat_jitter.format(value=_ms(stats.jitter_s, texts)),
            stats.jitter_s > _JITTERY_S,
        ),
    )


def _starved_cell(stats: PanelStats, texts: Texts) -> Cell:
    """Return the cell of the time without a snapshot to draw, in words that fit the netcode."""
    if not isfinite(stats.starved_ratio):
        return Cell(texts.stat_frozen, texts.unknown, texts.stat_without_interpolation)
    return Cell(
        texts.stat_extrapolated if stats.extrapolates else texts.stat_frozen,
        _percent(stats.starved_ratio, texts),
        texts.stat_stalls.format(count=stats.stalls),
        stats.starved_ratio > _STARVED_RATIO,
    )


def _units(units: float | None, digits: int, texts: Texts) -> str:
    return texts.unknown if units is None else texts.number(units, digits)


def _ms(seconds: float | None, texts: Texts) -> str:
    if seconds is None or not isfinite(seconds):
        return texts.unknown
    # On a LAN all the difference is in the decimals.
    digits = 1 if seconds < 0.01 else 0
    return texts.milliseconds.format(value=texts.number(seconds * 1000, digits))


def _percent(ratio: float, texts: Texts) -> str:
    if not isfinite(ratio):
        return texts.unknown
    return texts.percent.format(value=texts.number(ratio * 100, 1))


def _rate(bytes_per_s: float, texts: Texts) -> str:
    return texts.kilobytes.format(value=texts.number(bytes_per_s / 1000, 1))
