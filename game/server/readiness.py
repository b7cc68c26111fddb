"""Readiness of the players of a room to go on, while its match waits.  [pure]"""

from collections.abc import Mapping
from enum import Enum


class Wait(Enum):
    """A reason why a match waits, and ready players may end it."""

    PAUSE = "pause"
    HALF_TIME = "half-time"
    FINAL = "final"


class Readiness:
    """The players who are ready in the present wait, by player id.

    ``ready``: those who said so, ascending. ``awaited``: those whom the others wait for.
    """

    def __init__(self) -> None:
        self.ready: tuple[int, ...] = ()
        self.awaited: tuple[int, ...] = ()
        self._said: set[int] = set()
        self._wait: Wait | None = None

    @property
    def are_all(self) -> bool:
        """True if somebody is ready, and nobody is awaited."""
        return bool(self.ready) and not self.awaited

    def say(self, player_id: int, is_ready: bool) -> None:
        """Note what a player says, for the next ``update``."""
        if is_ready:
            self._said.add(player_id)
        else:
            self._said.discard(player_id)

    def update(self, wait: Wait | None, players: Mapping[int, bool]) -> bool:
        """Apply the present wait and its players; return whether anything changed.

        ``wait``: None while the match is played. Another one than before begins with nobody ready.
        ``players``: by id, whether the others wait for that player.
        """
        if wait is None and self._wait is None:
            # Called in every tick, nearly all of which are played.
            return False
        if wait is not self._wait:
            self._wait = wait
            self._said.clear()
        before = self.ready, self.awaited
        self._said &= players.keys()
        self.ready = tuple(sorted(self._said))
        self.awaited = tuple(
            sorted(id for id, is_awaited in players.items() if is_awaited and id not in self._said)
        )
        return (self.ready, self.awaited) != before
