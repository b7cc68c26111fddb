"""Actions of slow motion: a key and a button each, as long as it is open."""

from collections.abc import Callable

import pygame

from game.view.actions import Action
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import Texts


def open_action(toggle: Callable[[], None], is_open: Callable[[], bool], texts: Texts) -> Action:
    """Return the action that opens and closes slow motion."""
    # Not S for "slow": that key runs.
    return Action(
        "J", (pygame.K_j,), lambda: texts.slow_motion, texts.help_slow_motion, toggle, is_open
    )


def playback_actions(
    slow_motion: SlowMotion, recorder: ClipRecorder, texts: Texts
) -> tuple[Action, ...]:
    """Return the actions that control the playback."""

    def step(frames: int) -> Callable[[], None]:
        return lambda: _step(slow_motion, frames)

    def change_speed(steps: int) -> Callable[[], None]:
        return lambda: _change_speed(slow_motion, steps)

    def is_paused() -> bool:
        return slow_motion.playback is not None and slow_motion.playback.is_paused

    return (
        Action(
            texts.space_key,
            (pygame.K_SPACE,),
            lambda: texts.slow_play if is_paused() else texts.slow_pause,
            texts.help_slow_pause,
            lambda: _toggle_pause(slow_motion),
            is_paused,
            labels=(texts.slow_play, texts.slow_pause),
        ),
        Action(
            "←",
            (pygame.K_LEFT,),
            lambda: texts.slow_frame_back,
            texts.help_slow_frame_back,
            step(-1),
        ),
        Action(
            "→",
            (pygame.K_RIGHT,),
            lambda: texts.slow_frame_on,
            texts.help_slow_frame_on,
            step(1),
        ),
        Action(
            ",",
            (pygame.K_COMMA,),
            lambda: texts.slow_slower,
            texts.help_slow_slower,
            change_speed(1),
        ),
        Action(
            ".",
            (pygame.K_PERIOD,),
            lambda: texts.slow_faster,
            texts.help_slow_faster,
            change_speed(-1),
        ),
        Action(
            "F9",
            (pygame.K_F9,),
            lambda: texts.clip_save,
            texts.help_clip_save,
            recorder.toggle,
            lambda: recorder.is_recording,
        ),
        Action(
            "Esc",
            (pygame.K_ESCAPE, pygame.K_j),
            lambda: texts.slow_close,
            texts.help_slow_close,
            slow_motion.close,
        ),
    )


def _toggle_pause(slow_motion: SlowMotion) -> None:
    if slow_motion.playback is not None:
        slow_motion.playback.toggle_pause()


def _step(slow_motion: SlowMotion, frames: int) -> None:
    if slow_motion.playback is not None:
        slow_motion.playback.step(frames)


def _change_speed(slow_motion: SlowMotion, steps: int) -> None:
    if slow_motion.playback is not None:
        slow_motion.playback.change_speed(steps)
