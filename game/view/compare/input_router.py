"""Routing of one person's input to the players of several panels.  [pure]

Input goes to all panels, or to the panel with the focus. A bot controls each player that gets no
input.
"""

from math import inf

from game.match.controls import NEUTRAL, Controls

# Long enough to stand still on purpose, short enough that an idle player does not spoil the match.
IDLE_S = 5.0


class InputRouter:
    """Router of one person's controls to the panels called ``names``."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._focus: int | None = None
        self._touched_at = -inf
        self._is_human = False

    @property
    def focus(self) -> str | None:
        """The panel that alone receives the input; None if all panels do."""
        return None if self._focus is None else self._names[self._focus]

    def focus_next(self) -> None:
        """Move the focus to the next panel; after the last one, to all panels."""
        next = 0 if self._focus is None else self._focus + 1
        self._focus = next if next < len(self._names) else None

    def toggle_focus(self, name: str) -> None:
        """Give the focus to one panel; if it has the focus already, to all panels."""
        index = self._names.index(name)
        self._focus = None if self._focus == index else index

    def receives_input(self, name: str) -> bool:
        """Return whether this panel's player receives the input."""
        return self._focus is None or self._names[self._focus] == name

    def is_human(self, name: str) -> bool:
        """Return whether a person controls this panel's player now."""
        return self._is_human and self.receives_input(name)

    def route(self, controls: Controls, now: float) -> dict[str, Controls | None]:
        """Return the controls of each player at ``now``; None leaves the player to its bot."""
        if controls != NEUTRAL:
            self._touched_at = now
        self._is_human = now - self._touched_at < IDLE_S
        return {name: controls if self.is_human(name) else None for name in self._names}
