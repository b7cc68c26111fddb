"""Tests of screenshots and recordings, on a full disk too."""

import errno
from pathlib import Path

import pygame
import pytest

from game.view import screenshots
from game.view.screenshots import FrameRecorder, ImageWriteError, save_picture


class Disk:
    """Disk with space for ``space`` more files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, space: int) -> None:
        self.space = space
        self._write = screenshots.write_atomic
        monkeypatch.setattr(screenshots, "write_atomic", self.write)

    def write(self, file: Path, data: bytes) -> None:
        if self.space == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.space -= 1
        self._write(file, data)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_picture_is_what_the_surface_shows(surface: pygame.Surface, tmp_path: Path) -> None:
    surface.fill((10, 120, 30))
    save_picture(surface, tmp_path / "new" / "shot.png")
    shot = pygame.image.load(tmp_path / "new" / "shot.png")
    assert shot.get_size() == surface.get_size()
    assert shot.get_at((5, 5))[:3] == (10, 120, 30)


def test_a_recording_has_thirty_pictures_a_second(surface: pygame.Surface, tmp_path: Path) -> None:
    recorder = FrameRecorder(tmp_path / "recording")
    for number in range(1, 7):
        recorder.save_frame(number, surface)
    assert names_in(tmp_path / "recording") == ["00001.png", "00002.png", "00003.png"]
    assert recorder.failure is None


def test_a_full_disk_ends_the_recording_and_is_reported_once(
    surface: pygame.Surface, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, space=2)
    recorder = FrameRecorder(tmp_path)
    for number in range(1, 7):
        recorder.save_frame(number, surface)
    disk.space = 10
    recorder.save_frame(8, surface)
    # A recording with a gap would show a jump that the network did not cause.
    assert names_in(tmp_path) == ["00001.png", "00002.png"]
    text = str(recorder.failure)
    assert text.endswith(
        "00003.png cannot be written: No space left on device; the recording has 2 pictures"
    )


def test_a_picture_that_cannot_be_written_is_named(
    surface: pygame.Surface, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Disk(monkeypatch, space=0)
    with pytest.raises(ImageWriteError, match=r"shot\.png cannot be written: No space left"):
        save_picture(surface, tmp_path / "shot.png")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ImageWriteError, match=r"cannot be written"):
        save_picture(surface, tmp_path / "file" / "shot.png")
