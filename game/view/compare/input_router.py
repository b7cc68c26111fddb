"""Who steers which panel's player: the person at the keys, or a bot.  [pure]

A person steers all panels at once, or the one that was given the keys; a bot takes over where
nobody is heard of. Knows no keyboard and no client.
"""

from math import inf

from game.match.controls import NEUTRAL, Controls

# Long enough to stand still on purpose, short enough that a deserted player does not spoil a match.
IDLE_S = 5.0


class InputRouter:
    """Share one person's controls out to the panels called `names`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._focus: int | None = None
        self._touched_at = -inf
        self._is_human = False

    @property
    def focus(self) -> str | None:
        """The only panel that has the keys; None when all have them."""
        return None if self._focus is None else self._names[self._focus]

    def focus_next(self) -> None:
        """Give the keys to the first panel, the next one, and after the last to all again."""
        next = 0 if self._focus is None else self._focus + 1
        self._focus = next if next < len(self._names) else None

    def toggle_focus(self, name: str) -> None:
        """Give the keys to one panel, or to all if it had them alone."""
        index = self._names.index(name)
        self._focus = None if self._focus == index else index

    def receives_input(self, name: str) -> bool:
        """Return whether the keys would move this panel's player."""
        return self._focus is None or self._names[self._focus] == name

    def is_human(self, name: str) -> bool:
        """Return whether a person steers this panel's player at the moment."""
        return self._is_human and self.receives_input(name)

    def route(self, controls: Controls, now: float) -> dict[str, Controls | None]:
        """Return what each player is to hold down at `now`; None leaves it to the bot."""
        if controls != NEUTRAL:
            self._touched_at = now
        self._is_human = now - self._touched_at < IDLE_S
        return {name: controls if self.is_human(name) else None for name in self._names}
