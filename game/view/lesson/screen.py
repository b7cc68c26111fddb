"""Lesson screen: a comparison that is free, or led by a course of lessons."""

from collections.abc import Callable, Sequence
from math import ceil

import pygame

from game.client.frame import Frame
from game.lesson.course import Course, Step
from game.lesson.lesson import ANSWERS, Lesson
from game.view import colours
from game.view.compare.screen import CompareScreen
from game.view.compare.settings import CompareSettings
from game.view.input_devices import DIRECTIONS, KICK_KEYS
from game.view.lesson.card import LessonCard
from game.view.lesson.lesson_run import LessonRun
from game.view.lesson.page import page_of
from game.view.texts import LANGUAGES, Texts
from game.view.theme import Theme
from game.view.widgets.buttons import Button

# What a student may press while a lesson plays: to run, to kick, to choose a panel. Any other key
# would change what the lesson measures.
_PLAYING_PLACES = frozenset((*DIRECTIONS, *KICK_KEYS))
_ENTER_KEYS = (pygame.K_RETURN, pygame.K_KP_ENTER)
_PRESSES = (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN)
# Shares of the window's height. The card leaves more to the match while the match is played or
# shown.
CARD_SHARES = {
    Step.PREDICT: 0.34,
    Step.PLAY: 0.26,
    Step.MOMENT: 0.2,
    Step.RESULT: 0.36,
    Step.END: 0.25,
}
# Without a student: how long each page stays.
_READING_S = 1.0


