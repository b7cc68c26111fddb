"""Results of a league's matches, and the table that follows from them.  [pure]"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from game.lab.league.schedule import Fixture

WIN_POINTS = 3
DRAW_POINTS = 1
# As in football: a match lost by forfeit counts as three goals to none.
FORFEIT_GOALS = 3
FORMAT = 1


@dataclass(frozen=True, slots=True)
class BotFigures:
    """Figures of one bot in one match.

    ``packets`` is what its link carried from it to the server. ``disconnects`` counts the
    connections that ended before the match did. ``failure`` is the reason for a forfeit, empty if
    the bot played to the end. ``warnings`` are faults that cost nothing.
    """

    kicks: int = 0
    packets: int = 0
    disconnects: int = 0
    failure: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The result of one match; ``goals`` and ``figures`` are of orange and sky.

    ``goals`` are those of the pitch: a forfeit counts by ``counted_goals``.
    """

    fixture: Fixture
    goals: tuple[int, int]
    figures: tuple[BotFigures, BotFigures]

    @property
    def counted_goals(self) -> tuple[int, int]:
        """The goals for the table: three to none for the bot whose opponent failed."""
        match bool(self.figures[0].failure), bool(self.figures[1].failure):
            case True, True:
                return 0, 0
            case True, False:
                return 0, FORFEIT_GOALS
            case False, True:
                return FORFEIT_GOALS, 0
        return self.goals


@dataclass(slots=True)
class Standing:
    """The row of one bot in the table."""

    name: str
    points: int = 0
    played: int = 0
    won: int = 0
    drawn: int = 0
    lost: int = 0
    goals_for: int = 0
    goals_against: int = 0
    kicks: int = 0
    packets: int = 0
    disconnects: int = 0
    forfeits: int = 0

    def add(self, own: BotFigures, goals: tuple[int, int]) -> None:
        """Count a match with ``goals`` for and against."""
        scored, conceded = goals
        has_failed = bool(own.failure)
        self.played += 1
        self.won += scored > conceded
        # Two bots that both failed share no point.
        self.drawn += scored == conceded and not has_failed
        self.lost += scored < conceded or (scored == conceded and has_failed)
        self.points = WIN_POINTS * self.won + DRAW_POINTS * self.drawn
        self.goals_for += scored
        self.goals_against += conceded
        self.kicks += own.kicks
        self.packets += own.packets
        self.disconnects += own.disconnects
        self.forfeits += has_failed


@dataclass(frozen=True, slots=True)
class LeagueResults:
    """All that ``league.json`` holds; ``commands`` by the bots' names."""

    commands: dict[str, tuple[str, ...]]
    transports: dict[str, str]
    link: str
    seed: int
    match_s: float
    matches_planned: int
    matches: tuple[MatchResult, ...] = ()


def standings(names: Sequence[str], results: Iterable[MatchResult]) -> list[Standing]:
    """Return the table: by points, goal difference, goals, and then by name."""
    rows = {name: Standing(name) for name in names}
    for result in results:
        orange, sky = result.counted_goals
        rows[result.fixture.orange].add(result.figures[0], (orange, sky))
        rows[result.fixture.sky].add(result.figures[1], (sky, orange))
    return sorted(
        rows.values(),
        key=lambda row: (
            -row.points,
            row.goals_against - row.goals_for,
            -row.goals_for,
            row.name,
        ),
    )


def results_to_json(results: LeagueResults) -> dict[str, Any]:
    """Return plain values for ``league.json``; matches in the order of their numbers."""
    matches = sorted(results.matches, key=lambda each: each.fixture.number)
    return {
        "format": FORMAT,
        "link": results.link,
        "seed": results.seed,
        "match_s": results.match_s,
        "matches_planned": results.matches_planned,
        "bots": [
            {"name": name, "command": list(command), "transport": results.transports[name]}
            for name, command in results.commands.items()
        ],
        "table": [asdict(row) for row in standings([*results.commands], matches)],
        "matches": [
            {
                "number": each.fixture.number,
                "orange": each.fixture.orange,
                "sky": each.fixture.sky,
                "goals": list(each.goals),
                "counted_goals": list(each.counted_goals),
                "figures": [asdict(figures) for figures in each.figures],
            }
            for each in matches
        ],
    }
