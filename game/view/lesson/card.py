"""Card of a lesson at the bottom of the window: text, choices, figures and buttons."""

from collections.abc import Callable, Mapping

import pygame

from game.lesson.lesson import ANSWERS
from game.view import colours
from game.view.lesson.page import FigureRow, Page
from game.view.theme import Theme
from game.view.widgets.buttons import HEIGHT, Button
from game.view.widgets.wrapped_text import Paragraph, WrappedText

_MARGIN = 10.0
_PADDING = 14.0
_GAP = 6.0
_COLUMN_GAP = 28.0
_HEADING_SIZE = 19.0
_CHOICE_HEIGHT = 32.0
_CHOICE_SIZE = 16.0
_FIGURE_SIZE = 15.0
_VALUE_SIZE = 20.0
_VALUE_WIDTH = 104.0
_TIME_HEIGHT = 6.0
LEFT_MOUSE_BUTTON = 1


class LessonCard:
    """Card with one page. ``buttons`` are by the key that a page has in ``keys``.

    ``on_choice`` gets the letter of a chosen answer.
    """

    def __init__(self, buttons: Mapping[str, Button], on_choice: Callable[[str], None]) -> None:
        self._buttons = buttons
        self._on_choice = on_choice
        self._page: Page | None = None
        self._mouse = (-1, -1)
        self._shown: list[tuple[Button, pygame.Rect]] = []
        self._choices: list[tuple[str, str, pygame.Rect]] = []
        self._texts: list[tuple[WrappedText, tuple[int, int]]] = []

    def place(self, rect: pygame.Rect, theme: Theme) -> None:
        """Lay the card out in ``rect``."""
        margin = theme.px(_MARGIN)
        self._theme = theme
        self._rect = pygame.Rect(
            rect.left + margin, rect.top, rect.width - 2 * margin, rect.height - margin
        )
        page, self._page = self._page, None
        if page is not None:
            self.show(page)

    def show(self, page: Page) -> None:
        """Show a page from the next frame on."""
        if page == self._page:
            return
        self._page = page
        theme = self._theme
        inside = self._rect.inflate(-2 * theme.px(_PADDING), -2 * theme.px(_PADDING))
        top_row = self._lay_out_buttons(inside, page)
        if page.has_time:
            inside.height = max(1, inside.height - self._time_row_height() - theme.px(_GAP))
        below = inside.top + theme.px(HEIGHT + _GAP)
        half = (inside.width - theme.px(_COLUMN_GAP)) // 2
        left = pygame.Rect(inside.left, below, half, inside.bottom - below)
        right = pygame.Rect(inside.right - half, below, half, inside.bottom - below)
        self._texts = [
            (_wrap((Paragraph(page.heading, _HEADING_SIZE, bold=True),), top_row, theme)),
            _wrap(page.left, left, theme),
            _wrap(page.right, right, theme),
        ]
        head_height = self._texts[2][0].height if page.choices else self._texts[1][0].height
        column = right if page.choices else left
        self._below = pygame.Rect(column.left, column.top + head_height, half, 0)
        self._below.height = max(0, column.bottom - self._below.top)
        self._lay_out_choices(page)

    def draw(self, surface: pygame.Surface, time_left_ratio: float | None, words: str) -> None:
        """Draw the card; ``time_left_ratio`` is that of the run, with its ``words``."""
        if self._page is None:
            return
        theme = self._theme
        surface.blit(theme.rounded_rect(self._rect.size, colours.PANEL, 12), self._rect)
        for text, at in self._texts:
            text.draw(surface, at)
        for button, rect in self._shown:
            button.draw(surface, rect, theme, rect.collidepoint(self._mouse))
        for letter, answer, rect in self._choices:
            self._draw_choice(surface, letter, answer, rect)
        self._draw_figures(surface, self._page.figures)
        if time_left_ratio is not None:
            self._draw_time(surface, time_left_ratio, words)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> bool:
        """Handle a mouse event; return whether it concerned the card."""
        if event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN):
            return False
        x, y = event.pos
        self._mouse = round(x * pixels_per_unit), round(y * pixels_per_unit)
        is_press = event.type == pygame.MOUSEBUTTONDOWN and event.button == LEFT_MOUSE_BUTTON
        if is_press:
            self._press()
        return self._rect.collidepoint(self._mouse)

    def _press(self) -> None:
        for button, rect in self._shown:
            if rect.collidepoint(self._mouse):
                button.callback()
                return
        for letter, _, rect in self._choices:
            if rect.collidepoint(self._mouse):
                self._on_choice(letter)
                return

    def _lay_out_buttons(self, inside: pygame.Rect, page: Page) -> pygame.Rect:
        """Lay the buttons out from the right; return the space that is left for the heading."""
        theme = self._theme
        self._shown = []
        right = inside.right
        for key in reversed(page.keys):
            button = self._buttons[key]
            width = button.width(theme)
            rect = pygame.Rect(right - width, inside.top, width, theme.px(HEIGHT))
            self._shown.insert(0, (button, rect))
            right = rect.left - theme.px(_GAP)
        width = max(1, right - theme.px(_COLUMN_GAP) - inside.left)
        return pygame.Rect(inside.left, inside.top, width, theme.px(HEIGHT + _GAP))

    def _lay_out_choices(self, page: Page) -> None:
        theme, area = self._theme, self._below
        self._choices = []
        if not page.choices:
            return
        step = min(theme.px(_CHOICE_HEIGHT + _GAP), max(1, area.height // len(page.choices)))
        for number, answer in enumerate(page.choices):
            rect = pygame.Rect(area.left, area.top + number * step, area.width, 0)
            rect.height = step - theme.px(_GAP) // 2
            self._choices.append((ANSWERS[number], answer, rect))

    def _draw_choice(
        self, surface: pygame.Surface, letter: str, answer: str, rect: pygame.Rect
    ) -> None:
        theme = self._theme
        is_hovered = rect.collidepoint(self._mouse)
        background = colours.BUTTON_HOVERED if is_hovered else colours.BUTTON
        surface.blit(theme.rounded_rect(rect.size, background, 8), rect)
        key = theme.text(letter, _CHOICE_SIZE, colours.SKY, bold=True)
        left = rect.left + theme.px(_PADDING)
        surface.blit(key, key.get_rect(midleft=(left, rect.centery)))
        left += key.get_width() + theme.px(_PADDING)
        words = theme.fitted(answer, _CHOICE_SIZE, rect.right - left - theme.px(_GAP))
        surface.blit(words, words.get_rect(midleft=(left, rect.centery)))

    def _draw_figures(self, surface: pygame.Surface, rows: tuple[FigureRow, ...]) -> None:
        if not rows:
            return
        theme, area = self._theme, self._below
        step = min(theme.px(46), area.height // len(rows))
        for number, row in enumerate(rows):
            centre = area.top + number * step + step // 2
            right = area.right
            for title, value in reversed(row.values):
                self._draw_value(surface, title, value, (right, centre), step)
                right -= theme.px(_VALUE_WIDTH)
            label = theme.fitted(row.label, _FIGURE_SIZE, right - area.left - theme.px(_GAP))
            surface.blit(label, label.get_rect(midleft=(area.left, centre)))

    def _draw_value(
        self, surface: pygame.Surface, title: str, value: str, at: tuple[int, int], height: int
    ) -> None:
        """Draw a value below its title, or in a low row beside it; ``at``: right end and centre."""
        right, centre = at
        theme = self._theme
        width = theme.px(_VALUE_WIDTH - _GAP)
        name = theme.fitted(title, 11.5, width, colours.MUTED)
        number = theme.fitted(value, _VALUE_SIZE, width, colours.TEXT, bold=True)
        if name.get_height() + number.get_height() > height:
            place = number.get_rect(midright=(right, centre))
            surface.blit(number, place)
            space = width - place.width - theme.px(_GAP)
            name = theme.fitted(title, 11.5, max(1, space), colours.MUTED)
            surface.blit(name, name.get_rect(midright=(place.left - theme.px(_GAP), centre)))
            return
        top = centre - (name.get_height() + number.get_height()) // 2
        surface.blit(name, name.get_rect(topright=(right, top)))
        surface.blit(number, number.get_rect(topright=(right, top + name.get_height())))

    def _draw_time(self, surface: pygame.Surface, ratio: float, words: str) -> None:
        theme = self._theme
        inside = self._rect.inflate(-2 * theme.px(_PADDING), -2 * theme.px(_PADDING))
        image = theme.text(words, _FIGURE_SIZE, colours.MUTED)
        place = image.get_rect(bottomright=inside.bottomright)
        surface.blit(image, place)
        width = max(1, place.left - theme.px(_PADDING) - inside.left)
        bar = pygame.Rect(inside.left, 0, width, theme.px(_TIME_HEIGHT))
        bar.centery = place.centery
        surface.blit(theme.rounded_rect(bar.size, colours.BUTTON, 3), bar)
        done = pygame.Rect(bar.topleft, (round(bar.width * (1.0 - ratio)), bar.height))
        surface.blit(theme.rounded_rect(done.size, colours.SKY, 3), done)

    def _time_row_height(self) -> int:
        return self._theme.text("0", _FIGURE_SIZE).get_height()


def _wrap(
    paragraphs: tuple[Paragraph, ...], area: pygame.Rect, theme: Theme
) -> tuple[WrappedText, tuple[int, int]]:
    return WrappedText(paragraphs, area.size, theme), (area.left, area.top)