class LessonScreen:
    """Screen of ``compare``, and of a course when somebody opens one.

    ``read_lessons`` is called then. ``is_automatic``: the right answers are given, and all goes on
    by itself up to the figures of one lesson, for pictures and tests. ``closes_at_end``: to leave
    the course closes the window, else the comparison goes on as it was.
    """

    def __init__(
        self,
        compare: CompareScreen,
        read_lessons: Callable[[], Sequence[Lesson]],
        texts: Texts,
        is_automatic: bool = False,
        closes_at_end: bool = False,
    ) -> None:
        self.compare = compare
        self.course: Course | None = None
        self._read_lessons = read_lessons
        self._texts = texts
        self._language = next(code for code, each in LANGUAGES.items() if each is texts)
        self._is_automatic = is_automatic
        self._closes_at_end = closes_at_end
        self._has_left = False
        self._before: tuple[CompareSettings, tuple[str, ...]] | None = None
        self._lesson_run: LessonRun | None = None
        # Lesson and step that are on screen.
        self._shown: tuple[int, Step] | None = None
        self._now = self._step_began_at = 0.0
        self._card = LessonCard(self._make_buttons(), self._predict)

    @property
    def wants_to_close(self) -> bool:
        """True if the user has left."""
        return self.compare.wants_to_close or self._has_left

    def open_course(self, first: int = 0) -> None:
        """Begin with the lesson of index ``first``."""
        controls = self.compare.controls
        self._before = controls.settings, tuple(controls.transports.values())
        self.course = Course(self._read_lessons(), first)
        self._shown = None
        self.compare.has_strip = False

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out: the comparison above, the card below."""
        self._size, self._theme = size, theme
        card = self._card_height(size[1])
        self._card.place(pygame.Rect(0, size[1] - card, size[0], card), theme)
        self.compare.resize((size[0], size[1] - card), theme)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle a window event: in a course the card is first."""
        if not self._takes(event, pixels_per_unit):
            self.compare.handle(event, pixels_per_unit)

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        """Draw the comparison and the card at ``now``; return a drawn frame."""
        self._now = now
        if self.course is None:
            return self.compare.draw(surface, now)
        self._begin_step(self.course, now)
        width, height = surface.get_size()
        above = pygame.Rect(0, 0, width, height - self._card_height(height))
        frame = self.compare.draw(surface.subsurface(above), now)
        surface.fill(colours.BACKGROUND, (0, above.bottom, width, height - above.bottom))
        self._draw_card(surface, self.course, now)
        self._follow(self.course, now)
        return frame

    def close(self) -> None:
        """Close the comparison."""
        self.compare.close()

    def _card_height(self, height: int) -> int:
        """Return the height of the card in pixels, 0 without a course."""
        return 0 if self.course is None else round(height * CARD_SHARES[self.course.step])

    def _begin_step(self, course: Course, now: float) -> None:
        """Set the comparison up for a step that has just begun."""
        place = course.index, course.step
        if place == self._shown:
            return
        is_new_lesson = self._shown is None or self._shown[0] != course.index
        self._shown, self._step_began_at = place, now
        if is_new_lesson or self._lesson_run is None:
            self._lesson_run = LessonRun(self.compare, course.lesson)
        match course.step:
            case Step.PREDICT:
                self._lesson_run.prepare(now)
            case Step.PLAY:
                self._lesson_run.begin_run(now)
            case Step.MOMENT:
                self._lesson_run.show_moment(now)
            case Step.RESULT | Step.END:
                self.compare.slow_motion.close()
        self.resize(self._size, self._theme)

    def _follow(self, course: Course, now: float) -> None:
        """Let the run, or the automatic student, go on."""
        lesson_run = self._lesson_run
        if lesson_run is None:
            return
        if course.step is Step.PLAY:
            lesson_run.follow(now)
            if lesson_run.left_s(now) == 0.0:
                course.finish_run(lesson_run.figures())
        elif course.step is Step.MOMENT and not self.compare.slow_motion.is_open:
            # The student has closed slow motion with its own key.
            course.advance()
        elif self._is_automatic and now - self._step_began_at >= _READING_S:
            if course.step is Step.PREDICT:
                course.predict(course.lesson.answer)
            elif course.step is Step.MOMENT and self.compare.slow_motion.is_over:
                course.advance()

    def _draw_card(self, surface: pygame.Surface, course: Course, now: float) -> None:
        others = self.compare.transports_besides(course.lesson.transports)
        self._card.show(page_of(course, self._texts, self._language, others))
        ratio, words = None, ""
        if course.step is Step.PLAY and self._lesson_run is not None:
            left_s, wait_s = self._lesson_run.left_s(now), self._lesson_run.wait_s(now)
            ratio = min(1.0, left_s / course.lesson.play_s)
            text = self._texts.lesson_settles if wait_s else self._texts.lesson_time_left
            if wait_s and self._lesson_run.waits_for_queue:
                text = self._texts.lesson_drains
            if self._lesson_run.waits_for_match:
                text = self._texts.lesson_interrupted
            # Rounded up: what begins in 0 s has begun.
            words = text.format(seconds=ceil(wait_s or left_s))
        self._card.draw(surface, ratio, words)

    def _takes(self, event: pygame.event.Event, pixels_per_unit: float) -> bool:
        """Handle an event of the course; return whether the comparison must not have it."""
        if self.course is None:
            return False
        if event.type == pygame.KEYDOWN and self._press_key(event.key):
            return True
        if self._card.handle(event, pixels_per_unit):
            return True
        return not self._may_pass(event, self.course.step)

    def _may_pass(self, event: pygame.event.Event, step: Step) -> bool:
        """Return whether an event is for the comparison."""
        if event.type not in _PRESSES or step is Step.MOMENT:
            return True
        if step is not Step.PLAY:
            return False
        if event.type == pygame.MOUSEBUTTONDOWN:
            return True
        place = getattr(event, "scancode", pygame.KSCAN_UNKNOWN)
        return place in _PLAYING_PLACES or event.key == pygame.K_TAB

    def _press_key(self, key: int) -> bool:
        """Do what a key of the card does; return whether it has one now."""
        course = self.course
        if course is None:
            return False
        letters = {pygame.K_a + number: letter for number, letter in enumerate(ANSWERS)}
        if key == pygame.K_ESCAPE:
            self._leave()
        elif key in _ENTER_KEYS:
            course.advance()
        elif key == pygame.K_BACKSPACE:
            course.go_back()
        elif key == pygame.K_PAGEDOWN:
            course.skip()
        elif key == pygame.K_r:
            self._repeat()
        elif course.step is Step.PREDICT and key in letters:
            course.predict(letters[key])
        else:
            return False
        return True

    def _predict(self, letter: str) -> None:
        if self.course is not None:
            self.course.predict(letter)

    def _repeat(self) -> None:
        if self.course is not None:
            self.course.repeat()
            if self.course.step is Step.PLAY:
                # The same step may be on screen already.
                self._shown = self.course.index, Step.PREDICT

    def _leave(self) -> None:
        """Close the window, or go on with the comparison as it was before the course."""
        self._has_left = self._closes_at_end
        self.compare.slow_motion.close()
        if self._before is not None:
            settings, transports = self._before
            self.compare.controls.use_transports(transports)
            self.compare.controls.use(settings)
        self.course = self._lesson_run = None
        self.compare.has_strip = True
        self.resize(self._size, self._theme)

    def _make_buttons(self) -> dict[str, Button]:
        texts = self._texts

        def button(key: str, label: str, callback: Callable[[], None]) -> Button:
            return Button(key, lambda: label, callback, lambda: False)

        def on_course(action: Callable[[Course], None]) -> Callable[[], None]:
            return lambda: None if self.course is None else action(self.course)

        advance = on_course(Course.advance)
        return {
            "next": button(texts.enter_key, texts.lesson_next, advance),
            "figures": button(texts.enter_key, texts.lesson_to_figures, advance),
            "again": button("R", texts.lesson_again, self._repeat),
            "back": button(texts.backspace_key, texts.lesson_back, on_course(Course.go_back)),
            "skip": button(texts.page_down_key, texts.lesson_skip, on_course(Course.skip)),
            "leave": button("Esc", texts.lesson_leave, self._leave),
        }
