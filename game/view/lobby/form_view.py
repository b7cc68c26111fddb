"""Drawing of a form's rows, and the row under the mouse."""

from collections.abc import Iterator

import pygame

from game.view import colours
from game.view.lobby.form import Button, ChoiceField, Form, Row, TextField
from game.view.theme import Theme

ROW_HEIGHT = 38.0
_ROW_GAP = 6.0
_TEXT_SIZE = 16.0
_DETAIL_SIZE = 13.0
_PADDING = 12.0
# Share of a row's width for the label of a field.
_LABEL_SHARE = 0.36


class FormView:
    """The form in the rectangles of its columns."""

    def __init__(self, form: Form, areas: list[pygame.Rect], theme: Theme) -> None:
        self._form = form
        self._areas = areas
        self._theme = theme

    def draw(self, surface: pygame.Surface, now: float) -> None:
        """Draw all rows that fit; the focused one is always among them."""
        for row, rect in self.placed():
            self._draw_row(surface, row, rect, now)

    def row_at(self, point: tuple[float, float]) -> Row | None:
        """Return the row under a point; None if there is none."""
        return next((row for row, rect in self.placed() if rect.collidepoint(point)), None)

    def placed(self) -> Iterator[tuple[Row, pygame.Rect]]:
        """Yield all rows that fit with their rectangles, always with the focused one."""
        theme = self._theme
        height, gap = theme.px(ROW_HEIGHT), theme.px(_ROW_GAP)
        for number, (rows, area) in enumerate(zip(self._form.columns, self._areas, strict=True)):
            fit = max(1, (area.height + gap) // (height + gap))
            # Scroll only as far as the focused row needs.
            first = 0
            if number == self._form.column:
                first = max(0, self._form.row - fit + 1)
            for place, row in enumerate(rows[first : first + fit]):
                top = area.top + place * (height + gap)
                yield row, pygame.Rect(area.left, top, area.width, height)

    def _draw_row(self, surface: pygame.Surface, row: Row, rect: pygame.Rect, now: float) -> None:
        theme = self._theme
        is_focused = row is self._form.focused
        if is_focused:
            # A frame as well as another colour.
            border = theme.px(2)
            surface.blit(theme.rounded_rect(rect.size, colours.SKY, 8), rect)
            rect = rect.inflate(-2 * border, -2 * border)
        background = colours.BUTTON_HOVERED if is_focused else colours.BUTTON
        surface.blit(theme.rounded_rect(rect.size, background, 7), rect)
        inner = rect.inflate(-2 * theme.px(_PADDING), 0)
        if isinstance(row, Button):
            self._draw_button(surface, row, inner)
        else:
            self._draw_field(surface, row, inner, is_focused, now)

    def _draw_button(self, surface: pygame.Surface, row: Button, inner: pygame.Rect) -> None:
        theme = self._theme
        detail_width = 0
        if row.detail:
            detail = theme.fitted(row.detail, _DETAIL_SIZE, inner.width * 2 // 3, colours.MUTED)
            surface.blit(detail, detail.get_rect(midright=inner.midright))
            detail_width = detail.get_width() + theme.px(_PADDING)
        left = inner.left
        if row.is_locked:
            left += _draw_lock(surface, inner, theme) + theme.px(_PADDING)
        width = inner.right - left - detail_width
        label = theme.fitted(row.label, _TEXT_SIZE, width, colours.TEXT)
        surface.blit(label, label.get_rect(midleft=(left, inner.centery)))

    def _draw_field(
        self,
        surface: pygame.Surface,
        row: TextField | ChoiceField,
        inner: pygame.Rect,
        is_focused: bool,
        now: float,
    ) -> None:
        theme = self._theme
        label_width = round(inner.width * _LABEL_SHARE)
        label = theme.fitted(row.label, _DETAIL_SIZE, label_width, colours.MUTED)
        surface.blit(label, label.get_rect(midleft=inner.midleft))
        value = inner.move(label_width, 0)
        value.width = inner.width - label_width
        if isinstance(row, ChoiceField):
            shown = theme.fitted(f"<  {row.shown}  >", _TEXT_SIZE, value.width, colours.TEXT)
            surface.blit(shown, shown.get_rect(midleft=value.midleft))
            return
        cursor_width = theme.px(2)
        # The end of a long text is what is being typed.
        text = row.shown
        while text and theme.text_width(text, _TEXT_SIZE) > value.width - cursor_width:
            text = text[1:]
        if row.text or is_focused:
            image = theme.text(text, _TEXT_SIZE) if text else None
        else:
            image = theme.fitted(row.hint, _DETAIL_SIZE, value.width, colours.MUTED)
        right = value.left
        if image is not None:
            surface.blit(image, image.get_rect(midleft=value.midleft))
            right += image.get_width()
        if is_focused and int(now * 2.0) % 2 == 0:
            height = theme.text_px(_TEXT_SIZE)
            cursor = pygame.Rect(right + 1, 0, cursor_width, height)
            cursor.centery = value.centery
            surface.fill(colours.TEXT, cursor)


def _draw_lock(surface: pygame.Surface, inner: pygame.Rect, theme: Theme) -> int:
    """Draw a padlock at the left end of a row; return its width."""
    width, height = theme.px(12), theme.px(10)
    body = pygame.Rect(inner.left, inner.centery - theme.px(2), width, height)
    shackle = pygame.Rect(0, 0, theme.px(8), theme.px(12))
    shackle.midtop = (body.centerx, body.top - theme.px(6))
    pygame.draw.rect(surface, colours.YELLOW, shackle, theme.px(2), theme.px(4))
    surface.fill(colours.YELLOW, body)
    return width
