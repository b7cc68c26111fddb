"""Options of a window.

This module does not import pygame, so the command line can check options before it loads pygame.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from game.runtime.system_language import system_language

DEFAULT_SIZE = (1280, 720)
# Names of recordings that are films. A recording of another name is a folder of pictures.
FILM_SUFFIXES = (".mp4", ".gif")


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """Options of a window, and the conditions that close it.

    ``size`` is in the system's units, which a high-density display shows with more pixels.
    With ``frames``, the window closes after that many frames with a match, and needs no display.
    ``screenshot`` saves the last of them. ``record`` is a film (``.mp4``, ``.gif``), or a folder
    for every second frame as a numbered PNG.
    ``has_lobby``: who leaves the screen comes back to the lobby, which says what went wrong.
    ``before_screenshot`` is called before the picture is drawn again and saved.
    ``gives_up`` is called every frame until a match is seen; True closes the window.
    """

    size: tuple[int, int] = DEFAULT_SIZE
    fullscreen: bool = False
    mute: bool = False
    ui_scale: float = 1.0
    language: str = field(default_factory=system_language)
    frames: int | None = None
    screenshot: Path | None = None
    record: Path | None = None
    gives_up: Callable[[], bool] | None = None
    has_lobby: bool = False
    before_screenshot: Callable[[], None] | None = None
