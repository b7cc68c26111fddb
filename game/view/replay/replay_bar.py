"""Bar of slow motion: a slider over the kept seconds, and a button for every key."""

import pygame

from game.view.keyboard import Shortcuts
from game.view.replay.actions import playback_actions
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import Texts
from game.view.theme import Theme
from game.view.widgets.buttons import Button, Slider
from game.view.widgets.control_strip import ControlStrip


class ReplayBar:
    """Control strip of slow motion, and the shortcuts that its buttons name."""

    def __init__(self, slow_motion: SlowMotion, texts: Texts) -> None:
        self._slow_motion = slow_motion
        self._texts = texts
        actions = playback_actions(slow_motion, texts)
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
        """Draw the strip, which changes with each frame, and the hint of the mouse."""
        self.strip.renew()
        self.strip.draw(surface, now)
        self.strip.draw_hint(surface, theme, now)

    def _slider(self) -> Slider:
        return Slider(
            self._texts.slow_motion_title,
            self._position,
            self._value,
            self._seek,
            lambda: None,
            self._texts.help_slow_bar,
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
