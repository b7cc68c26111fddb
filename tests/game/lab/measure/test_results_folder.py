"""The folder of a measurement and its CSV files."""

import csv

import pytest

from game.lab.measure.results import Results, ResultsError
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
        1, 7, "", "", "model", "shared", "spectator", {}, 4.0, 0, "json", 30, 66.7, (), runs
    )


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_existing_folder_is_not_changed(tmp_path):
    wanted = tmp_path / "deep" / "lab"
    assert new_folder(wanted) == wanted
    assert new_folder(wanted).name == "lab-2"
    assert new_folder(wanted).name == "lab-3"


def test_what_is_saved_can_be_loaded(tmp_path, analyses):
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
    with pytest.raises(ResultsError, match=r"results\.json: version: None is not 1"):
        load(tmp_path)
    (tmp_path / RESULTS_FILE).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ResultsError, match=r"results\.json"):
        load(tmp_path)
