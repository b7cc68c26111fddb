"""Lagometer: a column per snapshot, above it the interpolation buffer, below it the RTT.

It extends the lagometer of id Software's Quake III. Time runs to the left. A column's position is
the time at which the server made its snapshot. While nothing arrives, an empty band grows at the
right edge; the burst after a stall fills it. Shape or height says everything that a colour says.
"""

from collections.abc import Sequence
from itertools import pairwise

import pygame

from game.client.frame import Frame
from game.client.frame_history import LagometerHistory
from game.match.physics import TICK_HZ
from game.view import colours
from game.view.colours import Colour
from game.view.texts import Texts
from game.view.theme import Theme
from net.measure.arrivals import STALL_S
from net.measure.lag_monitor import ArrivalStatus, LagColumn

COLOURS = {
    ArrivalStatus.ON_TIME: colours.GREEN,
    ArrivalStatus.LATE: colours.YELLOW,
    ArrivalStatus.BURST: colours.PURPLE,
    ArrivalStatus.LOST: colours.VERMILLION,
    ArrivalStatus.STALE: colours.MUTED,
}
# No other part of the lagometer has the colour of missing time.
STARVED_COLOUR: Colour = colours.TEXT
BACKGROUND: Colour = (12, 16, 23)
_STALL_BACKGROUND: Colour = (66, 24, 14)
_GRID: Colour = (40, 47, 60)
_RTT_COLOUR: Colour = (128, 140, 160)

# Values at the full height of each part. A larger value is drawn at full height: it is just as bad.
AGE_FULL_S = 0.3
_BUFFER_FULL_S = 0.12
_RTT_FULL_S = 0.3
_AGE_GRID_S = (0.1, 0.2)
# About five seconds at 30 snapshots a second, in a panel of any width; more in a whole window.
_COLUMNS_SHOWN = 140
_WIDEST_COLUMN = 4.0
_USUAL_INTERVAL_TICKS = 2

# Start and end.
Stall = tuple[float, float]

_BUFFER_SHARE = 0.22
_RTT_SHARE = 0.16
_LABEL_SIZE = 10.5
# Between two texts side by side, or they would read as one.
_LABEL_GAP = 4.0


