"""The command ``jitterball bot``."""

from pathlib import Path

import pytest

from game.cli.app import main
from tests.game.cli.command_line import check_errors


def test_a_bot_is_written_with_what_it_imports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert main(["bot", "udp", "--folder", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == {
        "udp.py",
        "udp_connection.py",
        "football.py",
    }
    assert f"python3 {folder / 'udp.py'} 127.0.0.1 7777" in capsys.readouterr().out


def test_a_students_file_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "football.py").write_text("mine")
    assert main(["bot", "udp.py", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "football.py").read_text() == "mine"
    capsys.readouterr()
    check_errors(
        [
            (f"bot udp --folder {tmp_path}", "exists: give another folder with --folder"),
            ("bot upd", "no bot is called 'upd': there are tcp.mjs, "),
            (f"bot tcp --folder {tmp_path}/football.py", "cannot be written"),
        ],
        capsys,
    )
