"""Menu over the game, for mouse and keyboard.

The widgets exist only while the menu is open.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from game.view import colours
from game.view.colours import Colour
from game.view.theme import Theme
from game.view.widgets.hints import draw_hint_box, hint_under

if TYPE_CHECKING:
    import pygame_gui
    from pygame_gui.elements import UIButton

_BUTTON_SIZE = (280.0, 42.0)
_GAP = 8.0
_TEXT_SIZE = 16.0
_TEXT_PADDING = 16.0
# Lower edge of an entry's hint below the buttons, where the line of the menu ends too.
_HINT_BOTTOM = 36.0
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
# Maximum share of the area's height for one column of buttons, beside title and hint.
_MOST_HEIGHT = 0.66
_NEXT_KEYS = (pygame.K_DOWN, pygame.K_TAB)
_PREVIOUS_KEYS = (pygame.K_UP,)
# Places of the keys that run up and down in the match, whatever sign the layout gives them.
_NEXT_PLACE = pygame.KSCAN_S
_PREVIOUS_PLACE = pygame.KSCAN_W
_PRESS_KEYS = (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE)
_MOUSE_EVENTS = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
# pygame_gui animates by the time since the last frame; a longer time was a pause.
_LONGEST_FRAME_S = 0.1


@dataclass(frozen=True, slots=True)
class MenuItem:
    """Entry of the menu: its text, its callback, and a ``hint`` that says what it does."""

    text: str
    action: Callable[[], None]
    hint: str = ""


class Menu:
    """Menu of ``items()``, which is called again when the menu opens and after each choice.

    ``hint`` is the line below the buttons.
    """

    def __init__(self, title: str, hint: str, items: Callable[[], Sequence[MenuItem]]) -> None:
        self._title = title
        self.hint = hint
        self.items = items
        self._theme: Theme | None = None
        # The theme of the open menu: smaller than ``_theme`` if the buttons need it.
        self._open_theme: Theme | None = None
        self._area = pygame.Rect(0, 0, 0, 0)
        self._widgets: pygame_gui.UIManager | None = None
        self._buttons: list[UIButton] = []
        self._hints: list[str] = []
        self._chosen = 0
        self._drawn_at = self._moved_at = 0.0
        self._mouse = (-1, -1)

    @property
    def is_open(self) -> bool:
        """True if the menu is visible and receives the keys."""
        return self._widgets is not None

    @property
    def buttons_rect(self) -> pygame.Rect:
        """The rectangle around the buttons of the open menu."""
        return pygame.Rect(self._buttons[0].rect.unionall([b.rect for b in self._buttons]))

    def place(self, area: pygame.Rect, theme: Theme) -> None:
        """Use this area. The menu opens in the middle of it."""
        self._area, self._theme = area, theme
        if self.is_open:
            self.open()

    def open(self) -> None:
        """Show the menu with its present items. Call ``place`` before."""
        # Imported here: it takes 0.1 s, which would delay the first frame.
        import pygame_gui

        items = self.items()
        theme, rects = self._lay_out(len(items))
        self._open_theme = theme
        self._widgets = pygame_gui.UIManager(self._area.size, _widget_theme(theme))
        self._buttons = []
        self._hints = [item.hint for item in items]
        for rect, item in zip(rects, items, strict=True):
            self._buttons.append(self._make_button(rect, item, theme))
        self._choose(min(self._chosen, len(items) - 1))

    def _lay_out(self, count: int) -> tuple[Theme, list[pygame.Rect]]:
        """Return the largest theme whose buttons fit the area, and their rectangles."""
        theme = self._placed_theme()
        for share in _SCALES:
            reduced = theme.reduced(theme.scale * share)
            rects = list(self._button_rects(count, reduced))
            if self._area.contains(rects[0].unionall(rects)):
                break
        return reduced, rects

    def _button_rects(self, count: int, theme: Theme) -> Iterator[pygame.Rect]:
        """Yield the buttons' rectangles: one column, or more if the height needs it."""
        width, height = (theme.px(side) for side in _BUTTON_SIZE)
        gap = theme.px(_GAP)
        in_column = max(1, round(self._area.height * _MOST_HEIGHT) // (height + gap))
        columns = -(-count // in_column)
        rows = -(-count // columns)
        left = self._area.centerx - (columns * (width + gap) - gap) // 2
        top = self._area.centery - rows * (height + gap) // 2
        for index in range(count):
            column, row = divmod(index, rows)
            x, y = left + column * (width + gap), top + row * (height + gap)
            yield pygame.Rect(x, y, width, height)

    def close(self) -> None:
        """Hide the menu. It opens again with its first item selected."""
        self._widgets = None
        self._buttons, self._hints = [], []
        self._chosen = 0

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle an event while open; ``pixels_per_unit`` converts mouse positions to pixels."""
        if self._widgets is None:
            return
        if event.type == pygame.KEYDOWN:
            self._handle_key(event.key, getattr(event, "scancode", pygame.KSCAN_UNKNOWN))
            return
        if event.type in _MOUSE_EVENTS:
            x, y = event.pos
            self._mouse = round(x * pixels_per_unit), round(y * pixels_per_unit)
            self._moved_at = self._drawn_at
        self._widgets.mouse_pos_scale_factor = [pixels_per_unit, pixels_per_unit]
        self._widgets.process_events(event)

    def draw(self, surface: pygame.Surface, now: float) -> pygame.Rect | None:
        """Draw the menu, if it is open; return the rectangle of an entry's hint, if one is shown.

        The hint takes the place of the line below the buttons, and covers no button.
        """
        if self._widgets is None or self._open_theme is None:
            return None
        hint = self.hint_at_mouse(now)
        self._draw_background(surface, self._open_theme, shows_line=hint is None)
        self._widgets.update(min(now - self._drawn_at, _LONGEST_FRAME_S))
        self._drawn_at = now
        self._widgets.draw_ui(surface)
        if hint is None:
            return None
        buttons, theme = self.buttons_rect, self._open_theme
        return draw_hint_box(
            surface, theme, hint[0], (buttons.centerx, buttons.bottom + theme.px(_HINT_BOTTOM))
        )

    def hint_at_mouse(self, now: float) -> tuple[str, pygame.Rect] | None:
        """Return what the entry under the resting mouse does, and its rectangle."""
        rects = (pygame.Rect(button.rect) for button in self._buttons)
        hints = zip(self._hints, rects, strict=True)
        return hint_under(self._mouse, now - self._moved_at, hints)

    def _handle_key(self, key: int, place: int) -> None:
        if key in _NEXT_KEYS or place == _NEXT_PLACE:
            self._choose((self._chosen + 1) % len(self._buttons))
        elif key in _PREVIOUS_KEYS or place == _PREVIOUS_PLACE:
            self._choose((self._chosen - 1) % len(self._buttons))
        elif key in _PRESS_KEYS:
            self._run(self.items()[self._chosen].action)

    def _choose(self, row: int) -> None:
        for other, button in enumerate(self._buttons):
            if other == row:
                button.select()  # type: ignore[no-untyped-call]
            else:
                button.unselect()  # type: ignore[no-untyped-call]
        self._chosen = row

    def _make_button(self, rect: pygame.Rect, item: MenuItem, theme: Theme) -> "UIButton":
        from pygame_gui.elements import UIButton

        text = theme.shortened(item.text, _TEXT_SIZE, rect.width - theme.px(_TEXT_PADDING))
        return UIButton(
            rect, text, self._widgets, command=lambda _data=None: self._run(item.action)
        )

    def _run(self, action: Callable[[], None]) -> None:
        action()
        if self.is_open:
            self.open()

    def _placed_theme(self) -> Theme:
        if self._theme is None:
            raise RuntimeError("the menu has no place yet: call place() first")
        return self._theme

    def _draw_background(self, surface: pygame.Surface, theme: Theme, shows_line: bool) -> None:
        title = theme.text(self._title, 30, bold=True)
        # The size of the usual line also without it: the background must not jump.
        shortened = theme.shortened(self.hint, 13, self._area.width - theme.px(40))
        hint = theme.text(shortened, 13, colours.MUTED)
        buttons = self.buttons_rect
        title_rect = title.get_rect(midbottom=(buttons.centerx, buttons.top - theme.px(12)))
        hint_rect = hint.get_rect(midtop=(buttons.centerx, buttons.bottom + theme.px(12)))
        background = buttons.unionall([title_rect, hint_rect]).inflate(theme.px(56), theme.px(36))
        surface.blit(theme.rounded_rect(background.size, colours.PANEL, 16), background)
        surface.blit(title, title_rect)
        if shows_line:
            surface.blit(hint, hint_rect)


def _widget_theme(theme: Theme) -> dict[str, dict[str, object]]:
    """Return pygame_gui's theme data for a button."""
    button_colours = {
        "normal_bg": _hex(colours.BUTTON),
        "hovered_bg": _hex(colours.BUTTON_HOVERED),
        "active_bg": _hex(colours.BLUE),
        "selected_bg": _hex(colours.BLUE),
        "normal_border": _hex(colours.BUTTON),
        "hovered_border": _hex(colours.BUTTON_HOVERED),
        "active_border": _hex(colours.BLUE),
        "selected_border": _hex(colours.SKY),
        **{f"{state}_text": _hex(colours.TEXT) for state in ("normal", "hovered")},
        **{f"{state}_text": _hex(colours.WHITE) for state in ("active", "selected")},
    }
    shape = {
        "shape": "rounded_rectangle",
        "shape_corner_radius": ",".join([str(theme.px(8))] * 4),
        "shadow_width": "0",
        "border_width": str(theme.px(1)),
    }
    font = {"name": "noto_sans", "size": str(theme.text_px(_TEXT_SIZE)), "bold": "0", "italic": "0"}
    return {"button": {"colours": button_colours, "misc": shape, "font": font}}


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
