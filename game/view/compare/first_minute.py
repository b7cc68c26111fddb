"""Guide through the first minute of the comparison, shown at the first start.

It shows one loss in slow motion, a sentence, and a key to press. Any key or click begins the next
step, and Esc closes the guide. Its sentence has a band of the window, so that it covers nothing.
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
# Most of the window's height that the sentence may take.
_BAND_SHARE = 0.25
_PADDING = 12.0
_GAP = 10.0


class FirstMinuteStep(Enum):
    """Step of the guide."""

    WATCH = "watch"
    MOMENT = "moment"
    PRESS = "press"
    OVER = "over"


class FirstMinuteScreen:
    """Screen of ``inner``, which shows ``compare``, with the guide below it.

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
        self._is_hurried = False
        self._banners: dict[FirstMinuteStep, WrappedText] = {}
        self._band_height = 0

    @property
    def wants_to_close(self) -> bool:
        """True if the user has left."""
        return self._inner.wants_to_close

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for ``size`` pixels."""
        self._size, self._theme = size, theme
        if self.step is FirstMinuteStep.OVER:
            self._band_height = 0
        else:
            self._lay_out_banners()
        self._inner.resize((size[0], size[1] - self._band_height), theme)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle an event; a press begins the next step, Esc and the last press end the guide.

        The last press does what it does anyway: the guide asks for one.
        """
        is_press = self.step is not FirstMinuteStep.OVER and event.type in _PRESSES
        is_escape = is_press and event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
        if is_escape:
            # Somebody who skips with Esc wants no menu.
            self._compare.slow_motion.close()
            self._finish()
        elif is_press and self.step is FirstMinuteStep.WATCH:
            self._is_hurried = True
        elif is_press and self.step is FirstMinuteStep.MOMENT:
            self._ask_for_a_key()
        else:
            # First what the press does: at the end of the guide a clicked button moves.
            self._inner.handle(event, pixels_per_unit)
            if is_press:
                self._finish()

    def draw(self, surface: pygame.Surface, now: float) -> Frame | None:
        """Draw the comparison, and the sentence of the present step."""
        if self.step is FirstMinuteStep.OVER:
            return self._inner.draw(surface, now)
        width, height = surface.get_size()
        above = pygame.Rect(0, 0, width, height - self._band_height)
        frame = self._inner.draw(surface.subsurface(above), now)
        band = pygame.Rect(0, above.bottom, width, height - above.bottom)
        surface.fill(colours.BACKGROUND, band)
        if frame is not None and frame.scene is not None:
            self._draw_banner(surface, band)
            self._follow(now)
        return frame

    def close(self) -> None:
        """Close the comparison."""
        self._inner.close()

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
                    self._ask_for_a_key()
            case FirstMinuteStep.PRESS:
                if now - self._step_began_at >= _PRESS_S:
                    self._finish()

    def _lose_and_show(self, now: float, began_at: float) -> None:
        """Lose a packet when the watching has lasted long enough, and show that slowly."""
        if self._lost_at is None:
            if self._is_hurried or now - began_at >= _WATCH_S:
                self._compare.controls.lose_packets(_OUTAGE_S)
                self._lost_at = now
        elif now - self._lost_at >= _LENGTH_S:
            slow_motion = self._compare.slow_motion
            slow_motion.play(self._lost_at - _LEAD_S, self._lost_at + _LENGTH_S)
            self._begin(FirstMinuteStep.MOMENT)

    def _begin(self, step: FirstMinuteStep) -> None:
        self.step, self._step_began_at = step, None

    def _ask_for_a_key(self) -> None:
        self._compare.slow_motion.close()
        self._begin(FirstMinuteStep.PRESS)

    def _finish(self) -> None:
        self._begin(FirstMinuteStep.OVER)
        self.resize(self._size, self._theme)
        self._on_seen()

    def _lay_out_banners(self) -> None:
        """Wrap all sentences, and give the band the height of the highest."""
        texts, theme = self._texts, self._theme
        width, height = self._size
        sentences = {
            FirstMinuteStep.WATCH: (texts.first_minute_watch, texts.first_minute_skip),
            FirstMinuteStep.MOMENT: (texts.first_minute_moment, texts.first_minute_skip),
            FirstMinuteStep.PRESS: (texts.first_minute_press, texts.first_minute_close),
        }
        frame = 2 * theme.px(_PADDING) + 2 * theme.px(_GAP)
        most = round(height * _BAND_SHARE)
        self._banners = {
            step: WrappedText(
                (
                    Paragraph(sentence, _TEXT_SIZE, bold=True),
                    Paragraph(hint, _HINT_SIZE, colours.MUTED),
                ),
                (max(1, width - frame), max(1, most - frame)),
                theme,
            )
            for step, (sentence, hint) in sentences.items()
        }
        highest = max(text.height for text in self._banners.values())
        # Half of a tiny window stays for the match.
        self._band_height = min(highest + frame - theme.px(_GAP), height // 2)

    def _draw_banner(self, surface: pygame.Surface, band: pygame.Rect) -> None:
        """Draw the sentence of the present step in its band."""
        text, theme = self._banners[self.step], self._theme
        gap, padding = theme.px(_GAP), theme.px(_PADDING)
        border = pygame.Rect(gap, band.top, band.width - 2 * gap, band.height - gap)
        border.size = max(1, border.width), max(1, border.height)
        box = border.inflate(-theme.px(4), -theme.px(4))
        box.size = max(1, box.width), max(1, box.height)
        surface.blit(theme.rounded_rect(border.size, colours.SKY, 14), border)
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, 12), box)
        text.draw(surface, (border.left + padding, border.top + padding))
