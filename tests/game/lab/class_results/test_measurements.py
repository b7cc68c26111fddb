"""One report of the folders that a class handed in."""

from dataclasses import replace

import plotly.offline
import pytest

from game.cli.app import main
from game.cli.commands.report import COMPARED_MAX
from game.lab.class_results.measurements import measured_class
from game.lab.class_results.page import measured_class_page
from game.lab.measure.results import encode_results
from game.lab.measure.results_folder import RESULTS_FILE
from game.lab.report.texts import ENGLISH, LANGUAGES
from tests.game.lab.measure.measured import LOSSY, measured_results

NAMES = [f"student-{number:02}" for number in range(30)]


@pytest.fixture(scope="module")
def results():
    return measured_results({"lossy": LOSSY})


@pytest.fixture(scope="module")
def thirty(results):
    """Thirty students; each one's TCP freezes a little more than the one's before."""
    return {name: frozen_more(results, number / 1000) for number, name in enumerate(NAMES)}


def frozen_more(results, ratio):
    runs = [
        replace(run, frozen_ratio=replace(run.frozen_ratio, value=0.1 + ratio))
        if run.transport == "tcp"
        else run
        for run in results.runs
    ]
    return replace(results, runs=tuple(runs))


def test_each_student_has_the_figures_of_the_folder(thirty):
    results = measured_class(thirty).results
    assert len(results.students) == 2 * 30
    run = next(run for run in thirty["student-07"].runs if run.transport == "tcp")
    student = next(
        each for each in results.students if (each.student, each.transport) == ("student-07", "tcp")
    )
    assert student.frozen_ratio == run.frozen_ratio
    assert student.age_when_drawn_ms == run.age_when_drawn_ms
    assert student.never_shown_ratio.value == run.snapshots.lost / run.snapshots.expected


def test_a_transport_has_the_mean_of_its_students_and_their_spread(thirty):
    results = measured_class(thirty).results
    tcp = next(run for run in results.transports if run.transport == "tcp")
    assert (tcp.students, tcp.link) == (30, "lossy")
    assert tcp.frozen_ratio.value == pytest.approx(0.1 + 0.0145)
    # 95% of the mean of thirty values a thousandth apart.
    assert tcp.frozen_ratio.high - tcp.frozen_ratio.low == pytest.approx(2 * 0.00329, rel=0.01)
    lost = sum(run.ledger.down.lost for run in thirty["student-00"].runs if run.transport == "tcp")
    sent = sum(run.ledger.down.sent for run in thirty["student-00"].runs if run.transport == "tcp")
    assert tcp.lost_on_wire_ratio.value == pytest.approx(lost / sent)


def test_students_on_other_links_and_without_a_link_count_there_only(results):
    other = replace(results, runs=tuple(
        replace(run, link="none", link_up=None, link_down=None, ledger=None)
        for run in results.runs
    ))  # fmt: skip
    measured = measured_class({"ana": results, "leo": other}).results
    assert measured.links == ("lossy", "none")
    assert {run.students for run in measured.transports} == {1}
    at_none = [run for run in measured.transports if run.link == "none"]
    assert all(run.lost_on_wire_ratio.value is None for run in at_none)


def test_a_busy_computer_is_named(results):
    busy = replace(results, runs=tuple(replace(run, baseline_age_ms=80.0) for run in results.runs))
    measured = measured_class({"ana": results, "leo": busy})
    assert measured.busy == ("leo",)
    assert "worse than the link: leo." in measured_class_page(measured, ENGLISH, "")


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_the_page_names_every_student_and_stays_small(thirty, texts):
    page = measured_class_page(measured_class(thirty), texts, "")
    assert all(f"<td>{name}</td>" in page for name in NAMES)
    assert len(page) < 200_000


def test_the_command_takes_more_folders_than_it_compares_as_a_class(
    results, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(plotly.offline, "get_plotlyjs", lambda: "const Plotly = {};")
    folders = [tmp_path / name for name in NAMES[: COMPARED_MAX + 1]]
    for folder in folders:
        folder.mkdir()
        (folder / RESULTS_FILE).write_text(encode_results(results), encoding="utf-8")
    out = tmp_path / "class.html"
    typed = ["report", *map(str, folders), "--lang", "en", "--out", str(out)]
    assert main(typed) == 0
    assert "<h1>Jitterball: 5 students measured</h1>" in out.read_text(encoding="utf-8")
    (folders[3] / RESULTS_FILE).write_text("{}", encoding="utf-8")
    assert main(typed) == 2
    assert "student-03" in capsys.readouterr().err
    assert main([*typed, "--png"]) == 2
    assert "the report of more than 4 folders has no pictures" in capsys.readouterr().err
