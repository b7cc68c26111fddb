"""Game window: frames at 60 Hz, events, screenshots, and the reason why it closed.

It draws any ``Screen`` (one player's, or a comparison) in the real pixels of the display.
"""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from time import perf_counter, sleep
from typing import Protocol

import pygame

from game.client.frame import Frame, Status
from game.view import colours
from game.view.audio.speaker import Speaker
from game.view.display import pygame_ready
from game.view.film import FilmRecorder
from game.view.pitch.sprites import Disc, Sprites
from game.view.play.screen import PlayScreen
from game.view.play.source import Source
from game.view.screenshots import FrameRecorder, WindowRecorder, save_picture
from game.view.texts import texts_for
from game.view.theme import Theme
from game.view.window_options import FILM_SUFFIXES, WindowOptions
from net.measure.virtual_screen import SCREEN_HZ

_TITLE = "Jitterball"
_LEAST_SIZE = (480, 300)
_ICON_SIZE = (64, 64)


class WindowResult(Enum):
    """Reason why a window closed."""

    LEFT = "left"
    BACK = "back"
    FRAMES_DRAWN = "frames drawn"
    REFUSED = "refused"
    NO_SERVER = "no server"
    SERVER_LOST = "server lost"


class Screen(Protocol):
    """Content of a window."""

    @property
    def wants_to_close(self) -> bool:
        """True if the player chose to leave."""
        ...

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        """Lay everything out for ``size`` pixels; called before the first event and frame."""
        ...

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        """Handle an event; ``pixels_per_unit`` converts its mouse positions to pixels."""
        ...

    def draw(self, surface: pygame.Surface, now: float) -> Frame | None:
        """Draw everything at ``now`` (seconds of ``perf_counter``).

        Return a drawn frame; None if the screen shows no match.
        """
        ...

    def close(self) -> None:
        """Finish what the screen is writing; called when the window closes."""
        ...


