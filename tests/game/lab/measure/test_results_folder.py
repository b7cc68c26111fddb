"""The folder of a measurement and its CSV files."""

import csv
from dataclasses import replace
from itertools import pairwise
from statistics import fmean

import pytest

from game.lab.measure.results import FORMAT_VERSION, Results, ResultsError
from game.lab.measure.results_folder import (
    FRAMES_FILE,
    RESULTS_FILE,
    SAMPLES_FILE,
    load,
    new_folder,
    save,
)
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.profile import Link, LinkProfile

LOSSY = LinkProfile(delay_s=0.025, loss_ratio=0.05)


@pytest.fixture(scope="module")
def analyses():
    return list(simulate(SimulationSettings(Link(LOSSY, LOSSY), seconds=4.0, bots=0)).values())


def results_of(analyses) -> Results:
    runs = tuple(analysis.run for analysis in analyses)
    return Results(
        FORMAT_VERSION,
        7,
        "",
        "",
        "model",
        "shared",
        "spectator",
        {},
        4.0,
        0,
        "json",
        30,
        66.7,
        (),
        runs,
        deltas=True,
    )


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_existing_folder_is_not_changed(tmp_path):
    wanted = tmp_path / "deep" / "lab"
    assert new_folder(wanted) == wanted
    assert new_folder(wanted).name == "lab-2"
    assert new_folder(wanted).name == "lab-3"


def test_saved_results_can_be_loaded(tmp_path, analyses):
    save(tmp_path, results_of(analyses), analyses)
    assert [run.transport for run in load(tmp_path).runs] == ["tcp", "udp"]


def test_a_row_stands_for_every_snapshot_that_was_due(tmp_path, analyses):
    save(tmp_path, results_of(analyses), analyses)
    samples = rows(tmp_path / SAMPLES_FILE)
    for analysis in analyses:
        of_run = [row for row in samples if row["transport"] == analysis.run.transport]
        counts = analysis.run.snapshots
        assert len(of_run) == counts.expected
        missing = [row for row in of_run if row["arrival_s"] == ""]
        assert len(missing) == counts.lost + counts.stale
        assert {row["verdict"] for row in missing} <= {"lost"}
    arrived = [row for row in samples if row["arrival_s"]]
    assert all(0.0 <= float(row["arrival_s"]) <= 4.0 for row in arrived)
    assert all(float(row["age_ms"]) >= 24.9 for row in arrived)


def test_a_row_stands_for_every_frame(tmp_path, analyses):
    save(tmp_path, results_of(analyses), analyses)
    frames = rows(tmp_path / FRAMES_FILE)
    assert len(frames) == pytest.approx(2 * 4 * 60, abs=2)
    frozen = [row for row in frames if row["transport"] == "tcp" and row["frozen"] == "1"]
    share = len(frozen) / (len(frames) / 2)
    assert share == pytest.approx(analyses[0].run.frozen_ratio.value, abs=0.01)


def test_a_file_without_valid_results_is_named(tmp_path):
    (tmp_path / RESULTS_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"results\.json: version: None is not 2"):
        load(tmp_path)
    (tmp_path / RESULTS_FILE).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ResultsError, match=r"results\.json"):
        load(tmp_path)


def freezes_in(frames) -> int:
    """Count the rows of frozen frames that show the same snapshot."""
    still = [row["frozen"] == "1" and row["new"] == "0" for row in frames]
    return sum(now and not before for before, now in pairwise([False, *still]))


@pytest.mark.parametrize("rate_bps", [None, 64_000.0], ids=["lossy", "a queue that grows"])
def test_the_results_can_be_computed_again_from_the_csv_files(tmp_path, rate_bps):
    profile = replace(LOSSY, rate_bps=rate_bps, queue_s=2.0)
    settings = SimulationSettings(Link(profile, profile), seconds=10.0, bots=0)
    analyses = list(simulate(settings).values())
    save(tmp_path, results_of(analyses), analyses)
    samples, frames = rows(tmp_path / SAMPLES_FILE), rows(tmp_path / FRAMES_FILE)
    for run in load(tmp_path).runs:
        of_run = [row for row in samples if row["transport"] == run.transport]
        gaps = [float(row["gap_ms"]) for row in of_run if row["gap_ms"]]
        stalls = sum(gap > 125.0 for gap in gaps)
        assert stalls * 60 / run.seconds == pytest.approx(
            run.stalls_over_125ms_per_min.value, abs=1e-5
        )
        assert len(gaps) == run.arrival_gap_ms.n
        assert max(gaps) == pytest.approx(run.arrival_gap_ms.max, abs=1e-5)
        ages = [float(row["age_ms"]) for row in of_run if row["age_ms"] and row["gap_ms"]]
        assert fmean(ages) == pytest.approx(run.snapshot_age_ms.mean, abs=1e-5)
        drawn = [row for row in frames if row["transport"] == run.transport]
        frozen = sum(row["frozen"] == "1" for row in drawn)
        assert frozen / len(drawn) == pytest.approx(run.frozen_ratio.value, abs=1e-6)
        assert freezes_in(drawn) == run.freezes_ms.n
        when_drawn = [float(row["age_when_drawn_ms"]) for row in drawn]
        assert fmean(when_drawn) == pytest.approx(run.age_when_drawn_ms.mean, abs=1e-5)
