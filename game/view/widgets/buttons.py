"""Buttons and sliders of the control strip, drawn from cached text and rectangles.

Not pygame_gui's: their text changes every frame, and pygame_gui rebuilds a button for that. Thirty
such buttons would cost as much as the pitches.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pygame

from game.view import colours
from game.view.theme import Theme

_TEXT_SIZE = 12.5
_KEY_LABEL_SIZE = 11.5
_PADDING = 8.0
HEIGHT = 26.0
# A slider's value with its unit.
_VALUE_WIDTH = 62.0
_ON: colours.Colour = (20, 84, 66)


@dataclass(frozen=True, slots=True)
class Button:
    """Button with the label of its key (empty for none) and a ``label`` that may change.

    ``labels`` are all texts that the label can have, so that the width never changes. ``hint`` says
    what the button does.
    """

    key_label: str
    label: Callable[[], str]
    callback: Callable[[], None]
    is_on: Callable[[], bool]
    labels: tuple[str, ...] = ()
    hint: str = ""

    def width(self, theme: Theme) -> int:
        """Return the width in pixels that the widest text needs."""
        widths = []
        for label in (*self.labels, self.label()):
            texts = self._texts(label)
            text_width = sum(theme.text_width(text, size, bold) for text, size, _, bold in texts)
            widths.append(text_width + theme.px(_PADDING) * (len(texts) + 1))
        return max(widths)

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, theme: Theme, hovered: bool) -> None:
        """Draw the button, lit if its setting is on."""
        is_on = self.is_on()
        background = _ON if is_on else colours.BUTTON_HOVERED if hovered else colours.BUTTON
        surface.blit(theme.rounded_rect(rect.size, background, 6), rect)
        if is_on:
            # Not by colour alone.
            bar = pygame.Rect(rect.left + theme.px(6), rect.bottom - theme.px(3), 0, theme.px(2))
            bar.width = rect.width - theme.px(12)
            surface.fill(colours.TEXT, bar)
        images = [theme.text(*each) for each in self._texts(self.label())]
        gap = theme.px(_PADDING)
        left = rect.left + gap
        space = rect.width - gap
        for image in images:
            at = image.get_rect(midleft=(left, rect.centery))
            surface.blit(image, at, (0, 0, max(0, rect.left + space - left), image.get_height()))
            left += image.get_width() + gap

    def _texts(self, label: str) -> list[tuple[str, float, colours.Colour, bool]]:
        """Return text, size, colour and boldness of the key's label and of ``label``."""
        texts = []
        if self.key_label:
            texts.append((self.key_label, _KEY_LABEL_SIZE, colours.SKY, True))
        if label:
            texts.append((label, _TEXT_SIZE, colours.TEXT, False))
        return texts


@dataclass(frozen=True, slots=True)
class Slider:
    """Slider with a ``position`` from 0 to 1 and a ``value`` as text.

    ``on_change`` receives a new position while the knob is dragged. ``hint`` says what it changes.
    ``short_label`` is shown where the label does not fit beside the value.
    """

    label: str
    position: Callable[[], float]
    value: Callable[[], str]
    on_change: Callable[[float], None]
    on_release: Callable[[], None]
    hint: str = ""
    short_label: str = ""

    def width(self, theme: Theme) -> int:
        """Return the width in pixels that label and value need side by side."""
        return theme.text_width(self.label, _TEXT_SIZE) + theme.px(_VALUE_WIDTH)

    def label_in(self, rect: pygame.Rect, theme: Theme) -> str:
        """Return the longest label that fits whole beside the value; empty if none does.

        The value is more important, and the hint says what it belongs to.
        """
        space = rect.width - theme.text_width(self.value(), _TEXT_SIZE, bold=True) - theme.px(6)
        labels = (self.label, self.short_label)
        return next((each for each in labels if theme.text_width(each, _TEXT_SIZE) <= space), "")

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, theme: Theme, held: bool) -> None:
        """Draw label and value above the track."""
        value = theme.text(self.value(), _TEXT_SIZE, colours.TEXT, bold=True)
        label = self.label_in(rect, theme)
        surface.blit(theme.text(label, _TEXT_SIZE, colours.MUTED), rect.topleft)
        surface.blit(value, value.get_rect(topright=rect.topright))
        track = self.track(rect, theme)
        y = track.centery - theme.px(2)
        surface.fill(colours.BUTTON_HOVERED, (track.left, y, track.width, theme.px(4)))
        knob = track.left + round(self.position() * track.width)
        surface.fill(colours.SKY, (track.left, y, knob - track.left, theme.px(4)))
        size = theme.px(16 if held else 14)
        disc = theme.rounded_rect((size, size), colours.WHITE if held else colours.TEXT, size)
        surface.blit(disc, disc.get_rect(center=(knob, track.centery)))

    def track(self, rect: pygame.Rect, theme: Theme) -> pygame.Rect:
        """Return the rectangle in which the knob may be dragged."""
        reach = theme.px(8)
        height = theme.px(18)
        return pygame.Rect(
            rect.left + reach, rect.bottom - height, max(1, rect.width - 2 * reach), height
        )

    def drag_to(self, x: float, rect: pygame.Rect, theme: Theme) -> None:
        """Set the position for a mouse at ``x`` pixels."""
        track = self.track(rect, theme)
        self.on_change(min(max((x - track.left) / track.width, 0.0), 1.0))
