"""Guide through the first minute of the comparison, shown at the first start.

It shows one loss in slow motion, a sentence, and a key to press. Any key or click skips it.
"""

from collections.abc import Callable
from enum import Enum

import pygame

from game.client.frame import Frame
from game.view import colours
from game.view.compare.screen import CompareScreen
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.wrapped_text import Paragraph, WrappedText
from game.view.window import Screen

# The user needs this time to see that all pitches show the same match.
_WATCH_S = 6.0
# It loses one of 30 snapshots a second, and perhaps the next.
_OUTAGE_S = 0.04
# Slow motion shows this time before the loss, and this time after it. By its end TCP has repaired
# the loss.
_LEAD_S = 0.12
_LENGTH_S = 0.5
# The last picture of the slow motion stays this long, to be read.
_LINGER_S = 2.0
# The guide ends without the key after this time: all else has been shown.
_PRESS_S = 15.0
_PRESSES = (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.JOYBUTTONDOWN)
_TEXT_SIZE = 19.0
_HINT_SIZE = 13.0
_WIDTH_SHARE = 0.62
_PADDING = 16.0
_GAP = 10.0


class FirstMinuteStep(Enum):
    """Step of the guide."""

    WATCH = "watch"
    MOMENT = "moment"
    PRESS = "press"
    OVER = "over"


class FirstMinuteScreen:
    """Screen of ``inner``, which shows ``compare``, with the guide above it.

    ``on_seen`` is called once, at the end of the guide.
    """

    def __init__(
        self, inner: Screen, compare: CompareScreen, texts: Texts, on_seen: Callable[[], None]
    ) -> None:
        self._inner = inner
        self._compare = compare
        self.step = FirstMinuteStep.WATCH
        self._texts = texts
        self._on_seen = on_seen
        self._step_began_at: float | None = None
        self._lost_at: float | None = None
        self._banners: dict[FirstMinuteStep, WrappedText] = {}

    @property
    def wants_to_close(self) -> bool:
        """True if the user has left."""
        return self._inner.wants_to_close

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for ``size`` pixels."""
        self._theme = theme
        self._width = round(size[0] * _WIDTH_SHARE)
        self._banners = {}
        self._inner.resize(size, theme)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle an event; a press ends the guide, and does what it does anyway."""
        if self.step is not FirstMinuteStep.OVER and event.type in _PRESSES:
            self._finish()
            # Somebody who skips with Esc wants no menu.
            if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
                return
        self._inner.handle(event, pixels_per_unit)

    def draw(self, surface: pygame.Surface, now: float) -> Frame | None:
        """Draw the comparison, and the sentence of the present step."""
        frame = self._inner.draw(surface, now)
        if self.step is not FirstMinuteStep.OVER and frame is not None and frame.scene is not None:
            self._follow(now)
            self._draw_banner(surface)
        return frame

    def _follow(self, now: float) -> None:
        if self._step_began_at is None:
            self._step_began_at = now
        slow_motion = self._compare.slow_motion
        match self.step:
            case FirstMinuteStep.WATCH:
                self._lose_and_show(now, self._step_began_at)
            case FirstMinuteStep.MOMENT:
                if not slow_motion.is_over:
                    self._step_began_at = now
                elif now - self._step_began_at >= _LINGER_S:
                    slow_motion.close()
                    self._begin(FirstMinuteStep.PRESS)
            case FirstMinuteStep.PRESS:
                if now - self._step_began_at >= _PRESS_S:
                    self._finish()

    def _lose_and_show(self, now: float, began_at: float) -> None:
        """Lose a packet when the watching has lasted long enough, and show that slowly."""
        if self._lost_at is None:
            if now - began_at >= _WATCH_S:
                self._compare.controls.lose_packets(_OUTAGE_S)
                self._lost_at = now
        elif now - self._lost_at >= _LENGTH_S:
            slow_motion = self._compare.slow_motion
            slow_motion.play(self._lost_at - _LEAD_S, self._lost_at + _LENGTH_S)
            self._begin(FirstMinuteStep.MOMENT)

    def _begin(self, step: FirstMinuteStep) -> None:
        self.step, self._step_began_at = step, None

    def _finish(self) -> None:
        self._compare.slow_motion.close()
        self._begin(FirstMinuteStep.OVER)
        self._on_seen()

    def _draw_banner(self, surface: pygame.Surface) -> None:
        """Draw the sentence above the strip of controls."""
        words = self._sentence()
        if not words:
            return
        theme = self._theme
        if self.step not in self._banners:
            paragraphs = (
                Paragraph(words, _TEXT_SIZE, bold=True),
                Paragraph(self._texts.first_minute_skip, _HINT_SIZE, colours.MUTED),
            )
            size = self._width, surface.get_height() // 3
            self._banners[self.step] = WrappedText(paragraphs, size, theme)
        text = self._banners[self.step]
        padding = theme.px(_PADDING)
        box = pygame.Rect(0, 0, self._width + 2 * padding, text.height + 2 * padding)
        box.midbottom = surface.get_width() // 2, self._compare.strip_top - theme.px(_GAP)
        border = box.inflate(theme.px(4), theme.px(4))
        surface.blit(theme.rounded_rect(border.size, colours.SKY, 14), border)
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, 12), box)
        text.draw(surface, (box.left + padding, box.top + padding))

    def _sentence(self) -> str:
        sentences = {
            FirstMinuteStep.WATCH: self._texts.first_minute_watch,
            FirstMinuteStep.MOMENT: self._texts.first_minute_moment,
            FirstMinuteStep.PRESS: self._texts.first_minute_press,
        }
        return sentences.get(self.step, "")
