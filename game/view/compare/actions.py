"""Actions of the comparison screen: a key, a button and a line of help for each.

Keyboard, control strip and help overlay all read this table, so they always agree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pygame

from game.view.actions import Action, impairment_actions, netcode_actions, switch_actions
from game.view.compare.settings import CompareControls, GhostMode
from game.view.hud import transport_title
from game.view.texts import Texts


@dataclass(frozen=True, slots=True)
class ActionTable:
    """Actions, grouped by the position of their buttons; ``simple`` are those of a new viewer."""

    players: tuple[Action, ...]
    views: tuple[Action, ...]
    netcode: tuple[Action, ...]
    presets: tuple[Action, ...]
    impairments: tuple[Action, ...]
    sound: Action
    slow_motion: Action
    lobby: Action
    learn: tuple[Action, ...]

    @property
    def simple(self) -> tuple[Action, ...]:
        """The actions whose buttons the simple view shows, beside the presets."""
        shown = ("F1", "F2", "F7", "F8", "Esc", "B", self.slow_motion.key_label)
        return tuple(action for action in self.everything if action.key_label in shown)

    @property
    def everything(self) -> tuple[Action, ...]:
        """All actions, in the order of the help."""
        return (
            *self.players,
            *self.views,
            *self.netcode,
            *self.presets,
            *self.impairments,
            self.slow_motion,
            *self.learn,
            self.sound,
            self.lobby,
        )


def make_actions(
    controls: CompareControls,
    transports: tuple[str, ...],
    texts: Texts,
    open_menu: Callable[[], None],
    *,
    sound: Action,
    slow_motion: Action,
    lobby: Action,
    learn: tuple[Action, ...] = (),
) -> ActionTable:
    """Return the actions that operate ``controls``."""
    return ActionTable(
        players=_player_actions(controls, transports, texts),
        views=_view_actions(controls, texts, open_menu),
        netcode=netcode_actions(controls.netcode, texts),
        presets=_preset_actions(controls, texts),
        impairments=_impairment_actions(controls, texts),
        sound=sound,
        slow_motion=slow_motion,
        lobby=lobby,
        learn=learn,
    )


def lobby_action(leave: Callable[[], None], texts: Texts) -> Action:
    """Return the action that leaves for the lobby."""
    return Action("F8", (pygame.K_F8,), lambda: texts.lobby, texts.help_lobby, leave)


def learn_action(on_learn: Callable[[], None], texts: Texts) -> Action:
    """Return the action that opens the lessons."""
    return Action("F7", (pygame.K_F7,), lambda: texts.lessons, texts.help_lessons, on_learn)


def _player_actions(
    controls: CompareControls, transports: tuple[str, ...], texts: Texts
) -> tuple[Action, ...]:
    def focus_label() -> str:
        focus = controls.input_router.focus
        if focus is None:
            return texts.input_to_all
        title = transport_title(controls.transports[focus])
        return texts.input_to.format(transport=title)

    tab = Action(
        "Tab",
        (pygame.K_TAB,),
        focus_label,
        texts.help_focus,
        controls.input_router.focus_next,
        lambda: controls.input_router.focus is not None,
        labels=(
            texts.input_to_all,
            *(texts.input_to.format(transport=transport_title(name)) for name in transports),
        ),
    )
    return (tab, *switch_actions(transports, controls.switch, texts))


def _view_actions(
    controls: CompareControls, texts: Texts, open_menu: Callable[[], None]
) -> tuple[Action, ...]:
    ghosts = {
        GhostMode.OFF: texts.ghosts_off,
        GhostMode.RENDER_TIME: texts.ghosts_render_time,
        GhostMode.PRESENT: texts.ghosts_present,
    }
    return (
        Action(
            "G",
            (pygame.K_g,),
            lambda: ghosts[controls.ghosts],
            texts.help_ghosts,
            controls.cycle_ghosts,
            lambda: controls.ghosts is not GhostMode.OFF,
            labels=tuple(ghosts.values()),
        ),
        Action(
            "T",
            (pygame.K_t,),
            lambda: texts.trails,
            texts.help_trails,
            controls.toggle_trails,
            lambda: controls.shows_trails,
        ),
        Action(
            "L",
            (pygame.K_l,),
            lambda: texts.lagometer,
            texts.help_lagometer,
            controls.toggle_lagometers,
            lambda: controls.shows_lagometers,
        ),
        Action(
            "K",
            (pygame.K_k,),
            lambda: texts.lane,
            texts.help_lane,
            controls.toggle_lanes,
            lambda: controls.shows_lanes,
        ),
        Action(
            "F2",
            (pygame.K_F2,),
            lambda: texts.details,
            texts.help_details,
            controls.toggle_details,
            lambda: controls.shows_details,
        ),
        Action(
            "F1",
            (pygame.K_F1,),
            lambda: texts.help,
            texts.help_help,
            controls.toggle_help,
            lambda: controls.shows_help,
        ),
        Action("Esc", (), lambda: texts.menu, texts.help_menu, open_menu),
    )


def _preset_actions(controls: CompareControls, texts: Texts) -> tuple[Action, ...]:
    return (
        Action(
            "[",
            (pygame.K_LEFTBRACKET, pygame.K_F5),
            lambda: "",
            texts.help_preset_before,
            lambda: controls.cycle_presets(-1),
            spare_key_label="F5",
        ),
        Action(
            "]",
            (pygame.K_RIGHTBRACKET, pygame.K_F6),
            lambda: "",
            texts.help_preset_after,
            lambda: controls.cycle_presets(1),
            spare_key_label="F6",
        ),
    )


def _impairment_actions(controls: CompareControls, texts: Texts) -> tuple[Action, ...]:
    return (
        Action("B", (pygame.K_b,), lambda: texts.burst, texts.help_burst, controls.burst),
        *impairment_actions(controls, texts),
    )
