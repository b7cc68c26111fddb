"""Bar of slow motion: a slider over the kept seconds, and a button for every key."""

import pygame

from game.view import colours
from game.view.keyboard import Shortcuts
from game.view.network.legend import Legend
from game.view.replay.actions import playback_actions
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.buttons import Button, Slider
from game.view.widgets.control_strip import ControlStrip

_MESSAGE_SIZE = 14.0


class ReplayBar:
    """Control strip of slow motion, and the shortcuts that its buttons name."""

    def __init__(self, slow_motion: SlowMotion, recorder: ClipRecorder, texts: Texts) -> None:
        self._slow_motion = slow_motion
        self._texts = texts
        self._recorder = recorder
        actions = playback_actions(slow_motion, recorder, texts)
        self.shortcuts = Shortcuts(actions, while_playing=False)
        self.strip = ControlStrip(
            (self._slider(),),
            (),
            [
                Button(
                    self.shortcuts.label(action),
                    action.label,
                    action.callback,
                    action.is_on,
                    action.labels,
                    action.help,
                )
                for action in actions
            ],
        )

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle an event while slow motion is open."""
        if self.strip.handle(event, pixels_per_unit):
            return
        if event.type == pygame.KEYDOWN and (action := self.shortcuts.action_of(event)):
            action.callback()

    def draw(self, surface: pygame.Surface, theme: Theme, now: float) -> None:
        """Draw the strip, which changes with each frame, and the hint of the mouse.

        Call it last: a recorded film has what ``surface`` shows.
        """
        self.strip.renew()
        self.strip.draw(surface, now)
        self._recorder.note(surface, now)
        self.strip.draw_hint(surface, theme, now)
        bottom = self.strip.rect.top if self.strip.rect.height else surface.get_height()
        self.draw_message(surface, theme, now, bottom)

    def draw_message(self, surface: pygame.Surface, theme: Theme, now: float, bottom: int) -> None:
        """Draw the recorder's message above ``bottom`` and the legend that ends there.

        Somebody who closes slow motion at once must read it too.
        """
        words = self._recorder.message(now)
        if not words:
            return
        width = surface.get_width() - theme.px(60)
        image = theme.fitted(words, _MESSAGE_SIZE, width, colours.TEXT, bold=True)
        box = image.get_rect().inflate(theme.px(24), theme.px(10))
        box.midbottom = surface.get_width() // 2, bottom - Legend.height(theme) - theme.px(8)
        surface.blit(theme.rounded_rect(box.size, colours.BUTTON, box.height), box)
        surface.blit(image, image.get_rect(center=box.center))

    def _slider(self) -> Slider:
        return Slider(
            self._texts.slow_motion_title,
            self._position,
            self._value,
            self._seek,
            lambda: None,
            self._texts.help_slow_bar,
            self._texts.slow_motion_short,
        )

    def _position(self) -> float:
        playback = self._slow_motion.playback
        if playback is None:
            return 1.0
        clip = playback.clip
        length_s = clip.end_s - clip.begin_s
        return (playback.at - clip.begin_s) / length_s if length_s else 1.0

    def _seek(self, position: float) -> None:
        playback = self._slow_motion.playback
        if playback is not None:
            clip = playback.clip
            playback.seek(clip.begin_s + position * (clip.end_s - clip.begin_s))

    def _value(self) -> str:
        """Return the speed, and how long before the end of the clip the position is."""
        playback = self._slow_motion.playback
        if playback is None:
            return ""
        before_s = playback.clip.end_s - playback.at
        return self._texts.slow_position.format(
            divisor=round(1 / playback.speed), seconds=self._texts.number(before_s, 2)
        )
