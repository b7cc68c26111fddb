"""Player table: ids, names, teams and goals of the players of a match.  [pure]"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from game.match.formation import MAX_PLAYERS
from game.match.world import Team


class MatchFullError(Exception):
    """The match has the maximum number of players."""


class PlayerRecord(NamedTuple):
    """A player of the table; ``goals`` does not count own goals."""

    name: str
    team: Team
    is_bot: bool
    goals: int
    assists: int = 0
    own_goals: int = 0


@dataclass(slots=True)
class _Member:
    name: str
    team: Team
    is_bot: bool
    goals: int = 0
    assists: int = 0
    own_goals: int = 0


class PlayerTable:
    """The players of one match by id, always in the order of ids."""

    def __init__(self) -> None:
        self._members: dict[int, _Member] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, player_id: int) -> bool:
        return player_id in self._members

    def entries(self) -> dict[int, PlayerRecord]:
        """Return all players by id."""
        return {
            player_id: PlayerRecord(m.name, m.team, m.is_bot, m.goals, m.assists, m.own_goals)
            for player_id, m in self._members.items()
        }

    def team_ids(self, team: Team) -> list[int]:
        """Return the ids of ``team``'s players, ascending."""
        return [player_id for player_id, m in self._members.items() if m.team == team]

    def add(self, name: str, team: Team | None, is_bot: bool) -> int:
        """Add a player under the smallest free id and return that id.

        Without a ``team`` a bot joins the smaller team, a person the team with fewer people. Bots
        can then be moved to even the teams. The other of the two counts decides a tie, then orange.
        Raises ``MatchFullError`` if 40 players are in the match.
        """
        free = (i for i in range(MAX_PLAYERS) if i not in self._members)
        player_id = next(free, None)
        if player_id is None:
            raise MatchFullError(f"all {MAX_PLAYERS} player slots of the match are taken")
        side = self._needy_team(is_bot) if team is None else team
        self._members[player_id] = _Member(name, side, is_bot)
        self._members = dict(sorted(self._members.items()))
        return player_id

    def remove(self, player_id: int) -> None:
        """Remove a player. Raises ``KeyError`` for an unknown id."""
        del self._members[player_id]

    def set_team(self, player_id: int, team: Team) -> None:
        """Put a player into a team. Raises ``KeyError`` for an unknown id."""
        self._members[player_id].team = team

    def credit_goal(self, player_id: int) -> None:
        """Add a goal to a player's count."""
        self._members[player_id].goals += 1

    def credit_assist(self, player_id: int) -> None:
        """Add an assist to a player's count."""
        self._members[player_id].assists += 1

    def count_own_goal(self, player_id: int) -> None:
        """Add an own goal to a player's count."""
        self._members[player_id].own_goals += 1

    def clear_goals(self) -> None:
        """Set goals, assists and own goals of all players to 0, for a new match."""
        for member in self._members.values():
            member.goals = member.assists = member.own_goals = 0

    def even_up(self) -> Iterator[tuple[int, Team]]:
        """Move bots, last ids first, until the teams differ by one at most; yield each move.

        People are never moved, so with few bots a difference may remain.
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

    def _needy_team(self, is_bot: bool) -> Team:
        def need(team: Team) -> tuple[int, int, Team]:
            size, people = self._size(team), self._people(team)
            # People over a slow link, all on one side, would lose against bots without delay.
            return (size, people, team) if is_bot else (people, size, team)

        return min(Team, key=need)
