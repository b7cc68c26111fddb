"""The printed worksheet and its key, in both languages."""

import re
import tomllib

import pytest

from game.lab import shipped_files
from game.lab.worksheet import files
from game.lab.worksheet.files import NoWorksheet, read_key, read_worksheet
from game.lab.worksheet.page import key_page, worksheet_page
from game.lab.worksheet.texts import ENGLISH, TEXTS, SheetTexts
from tests.source import ROOT

LANGUAGES = pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)


def student(texts: SheetTexts) -> str:
    return worksheet_page(read_worksheet(texts.language), texts)


def teacher(texts: SheetTexts) -> str:
    return key_page(read_worksheet(texts.language), read_key(texts.language), texts)


def headings(markdown: str) -> list[str]:
    return re.findall(r"^## (.*)$", markdown, re.MULTILINE)


@LANGUAGES
def test_every_task_but_the_set_up_has_its_answers(texts: SheetTexts) -> None:
    set_up, *tasks = headings(read_worksheet(texts.language))
    assert set_up.startswith("0.")
    assert len(tasks) == 10
    assert headings(read_key(texts.language)) == tasks


@LANGUAGES
def test_each_answer_names_what_it_answers(texts: SheetTexts) -> None:
    for task in read_key(texts.language).split("\n## ")[1:]:
        is_open = task.startswith("9.")
        found = [f"**{word}**" in task for word in texts.answered]
        assert found == [True, not is_open], task


@LANGUAGES
def test_a_student_gets_lines_where_the_teacher_gets_figures(texts: SheetTexts) -> None:
    for word in (texts.predict, texts.saw, texts.explain):
        assert f"<strong>{word}" in teacher(texts)
    page = student(texts)
    assert f"<strong>{texts.saw}" not in page
    assert page.count(f"<strong>{texts.observed}:</strong>") == 10
    assert 'class="key"' not in page
    assert all(f"<span>{field}:</span>" in page for field in texts.fields)


def test_both_languages_have_the_same_blanks() -> None:
    blanks = [
        [page.count("<div class=line>"), page.count("<td></td>"), page.count("<code>")]
        for page in map(student, TEXTS.values())
    ]
    assert blanks[0] == blanks[1]
    assert all(blanks[0])


@LANGUAGES
def test_the_page_asks_for_nothing_beside_it(texts: SheetTexts) -> None:
    for page in (student(texts), teacher(texts)):
        assert not re.search(r"\b(?:href|src)=|url\(|@import", page)
        assert "default-src 'none'" in page


def test_a_command_is_broken_between_words_only() -> None:
    page = worksheet_page("# Title\n\n    jitterball ping <HOST>\n", ENGLISH)
    line = "<code><span>jitterball</span> <span>ping</span> <span>&lt;HOST&gt;</span></code>"
    assert line in page


def test_an_answer_to_no_task_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"not there: 2\. Two"):
        key_page("# Sheet\n\n## 1. One\n\nText.\n", "# Key\n\n## 2. Two\n\nText.\n", ENGLISH)


def test_an_installation_without_the_files_says_so(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHECKOUT_FOLDER", tmp_path / "none")
    monkeypatch.setattr(shipped_files, "files", lambda _name: [])
    with pytest.raises(NoWorksheet):
        read_worksheet("en")
    monkeypatch.setattr(files, "CHECKOUT_FOLDER", tmp_path)
    with pytest.raises(NoWorksheet):
        read_key("es")


def test_the_wheel_carries_the_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (pattern,) = project["tool"]["setuptools"]["data-files"]["share/jitterball/worksheet"]
    carried = {path.name for path in ROOT.glob(pattern)}
    assert carried == {"lab.md", "lab.es.md", "lab-answers.md", "lab-answers.es.md"}
