"""Student in front of a lesson screen, in virtual time and without a network."""

from collections.abc import Sequence

import pygame

from game.lesson.course import Step
from game.lesson.lesson import Lesson
from game.view.lesson.screen import LessonScreen
from game.view.texts import LANGUAGES
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.screens import compare_screen

SIZE = (640, 360)


class Student:
    """A student in virtual time, who looks at the screen a few times a second."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        language: str = "en",
        is_automatic: bool = False,
        closes_at_end: bool = False,
    ) -> None:
        self.source = LocalComparison(("tcp", "udp"), players=2)
        self.compare = compare_screen(
            self.source, language, on_learn=lambda: self.screen.open_course()
        )
        self.screen = LessonScreen(
            self.compare, lambda: lessons, LANGUAGES[language], is_automatic, closes_at_end
        )
        self.now = 1.0
        self.surface = pygame.Surface(SIZE)

    def look(self, seconds: float = 0.5, step_s: float = 0.5) -> None:
        for _ in range(round(seconds / step_s)):
            self.now += step_s
            self.screen.draw(self.surface, self.now)

    def press(self, *keys: int) -> None:
        for key in keys:
            self.screen.handle(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0), 1.0)

    def click(self, point: tuple[int, int]) -> None:
        self.screen.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=point, button=1), 1.0)

    @property
    def step(self) -> Step | None:
        return None if self.screen.course is None else self.screen.course.step
