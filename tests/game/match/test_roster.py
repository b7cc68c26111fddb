"""Player table: ids, even teams, goals."""

import pytest

from game.match.formation import MAX_PLAYERS
from game.match.roster import MatchFullError, PlayerTable
from game.match.world import Team


def teams(table):
    return [len(table.team_ids(team)) for team in Team]


def test_forty_players_get_the_ids_0_to_39_and_the_next_is_refused():
    table = PlayerTable()
    assert [table.add("p", None, False) for _ in range(MAX_PLAYERS)] == list(range(40))
    with pytest.raises(MatchFullError, match="40"):
        table.add("late", None, False)


def test_teams_fill_evenly_at_every_moment():
    table = PlayerTable()
    for _ in range(MAX_PLAYERS):
        table.add("p", None, False)
        orange, sky = teams(table)
        assert 0 <= orange - sky <= 1


def test_the_smallest_free_id_is_reused_and_entries_stay_in_order():
    table = PlayerTable()
    for name in "abcd":
        table.add(name, None, False)
    table.remove(1)
    assert table.add("e", None, False) == 1
    assert [entry.name for entry in table.entries().values()] == list("aecd")
    assert list(table.entries()) == [0, 1, 2, 3]


def test_new_players_join_the_smaller_team():
    table = PlayerTable()
    for _ in range(6):
        table.add("p", None, False)
    for player_id in (1, 3):
        table.remove(player_id)
    for _ in range(2):
        player_id = table.add("new", None, False)
        assert table.entries()[player_id].team is Team.SKY


def test_people_are_spread_over_teams_of_bots():
    table = PlayerTable()
    for team in (Team.ORANGE, Team.SKY):
        table.add("bot", team, True)
    table.add("ann", None, False)
    table.add("bot", None, True)
    bob = table.add("bob", None, False)
    assert table.entries()[bob].team is Team.SKY


def test_people_join_the_team_with_fewer_people_also_if_it_is_larger():
    table = PlayerTable()
    table.add("ann", Team.SKY, False)
    for _ in range(3):
        table.add("bot", Team.ORANGE, True)
    bob = table.add("bob", None, False)
    assert table.entries()[bob].team is Team.ORANGE


def test_a_requested_team_is_given():
    table = PlayerTable()
    ids = [table.add("p", Team.SKY, False) for _ in range(3)]
    assert table.team_ids(Team.SKY) == ids


def test_even_up_moves_bots_only_and_no_more_than_needed():
    table = PlayerTable()
    for is_bot in (False, True, True, False, True, False):
        table.add("p", Team.ORANGE, is_bot)
    assert list(table.even_up()) == [(4, Team.SKY), (2, Team.SKY), (1, Team.SKY)]
    assert teams(table) == [3, 3]
    assert list(table.even_up()) == []


def test_even_up_cannot_move_people():
    table = PlayerTable()
    for _ in range(4):
        table.add("p", Team.SKY, False)
    assert list(table.even_up()) == []
    assert teams(table) == [0, 4]


def test_goals_are_kept_until_cleared():
    table = PlayerTable()
    player_id = table.add("ann", None, False)
    table.credit_goal(player_id)
    table.credit_goal(player_id)
    table.credit_assist(player_id)
    table.count_own_goal(player_id)
    assert table.entries()[player_id] == ("ann", Team.ORANGE, False, 2, 1, 1)
    table.clear_goals()
    assert table.entries()[player_id] == ("ann", Team.ORANGE, False, 0, 0, 0)


def test_removing_an_unknown_id_is_an_error():
    with pytest.raises(KeyError):
        PlayerTable().remove(0)
