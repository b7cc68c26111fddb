"""Commands on a full disk: one line of error, no traceback, and the match goes on."""

import os
import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no limit on the size of files to stand in for a disk", allow_module_level=True)

import resource

from tests.game.cli.command_line import JITTERBALL

# A picture of the smallest window has more.
ROOM_BYTES = 2000


def run_on_a_full_disk(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no file can become larger than ``ROOM_BYTES``."""

    def fill_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))

    # Coverage of child processes would write its own file on this disk.
    environment = {name: value for name, value in os.environ.items() if "COV" not in name}
    return subprocess.run(
        [*JITTERBALL, *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        env=environment | {"SDL_VIDEODRIVER": "dummy", "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=fill_disk,
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", ["compare", "play"])
def test_a_recording_ends_and_the_match_goes_on(command, tmp_path):
    film = tmp_path / "film"
    typed = f"{command} --frames 40 --size 480x300 --mute --record {film}"
    ended = run_on_a_full_disk(*typed.split())
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "00001.png cannot be written: File too large" in ended.stderr
    assert not any(film.iterdir())


@pytest.mark.slow
def test_a_screenshot_that_has_no_room_is_said(tmp_path):
    shot = tmp_path / "shot.png"
    ended = run_on_a_full_disk(*f"play --frames 2 --mute --screenshot {shot}".split())
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "shot.png cannot be written: File too large" in ended.stderr
    assert not any(tmp_path.iterdir())


@pytest.mark.slow
def test_a_measurement_shows_its_figures_all_the_same(tmp_path):
    out = tmp_path / "lab"
    typed = f"measure --transports udp --seconds 1 --bots 0 --out {out}"
    ended = run_on_a_full_disk(*typed.split())
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert f"{str(out)!r} cannot be written: File too large" in ended.stderr
    assert "udp" in ended.stdout
    # Its presence would say that the measurement is whole.
    assert not (out / "results.json").exists()
