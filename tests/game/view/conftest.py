"""Fixtures for the tests of the view: an invisible window, a theme, a local match."""

import os
from collections.abc import Iterator
from functools import cache

import pytest

os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame

from game.view.keyboard import KeyboardLayout
from game.view.theme import Theme
from tests.game.view.local_source import LocalSource

SIZE = (1280, 720)

# SDL searches it for each of thousands of signs. Without a display it never changes.
present_layout = cache(KeyboardLayout.present)


@pytest.fixture(autouse=True)
def _invisible(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.display.init()
    pygame.font.init()
    monkeypatch.setattr(KeyboardLayout, "present", present_layout)
    yield
    # Not the fonts: to load them and to measure their letters takes longer than most tests.
    pygame.mixer.quit()
    pygame.display.quit()


@pytest.fixture
def surface() -> Iterator[pygame.Surface]:
    window = pygame.Window("test", SIZE)
    surface = window.get_surface()
    surface.fill((0, 0, 0))
    yield surface
    window.destroy()


@pytest.fixture
def theme(surface: pygame.Surface) -> Theme:
    return Theme(surface.get_size())


@pytest.fixture
def source() -> LocalSource:
    return LocalSource(players=6)
