"""Reading the folder of a measurement, and errors that name the line."""

import pytest

from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import FRAMES_FILE, RESULTS_FILE, SAMPLES_FILE
from game.lab.report.trace_files import read_measurement
from tests.game.lab.measure.measured import LOSSY, SECONDS, measured_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return measured_folder(tmp_path_factory.mktemp("traces") / "lab", {"lossy": LOSSY})


@pytest.fixture
def copy(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_traces_say_what_the_figures_say(folder):
    experiment = read_measurement(folder, "lab")
    assert len(experiment.results.runs) == 2
    for run in experiment.results.runs:
        traces = experiment.traces[run.transport, run.link]
        assert traces.due == run.snapshots.expected
        assert len(traces.ages_ms) == run.snapshot_age_ms.n
        assert max(traces.ages_ms) == pytest.approx(run.snapshot_age_ms.max, abs=0.001)
        assert len(traces.ages_when_drawn_ms) == pytest.approx(SECONDS * 60, abs=1)
        assert max(error for _, error in traces.errors) == pytest.approx(
            run.visual_error.max, abs=0.001
        )


def test_freezes_are_as_long_as_the_figures_say(folder):
    experiment = read_measurement(folder, "lab")
    run = next(run for run in experiment.results.runs if run.transport == "tcp")
    freezes = experiment.traces["tcp", "lossy"].freezes
    assert freezes
    longest_s = max(end - start for start, end in freezes)
    assert longest_s * 1000 == pytest.approx(run.longest_freeze_ms, abs=0.1)
    frozen_s = sum(end - start for start, end in freezes)
    assert frozen_s / SECONDS == pytest.approx(run.frozen_ratio.value, abs=0.01)
    assert len(freezes) == run.freezes_ms.n


@pytest.mark.parametrize(
    ("file", "row", "complaint"),
    [
        (SAMPLES_FILE, "tcp,lossy,1,1,1,soon,1,on time", "age_ms: 'soon' is not a number"),
        (SAMPLES_FILE, "tcp,lossy,1,1,1,1,nan,on time", "gap_ms: 'nan' is not a number"),
        (SAMPLES_FILE, "tcp,lossy,1,1,1,1,1e999,on time", "gap_ms: '1e999' is not a number"),
        (SAMPLES_FILE, "tcp,lossy,1,1,1,1,1,soon", "verdict: 'soon' is not one of on time, late"),
        (SAMPLES_FILE, "tcp,lossy,1", "has 3 columns, not 8"),
        (SAMPLES_FILE, "quic,lossy,1,1,1,1,1,late", "has no run of 'quic' on 'lossy'"),
        (FRAMES_FILE, "udp,wifi,1,1,1,1,1,1", "has no run of 'udp' on 'wifi'"),
        (FRAMES_FILE, "", "has 0 columns, not 8"),
        (
            FRAMES_FILE,
            "udp,lossy,99,Infinity,1,0,1,",
            "age_when_drawn_ms: 'Infinity' is not a number",
        ),
        (FRAMES_FILE, "udp,lossy,99,1,yes,0,1,", "frozen: 'yes' is not 0 or 1"),
        (FRAMES_FILE, "udp,lossy,0,1,1,0,1,", "at_s: 0 is earlier than in the line before"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(copy, file, row, complaint):
    with (copy / file).open("a", encoding="utf-8") as rows:
        rows.write(row + "\n")
    line = len((copy / file).read_text(encoding="utf-8").splitlines())
    with pytest.raises(ResultsError, match=rf"{file}: line {line}: .*{complaint}"):
        read_measurement(copy, "lab")


def test_other_columns_are_refused(copy):
    (copy / SAMPLES_FILE).write_text("transport,link\n", encoding="utf-8")
    with pytest.raises(ResultsError, match="line 1: the columns are not transport,link,tick"):
        read_measurement(copy, "lab")


def test_bytes_that_are_no_text_are_refused(copy):
    (copy / FRAMES_FILE).write_bytes(b"\xff\xfe\xff\n")
    with pytest.raises(ResultsError, match=FRAMES_FILE):
        read_measurement(copy, "lab")


def test_a_folder_without_results_is_no_measurement(tmp_path):
    with pytest.raises(OSError, match=RESULTS_FILE):
        read_measurement(tmp_path, "lab")
