"""Found games: one line a server, gone after a silence."""

from dataclasses import replace

from game.client.found_games import FORGET_AFTER_S, GAMES_MAX, FoundGames
from game.protocol.announcement import Announcement

GAME = Announcement("a", "laptop", "", 7777, 3, False, False, 0, 0, ("udp",), ())


def test_a_server_that_answers_over_two_cards_is_one_game_at_its_lan_address():
    found = FoundGames()
    for host in ("127.0.0.1", "fe80::1%eth0", "192.168.1.5"):
        found.add(GAME, host, 0.001, 0.0)
    (game,) = found.games(1.0)
    assert game.host == "192.168.1.5"


def test_a_server_that_listens_at_one_address_is_joined_there():
    found = FoundGames()
    found.add(replace(GAME, host="10.0.0.9"), "192.168.1.5", 0.001, 0.0)
    assert found.games(0.0)[0].host == "10.0.0.9"


def test_the_least_of_the_last_round_trip_times_is_shown():
    found = FoundGames()
    for rtt_s in (0.001, 0.009, 0.004, 0.005, 0.006, 0.007):
        found.add(GAME, "10.0.0.1", rtt_s, 0.0)
    assert found.games(0.0)[0].rtt_s == 0.004


def test_a_silent_server_is_forgotten():
    found = FoundGames()
    found.add(GAME, "10.0.0.1", 0.001, 0.0)
    assert found.games(FORGET_AFTER_S)
    assert not found.games(FORGET_AFTER_S + 0.1)


def test_games_with_people_come_first():
    found = FoundGames()
    for server_id, title, people in (("1", "b", 0), ("2", "a", 0), ("3", "c", 4)):
        announcement = replace(GAME, server_id=server_id, title=title, people=people)
        found.add(announcement, "10.0.0.1", 0.001, 0.0)
    assert [game.announcement.title for game in found.games(0.0)] == ["c", "a", "b"]


def test_forged_replies_do_not_fill_the_memory():
    found = FoundGames()
    for number in range(GAMES_MAX + 50):
        found.add(replace(GAME, server_id=str(number)), "10.0.0.1", 0.001, 0.0)
    assert len(found.games(0.0)) == GAMES_MAX
