"""Films of the window: MP4 and GIF files, encoded in a thread by the optional library PyAV.

PyAV is imported with the first picture: a window without a film does not need it.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from time import perf_counter
from typing import Any, NamedTuple

import pygame

from game.view.screenshots import ImageWriteError

# Slides show no more, and half of the screen's frames take half of the work.
FILM_HZ = 30
# A picture of 1280x720 has 3.7 MB. When the encoder falls behind, the film skips pictures.
_PICTURES_WAITING = 8
# A film that ends on a full disk is readable up to the last key frame before.
_KEY_FRAME_EVERY = 30
# x264: fast enough for a window that plays meanwhile. Without B-frames the first time is 0.
_MP4_OPTIONS = {"preset": "veryfast", "crf": "20", "bf": "0", "g": str(_KEY_FRAME_EVERY)}
# A readable file at each moment, and a usual one at the end.
_MP4_CONTAINER = {"movflags": "+hybrid_fragmented"}
_TIME_BASE = Fraction(1, FILM_HZ)


class FilmWriteError(ImageWriteError):
    """A film could not be written on; it has ``length_s``. ``reason``: the system's words."""

    def __init__(self, file: Path, reason: str, length_s: float) -> None:
        super().__init__(
            f"{file} cannot be written: {reason}; the film ends after {length_s:.1f} s"
        )
        self.reason = reason
        self.length_s = length_s


class _Picture(NamedTuple):
    number: int
    size: tuple[int, int]
    rgba: bytes


class Film:
    """Film file that grows with each picture; ``failure`` is set if a write fails.

    Pictures of another size than the first are fitted into it. Call ``close`` in the end.
    Thread: the methods are called from the screen's thread. The file is written in another.
    """

    def __init__(self, file: Path) -> None:
        self.failure: FilmWriteError | None = None
        self._file = file
        self._size: tuple[int, int] | None = None
        self._first_at_s = 0.0
        self._next_number = 0
        self._pictures: Queue[_Picture | None] = Queue(_PICTURES_WAITING)
        self._thread: Thread | None = None

    def add(self, surface: pygame.Surface, at_s: float, waits: bool = False) -> None:
        """Add a picture at ``at_s`` seconds of the film's clock, at most ``FILM_HZ`` a second.

        With ``waits`` no picture is skipped. A film that is made faster than it plays needs that.
        """
        if self._size is None:
            width, height = surface.get_size()
            # The colours of MP4 have half the resolution, so both sides are even.
            self._size = max(2, width // 2 * 2), max(2, height // 2 * 2)
            self._first_at_s = at_s
            self._thread = Thread(target=self._run, name="film", daemon=True)
            self._thread.start()
        number = int((at_s - self._first_at_s) * FILM_HZ + 0.5)
        if number < self._next_number or (self._pictures.full() and not waits):
            return
        self._next_number = number + 1
        fitted = _fit(surface, self._size)
        self._put(_Picture(number, self._size, pygame.image.tobytes(fitted, "RGBA")))

    def close(self) -> None:
        """Write what waits, and finish the file."""
        if self._thread is not None:
            self._put(None)
            self._thread.join()

    def _put(self, picture: _Picture | None) -> None:
        # After a failure nobody takes pictures.
        while self._thread is not None and self._thread.is_alive():
            try:
                self._pictures.put(picture, timeout=0.1)
                return
            except Full:
                continue

    def _run(self) -> None:
        number = 0
        try:
            encoder = None
            while (picture := self._pictures.get()) is not None:
                if encoder is None:
                    encoder = _Encoder(self._file, picture.size)
                number = picture.number
                encoder.encode(picture)
            if encoder is not None:
                encoder.close()
        # PyAV's errors are both OSError and errors of its own, with the system's words.
        except OSError as error:
            self.failure = FilmWriteError(self._file, str(error.strerror), number / FILM_HZ)


class FilmRecorder:
    """Recorder of a window's frames as a film in real time."""

    def __init__(self, file: Path, clock: Callable[[], float] = perf_counter) -> None:
        self._film = Film(file)
        self._clock = clock

    @property
    def failure(self) -> ImageWriteError | None:
        """The error that ended the film, or None."""
        return self._film.failure

    def save_frame(self, number: int, surface: pygame.Surface) -> None:
        """Add the frame drawn now; after a failure do nothing."""
        if self.failure is None:
            self._film.add(surface, self._clock())

    def close(self) -> None:
        """Finish the file."""
        self._film.close()


def _fit(surface: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return the surface, or a picture of ``size`` with the surface as large as it fits."""
    if surface.get_size() == size:
        return surface
    fitted = pygame.Surface(size)
    area = surface.get_rect().fit(fitted.get_rect())
    if area.size == surface.get_size():
        fitted.blit(surface, area)
    else:
        fitted.blit(pygame.transform.smoothscale(surface.convert(24), area.size), area)
    return fitted


class _Encoder:
    """File and encoder of one film. Raises ``OSError`` if a write fails."""

    def __init__(self, file: Path, size: tuple[int, int]) -> None:
        import av

        is_gif = file.suffix.lower() == ".gif"
        options = {} if is_gif else _MP4_CONTAINER
        self._container = av.open(str(file), "w", container_options=options)
        self._stream: Any = self._container.add_stream(
            "gif" if is_gif else "libx264",
            rate=FILM_HZ,
            options={} if is_gif else _MP4_OPTIONS,
        )
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "pal8" if is_gif else "yuv420p"
        self._stream.codec_context.time_base = _TIME_BASE
        self._palette = _palette_filter(size) if is_gif else None

    def encode(self, picture: _Picture) -> None:
        """Encode a picture, and write it."""
        import av

        frame = av.VideoFrame.from_bytes(picture.rgba, *picture.size, format="rgba")
        frame.pts, frame.time_base = picture.number, _TIME_BASE
        if self._palette is not None:
            self._palette.push(frame)
            frame = self._palette.pull()
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what the encoder holds, and finish the file."""
        if self._palette is not None:
            self._write_held(self._palette)
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _write_held(self, palette: Any) -> None:
        """Write the last pictures that the palette's filter holds."""
        import av

        palette.push(None)
        while True:
            try:
                frame = palette.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            self._container.mux(self._stream.encode(frame))


def _palette_filter(size: tuple[int, int]) -> Any:
    """Return the filter that reduces each picture to 256 colours of its own."""
    from av.filter import Graph

    # Its stubs know no name of a format.
    graph: Any = Graph()
    source = graph.add_buffer(width=size[0], height=size[1], format="rgba", time_base=_TIME_BASE)
    split, make = graph.add("split"), graph.add("palettegen", "stats_mode=single")
    use, sink = graph.add("paletteuse", "new=1:dither=none"), graph.add("buffersink")
    source.link_to(split)
    split.link_to(make, 0, 0)
    split.link_to(use, 1, 0)
    make.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph
