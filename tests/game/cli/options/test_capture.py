"""Tests of ``--pcap``: a bad path ends the command before anything starts."""

from pathlib import Path

import pytest

from game.cli.app import main

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
