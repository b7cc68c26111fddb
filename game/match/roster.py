"""Who plays: ids, names, teams and goals; nothing about where anybody is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from game.match.formation import MAX_PLAYERS
from game.match.world import Team


class MatchFullError(Exception):
    """All places of the match are taken."""


class PlayerRecord(NamedTuple):
    """One line of the team sheet; `goals` leaves own goals out."""

    name: str
    team: Team
    is_bot: bool
    goals: int


@dataclass(slots=True)
class _Member:
    name: str
    team: Team
    is_bot: bool
    goals: int = 0


class PlayerTable:
    """Hold the players of one match by id, always in the order of ids."""

    def __init__(self) -> None:
        self._members: dict[int, _Member] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, player_id: int) -> bool:
        return player_id in self._members

    def entries(self) -> dict[int, PlayerRecord]:
        """Return the team sheet, by player id."""
        return {
            player_id: PlayerRecord(m.name, m.team, m.is_bot, m.goals)
            for player_id, m in self._members.items()
        }

    def team_ids(self, team: Team) -> list[int]:
        """Return the ids of `team`'s players, ascending."""
        return [player_id for player_id, m in self._members.items() if m.team == team]

    def add(self, name: str, team: Team | None, is_bot: bool) -> int:
        """Add a player under the smallest free id and return that id.

        Without a `team` it goes to the smaller one; between equals to the one with fewer people,
        then to orange. Raises `MatchFullError` when 40 play.
        """
        free = (i for i in range(MAX_PLAYERS) if i not in self._members)
        player_id = next(free, None)
        if player_id is None:
            raise MatchFullError(f"all {MAX_PLAYERS} places of the match are taken")
        side = self._needy_team() if team is None else team
        self._members[player_id] = _Member(name, side, is_bot)
        self._members = dict(sorted(self._members.items()))
        return player_id

    def remove(self, player_id: int) -> None:
        """Remove a player. Raises `KeyError` if there is none of that id."""
        del self._members[player_id]

    def credit_goal(self, player_id: int) -> None:
        """Add a goal to the player's line."""
        self._members[player_id].goals += 1

    def clear_goals(self) -> None:
        """Set every player's goals to none, for a new match."""
        for member in self._members.values():
            member.goals = 0

    def even_up(self) -> Iterator[tuple[int, Team]]:
        """Move bots, last ids first, until the teams differ by one at most; yield each move.

        People stay with their friends, so with few bots a difference may remain.
        """
        for big in Team:
            bots = [i for i in self.team_ids(big) if self._members[i].is_bot]
            while bots and self._size(big) - self._size(big.other) > 1:
                player_id = bots.pop()
                self._members[player_id].team = big.other
                yield player_id, big.other

    def _size(self, team: Team) -> int:
        return len(self.team_ids(team))

    def _people(self, team: Team) -> int:
        return sum(not m.is_bot for m in self._members.values() if m.team == team)

    def _needy_team(self) -> Team:
        return min(Team, key=lambda team: (self._size(team), self._people(team), team))
