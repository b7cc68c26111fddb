"""Tests of events that a window delivers before its first frame, as under a resting pointer."""

import random
from collections.abc import Callable

import pygame
import pytest

from game.lesson.loader import read_lessons
from game.view import window
from game.view.audio.speaker import Speaker
from game.view.compare.first_minute import FirstMinuteScreen
from game.view.lobby.choices import LobbySettings
from game.view.lobby.screen import LobbyScreen
from game.view.play.screen import PlayScreen
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from game.view.window import Screen, run_screen
from game.view.window_options import WindowOptions
from tests.game.view.lesson.student import Student
from tests.game.view.lobby.lobby_source import FakeLobby, game
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.local_source import LocalSource
from tests.game.view.screens import SIZE, compare_screen

ENGLISH = LANGUAGES["en"]
KEYS = (
    pygame.K_F1,
    pygame.K_F2,
    pygame.K_F7,
    pygame.K_ESCAPE,
    pygame.K_RETURN,
    pygame.K_TAB,
    pygame.K_DOWN,
    pygame.K_SPACE,
    pygame.K_BACKSPACE,
    pygame.K_j,
    pygame.K_l,
    pygame.K_r,
    pygame.K_b,
)


def lesson_screen() -> Screen:
    student = Student(read_lessons(), closes_at_end=True)
    student.screen.open_course()
    return student.screen


def first_minute_screen() -> Screen:
    compare = compare_screen(LocalComparison())
    return FirstMinuteScreen(compare, compare, ENGLISH, lambda: None)


SCREENS: dict[str, Callable[[], Screen]] = {
    "play": lambda: PlayScreen(LocalSource(players=4), ENGLISH, Speaker(is_muted=True)),
    "compare": lambda: compare_screen(LocalComparison()),
    "comparison with lessons": lambda: Student(read_lessons()).screen,
    "lesson": lesson_screen,
    "first minute": first_minute_screen,
    "lobby": lambda: LobbyScreen(FakeLobby(game()), LobbySettings("Ana", "udp"), ENGLISH),
}


def random_event(rng: random.Random) -> pygame.event.Event:
    point = rng.randrange(SIZE[0]), rng.randrange(SIZE[1])
    match rng.randrange(7):
        case 0:
            buttons = (0, 0, 0)
            return pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(1, 1), buttons=buttons)
        case 1:
            return pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=point, button=1)
        case 2:
            return pygame.event.Event(pygame.MOUSEBUTTONUP, pos=point, button=1)
        case 3:
            return pygame.event.Event(pygame.KEYMAPCHANGED)
        case 4:
            return pygame.event.Event(pygame.WINDOWENTER)
        case _:
            key = rng.choice(KEYS)
            return pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0, mod=0, unicode="")


@pytest.mark.parametrize("name", SCREENS)
def test_any_event_may_come_before_the_first_frame(surface: pygame.Surface, name: str) -> None:
    for seed in range(4):
        rng = random.Random(seed)
        screen = SCREENS[name]()
        screen.resize(SIZE, Theme(SIZE))
        events = [random_event(rng) for _ in range(20)]
        try:
            for event in events:
                screen.handle(event, 1.0)
            screen.draw(surface, 2.0)
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}\n{events}")


@pytest.mark.parametrize("name", SCREENS)
def test_a_resting_pointer_does_not_stop_the_window_from_opening(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    motion = {"pos": (700, 600), "rel": (0, 0), "buttons": (0, 0, 0)}
    waiting = [pygame.event.Event(pygame.MOUSEMOTION, motion)]

    def get() -> list[pygame.event.Event]:
        return [waiting.pop()] if waiting else [pygame.event.Event(pygame.QUIT)]

    monkeypatch.setattr(pygame.event, "get", get)
    # The match of the test runs from 0 to the time of the frame.
    monkeypatch.setattr(window, "perf_counter", lambda: 1.0)
    run_screen(SCREENS[name], WindowOptions())
    assert not waiting
