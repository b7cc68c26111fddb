"""Tests of display detection: a missing display gives one clear line; screenshots need none."""

import sys
from ctypes import CDLL

import pygame
import pytest

from game.view import display
from game.view.display import DisplayUnavailable, pygame_ready

VARIABLES = ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Computer without a display, on which nobody has chosen an SDL driver."""
    pygame.quit()
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    # Undone after the test, even if the code under test changes it.
    monkeypatch.setattr(display.os, "environ", dict(display.os.environ))
    return monkeypatch


def test_without_a_display_it_says_what_works(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display, "has_no_display", lambda: True)
    with pytest.raises(DisplayUnavailable) as raised, pygame_ready(needs_display=True):
        pass
    text = str(raised.value)
    assert "\n" not in text
    assert "jitterball serve" in text
    assert "jitterball play --frames N --screenshot FILE.png" in text


@pytest.mark.parametrize("driver", ["offscreen", "dummy"])
def test_a_driver_that_shows_nothing_and_was_not_asked_for_is_no_display(
    bare: pytest.MonkeyPatch, driver: str
) -> None:
    bare.setattr(display, "has_no_display", lambda: False)
    bare.setattr(pygame.display, "init", lambda: None)
    bare.setattr(pygame.display, "get_driver", lambda: driver)
    with pytest.raises(DisplayUnavailable), pygame_ready(needs_display=True):
        pass


def test_that_driver_will_do_where_nothing_has_to_be_seen(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display, "has_no_display", lambda: False)
    bare.setattr(pygame.display, "init", lambda: None)
    bare.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pygame_ready(needs_display=False):
        assert pygame.font.get_init()


def test_a_driver_set_by_the_user_is_used() -> None:
    with pygame_ready(needs_display=True):
        assert pygame.display.get_driver() == "dummy"


def test_sdl_failing_is_no_display(bare: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise pygame.error("No available video device")

    bare.setattr(display, "has_no_display", lambda: False)
    bare.setattr(pygame.display, "init", fail)
    with pytest.raises(DisplayUnavailable), pygame_ready(needs_display=True):
        pass


@pytest.mark.parametrize(
    ("environment", "has_no_display"),
    [({}, True), ({"DISPLAY": ":0"}, False), ({"WAYLAND_DISPLAY": "wayland-0"}, False)],
)
def test_linux_tells_by_its_environment(
    bare: pytest.MonkeyPatch, environment: dict[str, str], has_no_display: bool
) -> None:
    bare.setattr(display.sys, "platform", "linux")
    bare.setattr(display.Path, "glob", lambda self, pattern: iter(()))
    display.os.environ.update(environment)
    assert display.has_no_display() is has_no_display


def test_a_console_with_graphics_is_left_to_sdl(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(display.sys, "platform", "linux")
    bare.setattr(display.Path, "glob", lambda self, pattern: iter([self / "card0"]))
    assert display.has_no_display() is False


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(bare: pytest.MonkeyPatch, platform: str) -> None:
    bare.setattr(display.sys, "platform", platform)
    assert display.has_no_display() is False


def test_pygame_is_closed_afterwards() -> None:
    with pygame_ready(needs_display=True):
        pass
    assert not pygame.display.get_init()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds SDL through pygame's file")
def test_an_input_method_gets_no_keys_in_a_window() -> None:
    # pygame cannot ask for it. SDL is among the libraries that its module has loaded.
    sdl = CDLL(pygame.key.__file__)
    with pygame_ready(needs_display=True):
        window = pygame.Window("test")
        window.focus()
        pygame.event.get()
        assert not sdl.SDL_IsTextInputActive()
