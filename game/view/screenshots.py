"""Screenshots and recorded frames as PNG files.

A full disk ends the recording, but not the match.
"""

from io import BytesIO
from pathlib import Path
from typing import Protocol

import pygame

from game.runtime.atomic_file import write_atomic

# A recording at 30 pictures a second looks smooth, and halves the work of 60.
_FRAMES_A_PICTURE = 2


class ImageWriteError(Exception):
    """A picture could not be written. The message is one line and names the file."""


class WindowRecorder(Protocol):
    """Recorder of a window's frames, until a write fails."""

    @property
    def failure(self) -> ImageWriteError | None:
        """The error that ended the recording, or None."""
        ...

    def save_frame(self, number: int, surface: pygame.Surface) -> None:
        """Save frame ``number`` (the first is 1), which is drawn now."""
        ...

    def close(self) -> None:
        """End the recording."""
        ...


class FrameRecorder:
    """Recorder that saves every second frame as a numbered PNG, until a write fails."""

    def __init__(self, folder: Path) -> None:
        self.failure: ImageWriteError | None = None
        self._folder = folder

    def save_frame(self, number: int, surface: pygame.Surface) -> None:
        """Save frame ``number`` (the first is 1).

        The first failed write ends the recording and is kept in ``failure``.
        """
        if self.failure is not None or number % _FRAMES_A_PICTURE:
            return
        picture = number // _FRAMES_A_PICTURE
        try:
            save_picture(surface, self._folder / f"{picture:05d}.png")
        except ImageWriteError as failure:
            self.failure = ImageWriteError(f"{failure}; the recording has {picture - 1} pictures")

    def close(self) -> None:
        """Do nothing: each picture is complete."""


def save_picture(surface: pygame.Surface, file: Path) -> None:
    """Write a PNG, and create its folder if needed.

    Raises ``ImageWriteError`` if that fails, and leaves no partial file.
    """
    # Encode in memory first: ``pygame.image.save`` to a file does not report every error of a full
    # disk.
    png = BytesIO()
    pygame.image.save(surface, png, file.name)
    try:
        file.parent.mkdir(exist_ok=True)
        write_atomic(file, png.getvalue())
    except OSError as error:
        raise ImageWriteError(f"{file} cannot be written: {error.strerror}") from error
