"""Control strip below the comparison: link sliders, preset buttons, and a button for every key.

A lit button shows that its setting is on. The strip takes as many rows as its texts need.
"""

from collections.abc import Sequence

import pygame

from game.view import colours
from game.view.theme import Theme
from game.view.widgets.buttons import HEIGHT, Button, Slider

_GAP = 6.0
_PADDING = 10.0
_SLIDER_HEIGHT = 36.0
# Part of the strip's width for the link controls; the other buttons take the rest.
_LINK_SHARE = 0.45
LEFT_MOUSE_BUTTON = 1


class ControlStrip:
    """Layout of sliders and buttons.

    ``link_buttons`` are below the sliders, ``buttons`` beside them. ``slider_rects`` and
    ``button_rects`` are their rectangles in pixels, set by ``place``.
    """

    def __init__(
        self, sliders: Sequence[Slider], link_buttons: Sequence[Button], buttons: Sequence[Button]
    ) -> None:
        self.rect = pygame.Rect(0, 0, 0, 0)
        self._sliders = tuple(sliders)
        self._link_buttons = tuple(link_buttons)
        self._buttons = tuple(buttons)
        self.slider_rects: list[pygame.Rect] = []
        self.button_rects: list[tuple[Button, pygame.Rect]] = []
        self._held: int | None = None
        self._mouse = (-1, -1)
        self._image: pygame.Surface | None = None

    def height(self, width: int, theme: Theme) -> int:
        """Return the height in pixels that the strip needs at a width of ``width`` pixels."""
        left, right = self._widths(width, theme)
        link_rows = len(_rows(self._link_buttons, left, theme))
        rows = len(_rows(self._buttons, right, theme))
        step = theme.px(HEIGHT) + theme.px(_GAP)
        of_link = theme.px(_SLIDER_HEIGHT) + theme.px(_GAP) + link_rows * step
        return max(of_link, rows * step) - theme.px(_GAP) + 2 * theme.px(_PADDING)

    def place(self, rect: pygame.Rect, theme: Theme) -> None:
        """Lay the strip out in ``rect``.

        Call it again whenever a button has a new text.
        """
        self.rect, self._theme = rect, theme
        self._image = None
        padding, gap = theme.px(_PADDING), theme.px(_GAP)
        left_width, right_width = self._widths(rect.width, theme)
        left, top = rect.left + padding, rect.top + padding
        step = (left_width + 2 * gap) // max(1, len(self._sliders))
        self.slider_rects = [
            pygame.Rect(left + n * step, top, step - 2 * gap, theme.px(_SLIDER_HEIGHT))
            for n in range(len(self._sliders))
        ]
        below = top + theme.px(_SLIDER_HEIGHT) + gap
        right = left + left_width + 2 * padding
        self.button_rects = [
            *_flow(self._link_buttons, pygame.Rect(left, below, left_width, 0), theme),
            *_flow(self._buttons, pygame.Rect(right, top, right_width, 0), theme),
        ]

    def draw_background(self, surface: pygame.Surface) -> None:
        """Draw the part that changes only with the layout."""
        surface.blit(self._theme.rounded_rect(self.rect.size, colours.PANEL, 10), self.rect)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the controls on the background; from a cached image if nothing changed."""
        if self._image is not None:
            surface.blit(self._image, self.rect)
            return
        for index, (slider, rect) in enumerate(self._sliders_with_rects()):
            slider.draw(surface, rect, self._theme, held=index == self._held)
        for button, rect in self.button_rects:
            button.draw(surface, rect, self._theme, rect.collidepoint(self._mouse))
        self._image = surface.subsurface(self.rect.clip(surface.get_rect())).copy()

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> bool:
        """Handle a mouse event; return whether it concerned the strip."""
        if event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            return False
        self._image = None
        self._mouse = (
            round(event.pos[0] * pixels_per_unit),
            round(event.pos[1] * pixels_per_unit),
        )
        if event.type == pygame.MOUSEMOTION:
            self._drag()
            return self._held is not None
        if event.button != LEFT_MOUSE_BUTTON:
            return False
        if event.type == pygame.MOUSEBUTTONUP:
            return self._release()
        return self._press()

    def _press(self) -> bool:
        for index, (_, rect) in enumerate(self._sliders_with_rects()):
            if rect.collidepoint(self._mouse):
                self._held = index
                self._drag()
                return True
        for button, rect in self.button_rects:
            if rect.collidepoint(self._mouse):
                button.callback()
                return True
        return self.rect.collidepoint(self._mouse)

    def _drag(self) -> None:
        if self._held is not None:
            rect = self.slider_rects[self._held]
            self._sliders[self._held].drag_to(self._mouse[0], rect, self._theme)

    def _release(self) -> bool:
        held, self._held = self._held, None
        if held is not None:
            self._sliders[held].on_release()
        return held is not None

    def _sliders_with_rects(self) -> list[tuple[Slider, pygame.Rect]]:
        return list(zip(self._sliders, self.slider_rects, strict=True))

    def _widths(self, width: int, theme: Theme) -> tuple[int, int]:
        """Return the widths of the link controls and of the other buttons."""
        inside = width - 4 * theme.px(_PADDING)
        left = round(inside * _LINK_SHARE)
        return left, inside - left


def _rows(buttons: Sequence[Button], width: int, theme: Theme) -> list[list[tuple[Button, int]]]:
    """Return the buttons with their widths, in rows of at most ``width`` pixels."""
    rows: list[list[tuple[Button, int]]] = [[]]
    used = 0
    for button in buttons:
        wanted = min(button.width(theme), width)
        if rows[-1] and used + wanted > width:
            rows.append([])
            used = 0
        rows[-1].append((button, wanted))
        used += wanted + theme.px(_GAP)
    return rows


def _flow(
    buttons: Sequence[Button], area: pygame.Rect, theme: Theme
) -> list[tuple[Button, pygame.Rect]]:
    """Return the rectangle of each button, row by row from the top left corner of ``area``."""
    placed = []
    top = area.top
    for row in _rows(buttons, area.width, theme):
        left = area.left
        for button, width in row:
            placed.append((button, pygame.Rect(left, top, width, theme.px(HEIGHT))))
            left += width + theme.px(_GAP)
        top += theme.px(HEIGHT) + theme.px(_GAP)
    return placed
