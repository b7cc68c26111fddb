"""Pages of a lesson's card: what each step says, as paragraphs, choices and buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from game.lesson.course import Course, Step
from game.lesson.figures import FIGURES
from game.lesson.lesson import ANSWERS, LessonTexts
from game.view import colours
from game.view.hud import transport_title
from game.view.texts import Texts
from game.view.widgets.wrapped_text import Paragraph

_HEAD_SIZE = 15.0
_TEXT_SIZE = 16.0
_NOTE_SIZE = 14.0
NO_OTHERS: Mapping[str, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of this run: its name, and its value for each transport."""

    label: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Content of the card: two columns of text. ``choices`` and ``figures`` are below the left one.

    ``keys`` are the keys of the buttons that fit the step, in their order. ``has_time``: there is
    space for the time of the run.
    """

    heading: str
    left: tuple[Paragraph, ...]
    right: tuple[Paragraph, ...]
    keys: tuple[str, ...]
    choices: tuple[str, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    has_time: bool = False


def page_of(
    course: Course, texts: Texts, language: str, others: Mapping[str, bool] = NO_OTHERS
) -> Page:
    """Return the page of the step that the student is at.

    ``others``: the transports on screen that the lesson is not about, and whether each delivers in
    order as TCP does.
    """
    lesson = course.lesson.texts[language]
    heading = texts.lesson_heading.format(number=course.index + 1, count=len(course.lessons))
    heading = f"{heading}: {lesson.title}"
    match course.step:
        case Step.PREDICT:
            return _predict_page(heading, lesson, texts, others)
        case Step.PLAY:
            return _play_page(heading, course, lesson, texts)
        case Step.MOMENT:
            return _moment_page(heading, course, lesson, texts)
        case Step.RESULT:
            return _result_page(heading, course, lesson, texts)
        case Step.END:
            left = (
                Paragraph(texts.lesson_end, 22, bold=True),
                Paragraph(texts.lesson_end_hint, _TEXT_SIZE, colours.MUTED),
            )
            return Page("", left, (), ("back", "leave"))


def _predict_page(
    heading: str, lesson: LessonTexts, texts: Texts, others: Mapping[str, bool]
) -> Page:
    notes = (
        (texts.lesson_other_in_order if is_in_order else texts.lesson_other).format(
            name=transport_title(name)
        )
        for name, is_in_order in others.items()
    )
    left = (
        Paragraph(lesson.intro, _TEXT_SIZE),
        Paragraph(lesson.question, 18, bold=True),
        *(Paragraph(note, _NOTE_SIZE, colours.MUTED) for note in notes),
    )
    right = (_head(texts.lesson_ask),)
    return Page(heading, left, right, ("back", "skip", "leave"), choices=lesson.answers)


def _play_page(heading: str, course: Course, lesson: LessonTexts, texts: Texts) -> Page:
    answer = lesson.answers[ANSWERS.index(course.prediction)]
    words = texts.lesson_predicted.format(answer=course.prediction, words=answer)
    left = (Paragraph(lesson.task, 18),)
    right = (Paragraph(words, _TEXT_SIZE), *_meanings(lesson))
    return Page(heading, left, right, ("again", "back", "skip", "leave"), has_time=True)


def _moment_page(heading: str, course: Course, lesson: LessonTexts, texts: Texts) -> Page:
    # A stall of a busy computer must not look like the one that the lesson explains.
    left = (
        Paragraph(lesson.moment, 18)
        if course.is_shown
        else Paragraph(texts.lesson_not_shown, 18, colours.YELLOW),
    )
    return Page(heading, left, _meanings(lesson), ("figures", "again", "back", "skip", "leave"))


def _result_page(heading: str, course: Course, lesson: LessonTexts, texts: Texts) -> Page:
    verdict = Paragraph(_verdict(course, lesson, texts), _TEXT_SIZE, _verdict_colour(course), True)
    explanation: tuple[Paragraph, ...] = ()
    if course.is_shown:
        explanation = tuple(Paragraph(each, _TEXT_SIZE) for each in lesson.explanation)
    return Page(
        heading,
        (_head(texts.lesson_figures),),
        (verdict, *explanation),
        ("next", "again", "back", "leave"),
        figures=_figure_rows(course, texts),
    )


def _verdict(course: Course, lesson: LessonTexts, texts: Texts) -> str:
    if not course.is_shown:
        return texts.lesson_not_shown
    if course.is_right:
        return texts.lesson_right.format(answer=course.prediction)
    right = course.lesson.answer
    return texts.lesson_wrong.format(
        answer=course.prediction, right=right, words=lesson.answers[ANSWERS.index(right)]
    )


def _verdict_colour(course: Course) -> colours.Colour:
    if not course.is_shown:
        return colours.YELLOW
    return colours.SKY if course.is_right else colours.WARM


def _figure_rows(course: Course, texts: Texts) -> tuple[FigureRow, ...]:
    """Return a row for each figure of the lesson, in the order of the lesson."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for each in course.lesson.figures:
        value = course.figures.get(each.transport, {}).get(each.figure)
        words = texts.unknown if value is None else _value_text(each.figure, value, texts)
        rows.setdefault(each.figure, []).append((transport_title(each.transport), words))
    labels = _figure_labels(texts)
    return tuple(FigureRow(labels[figure], tuple(values)) for figure, values in rows.items())


def _value_text(figure: str, value: float, texts: Texts) -> str:
    if figure.endswith("_ms"):
        return texts.milliseconds.format(value=texts.number(value))
    if figure.endswith("_percent"):
        return texts.percent.format(value=texts.number(value, 1))
    return texts.number(value)


def _figure_labels(texts: Texts) -> Mapping[str, str]:
    labels = (
        texts.figure_frozen_percent,
        texts.figure_longest_freeze_ms,
        texts.figure_longest_gap_ms,
        texts.figure_age_median_ms,
        texts.figure_age_p95_ms,
        texts.figure_behind_ms,
        texts.figure_lost_packets,
        texts.figure_sent_again,
        texts.figure_events,
        texts.figure_goals,
    )
    return dict(zip(FIGURES, labels, strict=True))


def _meanings(lesson: LessonTexts) -> tuple[Paragraph, ...]:
    """Return what words on screen mean, if the lesson says it."""
    return (Paragraph(lesson.words, _NOTE_SIZE, colours.MUTED),) if lesson.words else ()


def _head(text: str) -> Paragraph:
    return Paragraph(text, _HEAD_SIZE, colours.MUTED, bold=True)
