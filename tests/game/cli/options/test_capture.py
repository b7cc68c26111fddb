"""Tests of ``--pcap``: a bad path ends the command at once, a full disk does not."""

from pathlib import Path

import pytest
import typer

from game.cli.app import main
from game.cli.errors import CliError, ExitCode
from game.cli.language import language_of
from game.cli.options.capture import open_capture

NOWHERE = ["--pcap", "nowhere/a.pcapng"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["play", "--link", "lossy", "--pcap", "a.pcap"], "pcapng"),
        (["compare", *NOWHERE], "No such file"),
        (["measure", "--link", "lossy", *NOWHERE], "No such file"),
        (["play", "--pcap", "a.pcapng"], "give --link"),
        (["measure", "--pcap", "a.pcapng"], "give --link"),
        (
            ["link", "--link", "lossy", "--listen", "0", "--to", "localhost:9", *NOWHERE],
            "No such file",
        ),
        (["link", "--link", "lossy", "--kernel", "--pcap", "a.pcapng"], "tcpdump"),
    ],
)
def test_a_bad_capture_is_one_line_and_exit_code_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, error = capfd.readouterr()
    assert out == ""
    assert error.count("\n") == 1
    assert words in error
    assert not list(tmp_path.iterdir())


@pytest.fixture
def file_on_a_full_disk(tmp_path: Path) -> Path:
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("only Linux has /dev/full")
    file = tmp_path / "a.pcapng"
    file.symlink_to(device)
    return file


def capture_nothing(file: Path) -> None:
    with open_capture(file) as on_log:
        assert on_log is not None
        on_log([])


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "the capture '{}' ended early: No space left on device\n"),
        ("es", "la captura '{}' terminó antes de tiempo: no queda espacio en el disco\n"),
    ],
)
def test_a_full_disk_ends_the_capture_alone_and_changes_the_exit_code(
    language: str, line: str, file_on_a_full_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with language_of(["--lang", language]), pytest.raises(typer.Exit) as ended:
        capture_nothing(file_on_a_full_disk)
    assert ended.value.exit_code == ExitCode.INCOMPLETE
    assert capsys.readouterr().err == line.format(file_on_a_full_disk)


def test_another_error_keeps_its_exit_code_on_a_full_disk(file_on_a_full_disk: Path) -> None:
    with pytest.raises(CliError, match="no server"), open_capture(file_on_a_full_disk):
        raise CliError("no server", ExitCode.NO_SERVER)
