"""A short chaos for every run of the suite; the long one is a command, see ``chaos.py``."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("signals that freeze and kill are POSIX", allow_module_level=True)

from tests.chaos.chaos import Chaos, judge, judge_events

SEED = 1


def test_a_server_lives_through_a_short_chaos(tmp_path):
    with Chaos(clients=15, seed=SEED, folder=tmp_path, patience=0.2) as chaos:
        verdict = judge(chaos, seconds=12.0)
    failed = [check for check, holds in verdict["checks"].items() if not holds]
    # On a machine that does other things too, lateness says nothing about the server.
    assert set(failed) <= {"ticks on time (p99 under one tick)"}, (SEED, verdict)
    assert verdict["events"]["compared"] > 100


@pytest.mark.parametrize(
    ("witnessed", "flaw"),
    [
        ([("a", 1, "x"), ("a", 1, "x")], "doubled"),
        ([("a", 1, "x"), ("a", 3, "z")], "missing"),
        ([("a", 1, "x"), ("a", 2, "y"), ("a", 1, "x")], "out_of_order"),
        ([("a", 1, "x"), ("a", 2, "other")], "altered"),
    ],
)
def test_the_judge_finds_every_flaw(tmp_path, witnessed, flaw):
    ledger = tmp_path / "ledger-1"
    ledger.write_text("a 1 x\na 2 y\na 3 z\n")
    account = {"begun": [("a", 0)], "witnessed": witnessed}
    assert judge_events([account], [ledger])[flaw] == 1
    honest = {"begun": [("a", 0), ("a", 2)], "witnessed": [("a", 1, "x"), ("a", 3, "z")]}
    flaws = judge_events([honest], [ledger])
    assert flaws.pop("compared") == 2
    assert not any(flaws.values())
