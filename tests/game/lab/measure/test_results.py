import json
from dataclasses import replace
from math import inf

import pytest

from game.lab.measure.results import (
    Handshake,
    Results,
    ResultsError,
    decode_results,
    encode_results,
    encode_runs,
)
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.profile import Link
from tests.game.lab.measure.measured import LOSSY, results_of


@pytest.fixture(scope="module")
def results() -> Results:
    analyses = simulate(SimulationSettings(Link(LOSSY, LOSSY), seconds=3.0, bots=0)).values()
    return results_of((each.run for each in analyses), 3.0, (Handshake("tcp", 1.0, 2.1),))


def test_what_is_read_is_what_was_written(results):
    again = decode_results(encode_results(results))
    assert encode_results(again) == encode_results(results)
    assert again.runs[0].link_up == LOSSY
    assert replace(again, runs=()) == replace(results, runs=())


def test_the_file_holds_what_the_course_asks_for(results):
    run = json.loads(encode_results(results))["runs"][0]
    quantity = {"n", "mean", "p50", "p90", "p95", "p99", "max"}
    for name in ("rtt_ms", "snapshot_age_ms", "age_when_drawn_ms", "arrival_gap_ms"):
        assert quantity <= run[name].keys()
    for name in ("visual_error", "input_to_effect_ms"):
        assert quantity <= run[name].keys()
    assert run["snapshots"].keys() == {"expected", "received", "lost", "stale", "duplicate"}
    assert run["wire_bytes_per_s"].keys() == run["payload_bytes_per_s"].keys() == {"up", "down"}


@pytest.mark.parametrize(
    ("asked_s", "really_s", "text"),
    [
        (20.0, (20.0, 20.004), "20"),
        (1.5, (1.52,), "1.5"),
        (20.0, (20.01, 3.214), "3.2-20"),
        (20.0, (3.214, 3.214), "3.2"),
        (inf, (8.04, 8.04), "8"),
        (20.0, (), "20"),
    ],
)
def test_a_measurement_is_as_long_as_it_really_was(results, asked_s, really_s, text):
    runs = tuple(replace(results.runs[0], seconds=seconds) for seconds in really_s)
    assert replace(results, seconds=asked_s, runs=runs).duration_text == text


def test_runs_alone_are_the_same_runs(results):
    assert json.loads(encode_runs(results.runs)) == json.loads(encode_results(results))["runs"]


def edited(results, edit) -> str:
    plain = json.loads(encode_results(results))
    edit(plain)
    return json.dumps(plain)


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda r: r.pop("seed"), "seed: is missing"),
        (lambda r: r.update(sede=1), "sede: unknown field"),
        (lambda r: r.update(seed="seven"), "seed: 'seven' is not a whole number"),
        (lambda r: r.update(seed=True), "seed: True is not a whole number"),
        (lambda r: r.update(runs={}), "runs: {} is not a list"),
        (lambda r: r.update(version=2), "version: 2 is not 1"),
        (lambda r: r["machine"].update(system=3), "machine.system: 3 is not a text"),
        (
            lambda r: r["runs"][1]["rtt_ms"].update(p50="fast"),
            r"runs\[1\].rtt_ms.p50: 'fast' is not a number",
        ),
        (
            lambda r: r["runs"][0]["link_up"].pop("delay_s"),
            r"runs\[0\].link_up.delay_s: is missing",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(results, edit, complaint):
    with pytest.raises(ResultsError, match=f"^{complaint}$"):
        decode_results(edited(results, edit))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"results"', "{}"])
def test_what_is_no_results_is_refused(text):
    with pytest.raises(ResultsError):
        decode_results(text)


def test_what_was_not_measured_is_null_and_comes_back_as_none(results):
    run = replace(results.runs[0], link_up=None, link_down=None, ledger=None)
    plain = encode_results(replace(results, runs=(run,)))
    assert json.loads(plain)["runs"][0]["ledger"] is None
    assert decode_results(plain).runs[0].ledger is None
