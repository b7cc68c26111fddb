"""``jitterball compare`` without a display: a table, JSON, or a picture."""

import json
import sys
from pathlib import Path

import pygame
import pytest

from game.cli.app import main
from game.lab import join_timeout
from game.lab.measure import results, run_recorder
from game.lab.measure.results import Run
from game.server.local import LocalServer
from tests.game.cli.command_line import check_errors, run

INVISIBLE = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [
        ("compare --transports tcp,upd", "no transport 'upd': did you mean 'udp'?"),
        ("compare --transports tcp,tcp", "tcp"),
        ("compare --transports ,", "names no transport"),
        ("compare --link lsy", "no link 'lsy'; did you mean lossy? See: jitterball links"),
        ("compare --seconds 0", "'0' is not a number from 1 to 3600"),
        ("compare --size 1280", "--size 1280: write it like 1280x720"),
        ("compare --size 9x9", "each side must have 300 to 8192 pixels"),
        ("compare --screenshot a.png", "--screenshot saves the last of the --frames"),
        ("compare --slow-motion", "--slow-motion is for the --screenshot"),
        ("compare --record films", "of the --frames: give --frames too"),
        ("compare --record film.avi", "a film ends in .mp4 or .gif"),
        ("compare --record nowhere/film.mp4", "there is no folder nowhere to create it in"),
        ("compare --lang fr", "no texts in 'fr': there are en and es"),
        ("compare lab-pc:99999", "a port is a number from 1 to 65535"),
    ]
    check_errors(cases, capsys)


@pytest.mark.slow
def test_the_figures_are_those_of_the_measurement() -> None:
    compared = run(
        "compare", "--transports", "tcp,udp", "--link", "lossy", "--seconds", "4", "--json"
    )
    assert compared.returncode == 0
    runs = json.loads(compared.stdout)
    assert [each["transport"] for each in runs] == ["tcp", "udp"]
    assert set(runs[0]) == set(Run.__dataclass_fields__)
    for each in runs:
        # 25 ms each way can only become more.
        assert each["rtt_ms"]["p50"] > 50.0
        assert each["seconds"] == pytest.approx(4.0, abs=1.0)
        assert each["ledger"]["down"]["sent"] > 0


@pytest.mark.slow
def test_with_no_terminal_the_table_comes_once_and_whole() -> None:
    compared = run("compare", "--seconds", "2", "--transports", "udp,websocket")
    assert compared.returncode == 0
    lines = compared.stdout.splitlines()
    assert lines[0] == "LINK none"
    for name in ("udp", "websocket"):
        assert sum(f" {name} " in line for line in lines) == 1
    assert "…" not in compared.stdout
    assert "\x1b" not in compared.stdout


@pytest.mark.slow
def test_a_transport_without_figures_is_named_and_the_others_are_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(join_timeout, "JOIN_TIMEOUT_S", 6.0)
    monkeypatch.setattr(run_recorder, "WARM_UP_S", 0.5)
    with LocalServer("--transport", "tcp", "--log-level", "error") as server:
        typed = ("compare", str(server.address), "--transports", "tcp,udp", "--seconds", "1")
        assert main(typed) == 4
    printed = capsys.readouterr()
    assert " tcp " in printed.out
    assert " udp " not in printed.out
    assert printed.err.splitlines()[-1].startswith("jitterball: no data over udp on link none: ")


@pytest.mark.slow
def test_a_busy_computer_is_told_of_beside_the_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_recorder, "WARM_UP_S", 0.5)
    # Busier than any computer is.
    monkeypatch.setattr(results, "BUSY_MS", 0.0)
    assert main(("compare", "--transports", "udp", "--seconds", "1", "--bots", "0")) == 0
    assert "this computer was busy: " in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_the_bare_command_does_its_main_job_without_a_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(variable, raising=False)
    compared = run()
    assert compared.returncode == 0
    assert "no display: showing a table instead" in compared.stderr
    assert "LINK lossy: 25 ms, 5% loss, each way" in compared.stdout
    for name in ("tcp", "udp", "websocket"):
        assert f" {name} " in compared.stdout


@pytest.mark.slow
def test_a_comparison_is_drawn_and_filmed_without_a_display(tmp_path: Path) -> None:
    picture, film = tmp_path / "compare.png", tmp_path / "film"
    drawn = run(
        *("compare", "--link", "lossy", "--frames", "20", "--size", "1000x600"),
        *("--screenshot", str(picture), "--record", str(film), "--lang", "es"),
        *("--packets", "--slow-motion"),
        **INVISIBLE,
    )
    assert (drawn.returncode, drawn.stderr) == (0, "")
    image = pygame.image.load(picture)
    assert image.get_size() == (1000, 600)
    colours = {tuple(image.get_at((x, y))) for x in range(0, 1000, 4) for y in range(0, 600, 4)}
    assert len(colours) > 20
    assert len(list(film.glob("*.png"))) == 10


@pytest.mark.slow
def test_no_server_is_code_4_and_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable, driver in INVISIBLE.items():
        monkeypatch.setenv(variable, driver)
    assert main(["compare", "127.0.0.1:9", "--frames", "1", "--timeout", "2"]) == 4
    said = capsys.readouterr().err
    assert "found no server at 127.0.0.1:9" in said
    assert said.splitlines()[-1].startswith("jitterball: ")
