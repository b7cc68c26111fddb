"""Display detection, and start and end of pygame."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygame

# Drivers that show nothing. SDL picks ``offscreen`` by itself if there is no display.
_INVISIBLE_DRIVERS = ("offscreen", "dummy")


class DisplayUnavailable(Exception):
    """There is no display to open a window on. The message is one line for the user."""

    def __init__(self) -> None:
        super().__init__(
            "no display here; without one these work: jitterball serve, compare, measure, ping, "
            "time, and jitterball play --frames N --screenshot FILE.png"
        )


@contextmanager
def pygame_ready(needs_display: bool) -> Iterator[None]:
    """Keep pygame's display and fonts open inside the block.

    Without ``needs_display``, or if the user set ``SDL_VIDEODRIVER``, an invisible driver will do.
    Raises ``DisplayUnavailable`` if nothing could be seen otherwise.
    """
    # On Windows: draw in real pixels, in a window as large as other programs' windows.
    os.environ.setdefault("SDL_WINDOWS_DPI_SCALING", "1")
    was_asked_for = "SDL_VIDEODRIVER" in os.environ
    if not was_asked_for and has_no_display():
        if needs_display:
            raise DisplayUnavailable
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        try:
            pygame.display.init()
        except pygame.error as error:
            raise DisplayUnavailable from error
        is_invisible = pygame.display.get_driver() in _INVISIBLE_DRIVERS
        if is_invisible and needs_display and not was_asked_for:
            raise DisplayUnavailable
        if pygame.display.get_driver() == "x11":
            # By default SDL presents a surface through OpenGL. Without a graphics card that takes 5
            # ms a frame at 1280x720 and most of a core; shared memory takes 0.3 ms.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        # SDL starts with text input on. An input method (Chinese, Japanese, Vietnamese) would then
        # take the letter keys that move the player. Only a text field turns it on, for itself.
        pygame.key.stop_text_input()
        pygame.font.init()
        yield
    finally:
        pygame.quit()
        if not was_asked_for:
            os.environ.pop("SDL_VIDEODRIVER", None)


def check_display() -> None:
    """Raise ``DisplayUnavailable`` if no window can be opened.

    Called before servers and relays are started for a window.
    """
    with pygame_ready(needs_display=True):
        return


def has_no_display() -> bool:
    """Return whether Linux has no display, before SDL tries and prints errors."""
    if not sys.platform.startswith("linux"):
        return False
    # ``/dev/dri`` is a graphics card without a desktop, which SDL can use by itself.
    return not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or any(Path("/dev/dri").glob("card*"))
    )
