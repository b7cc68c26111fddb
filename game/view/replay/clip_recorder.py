"""Recorder of slow motion: it plays the shown span again, and saves that as a film."""

from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pygame

from game.view.film import Film
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import Texts

# Long enough to read the whole path of the file and to write it down.
_MESSAGE_S = 15.0


class ClipRecorder:
    """Recorder of what slow motion shows, into a new file in ``folder``.

    The recording ends with the span, or when the user stops it or closes slow motion.
    """

    def __init__(self, slow_motion: SlowMotion, texts: Texts, folder: Path = Path()) -> None:
        self._slow_motion = slow_motion
        self._texts = texts
        self._folder = folder
        self._film: Film | None = None
        self._file = folder
        self._message = ""
        self._said_at: float | None = None

    @property
    def is_recording(self) -> bool:
        """True while frames are added to a film."""
        return self._film is not None

    def toggle(self) -> None:
        """Play the span from its beginning and record it, or end the recording."""
        playback = self._slow_motion.playback
        if self._film is not None:
            self.finish()
        elif playback is None:
            return
        elif find_spec("av") is None:
            self._say(self._texts.clip_needs_library)
        else:
            self._file = _free_file(self._folder.resolve())
            self._film = Film(self._file)
            playback.restart()

    def note(self, surface: pygame.Surface, now: float) -> None:
        """Add the frame that was just drawn."""
        if self._film is None:
            return
        self._film.add(surface, now)
        if self._film.failure is not None or self._slow_motion.is_over:
            self.finish()

    def finish(self) -> None:
        """End the recording, if there is one, and say where it is."""
        film = self._film
        if film is None:
            return
        # Ctrl-C may come while this waits. The window then ends the film once more.
        film.close()
        self._film = None
        if film.failure is None:
            self._say(self._texts.clip_saved.format(file=self._file))
        else:
            failure, texts = film.failure, self._texts
            seconds = texts.number(failure.length_s, 1)
            self._say(
                texts.clip_failed.format(file=self._file, reason=failure.reason, seconds=seconds)
            )

    def message(self, now: float) -> str:
        """Return what to tell the user at ``now``; empty for nothing."""
        if self._film is not None:
            return self._texts.clip_recording
        if self._message and self._said_at is None:
            self._said_at = now
        if self._said_at is None or now - self._said_at > _MESSAGE_S:
            return ""
        return self._message

    def _say(self, message: str) -> None:
        self._message, self._said_at = message, None


def _free_file(folder: Path) -> Path:
    """Return the first name that no file has."""
    names = (folder / f"jitterball-{number}.mp4" for number in count(1))
    return next(file for file in names if not file.exists())
