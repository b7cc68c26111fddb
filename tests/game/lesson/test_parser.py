"""Tests of lesson files: what a valid one means, and one line for each mistake."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.client.netcode import PredictionMode
from game.lesson.figures import FIGURES
from game.lesson.lesson import ANSWERS
from game.lesson.loader import read_lesson, read_lessons
from game.lesson.parser import LANGUAGES, LessonError, parse_lesson
from net.link.spec import parse_link
from tests.game.lesson.lesson_files import LESSON, changed


def test_a_file_has_all_values_of_the_lesson() -> None:
    lesson = parse_lesson("outage", LESSON)
    assert lesson.name == "outage"
    assert lesson.link == parse_link("delay=25ms")
    assert (lesson.play_s, lesson.measure_from_s) == (10.0, 2.0)
    assert [(event.at_s, event.outage_s) for event in lesson.events] == [(4.0, 0.3)]
    assert lesson.netcode.interpolation_s == pytest.approx(0.067)
    assert lesson.netcode.prediction is PredictionMode.OWN_PLAYER
    assert lesson.texts["es"].answers[1] == "TCP se congela"


def test_a_repeated_event_happens_up_to_its_end_in_the_order_of_time() -> None:
    text = changed(
        "[{ at_s = 4, outage_ms = 300 }]",
        '[{ at_s = 1, outage_ms = 30, every_s = 3, until_s = 7 }, { at_s = 5, link = "lossy" }]',
    )
    events = parse_lesson("outage", text).events
    assert [event.at_s for event in events] == [1.0, 4.0, 5.0, 7.0]
    assert events[2].link == parse_link("lossy")


MISTAKES = [
    ('link = "delay=25ms"', 'link = "delay=25"', "lacks a unit"),
    ("play_s = 10", "", "play_s is missing: give a number from 5 to 120"),
    ("play_s = 10", "play_s = 1", "play_s is not a number from 5 to 120"),
    ("play_s = 10", "play_s = true", "play_s is not a number from 5 to 120"),
    ("play_s = 10", "play_s = nan", "play_s is not a number from 5 to 120"),
    ("play_s = 10", "play_s = 10\nplay = 3", "there is no 'play': did you mean play_s?"),
    ("play_s = 10", "play_s 10", "no TOML: "),
    ('answer = "B"', 'answer = "D"', "answer is not one of A, B, C"),
    ('["tcp", "udp"]', '["udp", "websocket"]', "slow_transport names 'tcp'"),
    ('["tcp", "udp"]', '["tcp", "tcp", "udp"]', "transports names one twice"),
    ('["tcp", "udp"]', '["tcp"]', "transports is not a list of 2 to 4 texts"),
    ("freeze_ms > 100", "freze_ms > 100", "did you mean longest_freeze_ms?"),
    ("freeze_ms > 100", "freeze_ms >= 100", "write it like tcp.longest_freeze_ms > 150"),
    ("outage_ms = 300", "outage_ms = 0", "events 1: outage_ms is not a number from 1 to 3000"),
    ("outage_ms = 300", "outage = 300", "events 1: outage_ms is missing"),
    ('title = "An outage"', "", "[en] title is missing: give a text in quotes"),
    ('title = "An outage"', 'title = " "', "[en] title is empty"),
    ('title = "An outage"', f'title = "{"x" * 61}"', "[en] title has 61 letters: at most 60"),
    ('title = "An outage"', 'title = "\\u202ean"', "has a character that cannot be shown"),
    ('title = "An outage"', 'title = "\\u0000an"', "has a character that cannot be shown"),
    ('"Two.", ', "", "[en] explanation is not a list of 3 texts"),
    ("[es]", "[fr]", "es is missing: give a table [es]"),
    ("interpolation_ms = 67", 'prediction = "all"', "[netcode] prediction is not one of off"),
]


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES, ids=[line for *_, line in MISTAKES])
def test_a_mistake_is_said_in_one_line(old: str, new: str, line: str) -> None:
    with pytest.raises(LessonError) as raised:
        parse_lesson("outage", changed(old, new))
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


@given(st.data())
def test_a_damaged_file_is_refused_or_still_a_lesson(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(LESSON)))
    end = data.draw(st.integers(begin, min(len(LESSON), begin + 40)))
    damaged = LESSON[:begin] + data.draw(st.text(max_size=5)) + LESSON[end:]
    # Any other exception fails the test.
    with suppress(LessonError):
        assert parse_lesson("damaged", damaged).claims


def test_a_byte_order_mark_of_an_editor_is_no_part_of_a_lesson(tmp_path: Path) -> None:
    file = tmp_path / "marked.toml"
    file.write_text(LESSON, encoding="utf-8-sig")
    assert read_lesson(file).claims


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "long.toml").write_bytes(b"#" * 100_000)
    (tmp_path / "wrong.toml").write_text(changed("play_s = 10", ""), encoding="utf-8")
    for name, text in [
        ("absent", "cannot be read"),
        ("binary", "is not a text file in UTF-8"),
        ("long", "is too long for a lesson"),
        ("wrong", "play_s is missing"),
    ]:
        with pytest.raises(LessonError, match=text) as raised:
            read_lesson(tmp_path / f"{name}.toml")
        assert f"{name}.toml" in str(raised.value)


def test_the_program_has_eight_lessons_in_both_languages() -> None:
    lessons = read_lessons()
    assert [lesson.name[0] for lesson in lessons] == list("12345678")
    # Somebody who always says B learns nothing.
    assert {lesson.answer for lesson in lessons} == set(ANSWERS)
    for lesson in lessons:
        assert set(lesson.texts) == set(LANGUAGES)
        assert lesson.texts["en"].title != lesson.texts["es"].title
        assert {figure.figure for figure in lesson.figures} <= set(FIGURES)


def test_the_decisive_moment_of_each_lesson_is_among_the_kept_seconds() -> None:
    for lesson in read_lessons():
        outages = [event.at_s for event in lesson.events if event.outage_s]
        assert not outages or max(outages) > lesson.play_s - 9.0, lesson.name


def test_the_lessons_of_the_documents_are_valid() -> None:
    folder = Path(__file__).parents[3] / "docs" / "lessons"
    lessons = [read_lesson(file) for file in folder.glob("*.toml")]
    assert "quic" in [lesson.name for lesson in lessons]
    assert all(set(lesson.texts) == {"en", "es"} for lesson in lessons)
