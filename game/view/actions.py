"""Actions that a key and a button trigger, and the ones that all windows share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pygame

from game.client.netcode import PredictionMode
from game.view.hud import transport_title
from game.view.netcode_controls import (
    INTERPOLATION_MAX_S,
    INTERPOLATION_STEP_S,
    NetcodeControls,
    interpolation_text,
    prediction_text,
)
from game.view.texts import Texts

# With a function key each: a Turkish keyboard has "-" in the place of "=", and no key of its own
# for "=" and "+".
_LESS = (pygame.K_MINUS, pygame.K_F3, pygame.K_KP_MINUS)
_MORE = (pygame.K_EQUALS, pygame.K_PLUS, pygame.K_F4, pygame.K_KP_PLUS)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Action:
    """An action with its key, its button and its line of help.

    ``keys`` are its key codes: signs, or keys without a sign.
    ``key_label`` is the text on the first one, on a US keyboard.
    ``spare_key_label`` is the text on the key to press where the keyboard has none of the signs.
    ``label`` returns the present text of the button, one of ``labels`` if it changes.
    """

    key_label: str
    keys: tuple[int, ...]
    label: Callable[[], str]
    help: str
    callback: Callable[[], None]
    is_on: Callable[[], bool] = _never
    spare_key_label: str = ""
    labels: tuple[str, ...] = ()


def netcode_actions(controls: NetcodeControls, texts: Texts) -> tuple[Action, ...]:
    """Return the actions that change the client's netcode settings."""
    return (
        *_interpolation_actions(controls, texts),
        Action(
            "X",
            (pygame.K_x,),
            lambda: texts.extrapolation,
            texts.help_extrapolation,
            controls.toggle_extrapolation,
            lambda: controls.settings.extrapolation,
        ),
        *_prediction_actions(controls, texts),
        # "D" runs to the right.
        Action(
            "C",
            (pygame.K_c,),
            lambda: texts.deltas,
            texts.help_deltas,
            controls.toggle_deltas,
            lambda: controls.settings.deltas,
        ),
    )


def _interpolation_actions(controls: NetcodeControls, texts: Texts) -> tuple[Action, ...]:
    return (
        Action(
            "I",
            (pygame.K_i,),
            lambda: interpolation_text(controls, texts),
            texts.help_interpolation,
            controls.toggle_interpolation,
            lambda: controls.settings.interpolation,
            labels=(
                texts.interpolation_off,
                texts.interpolation.format(value=texts.number(INTERPOLATION_MAX_S * 1000)),
            ),
        ),
        Action(
            "-",
            _LESS,
            lambda: "",
            texts.help_interpolation_less,
            lambda: controls.change_interpolation(-INTERPOLATION_STEP_S),
            spare_key_label="F3",
        ),
        Action(
            "=",
            _MORE,
            lambda: "",
            texts.help_interpolation_more,
            lambda: controls.change_interpolation(INTERPOLATION_STEP_S),
            spare_key_label="F4",
        ),
    )


def _prediction_actions(controls: NetcodeControls, texts: Texts) -> tuple[Action, ...]:
    return (
        Action(
            "P",
            (pygame.K_p,),
            lambda: prediction_text(controls.settings.prediction, texts),
            texts.help_prediction,
            controls.cycle_prediction,
            lambda: controls.settings.prediction is not PredictionMode.OFF,
            labels=tuple(prediction_text(mode, texts) for mode in PredictionMode),
        ),
        Action(
            "R",
            (pygame.K_r,),
            lambda: texts.reconciliation,
            texts.help_reconciliation,
            controls.toggle_reconciliation,
            lambda: controls.settings.reconciliation,
        ),
    )


def switch_actions(
    transports: Sequence[str], switch: Callable[[str], None], texts: Texts
) -> tuple[Action, ...]:
    """Return an action for each transport that has a digit: a keyboard has nine."""

    def action(number: int, transport: str) -> Action:
        title = transport_title(transport)
        return Action(
            str(number),
            (pygame.K_0 + number,),
            lambda: title,
            texts.help_switch.format(transport=title),
            lambda: switch(transport),
        )

    return tuple(action(number, name) for number, name in enumerate(transports[:9], start=1))


def sound_action(toggle: Callable[[], None], is_on: Callable[[], bool], texts: Texts) -> Action:
    """Return the action that turns the sound on or off."""
    return Action("M", (pygame.K_m,), lambda: texts.sound, texts.help_sound, toggle, is_on)


class ImpairmentToggles(Protocol):
    """Owner of the settings that make play worse on purpose, so that students see their effect."""

    @property
    def nagle(self) -> bool:
        """True if senders of a stream use Nagle's algorithm (RFC 896)."""
        ...

    @property
    def unreliable_events(self) -> bool:
        """True if kicks and goals are sent with ``Delivery.LATEST``, so that they may be lost."""
        ...

    def toggle_nagle(self) -> None:
        """Turn Nagle's algorithm on or off."""
        ...

    def toggle_unreliable_events(self) -> None:
        """Send kicks and goals unreliably, or reliably again."""
        ...


def impairment_actions(toggles: ImpairmentToggles, texts: Texts) -> tuple[Action, ...]:
    """Return the actions that impair the connection on purpose."""
    return (
        Action(
            "N",
            (pygame.K_n,),
            lambda: texts.nagle,
            texts.help_nagle,
            toggles.toggle_nagle,
            lambda: toggles.nagle,
        ),
        Action(
            "V",
            (pygame.K_v,),
            lambda: texts.unreliable_events,
            texts.help_unreliable_events,
            toggles.toggle_unreliable_events,
            lambda: toggles.unreliable_events,
        ),
    )
