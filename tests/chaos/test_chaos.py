"""A chaos run of 12 seconds, and the checks themselves; ``__main__.py`` is the long run."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("signals that freeze and kill are POSIX", allow_module_level=True)

from tests.chaos.chaos import Chaos
from tests.chaos.checks import growth_mb, run_and_check
from tests.chaos.event_check import check_events, read_ledgers
from tests.chaos.schedule import ACTION_WEIGHTS, plan
from tests.disturbance import OtherLoadMeter, skip_if_loaded

SEED = 1


@pytest.mark.timing
def test_a_server_survives_a_short_chaos_run(tmp_path):
    meter = OtherLoadMeter()
    with Chaos(clients=15, seed=SEED, folder=tmp_path, time_scale=0.2) as chaos:
        result = run_and_check(chaos, seconds=12.0)
    skip_if_loaded(meter.read())
    failed = [check for check, holds in result["checks"].items() if not holds]
    assert not failed, (SEED, result)
    assert result["events"]["compared"] > 100


LEDGER = {("a", 1): "x", ("a", 2): "y", ("a", 3): "z"}


def client_report(received, resets=(("a", 0, None),)):
    return {"slot": "a", "resets": list(resets), "received": received}


@pytest.mark.parametrize(
    ("received", "error"),
    [
        ([("a", 1, "x"), ("a", 1, "x")], "doubled"),
        ([("a", 1, "x"), ("a", 3, "z")], "missing"),
        ([("a", 1, "x"), ("a", 2, "y"), ("a", 1, "x")], "out_of_order"),
        ([("a", 1, "x"), ("a", 2, "other")], "altered"),
    ],
)
def test_the_check_finds_every_error(received, error):
    assert check_events([client_report(received)], {}, LEDGER)[error] == 1


def test_the_check_finds_events_that_have_not_arrived_in_time():
    expected = {("a", 1): "x", ("a", 2): "y"}
    assert check_events([client_report([("a", 1, "x")])], expected, LEDGER)["late"] == 1
    assert (
        check_events([client_report([("a", 1, "x"), ("a", 2, "y")])], expected, LEDGER)["late"] == 0
    )


def test_a_report_may_continue_after_a_welcome_with_the_whole_state():
    correct = client_report([("a", 1, "x"), ("a", 3, "z")], resets=[("a", 0, None), ("a", 2, 99)])
    errors = check_events([correct], LEDGER, LEDGER)
    assert errors.pop("compared") == 2
    assert not any(errors.values())


def test_the_check_finds_a_server_that_repeats_nothing():
    wrong = client_report([("a", 1, "x"), ("a", 3, "z")], resets=[("a", 0, None), ("a", 2, 1)])
    assert check_events([wrong], {}, LEDGER)["not_repeated"] == 1


def test_a_seed_gives_one_schedule_with_all_kinds():
    actions = plan(SEED, groups=12, seconds=600.0, time_scale=1.0)
    assert actions == plan(SEED, groups=12, seconds=600.0, time_scale=1.0)
    assert actions != plan(SEED + 1, groups=12, seconds=600.0, time_scale=1.0)
    assert {action.kind for action in actions} == set(ACTION_WEIGHTS)
    assert [action.at_s for action in actions] == sorted(action.at_s for action in actions)


def test_an_incomplete_last_line_is_not_read(tmp_path):
    ledger = tmp_path / "ledger-1"
    ledger.write_text("a 1 x\na 2 y\na 3")
    assert read_ledgers([ledger]) == {("a", 1): "x", ("a", 2): "y"}


def test_growth_is_counted_after_the_first_quarter():
    assert growth_mb([10.0] * 30 + [20.0] * 90) == 0.0
    assert growth_mb([10.0] * 90 + [13.0] * 30) == 3.0
    assert growth_mb([10.0] * 60) is None
