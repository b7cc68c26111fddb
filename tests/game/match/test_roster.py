"""The team sheet: ids, even teams, goals."""

import pytest

from game.match.formation import MAX_PLAYERS
from game.match.roster import MatchFullError, PlayerTable
from game.match.world import Team


def teams(roster):
    return [len(roster.team_ids(team)) for team in Team]


def test_forty_get_the_ids_0_to_39_and_the_next_is_refused():
    roster = PlayerTable()
    assert [roster.add("p", None, False) for _ in range(MAX_PLAYERS)] == list(range(40))
    with pytest.raises(MatchFullError, match="40"):
        roster.add("late", None, False)


def test_teams_fill_evenly_at_every_moment():
    roster = PlayerTable()
    for _ in range(MAX_PLAYERS):
        roster.add("p", None, False)
        orange, sky = teams(roster)
        assert 0 <= orange - sky <= 1


def test_the_least_free_id_is_given_again_and_entries_stay_in_order():
    roster = PlayerTable()
    for name in "abcd":
        roster.add(name, None, False)
    roster.remove(1)
    assert roster.add("e", None, False) == 1
    assert [entry.name for entry in roster.entries().values()] == list("aecd")
    assert list(roster.entries()) == [0, 1, 2, 3]


def test_who_comes_after_a_leaver_fills_the_gap_in_the_team():
    roster = PlayerTable()
    for _ in range(6):
        roster.add("p", None, False)
    for player_id in (1, 3):
        roster.remove(player_id)
    for _ in range(2):
        player_id = roster.add("new", None, False)
        assert roster.entries()[player_id].team is Team.SKY


def test_people_are_spread_over_teams_of_bots():
    roster = PlayerTable()
    for team in (Team.ORANGE, Team.SKY):
        roster.add("bot", team, True)
    roster.add("ann", None, False)
    roster.add("bot", None, True)
    bob = roster.add("bob", None, False)
    assert roster.entries()[bob].team is Team.SKY


def test_a_team_asked_for_is_given():
    roster = PlayerTable()
    ids = [roster.add("p", Team.SKY, False) for _ in range(3)]
    assert roster.team_ids(Team.SKY) == ids


def test_even_up_moves_bots_only_and_no_more_than_needed():
    roster = PlayerTable()
    for is_bot in (False, True, True, False, True, False):
        roster.add("p", Team.ORANGE, is_bot)
    assert list(roster.even_up()) == [(4, Team.SKY), (2, Team.SKY), (1, Team.SKY)]
    assert teams(roster) == [3, 3]
    assert list(roster.even_up()) == []


def test_even_up_cannot_move_people():
    roster = PlayerTable()
    for _ in range(4):
        roster.add("p", Team.SKY, False)
    assert list(roster.even_up()) == []
    assert teams(roster) == [0, 4]


def test_goals_stand_on_the_sheet_until_cleared():
    roster = PlayerTable()
    player_id = roster.add("ann", None, False)
    roster.credit_goal(player_id)
    roster.credit_goal(player_id)
    assert roster.entries()[player_id] == ("ann", Team.ORANGE, False, 2)
    roster.clear_goals()
    assert roster.entries()[player_id].goals == 0


def test_removing_nobody_is_an_error():
    with pytest.raises(KeyError):
        PlayerTable().remove(0)
