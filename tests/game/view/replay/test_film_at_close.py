"""Tests of a film of slow motion whose window closes before its span has ended."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pygame
import pytest

from game.view.audio.speaker import Speaker
from game.view.film import Film
from game.view.lesson.screen import LessonScreen
from game.view.play.screen import PlayScreen
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import ENGLISH
from game.view.theme import Theme
from game.view.window import Screen
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.local_source import LocalSource
from tests.game.view.screens import SIZE, compare_screen, press, watch

av = pytest.importorskip("av")


def play() -> Screen:
    return PlayScreen(LocalSource(), ENGLISH, Speaker(is_muted=True))


def compare() -> Screen:
    return compare_screen(LocalComparison())


def learn() -> Screen:
    return LessonScreen(compare_screen(LocalComparison()), list, ENGLISH)


def film_times_s(folder: Path) -> Sequence[float]:
    with av.open(str(folder / "jitterball-1.mp4")) as container:
        return [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]


@pytest.mark.parametrize("make_screen", [play, compare, learn])
def test_a_window_that_closes_ends_the_film(
    make_screen: Callable[[], Screen],
    surface: pygame.Surface,
    theme: Theme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The encoder must not skip a picture where frames are drawn faster than they are shown.
    monkeypatch.setattr(Film, "add", lambda film, *args, add=Film.add: add(film, *args, waits=True))
    monkeypatch.chdir(tmp_path)
    screen = make_screen()
    screen.resize(SIZE, theme)
    watch(screen, surface, 1.0)
    for key in (pygame.K_j, pygame.K_F9):
        press(screen, key)
        screen.draw(surface, 1.0)
    watch(screen, surface, 1.2, 1.0)
    # Another layout of the keyboard names the keys anew, and ends no film.
    screen.handle(pygame.event.Event(pygame.KEYMAPCHANGED), 1.0)
    watch(screen, surface, 1.4, 1.2)
    screen.close()
    assert film_times_s(tmp_path)[-1] == pytest.approx(0.4, abs=0.05)


def test_ctrl_c_while_a_film_is_ended_leaves_it_to_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_motion = SlowMotion()
    slow_motion.record(0.0, [])
    slow_motion.play(0.0, 1.0)
    recorder = ClipRecorder(slow_motion, ENGLISH, tmp_path)
    recorder.toggle()
    recorder.note(pygame.Surface((64, 48)), 1.0)

    def interrupted(film: Film) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as ctrl_c:
        ctrl_c.setattr(Film, "close", interrupted)
        with pytest.raises(KeyboardInterrupt):
            recorder.finish()
    recorder.finish()
    assert film_times_s(tmp_path) == [0.0]
