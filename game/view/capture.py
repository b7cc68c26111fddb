"""Pictures of the window as files: a screenshot, and a film as numbered pictures.

A disk that is full ends the film, never the match. Knows no screen, only its surface.
"""

from io import BytesIO
from pathlib import Path

import pygame

from game.runtime.atomic_file import write_atomic

# Thirty a second are enough for a film, and half the work.
_FRAMES_A_PICTURE = 2


class ImageWriteError(Exception):
    """A picture could not be written; the message is one line, and names the file."""


class FrameRecorder:
    """Every second frame as a numbered PNG in a folder, until one cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.failure: ImageWriteError | None = None
        self._folder = folder

    def save_frame(self, number: int, surface: pygame.Surface) -> None:
        """Take frame ``number``, counted from 1; remember the failure that ends the film."""
        if self.failure is not None or number % _FRAMES_A_PICTURE:
            return
        picture = number // _FRAMES_A_PICTURE
        try:
            save_picture(surface, self._folder / f"{picture:05d}.png")
        except ImageWriteError as failure:
            self.failure = ImageWriteError(f"{failure}; the film has {picture - 1} pictures")


def save_picture(surface: pygame.Surface, file: Path) -> None:
    """Write a PNG, and its folder if it is missing.

    Raises ``ImageWriteError`` and leaves no partial file.
    """
    # Through memory: what writes to files itself does not notice every failure of a full disk.
    png = BytesIO()
    pygame.image.save(surface, png, file.name)
    try:
        file.parent.mkdir(exist_ok=True)
        write_atomic(file, png.getvalue())
    except OSError as error:
        raise ImageWriteError(f"{file} cannot be written: {error.strerror}") from error
