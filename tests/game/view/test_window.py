"""Tests of the window: opening, pacing, screenshots and closing, in virtual time."""

import subprocess
import sys
from pathlib import Path

import pygame
import pytest

from game.client.frame import Frame, Status
from game.view import colours, window
from game.view.screenshots import ImageWriteError
from game.view.theme import Theme
from game.view.window import WindowResult, run_screen, run_window
from game.view.window_options import WindowOptions
from net.measure.virtual_screen import SCREEN_HZ
from tests.game.view.local_source import LocalSource
from tests.game.view.pixels import count

REPOSITORY = Path(__file__).parents[3]


class Clock:
    """Clock that moves only in ``sleep``, or when a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0.0
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(window, "perf_counter", clock.perf_counter)
    monkeypatch.setattr(window, "sleep", clock.sleep)
    return clock


class Recorder:
    """Screen that records the window's calls."""

    def __init__(self, source: LocalSource) -> None:
        self.wants_to_close = False
        self.source = source
        self.sizes: list[tuple[int, int]] = []
        self.drawn_at: list[float] = []
        self.events: list[tuple[int, float]] = []
        self.before_frame = lambda n: None
        self.closed = 0

    def resize(self, size: tuple[int, int], theme: Theme) -> None:
        self.sizes.append(size)

    def handle(self, event: pygame.event.Event, pixels_per_unit: float) -> None:
        self.events.append((event.type, pixels_per_unit))

    def draw(self, surface: pygame.Surface, now: float) -> Frame:
        self.before_frame(len(self.drawn_at))
        self.drawn_at.append(now)
        return self.source.frame(now)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def recorder(source: LocalSource) -> Recorder:
    return Recorder(source)


def shown(recorder: Recorder, frames: int | None = None, **options: object) -> WindowResult:
    return run_screen(lambda: recorder, WindowOptions(frames=frames, **options))  # type: ignore[arg-type]


