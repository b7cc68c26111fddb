"""Tests of options that name a file or folder to write, with paths that cannot be written.

Each is refused before anything starts, in one line.
"""

import os
from pathlib import Path

import pytest

from game.cli.app import main
from game.cli.errors import ExitCode

NOWHERE = "127.0.0.1:9"
# No file system has so long a name.
LONG = "a" * 300

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder in use")


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that must be refused; return its one line."""
    assert main(arguments) == ExitCode.BAD_ARGUMENTS
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


@pytest.mark.parametrize(
    "typed",
    [
        f"serve --tls-self-signed --tls-keep-in {LONG}",
        f"bot tcp_blocking --folder {LONG}",
        f"play --record {LONG}",
        f"play --record {LONG}.mp4",
        f"play --frames 1 --screenshot {LONG}.png",
        f"record {NOWHERE} --out {LONG}.json",
        # The name is short enough, but not that of the unfinished file beside it.
        f"record {NOWHERE} --out {'a' * 247}.json",
        f"dissector --install --folder {LONG}",
        f"measure --out {LONG}",
        f"league true true --out {LONG}",
        f"report {LONG}",
    ],
)
def test_a_name_that_is_too_long_is_one_line(
    typed: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "name too long" in refusal(typed.split(), capsys)
    assert list(tmp_path.iterdir()) == []


@needs_posix
@pytest.mark.parametrize(
    "typed",
    [
        "play --record frames",
        "play --record film.gif",
        "play --frames 1 --screenshot a.png",
        f"record {NOWHERE}",
        "report .",
        "report a b",
        "bot tcp_blocking",
        "diagram",
        "measure",
        "league true true",
    ],
)
def test_a_working_folder_that_was_removed_is_one_line(
    typed: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    try:
        assert "No such file or directory" in refusal(typed.split(), capsys)
    finally:
        # pytest itself asks for the working folder.
        os.chdir(tmp_path)


@needs_posix
def test_a_loop_of_links_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "symbolic links" in refusal(["report", str(loop)], capsys)
    assert "symbolic links" in refusal(["report", str(loop), str(tmp_path)], capsys)


def test_a_folder_in_the_place_of_a_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.png").mkdir()
    picture = ["play", "--frames", "1", "--screenshot", str(tmp_path / "a.png")]
    assert "cannot write" in refusal(picture, capsys)


def test_the_check_of_an_output_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.png"
    old.write_bytes(b"old")
    for options in (
        ["--record", str(tmp_path / "new")],
        ["--record", str(tmp_path / "new.gif")],
        ["--frames", "1", "--screenshot", str(old)],
    ):
        # Refused for another reason, after the outputs were checked.
        refusal(["play", NOWHERE, *options, "--size", "1x1"], capsys)
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_bytes() == b"old"
