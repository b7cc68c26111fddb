"""Tests of saving slow motion: the film has the span, and the user is told where it is."""

import sys
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game.view.replay import clip_recorder
from game.view.replay.clip_recorder import ClipRecorder
from game.view.replay.recent_frames import PanelMoment
from game.view.replay.slow_motion import SlowMotion
from game.view.texts import ENGLISH, SPANISH
from tests.game.view.local_source import LocalSource

FRAME_S = 1 / 60
BEGIN_S, END_S = 0.5, 0.6


@pytest.fixture
def slow_motion(source: LocalSource) -> SlowMotion:
    slow_motion = SlowMotion()
    frame = source.frame(0.0)
    for number in range(61):
        slow_motion.record(number * FRAME_S, [PanelMoment(frame)])
    slow_motion.play(BEGIN_S, END_S, 0.5)
    return slow_motion


def play(
    recorder: ClipRecorder, slow_motion: SlowMotion, seconds: float, since: float = 1.0
) -> None:
    surface = pygame.Surface((64, 48))
    for number in range(round(seconds / FRAME_S)):
        now = since + number * FRAME_S
        slow_motion.advance(now)
        recorder.note(surface, now)


@pytest.fixture
def make_recorder(slow_motion: SlowMotion, tmp_path: Path) -> Callable[[], ClipRecorder]:
    return lambda: ClipRecorder(slow_motion, ENGLISH, tmp_path)


def test_the_film_has_the_whole_span_at_its_speed(
    make_recorder: Callable[[], ClipRecorder], slow_motion: SlowMotion, tmp_path: Path
) -> None:
    av = pytest.importorskip("av")
    assert slow_motion.playback is not None
    slow_motion.playback.seek(END_S)
    recorder = make_recorder()
    recorder.toggle()
    assert recorder.message(1.0) == ENGLISH.clip_recording
    play(recorder, slow_motion, 0.5)
    assert not recorder.is_recording
    file = tmp_path.resolve() / "jitterball-1.mp4"
    assert recorder.message(1.5) == f"saved as {file}"
    assert recorder.message(12.0) == f"saved as {file}"
    assert recorder.message(30.0) == ""
    with av.open(str(file)) as container:
        times_s = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    # A tenth of a second at half the speed.
    assert times_s[-1] == pytest.approx(0.2, abs=0.05)


def test_the_message_names_the_whole_path(
    slow_motion: SlowMotion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av")
    monkeypatch.chdir(tmp_path)
    recorder = ClipRecorder(slow_motion, ENGLISH)
    recorder.toggle()
    play(recorder, slow_motion, 0.5)
    assert recorder.message(1.5) == f"saved as {tmp_path.resolve() / 'jitterball-1.mp4'}"


def test_a_second_film_replaces_none(
    make_recorder: Callable[[], ClipRecorder], slow_motion: SlowMotion, tmp_path: Path
) -> None:
    pytest.importorskip("av")
    for since in (1.0, 2.0):
        recorder = make_recorder()
        recorder.toggle()
        play(recorder, slow_motion, 0.5, since)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["jitterball-1.mp4", "jitterball-2.mp4"]


def test_closing_slow_motion_ends_the_film(
    make_recorder: Callable[[], ClipRecorder], slow_motion: SlowMotion, tmp_path: Path
) -> None:
    pytest.importorskip("av")
    recorder = make_recorder()
    recorder.toggle()
    play(recorder, slow_motion, 0.1)
    slow_motion.close()
    recorder.finish()
    assert not recorder.is_recording
    assert (tmp_path / "jitterball-1.mp4").stat().st_size > 500


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_film_that_fails_is_told_in_the_users_language(
    slow_motion: SlowMotion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av")
    file = tmp_path / "clip.mp4"
    file.symlink_to("/dev/full")
    monkeypatch.setattr(clip_recorder, "_free_file", lambda folder: file)
    recorder = ClipRecorder(slow_motion, SPANISH, tmp_path)
    recorder.toggle()
    play(recorder, slow_motion, 0.5)
    message = recorder.message(1.5)
    assert f"{file} no se puede escribir: " in message
    assert "la película termina a los 0," in message


def test_without_the_library_a_line_says_how_to_get_it(
    make_recorder: Callable[[], ClipRecorder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clip_recorder, "find_spec", lambda name: None)
    recorder = make_recorder()
    recorder.toggle()
    assert not recorder.is_recording
    assert "pip install av" in recorder.message(1.0)
    assert not any(tmp_path.iterdir())
