"""Buttons and sliders for the strip under a comparison, drawn from the kept texts and plates.

Of our own, since they change their words every frame for free: a toolkit's button is rebuilt for
that, and thirty of them would cost as much as the pitches. Know neither keys nor what they do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pygame

from game.view import theme
from game.view.theme import Theme

_TEXT_SIZE = 12.5
_CAP_SIZE = 11.5
_PADDING = 8.0
HEIGHT = 26.0
_ON: theme.Colour = (20, 84, 66)


@dataclass(frozen=True, slots=True)
class Button:
    """`cap` is the key that does the same, empty for none; `label` may say something new."""

    key_label: str
    label: Callable[[], str]
    callback: Callable[[], None]
    is_on: Callable[[], bool]

    def width(self, look: Theme) -> int:
        """Return how wide it wants to be, in pixels, with what it says now."""
        images = self._images(look)
        return sum(image.get_width() for image in images) + look.px(_PADDING) * (len(images) + 1)

    def draw(self, surface: pygame.Surface, place: pygame.Rect, look: Theme, hovered: bool) -> None:
        """Draw it, lit if what it does is on."""
        is_on = self.is_on()
        ground = _ON if is_on else theme.BUTTON_HOVERED if hovered else theme.BUTTON
        surface.blit(look.rounded_rect(place.size, ground, 6), place)
        if is_on:
            # Not by colour alone.
            bar = pygame.Rect(place.left + look.px(6), place.bottom - look.px(3), 0, look.px(2))
            bar.width = place.width - look.px(12)
            surface.fill(theme.TEXT, bar)
        images = self._images(look)
        gap = look.px(_PADDING)
        left = place.left + gap
        room = place.width - gap
        for image in images:
            at = image.get_rect(midleft=(left, place.centery))
            surface.blit(image, at, (0, 0, max(0, place.left + room - left), image.get_height()))
            left += image.get_width() + gap

    def _images(self, look: Theme) -> list[pygame.Surface]:
        images = []
        if self.key_label:
            images.append(look.text(self.key_label, _CAP_SIZE, theme.SKY, bold=True))
        if label := self.label():
            images.append(look.text(label, _TEXT_SIZE, theme.TEXT))
        return images


@dataclass(frozen=True, slots=True)
class Slider:
    """`position` says where it stands, 0 to 1, `value` what that means; `turn` sets it."""

    label: str
    position: Callable[[], float]
    value: Callable[[], str]
    on_change: Callable[[float], None]
    on_release: Callable[[], None]

    def draw(self, surface: pygame.Surface, place: pygame.Rect, look: Theme, held: bool) -> None:
        """Draw its name and value above its track."""
        value = look.text(self.value(), _TEXT_SIZE, theme.TEXT, bold=True)
        room = place.width - value.get_width() - look.px(6)
        label = look.fitted(self.label, _TEXT_SIZE, max(1, room), theme.MUTED)
        surface.blit(label, place.topleft)
        surface.blit(value, value.get_rect(topright=place.topright))
        track = self.track(place, look)
        y = track.centery - look.px(2)
        surface.fill(theme.BUTTON_HOVERED, (track.left, y, track.width, look.px(4)))
        knob = track.left + round(self.position() * track.width)
        surface.fill(theme.SKY, (track.left, y, knob - track.left, look.px(4)))
        size = look.px(16 if held else 14)
        disc = look.rounded_rect((size, size), theme.WHITE if held else theme.TEXT, size)
        surface.blit(disc, disc.get_rect(center=(knob, track.centery)))

    def track(self, place: pygame.Rect, look: Theme) -> pygame.Rect:
        """Return where the knob may be dragged."""
        reach = look.px(8)
        height = look.px(18)
        return pygame.Rect(
            place.left + reach, place.bottom - height, max(1, place.width - 2 * reach), height
        )

    def turn_to(self, x: float, place: pygame.Rect, look: Theme) -> None:
        """Set what a mouse at `x` pixels means."""
        track = self.track(place, look)
        self.on_change(min(max((x - track.left) / track.width, 0.0), 1.0))
