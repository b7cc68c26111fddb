"""A short chaos of 12 seconds; the long one is a command, ``__main__.py``."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("signals that freeze and kill are POSIX", allow_module_level=True)

from tests.chaos.account import judge_events, read_ledgers
from tests.chaos.chaos import Chaos
from tests.chaos.plan import PACK, plan
from tests.chaos.verdict import LATENESS_CHECK, growth_mb, judge

SEED = 1


@pytest.mark.slow
def test_a_server_lives_through_a_short_chaos(tmp_path):
    with Chaos(clients=15, seed=SEED, folder=tmp_path, patience=0.2) as chaos:
        verdict = judge(chaos, seconds=12.0)
    failed = [check for check, holds in verdict["checks"].items() if not holds]
    # On a machine that does other things too, lateness says nothing about the server.
    assert set(failed) <= {LATENESS_CHECK}, (SEED, verdict)
    assert verdict["events"]["compared"] > 100


LEDGER = {("a", 1): "x", ("a", 2): "y", ("a", 3): "z"}


def account(witnessed, begun=(("a", 0, None),)):
    return {"place": "a", "begun": list(begun), "witnessed": witnessed}


@pytest.mark.parametrize(
    ("witnessed", "flaw"),
    [
        ([("a", 1, "x"), ("a", 1, "x")], "doubled"),
        ([("a", 1, "x"), ("a", 3, "z")], "missing"),
        ([("a", 1, "x"), ("a", 2, "y"), ("a", 1, "x")], "out_of_order"),
        ([("a", 1, "x"), ("a", 2, "other")], "altered"),
    ],
)
def test_the_judge_finds_every_flaw(witnessed, flaw):
    assert judge_events([account(witnessed)], {}, LEDGER)[flaw] == 1


def test_the_judge_misses_what_has_not_arrived_when_it_was_due():
    due = {("a", 1): "x", ("a", 2): "y"}
    assert judge_events([account([("a", 1, "x")])], due, LEDGER)["late"] == 1
    assert judge_events([account([("a", 1, "x"), ("a", 2, "y")])], due, LEDGER)["late"] == 0


def test_an_account_may_go_on_from_where_a_welcome_held_the_whole_state():
    honest = account([("a", 1, "x"), ("a", 3, "z")], begun=[("a", 0, None), ("a", 2, 99)])
    flaws = judge_events([honest], LEDGER, LEDGER)
    assert flaws.pop("compared") == 2
    assert not any(flaws.values())


def test_the_judge_finds_a_server_that_repeats_nothing():
    lazy = account([("a", 1, "x"), ("a", 3, "z")], begun=[("a", 0, None), ("a", 2, 1)])
    assert judge_events([lazy], {}, LEDGER)["not_repeated"] == 1


def test_one_seed_plans_one_chaos_and_all_of_it_comes():
    deeds = plan(SEED, crowds=12, seconds=600.0, patience=1.0)
    assert deeds == plan(SEED, crowds=12, seconds=600.0, patience=1.0)
    assert deeds != plan(SEED + 1, crowds=12, seconds=600.0, patience=1.0)
    assert {deed.kind for deed in deeds} == set(PACK)
    assert [deed.at_s for deed in deeds] == sorted(deed.at_s for deed in deeds)


def test_a_line_that_is_being_written_is_not_read_yet(tmp_path):
    ledger = tmp_path / "ledger-1"
    ledger.write_text("a 1 x\na 2 y\na 3")
    assert read_ledgers([ledger]) == {("a", 1): "x", ("a", 2): "y"}


def test_growth_is_what_a_life_takes_on_after_its_first_quarter():
    assert growth_mb([10.0] * 30 + [20.0] * 90) == 0.0
    assert growth_mb([10.0] * 90 + [13.0] * 30) == 3.0
    assert growth_mb([10.0] * 60) is None
