"""Tests of films: the times of their pictures, other window sizes, and a disk that is full."""

import sys
from pathlib import Path

import pygame
import pytest

from game.view.film import FILM_HZ, Film, FilmRecorder

av = pytest.importorskip("av", reason="films need PyAV, of the extra film")

SIZE = (64, 48)


def picture(level: int, size: tuple[int, int] = SIZE) -> pygame.Surface:
    surface = pygame.Surface(size)
    surface.fill((level, level, level))
    return surface


def film_of(file: Path, times_s: list[float]) -> Film:
    film = Film(file)
    for number, at_s in enumerate(times_s):
        film.add(picture(25 * number % 256), at_s, waits=True)
    film.close()
    return film


def pictures_of(file: Path) -> list[tuple[float, float]]:
    """Return the time of each picture, and its mean level."""
    with av.open(str(file)) as container:
        return [
            (float(frame.pts * frame.time_base), float(frame.to_ndarray(format="gray").mean()))
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_a_film_shows_each_picture_at_its_time(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"film{suffix}"
    assert film_of(file, [7.0, 7.0 + 1 / FILM_HZ, 7.5, 7.5 + 1 / FILM_HZ]).failure is None
    pictures = pictures_of(file)
    assert [at for at, _ in pictures] == pytest.approx([0.0, 0.033, 0.5, 0.533], abs=0.011)
    # MP4 has 220 levels of grey.
    assert [level for _, level in pictures] == pytest.approx([0, 25, 50, 75], abs=17)


def test_a_film_has_thirty_pictures_a_second_at_most(tmp_path: Path) -> None:
    film_of(tmp_path / "film.mp4", [n / 240 for n in range(25)])
    assert [at for at, _ in pictures_of(tmp_path / "film.mp4")] == pytest.approx(
        [0.0, 1 / 30, 2 / 30, 3 / 30]
    )


def test_a_window_that_grows_keeps_the_size_of_the_film(tmp_path: Path) -> None:
    film = Film(tmp_path / "film.mp4")
    for number, size in enumerate([(65, 49), (200, 100), (10, 10)]):
        film.add(picture(200, size), number / FILM_HZ, waits=True)
    film.close()
    with av.open(str(tmp_path / "film.mp4")) as container:
        sizes = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert sizes == [(64, 48)] * 3


def test_a_film_without_a_picture_makes_no_file(tmp_path: Path) -> None:
    Film(tmp_path / "film.mp4").close()
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_ends_the_film_and_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").symlink_to("/dev/full")
    now = iter(range(1000))
    recorder = FilmRecorder(tmp_path / "film.mp4", clock=lambda: next(now) / FILM_HZ)
    for number in range(1, 200):
        recorder.save_frame(number, picture(number))
    recorder.close()
    text = "film.mp4 cannot be written: No space left on device; the film ends after "
    assert text in str(recorder.failure)
