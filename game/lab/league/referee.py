"""Referee of one match: players, score, kicks and the end, from a room's events.  [pure]

Bots are told apart by the order in which they join: a bot chooses its own name.
"""

from collections import Counter
from collections.abc import Iterable

from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import GameEvent, Goal, Kicked, PhaseChanged, Roster

BOTS_IN_A_MATCH = 2


class Referee:
    """State of a match of two bots, computed from a spectator's events.

    ``players``: the ids of the first two that joined, in this order.
    ``goals``: of the first and the second, since both were there.
    ``is_over``: the second half has ended.
    """

    def __init__(self) -> None:
        self.players: list[int] = []
        self.is_over = False
        self._left: set[int] = set()
        self._teams: dict[int, Team] = {}
        self._score = (0, 0)
        self._kicks = Counter[int]()

    def watch(self, events: Iterable[GameEvent]) -> None:
        """Take note of events, in order."""
        for event in events:
            if self.is_over:
                return
            match event:
                case Roster(entries=entries):
                    self._read_roster({entry.player_id: entry.team for entry in entries})
                case Goal(score=score) if self._is_full:
                    self._score = score
                case Kicked(player_id=player_id) if self._is_full:
                    self._kicks[player_id] += 1
                case PhaseChanged(phase=Phase.FINAL) if self._is_full:
                    self.is_over = True

    @property
    def goals(self) -> tuple[int, int]:
        """Goals of the bot that joined first, and of the other."""
        first = self._teams.get(self.players[0]) if self.players else None
        orange, sky = self._score
        return (sky, orange) if first is Team.SKY else (orange, sky)

    def kicks(self, index: int) -> int:
        """Return the kicks of the first (0) or second (1) bot."""
        return self._kicks[self.players[index]] if index < len(self.players) else 0

    def has_left(self, index: int) -> bool:
        """Return whether a bot joined and its player is no longer on the pitch."""
        return index < len(self.players) and self.players[index] in self._left

    @property
    def _is_full(self) -> bool:
        return len(self.players) == BOTS_IN_A_MATCH

    def _read_roster(self, teams: dict[int, Team]) -> None:
        for player_id in teams:
            if player_id not in self.players and not self._is_full:
                self.players.append(player_id)
        # Never removed again: another player may get the id of one that left.
        self._left |= {each for each in self.players if each not in teams}
        self._teams |= {each: team for each, team in teams.items() if each in self.players}
