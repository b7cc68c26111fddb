"""Tests of the lesson screen: every lesson from prediction to figures, the ways out, any size."""

from dataclasses import replace
from itertools import pairwise

import pygame
import pytest

from game.lesson.course import Course, Step
from game.lesson.loader import read_lessons
from game.lesson.parser import parse_lesson
from game.match.controls import NEUTRAL
from game.match.rules import Phase
from game.view import colours
from game.view.compare.settings import GhostMode
from game.view.lesson.card import LessonCard
from game.view.lesson.page import page_of
from game.view.lesson.screen import CARD_SHARES, LessonScreen
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from game.view.widgets.buttons import HEIGHT
from net.link.presets import PRESETS
from net.link.spec import parse_link
from tests.game.lesson.lesson_files import LESSON
from tests.game.view.lesson.student import SIZE, Student
from tests.game.view.pixels import count, differs

OUTAGE = parse_lesson("outage", LESSON)


@pytest.fixture
def student(surface: pygame.Surface) -> Student:
    student = Student([OUTAGE, OUTAGE])
    student.screen.resize(SIZE, Theme(SIZE))
    student.look()
    return student


def opened(student: Student) -> Student:
    student.press(pygame.K_F7)
    student.look()
    assert student.step is Step.PREDICT
    return student


def played(student: Student) -> Student:
    # A student reads for as long as the lesson before is still in the graphs.
    opened(student).look(5.0)
    student.press(pygame.K_b)
    student.look(12.0)
    assert student.step is Step.MOMENT
    return student


@pytest.mark.slow
def test_every_lesson_runs_to_its_figures_by_itself(surface: pygame.Surface) -> None:
    for index, lesson in enumerate(read_lessons()):
        student = Student(read_lessons(), "es" if index % 2 else "en", is_automatic=True)
        student.screen.resize(SIZE, Theme(SIZE))
        student.look()
        student.screen.open_course(index)
        for _ in range(60):
            student.look(1.0, step_s=1.0)
            if student.step is Step.MOMENT:
                break
        student.look()
        assert student.compare.slow_motion.is_open, lesson.name
        student.press(pygame.K_RETURN)
        student.look()
        assert student.step is Step.RESULT, lesson.name
        course = student.screen.course
        assert course is not None
        assert set(course.figures) == {"tcp", "udp"}, lesson.name
        outages = [event.outage_s for event in lesson.events if event.outage_s]
        assert student.source.bursts == outages, lesson.name


def test_a_lesson_sets_link_netcode_and_view(student: Student) -> None:
    student.compare.controls.shows_details = True
    opened(student)
    assert student.source.links[-1] == parse_link("delay=25ms")
    assert student.source.netcode.interpolation_s == pytest.approx(0.067)
    assert student.compare.controls.shows_lanes
    assert not student.compare.controls.shows_details


def test_slow_motion_has_its_bar_in_a_lesson_and_room_for_the_graph(student: Student) -> None:
    usual = (1280, 720)
    student.surface = pygame.Surface(usual)
    student.screen.resize(usual, Theme(usual))
    played(student)
    assert all(panel.has_lagometer and panel.has_lane for panel in student.compare.panels)
    strip = student.compare.replay_bar.strip
    assert student.compare.slow_motion.is_open
    assert {",", "."} <= {button.key_label for button, _ in strip.button_rects}
    student.press(pygame.K_RETURN)
    student.look()
    assert not student.compare.strip.rect.height


def test_leaving_gives_the_comparison_back_as_it_was(student: Student) -> None:
    student.compare.controls.ghosts = GhostMode.OFF
    before = student.compare.controls.settings
    played(student).press(pygame.K_ESCAPE)
    student.look()
    assert student.screen.course is None
    assert student.compare.controls.settings == before
    assert student.source.links[-1] == PRESETS["lossy"]
    assert not student.compare.slow_motion.is_open
    assert student.compare.strip.rect.height
    assert not student.screen.wants_to_close


def test_leaving_closes_a_window_that_was_opened_to_learn(surface: pygame.Surface) -> None:
    student = Student([OUTAGE], closes_at_end=True)
    student.screen.resize(SIZE, Theme(SIZE))
    student.screen.open_course()
    student.look()
    student.press(pygame.K_ESCAPE)
    assert student.screen.wants_to_close


