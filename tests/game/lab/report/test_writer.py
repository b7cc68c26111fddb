"""The page of the report: valid, usable without a network, with every run."""

import gzip
import json
import re
import sys
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser

import plotly.offline
import pytest

from game.lab.measure.results import encode_results
from game.lab.measure.results_folder import RESULTS_FILE, load
from game.lab.report.texts import ENGLISH, LANGUAGES
from game.lab.report.writer import labels_of, write_report
from net.link.profile import LinkProfile
from tests.game.lab.measure.measured import LOSSY, measured_folder

PROFILES = {"lossy": LOSSY, "delay=<b>,x": LinkProfile(delay_s=0.01)}
# Elements without content, and so without an end.
VOID = {"meta", "br"}
KINDS = ("overview", "ages", "age_curve", "gap_curve", "errors", "bytes")


class Page(HTMLParser):
    """Parser that fails where a tag of a page is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.text = ""
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href"):
                self.references.append(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return measured_folder(tmp_path_factory.mktemp("report") / "lab", PROFILES)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return measured_folder(tmp_path_factory.mktemp("report") / "cable", {"lossy": LOSSY})


@pytest.fixture(autouse=True)
def _short_script(request, monkeypatch):
    """Leave plotly's four megabytes out, where a test is about the rest."""
    if "whole_page" not in request.fixturenames:
        monkeypatch.setattr(plotly.offline, "get_plotlyjs", lambda: "const Plotly = {};")


@pytest.fixture
def whole_page(folder, tmp_path):
    write_report([folder], tmp_path / "whole.html", ENGLISH)
    return tmp_path / "whole.html"


def read(path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def stats_from_json(page: Page) -> dict:
    script = page.scripts[-1]
    start = script.index("{")
    return json.JSONDecoder().raw_decode(script[start:])[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_holds_every_figure_and_every_run(folder, tmp_path, language):
    texts = LANGUAGES[language]
    write_report([folder], tmp_path / "page.html", texts)
    page = read(tmp_path / "page.html")
    figures = stats_from_json(page)
    assert set(figures) == {f"{kind}-{link}" for kind in KINDS for link in (0, 1)}
    assert set(figures) <= set(page.ids)
    for kind in ("ages", "age_curve", "gap_curve", "errors"):
        for link in (0, 1):
            lines = [t for t in figures[f"{kind}-{link}"]["data"] if t.get("showlegend") is None]
            assert [line["name"] for line in lines] == ["tcp", "udp"]
            assert all(len(line["x"]) == len(line["y"]) > 10 for line in lines)
    for meaning in ("ages_explained", "age_curve_explained", "errors_explained", "bytes_explained"):
        assert getattr(texts, meaning) in page.text
    label = {
        "en": "LINK 25 ms, 5% loss, each way, seed 7",
        "es": "ENLACE 25 ms, 5 % de pérdida, por sentido, semilla 7",
    }
    assert label[language] in page.text.replace("lossy: 25", "25")


def test_names_are_never_markup(folder, tmp_path):
    write_report([folder], tmp_path / "page.html", ENGLISH)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "delay=&lt;b&gt;,x" in text
    assert "<b>,x" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="no such folder on Windows")
def test_a_folders_name_ends_no_script_and_starts_none(folder, tmp_path):
    named = tmp_path / "<!--<script>"
    named.mkdir()
    for file in folder.iterdir():
        (named / file.name).write_bytes(file.read_bytes())
    write_report([folder, named], tmp_path / "page.html", ENGLISH)
    page = read(tmp_path / "page.html")
    assert page.text.count("<!--<script>: tcp") >= 2
    assert "<!--" not in page.scripts[-1]
    assert "&lt;!--&lt;script&gt;: tcp" in page.scripts[-1]
    assert "</b>" not in page.scripts[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="no such folder on Windows")
def test_a_folders_name_that_is_no_text_is_shown_as_far_as_it_is(tmp_path):
    assert labels_of([tmp_path / "a\udcffb", tmp_path / "c\nd"]) == ["a\ufffdb", "c\ufffdd"]


def test_a_page_refers_to_nothing_but_itself(whole_page):
    page = read(whole_page)
    assert page.references
    assert all(reference.startswith("#") for reference in page.references)
    assert {reference[1:] for reference in page.references} <= set(page.ids)
    text = whole_page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "Plotly" in gzip.decompress(b64decode(page.scripts[0])).decode()
    assert whole_page.stat().st_size < 2_300_000


def test_best_and_worst_are_marked_with_words(folder, tmp_path):
    write_report([folder], tmp_path / "page.html", ENGLISH)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    marked = re.findall(r'<td class="(best|worst)">.*?<span class="highlight">(.*?)</span>', text)
    assert marked
    assert set(marked) <= {("best", "▲ best"), ("worst", "▼ worst")}


@pytest.mark.parametrize(("delay_ms", "is_warned"), [(0.3, False), (None, False), (8.0, True)])
def test_a_busy_computer_is_warned_of(folder, tmp_path, delay_ms, is_warned):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    results = load(folder)
    runs = tuple(replace(run, baseline_age_ms=delay_ms) for run in results.runs)
    text = encode_results(replace(results, runs=runs))
    (tmp_path / RESULTS_FILE).write_text(text, encoding="utf-8")
    write_report([tmp_path], tmp_path / "page.html", ENGLISH)
    page = read(tmp_path / "page.html")
    assert (ENGLISH.busy.format(delay_ms=8.0) in page.text) == is_warned


def test_two_folders_are_compared_on_one_page(folder, other, tmp_path):
    write_report([folder, other], tmp_path / "page.html", ENGLISH)
    page = read(tmp_path / "page.html")
    lines = stats_from_json(page)["age_curve-0"]["data"]
    assert [line["name"] for line in lines] == ["lab: tcp", "lab: udp", "cable: tcp", "cable: udp"]
    looks = {(line["line"]["dash"], line["marker"]["symbol"]) for line in lines}
    assert len(looks) == 4, "told apart by colour alone"
    assert all(line["mode"] == "lines+markers" for line in lines)
    assert lines[0]["line"]["color"] == lines[2]["line"]["color"]
    assert ENGLISH.compared_explained in page.text


def test_folders_of_one_name_get_different_labels(tmp_path):
    assert labels_of([tmp_path / "a" / "lab", tmp_path / "b" / "lab"]) == ["a/lab", "b/lab"]
    assert labels_of([tmp_path / "wifi", tmp_path / "cable"]) == ["wifi", "cable"]


@pytest.mark.slow
def test_pictures_are_written_where_they_are_asked_for(folder, tmp_path):
    pytest.importorskip("matplotlib", reason="the extra that draws pictures is not installed")
    files = write_report([folder], tmp_path / "page.html", ENGLISH, has_png=True)
    pictures = [file for file in files if file.suffix == ".png"]
    assert len(pictures) == 2 * len(KINDS)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in pictures)