def test_a_screenshot_is_the_last_of_so_many_frames(source: LocalSource, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    options = WindowOptions(size=(800, 500), frames=20, screenshot=file, mute=True)
    assert run_window(source, options) is WindowResult.FRAMES_DRAWN
    picture = pygame.image.load(file)
    assert picture.get_size() == (800, 500)
    for colour in (colours.GRASS, colours.ORANGE, colours.SKY):
        assert count(picture, picture.get_rect(), colour, tolerance=2) > 100


def test_a_failed_write_ends_the_recording_but_not_the_match(
    recorder: Recorder, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "recording"
    in_the_way.write_text("no folder")
    with pytest.raises(ImageWriteError, match=r"00001\.png cannot be written"):
        shown(recorder, frames=20, record=in_the_way)
    assert len(recorder.drawn_at) == 20
    assert not pygame.display.get_init()


FRESH_PROCESS = """
import sys
from pathlib import Path
from game.view.window import run_window
from game.view.window_options import WindowOptions
from tests.game.view.local_source import LocalSource
print(run_window(LocalSource(), WindowOptions(frames=2, screenshot=Path(sys.argv[1]))))
"""


def test_a_fresh_process_pictures_too_and_prints_nothing_of_its_own(tmp_path: Path) -> None:
    # In this process pygame keeps state from earlier windows, which could hide an error.
    file = tmp_path / "picture.png"
    command = [sys.executable, "-W", "error", "-c", FRESH_PROCESS, str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=REPOSITORY)
    assert (ended.stdout.strip(), ended.stderr) == ("WindowResult.FRAMES_DRAWN", "")
    assert pygame.image.load(file).get_size() == (1280, 720)


def test_frames_are_sixty_a_second(recorder: Recorder) -> None:
    assert shown(recorder, frames=61) is WindowResult.FRAMES_DRAWN
    assert recorder.drawn_at[-1] - recorder.drawn_at[0] == pytest.approx(60 / SCREEN_HZ)


def test_slow_drawing_shortens_the_sleep(recorder: Recorder, clock: Clock) -> None:
    def draw_for_10_ms(_: int) -> None:
        clock.now += 0.010

    recorder.before_frame = draw_for_10_ms
    shown(recorder, frames=61)
    assert recorder.drawn_at[-1] - recorder.drawn_at[0] == pytest.approx(60 / SCREEN_HZ)


def test_frames_missed_in_a_pause_are_not_caught_up(recorder: Recorder, clock: Clock) -> None:
    def pause(n: int) -> None:
        if n == 10:
            clock.now += 30.0

    recorder.before_frame = pause
    shown(recorder, frames=100)
    assert recorder.drawn_at[-1] - recorder.drawn_at[11] == pytest.approx(88 / SCREEN_HZ, abs=0.02)


def test_frames_are_counted_from_the_first_with_a_match(recorder: Recorder) -> None:
    def connect_late(n: int) -> None:
        recorder.source.overrides = {} if n >= 50 else {"scene": None, "status": Status.CONNECTING}

    recorder.before_frame = connect_late
    assert shown(recorder, frames=10) is WindowResult.FRAMES_DRAWN
    assert len(recorder.drawn_at) == 60


def test_it_gives_up_when_it_is_told_to_before_a_match_is_seen(recorder: Recorder) -> None:
    recorder.source.overrides = {"scene": None, "status": Status.CONNECTING}
    result = shown(recorder, frames=10, gives_up=lambda: len(recorder.drawn_at) >= 30)
    assert result is WindowResult.NO_SERVER
    assert len(recorder.drawn_at) == 30


def test_it_does_not_give_up_a_match_it_has_seen(recorder: Recorder) -> None:
    assert shown(recorder, frames=10, gives_up=lambda: True) is WindowResult.FRAMES_DRAWN


def test_a_picture_of_a_lost_match_is_given_up(recorder: Recorder) -> None:
    def lose(n: int) -> None:
        recorder.source.overrides = {"status": Status.LOST} if n >= 5 else {}

    recorder.before_frame = lose
    result = shown(recorder, frames=10, gives_up=lambda: len(recorder.drawn_at) >= 30)
    assert result is WindowResult.SERVER_LOST
    assert len(recorder.drawn_at) == 30


def test_a_refusal_ends_a_picture_at_once(recorder: Recorder) -> None:
    recorder.source.overrides = {"scene": None, "status": Status.REFUSED}
    assert shown(recorder, frames=10) is WindowResult.REFUSED


def test_a_refusal_stays_to_be_read_in_a_window(recorder: Recorder) -> None:
    recorder.source.overrides = {"scene": None, "status": Status.REFUSED}

    def close_at_last(n: int) -> None:
        recorder.wants_to_close = n == 200

    recorder.before_frame = close_at_last
    assert shown(recorder) is WindowResult.BACK
    assert len(recorder.drawn_at) > 200


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_closing_the_window_ends_it(recorder: Recorder, kind: int) -> None:
    recorder.before_frame = lambda n: n == 3 and pygame.event.post(pygame.event.Event(kind))
    assert shown(recorder) is WindowResult.LEFT
    assert len(recorder.drawn_at) == 4
    assert recorder.closed == 1


def test_ctrl_c_ends_it_cleanly(recorder: Recorder) -> None:
    def interrupt(n: int) -> None:
        if n == 3:
            raise KeyboardInterrupt

    recorder.before_frame = interrupt
    assert shown(recorder) is WindowResult.LEFT
    assert recorder.closed == 1
    assert not pygame.display.get_init()


def test_a_client_that_has_left_ends_it(recorder: Recorder) -> None:
    recorder.source.overrides = {"status": Status.LEFT}
    assert shown(recorder) is WindowResult.LEFT


def test_another_error_is_not_hidden_but_pygame_is_closed(recorder: Recorder) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    recorder.before_frame = fail
    with pytest.raises(ZeroDivisionError):
        shown(recorder)
    assert recorder.closed == 1
    assert not pygame.display.get_init()


def test_the_screen_is_laid_out_for_the_real_pixels_and_told_their_ratio(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Retina(pygame.Window):
        """Window on a display with two pixels per unit."""

        def get_surface(self) -> pygame.Surface:
            super().get_surface()
            return pygame.Surface((self.size[0] * 2, self.size[1] * 2))

    monkeypatch.setattr(pygame, "Window", Retina)
    click = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(5, 5), button=1)
    recorder.before_frame = lambda n: n == 0 and pygame.event.post(click)
    shown(recorder, frames=2, size=(800, 500))
    assert recorder.sizes == [(1600, 1000)]
    assert (pygame.MOUSEBUTTONDOWN, 2.0) in recorder.events


def test_a_resized_window_is_laid_out_anew(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[pygame.Window] = []

    class Remembered(pygame.Window):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            opened.append(self)

    def resize(n: int) -> None:
        if n == 3:
            opened[0].size = (1000, 600)

    monkeypatch.setattr(pygame, "Window", Remembered)
    recorder.before_frame = resize
    shown(recorder, frames=6)
    assert recorder.sizes == [(1280, 720), (1000, 600)]


def test_f11_is_the_windows_own_key(recorder: Recorder) -> None:
    key = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F11, scancode=68)
    recorder.before_frame = lambda n: n in (1, 3) and pygame.event.post(key)
    assert shown(recorder, frames=6) is WindowResult.FRAMES_DRAWN
    assert pygame.KEYDOWN not in dict(recorder.events)


def test_a_window_may_begin_fullscreen(recorder: Recorder) -> None:
    assert shown(recorder, frames=2, fullscreen=True) is WindowResult.FRAMES_DRAWN