def test_a_delay_that_changes_settles_before_the_run(student: Student) -> None:
    lesson = parse_lesson("far", LESSON.replace("delay=25ms", "delay=90ms"))
    student.screen = LessonScreen(student.compare, lambda: [lesson], LANGUAGES["en"])
    student.screen.resize(SIZE, Theme(SIZE))
    student.screen.open_course()
    student.look()
    student.press(pygame.K_a)
    student.look(13.0)
    assert student.step is Step.PLAY
    student.look(9.0)
    assert student.step is Step.MOMENT


def test_an_answer_is_given_by_key_or_by_mouse(student: Student) -> None:
    opened(student).press(pygame.K_c)
    assert student.screen.course is not None
    assert student.screen.course.prediction == "C"
    student.press(pygame.K_BACKSPACE)
    student.look()
    assert student.step is Step.PREDICT
    # The lowest answer comes first on the way up.
    for y in range(SIZE[1] - 4, SIZE[1] * 3 // 4, -4):
        student.click((SIZE[0] * 3 // 4, y))
    assert student.step is Step.PLAY
    assert student.screen.course.prediction == "C"


def test_keys_of_the_comparison_do_not_disturb_a_run(student: Student) -> None:
    opened(student).press(pygame.K_b)
    student.look()
    links, bursts = len(student.source.links), len(student.source.bursts)
    student.press(pygame.K_b, pygame.K_n, pygame.K_v, pygame.K_RIGHTBRACKET, pygame.K_F2)
    student.click((20, 20))
    student.look(1.0)
    assert (len(student.source.links), len(student.source.bursts)) == (links, bursts)
    event = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_w, scancode=pygame.KSCAN_W)
    student.screen.handle(event, 1.0)
    student.look()
    assert student.source.driven["udp"] not in (None, NEUTRAL)


def test_the_moment_can_be_controlled_and_seen_again(student: Student) -> None:
    played(student)
    playback = student.compare.slow_motion.playback
    assert playback is not None
    student.press(pygame.K_SPACE)
    assert playback.is_paused
    student.press(pygame.K_RETURN)
    student.look()
    assert not student.compare.slow_motion.is_open
    student.look(20.0)
    student.press(pygame.K_BACKSPACE)
    student.look()
    again = student.compare.slow_motion.playback
    # The same moment, though it is no longer among the last ten seconds.
    assert again is not None
    assert (again.begin_s, again.end_s) == (playback.begin_s, playback.end_s)


def test_the_moment_is_that_of_the_outage_and_not_of_a_busy_computer(student: Student) -> None:
    opened(student).press(pygame.K_b)
    panel = student.source.panels["tcp"]
    outage_at = float("inf")
    while student.step is not Step.MOMENT and student.now < 30.0:
        student.look(0.1, step_s=0.1)
        if student.source.bursts:
            outage_at = min(outage_at, student.now)
            is_later = student.now > outage_at + 1.5
            begin_s, length_s = (2.0, 1.0) if is_later else (0.0, 0.3)
            panel.stall = (outage_at + begin_s, outage_at + begin_s + length_s)
    student.look(0.1, step_s=0.1)
    playback = student.compare.slow_motion.playback
    assert playback is not None
    assert playback.begin_s < outage_at < playback.end_s < outage_at + 1.5


def test_what_else_is_on_screen_is_said(student: Student) -> None:
    opened(student)
    course = student.screen.course
    assert course is not None
    page = page_of(course, LANGUAGES["en"], "en", {"websocket": True, "quic": False})
    texts = [each.text for each in page.left]
    assert "WebSocket is on screen too. It delivers in order, as TCP does." in texts
    assert "QUIC is on screen too. The lesson is not about it." in texts
    assert student.compare.transports_besides(("udp",)) == {"tcp": True}


def test_a_run_that_does_not_show_the_effect_explains_nothing(student: Student) -> None:
    played(student).press(pygame.K_RETURN)
    student.look()
    course = student.screen.course
    assert course is not None
    page = page_of(course, LANGUAGES["en"], "en")
    assert not course.is_shown
    assert [each.text for each in page.right] == [LANGUAGES["en"].lesson_not_shown]
    course.figures = {"tcp": {"longest_freeze_ms": 220.0}, "udp": {"longest_freeze_ms": 10.0}}
    page = page_of(course, LANGUAGES["en"], "en")
    assert [each.text for each in page.right[1:]] == list(OUTAGE.texts["en"].explanation)
    assert page.figures[0].values == (("TCP", "220 ms"), ("UDP", "10 ms"))


def test_a_stall_of_a_busy_computer_is_not_called_the_decisive_moment(student: Student) -> None:
    course = played(student).screen.course
    assert course is not None
    texts, lesson = LANGUAGES["en"], OUTAGE.texts["en"]
    assert not course.is_shown
    assert lesson.moment not in [each.text for each in page_of(course, texts, "en").left]
    course.figures = {"tcp": {"longest_freeze_ms": 220.0}, "udp": {"longest_freeze_ms": 10.0}}
    left = [each.text for each in page_of(course, texts, "en").left]
    assert left == [lesson.moment]


def test_a_link_that_never_stalls_is_shown_without_a_stall_of_the_computer(
    surface: pygame.Surface,
) -> None:
    steady = parse_lesson("steady", LESSON.replace("events = [{ at_s = 4, outage_ms = 300 }]", ""))
    student = Student([steady])
    student.screen.resize(SIZE, Theme(SIZE))
    student.look()
    opened(student).look(5.0)
    student.press(pygame.K_b)
    # The run ends half a second after this stall.
    began_at = student.now + 9.5
    student.source.panels["tcp"].stall = (began_at, began_at + 0.5)
    student.look(12.0, step_s=0.1)
    assert student.step is Step.MOMENT
    playback = student.compare.slow_motion.playback
    assert playback is not None
    assert playback.end_s <= began_at + 0.1


def test_a_run_begins_when_the_queue_of_the_run_before_is_empty(student: Student) -> None:
    opened(student).look(5.0)
    student.source.panels["udp"].stall = (student.now, student.now + 4.0)
    student.press(pygame.K_b)
    student.look(13.5)
    assert student.step is Step.PLAY
    student.look(1.5)
    assert student.step is Step.MOMENT


@pytest.mark.parametrize("phase", [Phase.HALF_TIME, Phase.FINAL])
@pytest.mark.parametrize("played_s", [0.0, 3.0], ids=["before the run", "in the run"])
def test_a_run_stands_still_between_two_halves(
    student: Student, monkeypatch: pytest.MonkeyPatch, phase: Phase, played_s: float
) -> None:
    opened(student).look(5.0)
    student.press(pygame.K_b)
    student.look(played_s)
    scene = student.source._match.scene
    with monkeypatch.context() as patched:
        patched.setattr(student.source._match, "scene", lambda: replace(scene(), phase=phase))
        student.look(9.0)
        assert student.source.bursts == []
        assert student.step is Step.PLAY
    # The rest of the run, with its outage.
    student.look(9.5 - played_s)
    assert student.step is Step.PLAY
    student.look(3.0)
    assert student.step is Step.MOMENT
    assert student.source.bursts == [0.3]


def test_nothing_of_the_lesson_before_is_noted_in_the_graphs(student: Student) -> None:
    played(student)
    histories = [panel.history for panel in student.compare.panels]
    assert all(history.annotations for history in histories)
    student.press(pygame.K_PAGEDOWN)
    student.look()
    assert not any(history.annotations for history in histories)


def test_a_freeze_stays_written_for_as_long_as_two_of_them_are_compared(student: Student) -> None:
    opened(student)
    assert student.compare.controls.freeze_shown_s == pytest.approx(4.0)
    student.press(pygame.K_ESCAPE)
    assert student.compare.controls.freeze_shown_s == pytest.approx(1.0)


def test_a_lesson_says_what_the_words_on_screen_mean(student: Student) -> None:
    for lesson in read_lessons():
        for language, texts in LANGUAGES.items():
            course = Course([lesson])
            course.predict("A")
            words = lesson.texts[language].words
            page = page_of(course, texts, language)
            shown = [each.text for each in (*page.left, *page.right)]
            assert (words in shown) == bool(words), lesson.name


class ShownCourse(Course):
    """A course whose runs always show what they should: their last page has the most text."""

    is_shown = True


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 600)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_each_page_fits_without_small_letters(
    surface: pygame.Surface, language: str, size: tuple[int, int]
) -> None:
    theme, small = Theme(size), []
    buttons = Student([OUTAGE], language).screen._make_buttons()
    for lesson in read_lessons():
        course = ShownCourse([lesson])
        card = LessonCard(buttons, lambda letter: None)
        for step in (Step.PREDICT, Step.PLAY, Step.MOMENT, Step.RESULT):
            if step is Step.PLAY:
                course.predict("A")
            elif step is Step.MOMENT:
                course.finish_run({})
            elif step is Step.RESULT:
                course.advance()
            assert course.step is step
            height = round(size[1] * CARD_SHARES[step])
            card.place(pygame.Rect(0, size[1] - height, size[0], height), theme)
            card.show(page_of(course, LANGUAGES[language], language))
            shares = [text.share for text, _ in card._texts]
            if min(shares) < 0.8:
                small.append((lesson.name, step.name, shares))
    assert not small, small


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 600)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decisive_moment_has_lanes_and_graphs(
    surface: pygame.Surface, language: str, size: tuple[int, int]
) -> None:
    student = Student([OUTAGE], language)
    student.screen.resize(SIZE, Theme(SIZE))
    student.look()
    played(student)
    student.screen.resize(size, Theme(size))
    panels = student.compare.panels
    assert [(panel.has_lane, panel.has_lagometer) for panel in panels] == [(True, True)] * 2


