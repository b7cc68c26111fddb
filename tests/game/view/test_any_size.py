"""Tests of every screen and overlay in windows of any size, at any scale of the text."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pygame
import pytest

from game.client.frame import Status
from game.client.netcode import NetcodeSettings
from game.match.rules import Phase
from game.view.audio.speaker import Speaker
from game.view.compare.link_editor import LinkEditor
from game.view.compare.screen import CompareScreen
from game.view.help_overlay import HelpOverlay
from game.view.play.screen import PlayScreen
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from game.view.widgets.menu import Menu, MenuItem
from game.view.window import Screen
from net.link.presets import PRESETS
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.local_source import LocalSource
from tests.game.view.screens import press

# Each run draws the smallest size. The others take minutes of processor time.
SIZES = (
    (1, 1),
    *(
        pytest.param(size, marks=pytest.mark.slow, id=str(size))
        for size in ((640, 300), (16, 9), (100, 600), (600, 100), (700, 1150), (1280, 720))
    ),
)
# The ends of ``--ui-scale``, and what most people use.
SCALES = (0.5, 1.0, 4.0)
# The smallest size that a person can give the window.
LEAST_SIZE = (480, 300)
Key = Sequence[int]
KEYS: tuple[Key, ...] = (
    (),
    (pygame.K_F2, pygame.K_l),
    (pygame.K_F1,),
    (pygame.K_ESCAPE, pygame.K_DOWN),
)


def play_screen(**overrides: object) -> PlayScreen:
    source = LocalSource(players=4)
    source.overrides.update(overrides)
    return PlayScreen(source, LANGUAGES["es"], Speaker(is_muted=True))


def final_screen() -> PlayScreen:
    scene = replace(LocalSource(players=4).scene(), phase=Phase.FINAL, score=(3, 2))
    return play_screen(scene=scene, link_label="LINK lossy: 25 ms, 5% loss, each way, seed 7")


def lost_screen() -> PlayScreen:
    return play_screen(scene=None, own_id=None, status=Status.LOST, status_text="no answer " * 9)


def compare_screen(*names: str) -> CompareScreen:
    source = LocalComparison(names or ("tcp", "udp", "websocket"))
    link_editor = LinkEditor(PRESETS["lossy"])
    speaker = Speaker(is_muted=True)
    return CompareScreen(source, link_editor, 7, NetcodeSettings(), LANGUAGES["es"], speaker)


SCREENS: dict[str, Callable[[], Screen]] = {
    "play": play_screen,
    "final": final_screen,
    "lost": lost_screen,
    "compare": compare_screen,
    "compare one": lambda: compare_screen("tcp"),
}


def show(make: Callable[[], Screen], size: tuple[int, int], scale: float, keys: Key) -> None:
    """Draw some frames with overlays open, click through the window, and lay it out again."""
    surface = pygame.Surface(size)
    screen = make()
    screen.resize(size, Theme(size, scale))
    screen.draw(surface, 0.0)
    for key in keys:
        press(screen, key)
    for n in range(1, 3):
        screen.draw(surface, n / 60)
    for x in range(0, size[0], 173):
        point = (x, size[1] - 1 - x % size[1])
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP):
            screen.handle(pygame.event.Event(kind, pos=point, button=1), 1.0)
    screen.draw(surface, 0.1)
    smaller = (max(1, size[0] // 2), max(1, size[1] // 2))
    screen.resize(smaller, Theme(smaller, scale))
    screen.draw(pygame.Surface(smaller), 0.2)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SCREENS)
def test_no_size_or_scale_is_an_error(
    surface: pygame.Surface, name: str, size: tuple[int, int]
) -> None:
    failures = []
    for scale in SCALES:
        for keys in KEYS:
            try:
                show(SCREENS[name], size, scale, keys)
            except Exception as error:
                failures.append((scale, [pygame.key.name(key) for key in keys], repr(error)))
    assert not failures


@pytest.mark.parametrize("size", [LEAST_SIZE, (640, 300), (700, 1150), (1280, 720)], ids=str)
@pytest.mark.parametrize("count", [1, 4, 16])
def test_all_buttons_of_a_menu_are_inside_the_window(
    surface: pygame.Surface, size: tuple[int, int], count: int
) -> None:
    area = pygame.Rect((0, 0), size)
    outside = []
    for scale in SCALES:
        items = [MenuItem("a long entry of the menu", lambda: None)] * count
        menu = Menu("Jitterball", "hint", lambda items=items: items)  # type: ignore[misc]
        menu.place(area, Theme(size, scale))
        menu.open()
        if not area.contains(menu.buttons_rect):
            outside.append(scale)
    assert not outside


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_menu_of_a_match_is_whole(
    surface: pygame.Surface, language: str, size: tuple[int, int]
) -> None:
    screen = PlayScreen(LocalSource(players=4), LANGUAGES[language], Speaker(is_muted=True))
    screen.resize(size, Theme(size))
    screen.draw(surface, 0.0)
    press(screen, pygame.K_ESCAPE)
    entries = [button.text for button in screen.menu._buttons]
    assert len(entries) > 20
    assert not [text for text in entries if text.endswith("…")]


@pytest.mark.parametrize("size", [LEAST_SIZE, (640, 300), (1280, 720)], ids=str)
def test_the_rows_of_the_help_do_not_overlap(
    surface: pygame.Surface, size: tuple[int, int]
) -> None:
    rows = [("A", "IIII")] * 24
    overlapping = []
    for scale in SCALES:
        page = pygame.Surface(size)
        HelpOverlay("", "", rows, LANGUAGES["en"]).draw(page, page.get_rect(), Theme(size, scale))
        # The right column, between the key and the samples: letters, and gaps between the rows.
        has_letters = [
            any(page.get_at((x, y))[0] > 200 for x in range(size[0] // 2, size[0]))
            for y in range(size[1])
        ]
        runs = sum(now and not before for before, now in pairwise([False, *has_letters]))
        if runs < len(rows) // 2:
            overlapping.append((scale, runs))
    assert not overlapping
