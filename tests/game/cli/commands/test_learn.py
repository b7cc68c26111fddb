"""Tests of ``jitterball learn``: wrong arguments, a check of a file, a lesson without a display."""

from contextlib import nullcontext
from pathlib import Path

import pygame
import pytest

from game.cli.app import main
from game.lab.compare.client_group import ClientGroupSettings
from game.match.rules import HALF_S_PER_MINUTE
from game.server.local import LocalServerError
from net.transport import Address
from tests.game.cli.command_line import check_errors, run
from tests.game.lesson.lesson_files import LESSON, changed

INVISIBLE = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}


def test_a_wrong_argument_is_answered_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.toml").write_text(changed("play_s = 10", "play_s = 1"), encoding="utf-8")
    (tmp_path / "far.toml").write_text(LESSON.replace("udp", "upd"), encoding="utf-8")
    cases = [
        ("learn 9", "no lesson '9': give a number from 1 to 8"),
        ("learn 0", "no lesson '0'"),
        ("learn tcp", "no lesson 'tcp'"),
        (f"learn {tmp_path}/absent.toml", "cannot be read: No such file"),
        (f"learn {tmp_path}/own.toml", "play_s is not a number from 5 to 120"),
        (f"learn {tmp_path}/far.toml", "no transport 'upd': did you mean 'udp'?"),
        (f"learn --check {tmp_path}/own.toml", "play_s is not a number from 5 to 120"),
        (f"learn --check {tmp_path}", "cannot be read"),
        ("learn 1 --screenshot a.png", "--screenshot saves the last of the --frames"),
    ]
    check_errors(cases, capsys)


def test_a_right_file_is_said_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.toml"
    file.write_text(LESSON, encoding="utf-8")
    assert main(["learn", "--check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} is a lesson\n"
    assert main(["--lang", "es", "learn", "--check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} es una lección\n"


def test_no_half_time_falls_into_the_lessons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[tuple[str, ...]] = []

    class NoServer:
        def __init__(self, *options: str, **_: object) -> None:
            started.append(options)
            raise LocalServerError("not in this test")

    monkeypatch.setattr("game.cli.options.server_choice.LocalServer", NoServer)
    for words in (["learn", "8"], ["compare"]):
        assert main(words) != 0
    capsys.readouterr()
    for options in started:
        minutes = float(options[options.index("--minutes") + 1])
        # The eight lessons play for less than three minutes, and each is read for longer.
        assert minutes * HALF_S_PER_MINUTE >= 3600.0
    assert len(started) == 2


def test_the_first_hello_asks_for_the_events_of_the_first_lesson(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[ClientGroupSettings] = []

    def open_window(_: object, settings: ClientGroupSettings, *__: object) -> None:
        opened.append(settings)

    server = nullcontext(Address("127.0.0.1", 24650))
    monkeypatch.setattr("game.cli.commands.learn.server_for", lambda *_, **__: server)
    monkeypatch.setattr("game.cli.windows.compare_window.compare_in_window", open_window)
    for number in ("7", "8"):
        assert main(["learn", number]) == 0
    assert [settings.unreliable_events for settings in opened] == [False, True]


@pytest.mark.slow
def test_a_lesson_of_a_teacher_is_drawn_without_a_display(tmp_path: Path) -> None:
    file, picture = tmp_path / "own.toml", tmp_path / "own.png"
    file.write_text(LESSON, encoding="utf-8")
    drawn = run(
        *("learn", str(file), "--frames", "900", "--size", "800x450", "--lang", "es"),
        *("--screenshot", str(picture)),
        **INVISIBLE,
    )
    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert pygame.image.load(picture).get_size() == (800, 450)
