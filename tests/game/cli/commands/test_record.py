"""Tests of ``jitterball record`` and ``jitterball links FILE``: files, and bad input."""

from pathlib import Path

import pytest

from game.cli.app import main
from game.cli.commands.record import warn_if_paused
from game.cli.errors import ExitCode
from game.cli.terminal.recording_table import sparkline
from game.lab.record.probe_log import ProbeLog
from net.link.profile import Link, LinkProfile
from net.link.recording import decode_recording, encode_recording
from net.link.spec import parse_link
from net.link.summary import course
from tests.net.link.recorded import direction, recorded, recording

TRACE = "\n".join(map(str, range(0, 3000, 10)))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    link = Link.symmetric(LinkProfile(delay_s=0.025, loss_ratio=0.05))
    file = tmp_path / "room.link.json"
    file.write_text(encode_recording(recorded(link, 7, 10.0)), "utf-8")
    return file


def test_a_file_of_another_program_becomes_a_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace, out = tmp_path / "lte.trace", tmp_path / "lte.link.json"
    trace.write_text(TRACE, "utf-8")
    assert main(["record", "--from", str(trace), "--out", str(out)]) == ExitCode.DONE
    made = decode_recording(out.read_text("utf-8"))
    assert (made.name, made.source) == ("lte", "mahimahi")
    assert main(["links", str(out)]) == ExitCode.DONE
    assert "Mbit/s" in capsys.readouterr().out


def test_a_recording_is_described_and_its_nearest_spec_printed(
    room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", str(room)]) == ExitCode.DONE
    assert "longest hole" in capsys.readouterr().out
    # Read and not written: no file of the default name appears.
    assert main(["record", "--from", str(room), "--fit"]) == ExitCode.DONE
    spec = capsys.readouterr().out.splitlines()[0]
    assert parse_link(spec).down.delay_s == 0.025


def test_a_pause_of_the_program_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    warn_if_paused(ProbeLog())
    assert capsys.readouterr().err == ""
    warn_if_paused(ProbeLog(pauses=[(3.0, 3.3), (10.0, 14.02)]))
    assert "did not run for 4.0 s" in capsys.readouterr().err


def test_a_sparkline_shows_delay_and_holes() -> None:
    room = recording(direction([0.01] * 50 + [None] * 50 + [0.02] * 100))
    assert sparkline(course(room, room.up, 4)) == "▁x██"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("record", "record needs a server, or --from FILE"),
        ("record h --from x", "record needs a server, or --from FILE"),
        ("record h --out room.txt", "ends with .json"),
        ("record h --out no/such/room.json", "the folder does not exist"),
        ("record h --rate 1000 --seconds 900", "are more than 200000"),
        ("record h --rate 0", "'0' is not a whole number from 1 to 1000"),
        ("record --from no.such --out a.json", "no.such: cannot be read"),
        ("links no.such.json", "no.such.json: cannot be read"),
        ("play --link no.such.json", "no.such.json: cannot be read"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    typed: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed.split()) == ExitCode.BAD_ARGUMENTS
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_a_file_is_never_overwritten(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = room.read_bytes()
    typed = ["record", "--from", str(room), "--out", str(room)]
    assert main(typed) == ExitCode.BAD_ARGUMENTS
    assert "exists already" in capsys.readouterr().err
    assert room.read_bytes() == before