class Window:
    """Open window that shows one screen until it closes."""

    def __init__(self, screen: Screen, options: WindowOptions) -> None:
        self._screen = screen
        self._options = options
        self._window = pygame.Window(
            _TITLE,
            options.size,
            resizable=True,
            allow_high_dpi=True,
            fullscreen_desktop=options.fullscreen,
        )
        self._window.minimum_size = _LEAST_SIZE
        # Sprites take their pixel format from the window's surface, so it must exist first.
        self._window.get_surface()
        self._window.set_icon(_paint_icon())
        self._is_fullscreen = options.fullscreen
        self._size = (0, 0)
        self._frames_seen = 0
        self._recorder = _recorder_for(options.record)

    def run(self) -> WindowResult:
        """Show frames at ``SCREEN_HZ`` until something closes the window, and return the reason.

        Raises ``ImageWriteError`` at the end if a picture could not be written.
        """
        try:
            result = self._show_frames()
        finally:
            self._screen.close()
            if self._recorder is not None:
                self._recorder.close()
        if self._recorder is not None and self._recorder.failure is not None:
            raise self._recorder.failure
        return result

    def _show_frames(self) -> WindowResult:
        deadline = perf_counter()
        # The first event may be older than the first frame: the pointer may be in the window.
        self._lay_out(self._window.get_surface())
        while True:
            result = self._handle_events() or self._show_frame()
            if result is not None:
                return result
            # After a pause (a dragged window, a debugger) do not catch up on missed frames.
            deadline = max(deadline + 1.0 / SCREEN_HZ, perf_counter() - 1.0 / SCREEN_HZ)
            sleep(max(0.0, deadline - perf_counter()))

    def _handle_events(self) -> WindowResult | None:
        for event in pygame.event.get():
            if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
                return WindowResult.LEFT
            if event.type == pygame.KEYDOWN and event.key == pygame.K_F11:
                self._toggle_fullscreen()
            else:
                self._screen.handle(event, self._size[0] / max(1, self._window.size[0]))
        return WindowResult.BACK if self._screen.wants_to_close else None

    def _show_frame(self) -> WindowResult | None:
        surface = self._window.get_surface()
        self._lay_out(surface)
        frame = self._screen.draw(surface, perf_counter())
        self._window.flip()
        return self._result_after(frame, surface)

    def _lay_out(self, surface: pygame.Surface) -> None:
        """Lay the screen out for this surface, if its size is new."""
        if surface.get_size() != self._size:
            self._size = surface.get_size()
            self._screen.resize(self._size, Theme(self._size, self._options.ui_scale))

    def _result_after(self, frame: Frame | None, surface: pygame.Surface) -> WindowResult | None:
        options = self._options
        if frame is None:
            self._frames_seen += 1
        elif frame.status is Status.LEFT:
            return WindowResult.LEFT
        # A person reads the reason before closing the window, or reads it in the lobby. A
        # screenshot has no reader.
        elif frame.status is Status.REFUSED and (options.frames is not None or options.has_lobby):
            return WindowResult.REFUSED
        elif frame.scene is not None and frame.status is Status.PLAYING:
            self._frames_seen += 1
            if self._recorder is not None:
                self._recorder.save_frame(self._frames_seen, surface)
        # A person waits for a server that was lost, a script for its pictures does not.
        elif self._has_given_up and (not self._frames_seen or options.frames is not None):
            return WindowResult.SERVER_LOST if self._frames_seen else WindowResult.NO_SERVER
        if options.frames is None or self._frames_seen < options.frames:
            return None
        if options.screenshot is not None:
            if options.before_screenshot is not None:
                options.before_screenshot()
                self._screen.draw(surface, perf_counter())
            save_picture(surface, options.screenshot)
        return WindowResult.FRAMES_DRAWN

    @property
    def _has_given_up(self) -> bool:
        return self._options.gives_up is not None and self._options.gives_up()

    def _toggle_fullscreen(self) -> None:
        self._is_fullscreen = not self._is_fullscreen
        if self._is_fullscreen:
            self._window.set_fullscreen(desktop=True)
        else:
            self._window.set_windowed()


def _recorder_for(path: Path | None) -> WindowRecorder | None:
    """Return what records to ``path``, a film or a folder; None without a path."""
    if path is None:
        return None
    return FilmRecorder(path) if path.suffix.lower() in FILM_SUFFIXES else FrameRecorder(path)


def _paint_icon() -> pygame.Surface:
    """Return the icon: a ball on grass."""
    icon = pygame.Surface(_ICON_SIZE, pygame.SRCALPHA)
    radius = _ICON_SIZE[0] / 2
    sprites = Sprites(1.0)
    sprites.draw(icon, Disc(radius - 1, colours.GRASS, colours.LINE, 3.0), radius, radius)
    sprites.draw(icon, Disc(radius * 0.5, colours.WHITE, colours.INK, 3.0), radius, radius)
    return icon


def run_screen(make_screen: Callable[[], Screen], options: WindowOptions) -> WindowResult:
    """Open a window, show the screen that ``make_screen`` returns, and close pygame in the end.

    ``make_screen`` is called when pygame is ready. Ctrl-C acts like the window's close button.
    Raises ``DisplayUnavailable``, and ``ImageWriteError`` at the end.
    """
    with pygame_ready(needs_display=options.frames is None):
        try:
            return Window(make_screen(), options).run()
        except KeyboardInterrupt:
            return WindowResult.LEFT


def run_window(source: Source, options: WindowOptions) -> WindowResult:
    """Let a person play on ``source``, and return the reason why the window closed.

    Raises ``DisplayUnavailable``, and ``ImageWriteError`` at the end.
    """
    # Nobody hears a screenshot.
    is_muted = options.mute or options.frames is not None

    def make_screen() -> Screen:
        texts = texts_for(options.language)
        return PlayScreen(source, texts, Speaker(is_muted), has_lobby=options.has_lobby)

    return run_screen(make_screen, options)
