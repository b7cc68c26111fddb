"""The table of a league, and its JSON."""

import json

from game.lab.league.schedule import Fixture
from game.lab.league.table import (
    BotFigures,
    LeagueResults,
    MatchResult,
    results_to_json,
    standings,
)


def match(
    orange: str, sky: str, goals: tuple[int, int], failures: tuple[str, str] = ("", "")
) -> MatchResult:
    figures = tuple(BotFigures(kicks=2, packets=10, failure=failure) for failure in failures)
    return MatchResult(Fixture(1, orange, sky), goals, (figures[0], figures[1]))


def test_three_points_for_a_win_and_one_for_a_draw() -> None:
    rows = standings("abc", [match("a", "b", (2, 1)), match("b", "c", (0, 0))])
    assert [(row.name, row.points, row.goals_for, row.goals_against) for row in rows] == [
        ("a", 3, 2, 1),
        ("c", 1, 0, 0),
        ("b", 1, 1, 2),
    ]
    assert (rows[2].played, rows[2].won, rows[2].drawn, rows[2].lost) == (2, 0, 1, 1)
    assert (rows[2].kicks, rows[2].packets) == (4, 20)


def test_who_fails_loses_by_three_goals_whatever_the_score_was() -> None:
    first, second = standings("ab", [match("a", "b", (5, 0), ("it hangs", ""))])
    assert (first.name, first.points, first.goals_for, first.forfeits) == ("b", 3, 3, 0)
    assert (second.points, second.lost, second.goals_against, second.forfeits) == (0, 1, 3, 1)


def test_two_that_fail_share_no_point() -> None:
    rows = standings("ab", [match("a", "b", (1, 0), ("it hangs", "it hangs"))])
    assert [(row.points, row.lost, row.drawn, row.goals_for) for row in rows] == [(0, 1, 0, 0)] * 2


def test_the_json_has_the_table_and_every_match() -> None:
    results = LeagueResults(
        commands={"a": ("python3", "a.py"), "b": ("./b",)},
        transports={"a": "tcp", "b": "udp"},
        link="loss=5%",
        seed=3,
        match_s=60.0,
        matches_planned=2,
        matches=(match("a", "b", (2, 1)),),
    )
    plain = json.loads(json.dumps(results_to_json(results)))
    assert plain["bots"][1] == {"name": "b", "command": ["./b"], "transport": "udp"}
    assert [row["name"] for row in plain["table"]] == ["a", "b"]
    assert plain["matches"][0]["goals"] == [2, 1]
    assert plain["matches"][0]["figures"][0]["kicks"] == 2
