"""Tests of what a measurement keeps of a recorded link, and of its reader."""

from dataclasses import replace

import pytest

from game.lab.measure.link_course import link_course, playback_from
from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import LINKS_FILE, save
from game.lab.report.page import named_plots
from game.lab.report.sections import build_sections
from game.lab.report.texts import report_texts
from game.lab.report.trace_files import read_measurement
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.recorded_schedule import Playback
from net.link.spec import recorded_link
from tests.game.lab.measure.measured import results_of
from tests.net.link.recorded import direction, recording

SECONDS = 4.0
SPEC = "hole.link.json"
ROOM = recording(direction([0.02] * 400 + [None] * 200 + [0.02] * 200), duration_s=SECONDS)


def playback() -> Playback:
    found = recorded_link(SPEC, ROOM).playback
    assert found is not None
    return found


def test_a_course_begins_where_the_recording_was_at_the_start_of_the_run():
    begun = replace(playback(), origin_s=100.0)
    later = playback_from(begun, 101.5)
    assert later is not None
    lost = [each.at_s for each in link_course(later, 2.0) if each.down_loss_ratio > 0.5]
    assert lost[0] == pytest.approx(0.5, abs=0.02)
    assert lost[-1] == pytest.approx(1.5, abs=0.02)
    assert playback_from(None, 1.0) is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    settings = SimulationSettings(recorded_link(SPEC, ROOM), seconds=2.0, bots=0)
    analyses = [
        replace(each, run=replace(each.run, link=SPEC), playback=playback())
        for each in simulate(settings).values()
    ]
    path = tmp_path_factory.mktemp("recorded")
    save(path, results_of([each.run for each in analyses], 2.0, ()), analyses)
    return path


def test_the_report_draws_the_link_under_the_ages(folder):
    measurement = read_measurement(folder, "lab")
    (section,) = build_sections([measurement])
    assert section.labels == ("LINK recorded: hole.link.json",)
    texts = report_texts("en")
    (ages,) = named_plots([section], texts)["ages"]
    assert texts.link_delay in [line.name for line in ages.lines]
    assert [band.label for band in ages.bands][:2] == [texts.link_lost_up, texts.link_lost_down]
    course = measurement.courses[SPEC]
    assert course.delays_ms[0] == (0.0, 20.0)


def test_a_wrong_row_of_the_link_is_named_by_its_line(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / LINKS_FILE).open("a", encoding="utf-8") as rows:
        rows.write("other,1,1,1,1,1\n")
    with pytest.raises(ResultsError, match=r"links.csv: line \d+: .*no run on 'other'"):
        read_measurement(tmp_path, "lab")