@pytest.mark.parametrize("size", [(1280, 720), (1024, 600)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pitch_says_that_the_student_may_play(
    surface: pygame.Surface, language: str, size: tuple[int, int]
) -> None:
    student = Student([OUTAGE], language)
    student.screen.resize(size, Theme(size))
    student.surface = pygame.Surface(size)
    student.look()
    opened(student).look(5.0)
    student.press(pygame.K_b)
    student.look()
    assert student.step is Step.PLAY
    for panel in student.compare.panels:
        edge = pygame.Rect(panel.pitch.left, panel.pitch.bottom - 22, panel.pitch.width, 20)
        assert count(student.surface, edge, colours.MUTED) > 50


def test_the_buttons_of_slow_motion_grow_with_the_window(student: Student) -> None:
    played(student)
    heights = []
    for size in ((1280, 720), (2560, 1440)):
        student.screen.resize(size, Theme(size))
        _, rect = student.compare.replay_bar.strip.button_rects[0]
        heights.append(rect.height)
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)
    theme = Theme((1280, 720))
    assert heights[0] >= theme.px(HEIGHT) - 2


def test_a_run_is_repeated_from_its_figures(student: Student) -> None:
    played(student).press(pygame.K_RETURN)
    student.look()
    student.press(pygame.K_r)
    student.look(12.0)
    assert student.step is Step.MOMENT
    assert student.source.bursts == [0.3, 0.3]


def test_the_course_ends_and_goes_back(student: Student) -> None:
    opened(student).press(pygame.K_PAGEDOWN, pygame.K_PAGEDOWN)
    student.look()
    assert student.step is Step.END
    student.press(pygame.K_BACKSPACE)
    student.look()
    assert student.step is Step.PREDICT


@pytest.mark.parametrize("size", [(480, 300), (1024, 600), (1920, 1080), (300, 700)])
def test_every_page_has_text_at_any_size(surface: pygame.Surface, size: tuple[int, int]) -> None:
    student = Student([OUTAGE])
    student.surface = pygame.Surface(size)
    student.screen.resize(size, Theme(size))
    opened(student)
    pages = [student.surface.copy()]
    for keys, seconds in [((pygame.K_b,), 1.0), ((), 12.0), ((pygame.K_RETURN,), 0.5)]:
        student.press(*keys)
        student.look(seconds)
        pages.append(student.surface.copy())
    card = pygame.Rect(0, size[1] * 4 // 5, size[0], size[1] // 5)
    for before, after in pairwise(pages):
        assert differs(before, after, card)