class Lagometer:
    """Lagometer of one panel. Make a new one for another rectangle or theme.

    ``buffer``, ``columns`` and ``rtt`` are its three parts. ``text_rects`` are the rectangles of
    names, lengths of stalls and annotations in the last image.
    """

    def __init__(self, rect: pygame.Rect, theme: Theme, texts: Texts) -> None:
        self.rect = rect
        self._theme = theme
        self._texts = texts
        gap = max(1, theme.px(3))
        buffer_height = round(rect.height * _BUFFER_SHARE)
        rtt_height = round(rect.height * _RTT_SHARE)
        self.buffer = pygame.Rect(rect.left, rect.top, rect.width, buffer_height)
        self.rtt = pygame.Rect(rect.left, rect.bottom - rtt_height, rect.width, rtt_height)
        top, bottom = self.buffer.bottom + gap, self.rtt.top - gap
        self.columns = pygame.Rect(rect.left, top, rect.width, max(1, bottom - top))
        self.step_px = min(max(2, round(rect.width / _COLUMNS_SHOWN)), theme.px(_WIDEST_COLUMN))
        self.text_rects: list[pygame.Rect] = []
        self._image: pygame.Surface | None = None
        self._px_per_s = self.step_px * TICK_HZ / _USUAL_INTERVAL_TICKS
        # A lagometer outside a narrow window is never painted.
        self._now = self._since = 0.0

    def draw(
        self,
        surface: pygame.Surface,
        frame: Frame,
        history: LagometerHistory,
        now: float,
        is_renewed: bool = True,
    ) -> None:
        """Draw the last seconds up to ``now``; without ``is_renewed`` the cached image.

        It costs as much as all the rest of a panel, so several lagometers are renewed in turn.
        """
        visible = self.rect.clip(surface.get_rect())
        if not visible:
            return
        if is_renewed or self._image is None:
            around = surface.get_clip()
            surface.set_clip(self.rect.clip(around))
            self._now = now
            self._paint(surface, frame.network.columns, history)
            surface.set_clip(around)
            self._image = surface.subsurface(visible).copy()
        else:
            surface.blit(self._image, visible)

    def _paint(
        self, surface: pygame.Surface, columns: Sequence[LagColumn], history: LagometerHistory
    ) -> None:
        surface.fill(BACKGROUND, self.rect)
        interval_ticks = _interval_ticks(columns)
        self._px_per_s = self.step_px * TICK_HZ / interval_ticks
        self._since = self._now - self.rect.width / self._px_per_s
        stalls = _stalls(columns, self._since, self._now)
        self._draw_stalls(surface, stalls)
        self._draw_grid(surface)
        self._draw_buffer(surface, history)
        if history.origin_s is not None and columns:
            self._draw_columns(surface, columns, history.origin_s, interval_ticks)
        self._draw_rtt(surface, history)
        for annotation in history.annotations:
            x = self.x_at(annotation.at)
            surface.fill(colours.WHITE, (x, self.rect.top, 1, self.rect.height))
        # Each text is drawn where no text stands yet, the most lasting ones first.
        self._draw_labels(surface)
        self._draw_grid_labels(surface)
        self._draw_lengths(surface, stalls)
        self._draw_annotations(surface, history)

    @property
    def shown_s(self) -> float:
        """The time between the left and the right edge, as of the last ``draw``."""
        return self.rect.width / self._px_per_s

    def draw_cursor(self, surface: pygame.Surface, at: float) -> None:
        """Draw a vertical line at a time (client's clock) on the last image."""
        x = min(max(self.x_at(at), self.rect.left), self.rect.right - 1)
        width = self._theme.px(2)
        surface.fill(colours.WHITE, (x, self.rect.top, width, self.rect.height))
        head = self._theme.px(5)
        points = ((x - head, self.rect.top), (x + head, self.rect.top), (x, self.rect.top + head))
        pygame.draw.polygon(surface, colours.WHITE, points)

    def x_at(self, at: float) -> int:
        """Return the x coordinate of a time (client's clock), as of the last ``draw``."""
        return self.rect.right - round((self._now - at) * self._px_per_s)

    def _draw_stalls(self, surface: pygame.Surface, stalls: Sequence[Stall]) -> None:
        for began_at, ended_at in stalls:
            left, right = self.x_at(began_at), self.x_at(ended_at)
            surface.fill(_STALL_BACKGROUND, (left, self.rect.top, right - left, self.rect.height))

    def _draw_lengths(self, surface: pygame.Surface, stalls: Sequence[Stall]) -> None:
        """Write the length of each stall into its band, if it fits; the newest first."""
        for began_at, ended_at in reversed(stalls):
            # Of a band that leaves on the left, the part that is seen.
            left, right = max(self.x_at(began_at), self.rect.left), self.x_at(ended_at)
            length_ms = self._texts.number((ended_at - began_at) * 1000)
            # It is not the length of the freeze: the picture stands still later.
            words = self._texts.lag_gap.format(value=length_ms)
            if self._theme.text_width(words, _LABEL_SIZE, bold=True) > right - left - 2:
                words = self._texts.milliseconds.format(value=length_ms)
            text = self._theme.text(words, _LABEL_SIZE, colours.WHITE, bold=True)
            if text.get_width() <= right - left - 2:
                rect = text.get_rect(midtop=((left + right) // 2, self.columns.top))
                self._draw_free(surface, text, rect, _STALL_BACKGROUND)

    def _draw_free(
        self, surface: pygame.Surface, text: pygame.Surface, rect: pygame.Rect, background: Colour
    ) -> None:
        """Draw a text at ``rect``, or below the texts that stand there; not if nothing is free."""
        gap = 2 * self._theme.px(_LABEL_GAP)
        while (at := rect.inflate(gap, 0).collidelist(self.text_rects)) >= 0:
            rect.top = self.text_rects[at].bottom
        if rect.bottom <= self.columns.bottom:
            self._draw_whole(surface, text, rect, background)

    def _draw_whole(
        self, surface: pygame.Surface, text: pygame.Surface, rect: pygame.Rect, background: Colour
    ) -> None:
        self.text_rects.append(rect)
        surface.fill(background, rect)
        surface.blit(text, rect)

    def _draw_grid(self, surface: pygame.Surface) -> None:
        for age_s in _AGE_GRID_S:
            surface.fill(_GRID, (self.rect.left, self._age_y(age_s), self.rect.width, 1))

    def _draw_grid_labels(self, surface: pygame.Surface) -> None:
        """Draw the ages of the grid above its lines, where the name of the part leaves space."""
        for age_s in _AGE_GRID_S:
            words = self._texts.milliseconds.format(value=self._texts.number(age_s * 1000))
            label = self._theme.text(words, _LABEL_SIZE, _RTT_COLOUR)
            rect = label.get_rect(
                bottomleft=(self.rect.left + self._theme.px(4), self._age_y(age_s))
            )
            if rect.top - label.get_height() >= self.columns.top:
                self._draw_whole(surface, label, rect, BACKGROUND)

    def _draw_buffer(self, surface: pygame.Surface, history: LagometerHistory) -> None:
        """Draw the buffered time upwards in blue, the time without data downwards in white."""
        area = self.buffer
        px_per_buffered_s = area.height / _BUFFER_FULL_S
        right = self.rect.right
        for sample in reversed(history.frames):
            if right <= self.rect.left:
                return
            left = self.x_at(sample.at)
            width = right - left
            right = left
            if sample.buffered_s >= 0.0:
                height = int(sample.buffered_s * px_per_buffered_s)
                surface.fill(colours.BLUE, (left, area.bottom - height, width, height))
                continue
            height = max(3, min(area.height, int(-sample.buffered_s * px_per_buffered_s)))
            # Extrapolated frames have gaps.
            surface.fill(
                STARVED_COLOUR,
                (left, area.top, max(1, width // 2) if sample.is_extrapolated else width, height),
            )

    def _draw_columns(
        self,
        surface: pygame.Surface,
        columns: Sequence[LagColumn],
        origin_s: float,
        interval_ticks: int,
    ) -> None:
        newest = columns[-1].tick
        # Place all columns relative to the newest one, so that their spacing stays the same.
        right = self.x_at(origin_s + newest / TICK_HZ)
        for column in reversed(columns):
            left = right - (newest - column.tick) // interval_ticks * self.step_px - self.step_px
            if left < self.rect.left - self.step_px:
                return
            self._draw_column(surface, column, left)

    def _draw_column(self, surface: pygame.Surface, column: LagColumn, left: int) -> None:
        slot = pygame.Rect(left, self.columns.top, self.step_px - 1, self.columns.height)
        height = self.columns.bottom - self._age_y(column.age_s or 0.0)
        paint_column(surface, column.status, slot, height)

    def _draw_rtt(self, surface: pygame.Surface, history: LagometerHistory) -> None:
        area = self.rtt
        surface.fill(_GRID, (area.left, area.top - 1, area.width, 1))
        points = []
        for rtt in reversed(history.rtts):
            height = _part(rtt.rtt_s, _RTT_FULL_S, area.height)
            points.append((self.x_at(rtt.at), area.bottom - height - 1))
            if rtt.at < self._since:
                break
        if points:
            # The last known RTT still holds.
            points.insert(0, (self.rect.right, points[0][1]))
            pygame.draw.lines(surface, _RTT_COLOUR, False, points, self._theme.px(1.5))

    def _draw_annotations(self, surface: pygame.Surface, history: LagometerHistory) -> None:
        for annotation in history.annotations:
            if annotation.at < self._since:
                continue
            x = self.x_at(annotation.at)
            text = self._theme.text(annotation.text, _LABEL_SIZE, colours.WHITE, bold=True)
            # On the side with space, below the lengths of stalls.
            top = self.columns.top + self._theme.px(12)
            rect = text.get_rect(topleft=(x + 3, top))
            if rect.right > self.rect.right:
                rect.right = x - 2
            # At the left edge a part of the words says nothing.
            if rect.left >= self.rect.left:
                self._draw_free(surface, text, rect, BACKGROUND)

    def _draw_labels(self, surface: pygame.Surface) -> None:
        """Draw the names of the parts."""
        self.text_rects.clear()
        for text, area in (
            (self._texts.lag_buffer, self.buffer),
            (self._texts.lag_snapshots, self.columns),
            (self._texts.lag_rtt, self.rtt),
        ):
            image = self._theme.text(text, _LABEL_SIZE, colours.MUTED)
            # The columns stand at the bottom of their part, so their name needs space above them.
            least = image.get_height() * (2 if area is self.columns else 1)
            if least > area.height:
                continue
            # On a background of its own, or bars of all colours would run through the words.
            rect = image.get_rect(topleft=(area.left + self._theme.px(4), area.top))
            surface.fill(BACKGROUND, rect.inflate(self._theme.px(4), 0))
            surface.blit(image, rect)
            self.text_rects.append(rect)

    def _age_y(self, age_s: float) -> int:
        area = self.columns
        return area.bottom - _part(min(age_s, AGE_FULL_S), AGE_FULL_S, area.height)


def paint_column(
    surface: pygame.Surface, status: ArrivalStatus, slot: pygame.Rect, height: int
) -> None:
    """Paint the column of one snapshot. Its shape says the same as its colour."""
    colour, height = COLOURS[status], max(2, height)
    bar = pygame.Rect(slot.left, slot.bottom - height, slot.width, height)
    match status:
        case ArrivalStatus.LOST:
            # The only one of full height, and split in two.
            half = slot.height // 2
            surface.fill(colour, (slot.left, slot.top, slot.width, half - 2))
            surface.fill(
                colour, (slot.left, slot.top + half + 2, slot.width, slot.height - half - 2)
            )
        case ArrivalStatus.STALE:
            pygame.draw.rect(surface, colour, bar.union((bar.left, bar.top, 3, 1)), 1)
        case ArrivalStatus.LATE:
            # With a detached top.
            surface.fill(colour, bar)
            surface.fill(colour, (bar.left, max(slot.top, bar.top - 5), bar.width, 3))
        case ArrivalStatus.BURST:
            surface.fill(colour, bar)
            surface.fill(colours.WHITE, (bar.left, bar.top, bar.width, 2))
        case ArrivalStatus.ON_TIME:
            surface.fill(colour, bar)


def _part(value: float, full: float, height: int) -> int:
    return round(min(max(value / full, 0.0), 1.0) * height)


def _interval_ticks(columns: Sequence[LagColumn]) -> int:
    """Return the ticks between snapshots, from the latest columns."""
    latest = columns[-12:]
    steps = [after.tick - before.tick for before, after in pairwise(latest)]
    return min((step for step in steps if step > 0), default=_USUAL_INTERVAL_TICKS)


def _stalls(columns: Sequence[LagColumn], since: float, now: float) -> list[Stall]:
    """Return the intervals longer than ``STALL_S`` without arrivals, including an open one."""
    arrived = [column for column in columns if column.gap_s is not None and column.at >= since]
    stalls = [
        (column.at - column.gap_s, column.at)
        for column in arrived
        if column.gap_s is not None and column.gap_s > STALL_S
    ]
    last = next((column.at for column in reversed(columns) if column.gap_s is not None), now)
    if now - last > STALL_S:
        stalls.append((last, now))
    return stalls
