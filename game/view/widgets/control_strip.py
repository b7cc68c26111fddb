"""Control strip below the comparison: link sliders, preset buttons, and a button for every key.

A lit button shows that its setting is on. The strip takes as many rows as its texts need. If there
are fewer rows, it drops the sliders first, then the last buttons: all of them have a key.
"""

from collections.abc import Sequence

import pygame

from game.view import colours
from game.view.theme import Theme
from game.view.widgets.buttons import HEIGHT, Button, Slider
from game.view.widgets.hints import draw_hint_box, hint_under

_GAP = 6.0
_PADDING = 10.0
_SLIDER_HEIGHT = 36.0
# Part of the strip's width for the link controls; the other buttons take the rest.
_LINK_SHARE = 0.45
LEFT_MOUSE_BUTTON = 1

# Rectangles of sliders and buttons, and the height that they need.
_Placed = tuple[list[pygame.Rect], list[tuple[Button, pygame.Rect]], int]


class ControlStrip:
    """Layout of sliders and buttons, the most important button first.

    ``link_buttons`` are below the sliders, ``buttons`` beside them. Without sliders the link's
    buttons follow the others. ``slider_rects`` and ``button_rects`` are their rectangles in pixels,
    and ``theme`` their theme, set by ``fit``.
    """

    def __init__(
        self, sliders: Sequence[Slider], link_buttons: Sequence[Button], buttons: Sequence[Button]
    ) -> None:
        self.rect = pygame.Rect(0, 0, 0, 0)
        self.sliders = tuple(sliders)
        self._link_buttons = tuple(link_buttons)
        self._buttons = tuple(buttons)
        self.slider_rects: list[pygame.Rect] = []
        self.button_rects: list[tuple[Button, pygame.Rect]] = []
        self._held: int | None = None
        self._mouse = (-1, -1)
        self._image: pygame.Surface | None = None
        self._now = self._moved_at = 0.0

    def fit(self, area: pygame.Rect, theme: Theme) -> pygame.Rect:
        """Lay the strip out at the bottom of ``area``, and return the rectangle that it needs.

        Call it again for another area or theme. What does not fit is left out whole.
        """
        self.theme, self._image = theme, None
        inside = area.inflate(-2 * theme.px(_PADDING), -2 * theme.px(_PADDING))
        placed = self._lay_out_with_sliders(inside) if self.sliders else None
        needed = max((slider.width(theme) for slider in self.sliders), default=0)
        is_narrow = placed is not None and placed[0] and placed[0][0].width < needed
        if placed is None or is_narrow or placed[2] > inside.height:
            placed = self._lay_out_buttons(inside)
        self.slider_rects, self.button_rects, height = placed
        self.rect = pygame.Rect(area.left, area.top, area.width, 0)
        self.rect.height = height + 2 * theme.px(_PADDING) if height else 0
        self.rect.bottom = area.bottom
        down = self.rect.top - area.top
        self.slider_rects = [rect.move(0, down) for rect in self.slider_rects]
        self.button_rects = [(button, rect.move(0, down)) for button, rect in self.button_rects]
        return self.rect

    @property
    def is_complete(self) -> bool:
        """True if there is space for every control."""
        placed = len(self.slider_rects) + len(self.button_rects)
        return placed == len(self.sliders) + len(self._buttons) + len(self._link_buttons)

    def renew(self) -> None:
        """Draw the controls again with the next frame: a setting has changed."""
        self._image = None

    def _lay_out_with_sliders(self, inside: pygame.Rect) -> _Placed:
        theme = self.theme
        gap = theme.px(_GAP)
        left_width = round((inside.width - 2 * theme.px(_PADDING)) * _LINK_SHARE)
        step = (left_width + 2 * gap) // len(self.sliders)
        sliders = [
            pygame.Rect(
                inside.left + n * step, inside.top, step - 2 * gap, theme.px(_SLIDER_HEIGHT)
            )
            for n in range(len(self.sliders))
        ]
        below = pygame.Rect(inside.left, sliders[0].bottom + gap, left_width, 0)
        right = inside.left + left_width + 2 * theme.px(_PADDING)
        beside = pygame.Rect(right, inside.top, inside.right - right, 0)
        buttons = [
            *_flow(self._link_buttons, below, theme),
            *_flow(self._buttons, beside, theme),
        ]
        return sliders, buttons, max(rect.bottom for _, rect in buttons) - inside.top

    def _lay_out_buttons(self, inside: pygame.Rect) -> _Placed:
        buttons = [
            (button, rect)
            for button, rect in _flow(self._buttons + self._link_buttons, inside, self.theme)
            if rect.bottom <= inside.bottom
        ]
        height = max((rect.bottom for _, rect in buttons), default=inside.top) - inside.top
        return [], buttons, height

    def draw_background(self, surface: pygame.Surface) -> None:
        """Draw the part that changes only with the layout."""
        if not self.rect.height:
            return
        surface.blit(self.theme.rounded_rect(self.rect.size, colours.PANEL, 10), self.rect)

    def draw(self, surface: pygame.Surface, now: float) -> None:
        """Draw the controls on the background; from a cached image if nothing changed."""
        self._now = now
        if not self.rect.height:
            return
        if self._image is not None:
            surface.blit(self._image, self.rect.clip(surface.get_rect()))
            return
        for index, (slider, rect) in enumerate(self._sliders_with_rects()):
            slider.draw(surface, rect, self.theme, held=index == self._held)
        for button, rect in self.button_rects:
            button.draw(surface, rect, self.theme, rect.collidepoint(self._mouse))
        visible = self.rect.clip(surface.get_rect())
        if visible:
            self._image = surface.subsurface(visible).copy()

    def hint(self, now: float) -> tuple[str, pygame.Rect] | None:
        """Return what the control under the resting mouse does, and its rectangle."""
        if self._held is not None:
            return None
        controls: list[tuple[Slider | Button, pygame.Rect]] = [
            *self._sliders_with_rects(),
            *self.button_rects,
        ]
        hints = ((control.hint, rect) for control, rect in controls)
        return hint_under(self._mouse, now - self._moved_at, hints)

    def draw_hint(self, surface: pygame.Surface, theme: Theme, now: float) -> pygame.Rect | None:
        """Draw the hint of a control above the strip, if there is one; return its rectangle."""
        if (hint := self.hint(now)) is None:
            return None
        text, control = hint
        return draw_hint_box(
            surface, theme, text, (control.centerx, self.rect.top - theme.px(_GAP))
        )

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> bool:
        """Handle a mouse event; return whether it concerned the strip."""
        if event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            return False
        self._image = None
        self._moved_at = self._now
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
            self.sliders[self._held].drag_to(self._mouse[0], rect, self.theme)

    def _release(self) -> bool:
        held, self._held = self._held, None
        if held is not None:
            self.sliders[held].on_release()
        return held is not None

    def _sliders_with_rects(self) -> list[tuple[Slider, pygame.Rect]]:
        # Without space for sliders there are no rectangles.
        return list(zip(self.sliders, self.slider_rects, strict=False))


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
