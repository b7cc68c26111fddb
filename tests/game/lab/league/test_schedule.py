"""The schedule of a league."""

from collections import Counter
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.lab.league.schedule import round_robin


@given(st.integers(2, 9), st.integers(1, 3))
def test_each_pair_meets_on_both_sides_once_a_round(bots: int, rounds: int) -> None:
    names = [f"bot {number}" for number in range(bots)]
    fixtures = round_robin(names, rounds)
    met = Counter((fixture.orange, fixture.sky) for fixture in fixtures)
    assert met == {pair: rounds for pair in permutations(names, 2)}
    assert [fixture.number for fixture in fixtures] == list(range(1, len(fixtures) + 1))


@pytest.mark.parametrize("bots", [2, 3, 4, 7, 8])
def test_in_one_day_every_bot_plays_once_at_most(bots: int) -> None:
    names = [str(number) for number in range(bots)]
    fixtures = round_robin(names, 1)
    size = bots // 2
    for day in range(0, len([*combinations(names, 2)]), size):
        players = [name for each in fixtures[day : day + size] for name in (each.orange, each.sky)]
        assert len(set(players)) == len(players)
