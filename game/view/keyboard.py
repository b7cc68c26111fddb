"""Keyboard layout: the signs on the keys, and the action that a pressed key triggers.

A key has a place (scancode), which is the same on all keyboards, and a sign (key code), which the
player's layout gives it. A sign names an action. A place stands in for a sign that the layout
lacks: Russian and Greek keyboards have no "m", German ones no "[".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pygame

from game.view.actions import Action
from game.view.input_devices import DIRECTIONS, KICK_KEYS

# SDL reserves this many places.
_PLACES = 512
# Signs with a key of their own, in any script that a keyboard has: Latin to Georgian and Thai.
_SIGNS = range(0x21, 0x2100)
# Signs that the actions use, at their place on a US keyboard.
_US_PLACES = {
    **{pygame.K_a + n: pygame.KSCAN_A + n for n in range(26)},
    **{pygame.K_1 + n: pygame.KSCAN_1 + n for n in range(9)},
    pygame.K_MINUS: pygame.KSCAN_MINUS,
    pygame.K_EQUALS: pygame.KSCAN_EQUALS,
    pygame.K_LEFTBRACKET: pygame.KSCAN_LEFTBRACKET,
    pygame.K_RIGHTBRACKET: pygame.KSCAN_RIGHTBRACKET,
    pygame.K_COMMA: pygame.KSCAN_COMMA,
    pygame.K_PERIOD: pygame.KSCAN_PERIOD,
}
# Keys that play. Their signs trigger nothing: on a Colemak keyboard "R" is where "S" is elsewhere,
# and to run down must not change a setting.
_PLAYING_PLACES = frozenset((*DIRECTIONS, *KICK_KEYS))
_RUN_PLACES = (pygame.KSCAN_W, pygame.KSCAN_A, pygame.KSCAN_S, pygame.KSCAN_D)


@dataclass(frozen=True, slots=True)
class KeyboardLayout:
    """Layout of a keyboard: ``signs`` has the key code at each place with a printable sign."""

    signs: Mapping[int, int]

    @classmethod
    def present(cls) -> "KeyboardLayout":
        """Return the layout that the player uses now. Call it after ``pygame.display.init``."""
        # pygame has no function for it. Its table of pressed keys finds a key's place by its sign.
        # This table holds the numbers of the places, so the entry found is the place.
        places = pygame.key.ScancodeWrapper(cast(Any, range(_PLACES)))
        found = {int(places[sign]): sign for sign in reversed(_SIGNS)}
        return cls({place: sign for place, sign in found.items() if place})

    def has(self, sign: int) -> bool:
        """Return whether a key of this layout has the sign, and is not one that plays."""
        return any(
            other == sign and place not in _PLAYING_PLACES for place, other in self.signs.items()
        )

    def text_at(self, place: int) -> str:
        """Return the sign at a place as a capital letter; empty if it has none."""
        return _capital(self.signs[place]) if place in self.signs else ""

    @property
    def run_keys(self) -> str:
        """Signs of the keys to run: "WASD" on most keyboards, "ZQSD" on a French one."""
        return "".join(map(self.text_at, _RUN_PLACES))


class Shortcuts:
    """Keys of ``actions`` on the player's layout. Each key triggers one action at most.

    The keys that play trigger none, unless ``while_playing`` is false.
    """

    def __init__(self, actions: Sequence[Action], while_playing: bool = True) -> None:
        self._playing_places = _PLAYING_PLACES if while_playing else frozenset()
        self.layout = KeyboardLayout.present()
        self._by_key = {key: action for action in actions for key in action.keys}
        self._by_place = {
            _US_PLACES[key]: action
            for action in actions
            for key in action.keys
            if key in _US_PLACES
        }

    def update_layout(self) -> None:
        """Use the layout that the player has chosen now; call it on ``KEYMAPCHANGED``."""
        self.layout = KeyboardLayout.present()

    def action_of(self, event: pygame.event.Event) -> Action | None:
        """Return the action that a ``KEYDOWN`` event triggers; None if it triggers none."""
        # On-screen keyboards and tools that inject key presses may send no scancode.
        place = getattr(event, "scancode", pygame.KSCAN_UNKNOWN)
        if place in self._playing_places:
            return None
        return self._by_key.get(event.key) or self._by_place.get(place)

    def label(self, action: Action) -> str:
        """Return the sign on the key of an action; empty if this layout has no key for it."""
        signs = [key for key in action.keys if key in _SIGNS]
        if not signs:
            # A key without a sign, such as Tab, is on every keyboard.
            return action.key_label
        for sign in signs:
            if self.layout.has(sign):
                return _capital(sign)
        for sign in signs:
            if sign in _US_PLACES and self._stands_in(_US_PLACES[sign]):
                return self.layout.text_at(_US_PLACES[sign])
        return action.spare_key_label

    def _stands_in(self, place: int) -> bool:
        """Return whether the sign at a place means nothing else."""
        sign = self.layout.signs.get(place)
        return sign is not None and sign not in self._by_key and place not in _PLAYING_PLACES


def _capital(sign: int) -> str:
    capital = chr(sign).upper()
    # The capital of "ß" would be two letters.
    return capital if len(capital) == 1 else chr(sign)
