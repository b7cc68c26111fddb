"""The referee of a match, which reads the room's events."""

from game.lab.league.referee import Referee
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import Goal, Kicked, PhaseChanged, Roster, RosterEntry


def roster(*teams: tuple[int, Team]) -> Roster:
    return Roster(0, tuple(RosterEntry(each, "bot", team, False, 0, "tcp") for each, team in teams))


BOTH = roster((0, Team.SKY), (1, Team.ORANGE))


def test_goals_and_kicks_count_from_when_both_are_there() -> None:
    referee = Referee()
    referee.watch(
        [
            roster((0, Team.SKY)),
            Kicked(1, 0),
            Goal(2, Team.SKY, 0, False, (0, 1)),
            BOTH,
            Kicked(3, 0),
            Kicked(4, 1),
            Kicked(5, 1),
            Goal(6, Team.ORANGE, 1, False, (1, 0)),
        ]
    )
    assert referee.goals == (0, 1), "the first to join is sky"
    assert (referee.kicks(0), referee.kicks(1)) == (1, 2)
    assert not referee.is_over


def test_nothing_counts_after_the_final_phase() -> None:
    referee = Referee()
    referee.watch([PhaseChanged(0, Phase.FINAL, 2)])
    assert not referee.is_over, "nobody has played"
    referee.watch([BOTH, PhaseChanged(1, Phase.FINAL, 2), Goal(2, Team.SKY, 0, False, (0, 1))])
    assert referee.is_over
    assert referee.goals == (0, 0)


def test_a_bot_that_left_stays_away_even_if_its_id_comes_back() -> None:
    referee = Referee()
    referee.watch([BOTH])
    assert not referee.has_left(0)
    referee.watch([roster((1, Team.ORANGE)), BOTH])
    assert referee.has_left(0)
    assert not referee.has_left(1)
    assert not Referee().has_left(0)
