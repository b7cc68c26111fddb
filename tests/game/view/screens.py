"""Screens under test, and what a person does with them."""

from collections.abc import Callable

import pygame

from game.client.netcode import NetcodeSettings, PredictionMode
from game.view.audio.speaker import Speaker
from game.view.compare.link_editor import LinkEditor
from game.view.compare.screen import CompareScreen
from game.view.compare.source import CompareSource
from game.view.texts import LANGUAGES
from game.view.window import Screen
from net.link.presets import PRESETS

# As on a slow computer: at 60 frames a second the tests would take twice as long.
FRAME_S = 1 / 30
SIZE = (1280, 720)


def compare_screen(
    source: CompareSource,
    language: str = "en",
    details: bool = False,
    on_learn: Callable[[], None] | None = None,
) -> CompareScreen:
    """Return the screen of a comparison over the preset ``lossy``, without sound."""
    return CompareScreen(
        source,
        LinkEditor(PRESETS["lossy"]),
        7,
        NetcodeSettings(prediction=PredictionMode.OWN_PLAYER),
        LANGUAGES[language],
        Speaker(is_muted=True),
        details=details,
        on_learn=on_learn,
    )


def press(screen: Screen, key: int, scancode: int = 0) -> None:
    """Press a key; it is not released."""
    screen.handle(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=scancode), 1.0)


def watch(screen: Screen, surface: pygame.Surface, until: float, since: float = 0.0) -> None:
    """Draw the frames of this time, without the one at ``since``."""
    for n in range(round(since / FRAME_S) + 1, round(until / FRAME_S) + 1):
        screen.draw(surface, n * FRAME_S)
