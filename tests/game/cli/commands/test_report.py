"""The command ``jitterball report``: its errors and its files."""

import plotly.offline
import pytest

from game.cli.app import main
from tests.game.lab.measure.measured import LOSSY, measured_folder


@pytest.fixture(autouse=True)
def _short_script(monkeypatch):
    """Leave plotly's four megabytes out."""
    monkeypatch.setattr(plotly.offline, "get_plotlyjs", lambda: "const Plotly = {};")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return measured_folder(tmp_path_factory.mktemp("command") / "lab", {"lossy": LOSSY})


def test_the_report_is_written_into_its_folder(folder, capsys):
    assert main(["report", str(folder), "--lang", "es"]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert str(folder / "report.html") in capsys.readouterr().out


def test_several_folders_are_compared_in_the_given_file(folder, tmp_path):
    other = measured_folder(tmp_path / "other", {"lossy": LOSSY})
    out = tmp_path / "both.html"
    assert main(["report", str(folder), str(other), "--lang", "en", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "lab: tcp" in page
    assert "other: udp" in page


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "nowhere/results.json: No such file"),
        (["{empty}"], "results.json: No such file"),
        (["{bad}"], "results.json: not JSON"),
        (["{bad}/results.json"], "results.json is a file: name its folder, "),
        (["{bad}/class.zip"], "class.zip is a file: unpack it and name its folder"),
        (["{folder}", "{folder}"], "named twice"),
        (["{folder}", "--lang", "fr"], "no texts in 'fr': there are en and es"),
        (["{folder}", "--out", "{empty}/no/page.html"], "no/page.html: No such file"),
        ([], "Missing argument"),
    ],
)
def test_a_bad_argument_is_one_line(folder, tmp_path, capsys, arguments, complaint):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "results.json").write_text("{", encoding="utf-8")
    (tmp_path / "bad" / "class.zip").write_bytes(b"PK")
    places = {"folder": folder, "empty": tmp_path / "empty", "bad": tmp_path / "bad"}
    assert main(["report", *(each.format(**places) for each in arguments)]) == 2
    said = capsys.readouterr()
    assert complaint in said.err.replace("\\", "/")
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_pictures_without_matplotlib_are_one_line(folder, capsys, monkeypatch):
    monkeypatch.setattr("game.lab.report.png_plots.find_spec", lambda name: None)
    assert main(["report", str(folder), "--png"]) == 2
    assert "needs matplotlib, which is not installed" in capsys.readouterr().err
