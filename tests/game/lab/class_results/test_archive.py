"""The ZIP file of a class, and its folder once it is unpacked."""

import csv
import io
import zipfile

import pytest

from game.lab.class_results.archive import class_archive, load_class_results
from game.lab.class_results.class_recorder import ClassRecorder
from game.lab.measure.results import ResultsError
from game.lab.report.texts import ENGLISH, SPANISH
from tests.game.lab.class_results.reports import ANA, second

NAMES = ("Ana", "=1+1", "<b>Bo</b>")


@pytest.fixture(scope="module")
def recording():
    recorder = ClassRecorder()
    for at_s in range(1, 181):
        students = []
        for number, name in enumerate(NAMES):
            key = ANA._replace(student=name, transport=("tcp", "udp")[number % 2])
            frozen = 0.05 if key.transport == "tcp" else 0.0
            measured_s = min(60, at_s)
            students.append(
                second(key, measured_s=measured_s, frozen_ratio=frozen, rtt_ms=50 + at_s % 7)
            )
        recorder.record(at_s, students)
    return recorder.copy().recording()


@pytest.fixture(scope="module")
def folder(recording, tmp_path_factory):
    path = tmp_path_factory.mktemp("class")
    packed = class_archive(recording, "lab", "2026-11-26T10:00:00+01:00", ENGLISH)
    zipfile.ZipFile(io.BytesIO(packed)).extractall(path)
    return path / "lab"


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_all_files_are_in_one_folder(folder):
    names = {"results.json", "report.html", "students.csv", "seconds.csv"}
    assert {path.name for path in folder.iterdir()} == names


def test_the_tables_hold_every_student_and_every_second(folder):
    students, seconds = rows_of(folder / "students.csv"), rows_of(folder / "seconds.csv")
    # A spreadsheet shows the second name, and computes nothing.
    assert [row["student"] for row in students] == ["Ana", "'=1+1", "<b>Bo</b>"]
    assert {row["frozen_ratio"] for row in students} == {"0.05", "0.0"}
    assert {row["age_when_drawn_ms_n"] for row in students} == {"180"}
    assert len(seconds) == 3 * 180
    assert seconds[0]["at_s"] == "1.0"


def test_the_report_compares_transports_and_shows_names_as_text(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "the picture was frozen for this share of the time: udp 0% and tcp 5%" in page
    assert "&lt;b&gt;Bo&lt;/b&gt;" in page
    assert "<b>Bo" not in page
    assert ENGLISH.class_left_out in page


def test_the_results_are_read_back(folder):
    results = load_class_results(folder)
    assert [run.student for run in results.students] == list(NAMES)
    assert [(run.transport, run.students) for run in results.transports] == [("tcp", 2), ("udp", 1)]


def test_a_folder_without_a_class_is_none_and_a_damaged_class_is_an_error(folder, tmp_path):
    assert load_class_results(tmp_path) is None
    text = (folder / "results.json").read_text(encoding="utf-8")
    (tmp_path / "results.json").write_text(text.replace('"students"', '"pupils"', 1))
    with pytest.raises(ResultsError, match=r"results\.json"):
        load_class_results(tmp_path)


def test_an_empty_class_has_a_report_too():
    recording = ClassRecorder().copy().recording()
    packed = class_archive(recording, "lab", "2026-11-26T10:00:00+01:00", SPANISH)
    page = zipfile.ZipFile(io.BytesIO(packed)).read("lab/report.html").decode()
    assert SPANISH.class_nothing in page
