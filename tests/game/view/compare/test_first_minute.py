"""Tests of the first-minute guide: its end, a press a step, and the key that it asks for."""

import pygame
import pytest

from game.view import colours
from game.view.compare.first_minute import FirstMinuteScreen, FirstMinuteStep
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from tests.game.view.lesson.student import SIZE, Student
from tests.game.view.pixels import count

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


def test_a_key_goes_to_the_next_step_and_the_last_does_what_it_always_does(
    newcomer: Newcomer,
) -> None:
    newcomer.look()
    newcomer.press(pygame.K_F2)
    newcomer.look_until(FirstMinuteStep.MOMENT, 1.0)
    newcomer.look()
    assert newcomer.student.compare.slow_motion.is_open
    newcomer.press(pygame.K_F2)
    assert newcomer.screen.step is FirstMinuteStep.PRESS
    newcomer.look()
    assert not newcomer.student.compare.slow_motion.is_open
    assert not newcomer.student.compare.controls.shows_details
    assert newcomer.seen == 0
    newcomer.press(pygame.K_F2)
    assert newcomer.screen.step is FirstMinuteStep.OVER
    assert newcomer.student.compare.controls.shows_details
    newcomer.press(pygame.K_F2)
    assert newcomer.seen == 1


def test_the_last_click_is_for_the_layout_that_was_clicked(
    newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer.look_until(FirstMinuteStep.PRESS)
    newcomer.look()
    compare = newcomer.student.compare
    shown = compare.size
    clicked: list[tuple[int, int]] = []
    monkeypatch.setattr(compare, "handle", lambda *_: clicked.append(compare.size))
    event = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(5, 5), button=1)
    newcomer.screen.handle(event, 1.0)
    assert clicked == [shown]
    assert compare.size == SIZE != shown


def test_slow_motion_that_the_last_press_opens_stays_open(newcomer: Newcomer) -> None:
    newcomer.look_until(FirstMinuteStep.PRESS)
    newcomer.look()
    newcomer.press(pygame.K_j)
    newcomer.look()
    assert newcomer.screen.step is FirstMinuteStep.OVER
    assert newcomer.student.compare.slow_motion.is_open


def test_its_sentence_covers_nothing(newcomer: Newcomer) -> None:
    compare = newcomer.student.compare
    for step in (FirstMinuteStep.WATCH, FirstMinuteStep.MOMENT, FirstMinuteStep.PRESS):
        newcomer.look_until(step)
        newcomer.look()
        height = compare.size[1]
        band = pygame.Rect(0, height, SIZE[0], SIZE[1] - height)
        assert count(newcomer.student.surface, band, colours.SKY, tolerance=2) > SIZE[0]
        assert not count(newcomer.student.surface, band, colours.GRASS, tolerance=2)
        assert height < SIZE[1]
    newcomer.press(pygame.K_ESCAPE)
    assert compare.size == SIZE


@pytest.mark.parametrize("size", [(1, 1), (480, 300), (700, 1150)], ids=str)
def test_it_fits_a_window_of_any_size(surface: pygame.Surface, size: tuple[int, int]) -> None:
    for scale in (0.5, 4.0):
        newcomer = Newcomer()
        newcomer.student.surface = pygame.Surface(size)
        newcomer.screen.resize(size, Theme(size, scale))
        newcomer.look()
        newcomer.press(pygame.K_RETURN)
        newcomer.look_until(FirstMinuteStep.MOMENT)
        newcomer.look()


def test_escape_skips_slow_motion_and_opens_no_menu(newcomer: Newcomer) -> None:
    newcomer.look_until(FirstMinuteStep.MOMENT)
    newcomer.press(pygame.K_ESCAPE)
    newcomer.look()
    assert not newcomer.student.compare.slow_motion.is_open
    assert not newcomer.student.compare.menu.is_open
    assert not newcomer.screen.wants_to_close
