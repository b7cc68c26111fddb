"""Tests of the course: the usual way, the ways back, and keys that do not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.lesson.course import Course, Step
from game.lesson.parser import parse_lesson
from tests.game.lesson.lesson_files import LESSON

LESSONS = [parse_lesson(f"{number}", LESSON) for number in (1, 2)]
SHOWN = {"tcp": {"longest_freeze_ms": 200.0}, "udp": {"longest_freeze_ms": 0.0}}
NOT_SHOWN = {"tcp": {"longest_freeze_ms": 200.0}, "udp": {"longest_freeze_ms": 190.0}}


@pytest.fixture
def course() -> Course:
    return Course(LESSONS)


def test_the_usual_way_goes_through_all_steps_of_all_lessons(course: Course) -> None:
    seen = []
    for _ in LESSONS:
        seen.append((course.index, course.step))
        course.predict("B")
        seen.append((course.index, course.step))
        course.finish_run(SHOWN)
        seen.append((course.index, course.step))
        course.advance()
        seen.append((course.index, course.step))
        course.advance()
    steps = [Step.PREDICT, Step.PLAY, Step.MOMENT, Step.RESULT]
    assert seen == [(index, step) for index in (0, 1) for step in steps]
    assert course.step is Step.END
    course.go_back()
    assert (course.index, course.step) == (1, Step.PREDICT)


def test_a_prediction_is_right_only_if_the_run_shows_the_effect(course: Course) -> None:
    for answer, figures, expected in [
        ("B", SHOWN, (True, True)),
        ("A", SHOWN, (True, False)),
        ("B", NOT_SHOWN, (False, False)),
        ("B", {}, (False, False)),
    ]:
        course = Course(LESSONS)
        course.predict(answer)
        course.finish_run(figures)
        assert (course.is_shown, course.is_right) == expected


def test_a_run_can_be_repeated_with_the_same_prediction(course: Course) -> None:
    course.predict("B")
    course.finish_run(NOT_SHOWN)
    course.advance()
    course.repeat()
    assert (course.step, course.prediction, course.figures) == (Step.PLAY, "B", {})
    course.finish_run(SHOWN)
    assert course.is_right


def test_back_leads_to_the_moment_to_the_prediction_and_to_the_lesson_before() -> None:
    course = Course(LESSONS, 1)
    course.predict("A")
    course.finish_run(SHOWN)
    course.advance()
    places = []
    for _ in range(4):
        course.go_back()
        places.append((course.index, course.step))
    assert places == [
        (1, Step.MOMENT),
        (1, Step.PREDICT),
        (0, Step.PREDICT),
        (0, Step.PREDICT),
    ]


def test_skipping_ends_at_the_end(course: Course) -> None:
    for _ in range(3):
        course.skip()
    assert course.step is Step.END


ACTIONS = st.sampled_from(["predict", "finish", "advance", "repeat", "back", "skip"])


@given(st.lists(ACTIONS, max_size=40))
def test_no_order_of_keys_breaks_the_course(actions: list[str]) -> None:
    course = Course(LESSONS)
    for action in actions:
        match action:
            case "predict":
                course.predict("C")
            case "finish":
                course.finish_run(SHOWN)
            case "advance":
                course.advance()
            case "repeat":
                course.repeat()
            case "back":
                course.go_back()
            case "skip":
                course.skip()
        assert 0 <= course.index < len(LESSONS)
        # Nothing is shown before it was predicted and played.
        if course.step in (Step.MOMENT, Step.RESULT):
            assert course.prediction
            assert course.figures
