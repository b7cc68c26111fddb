"""Toasts: short lines in a corner that appear, remain a moment and fade."""

from collections import deque
from dataclasses import dataclass

import pygame

from game.view import colours
from game.view.theme import Theme, blit_faded

# Long enough to read five words while playing, short enough not to pile up.
SHOWN_S = 3.5
_FADE_S = 0.4
# More would cover the corner of the pitch. When a whole class joins, the last ones count.
_MOST = 4


@dataclass(frozen=True, slots=True)
class _Toast:
    text: str
    shown_at: float
    topic: str


class Toasts:
    """The last few toasts; ``now`` is in seconds of any one clock."""

    def __init__(self) -> None:
        self._toasts: deque[_Toast] = deque(maxlen=_MOST)

    def add(self, text: str, now: float, topic: str = "") -> None:
        """Show ``text`` as the lowest line, and remove any other on its ``topic``."""
        if topic:
            old = [toast for toast in self._toasts if toast.topic == topic]
            for toast in old:
                self._toasts.remove(toast)
        self._toasts.append(_Toast(text, now, topic))

    def shown(self, now: float) -> tuple[tuple[str, float], ...]:
        """Return each visible text, oldest first, with its opacity from 0 to 1."""
        while self._toasts and now - self._toasts[0].shown_at >= SHOWN_S:
            self._toasts.popleft()
        return tuple((toast.text, _opacity(now - toast.shown_at)) for toast in self._toasts)

    def draw(
        self, surface: pygame.Surface, corner: tuple[int, int], theme: Theme, now: float
    ) -> None:
        """Draw the toasts upwards from ``corner``, the lower left corner of their area."""
        left, bottom = corner
        for text, opacity in reversed(self.shown(now)):
            image = theme.text(text, 14, colours.TEXT)
            box = image.get_rect(bottomleft=(left, bottom)).inflate(theme.px(20), theme.px(8))
            box.bottomleft = (left, bottom)
            rounded = theme.rounded_rect(box.size, colours.PANEL, 7)
            blit_faded(surface, rounded, box, 0.9 * opacity)
            blit_faded(surface, image, image.get_rect(center=box.center), opacity)
            bottom = box.top - theme.px(6)


def _opacity(age_s: float) -> float:
    return max(0.0, min(1.0, age_s / 0.1, (SHOWN_S - age_s) / _FADE_S))
