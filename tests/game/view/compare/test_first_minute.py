"""Tests of the first-minute guide: its end, a skip by any press, and the key that it asks for."""

import pygame
import pytest

from game.view.compare.first_minute import FirstMinuteScreen, FirstMinuteStep
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from tests.game.view.lesson.student import SIZE, Student
from tests.game.view.pixels import differs

FRAME_S = 0.1


class Newcomer:
    """Somebody who sees the comparison for the first time, in virtual time."""

    def __init__(self) -> None:
        self.seen = 0
        self.student = Student([])
        self.screen = FirstMinuteScreen(
            self.student.screen, self.student.compare, LANGUAGES["en"], self._see
        )
        self.screen.resize(SIZE, Theme(SIZE))

    def _see(self) -> None:
        self.seen += 1

    def look_until(self, step: FirstMinuteStep, most_s: float = 30.0) -> None:
        for _ in range(round(most_s / FRAME_S)):
            if self.screen.step is step:
                return
            self.look()
        raise AssertionError(f"{self.screen.step} after {most_s} s")

    def look(self) -> None:
        self.student.now += FRAME_S
        self.screen.draw(self.student.surface, self.student.now)

    def press(self, key: int) -> None:
        self.screen.handle(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0), 1.0)


@pytest.fixture
def newcomer(surface: pygame.Surface) -> Newcomer:
    return Newcomer()


def test_it_loses_a_packet_shows_that_slowly_and_asks_for_a_key(newcomer: Newcomer) -> None:
    newcomer.look_until(FirstMinuteStep.MOMENT)
    (outage_s,) = newcomer.student.source.bursts
    assert outage_s < 0.07
    newcomer.look()
    assert newcomer.student.compare.slow_motion.is_open
    newcomer.look_until(FirstMinuteStep.PRESS)
    assert not newcomer.student.compare.slow_motion.is_open
    assert newcomer.seen == 0
    newcomer.press(pygame.K_b)
    assert newcomer.screen.step is FirstMinuteStep.OVER
    assert newcomer.seen == 1
    assert len(newcomer.student.source.bursts) == 2


def test_it_ends_for_somebody_who_presses_nothing(newcomer: Newcomer) -> None:
    newcomer.look_until(FirstMinuteStep.OVER, 60.0)
    assert newcomer.seen == 1


def test_any_key_skips_it_and_does_what_it_always_does(newcomer: Newcomer) -> None:
    newcomer.look()
    with_banner = newcomer.student.surface.copy()
    newcomer.press(pygame.K_F2)
    newcomer.look()
    assert newcomer.seen == 1
    assert newcomer.student.compare.controls.shows_details
    assert differs(with_banner, newcomer.student.surface, with_banner.get_rect())
    newcomer.press(pygame.K_F2)
    assert newcomer.seen == 1


def test_escape_skips_slow_motion_and_opens_no_menu(newcomer: Newcomer) -> None:
    newcomer.look_until(FirstMinuteStep.MOMENT)
    newcomer.press(pygame.K_ESCAPE)
    newcomer.look()
    assert not newcomer.student.compare.slow_motion.is_open
    assert not newcomer.student.compare.menu.is_open
    assert not newcomer.screen.wants_to_close
