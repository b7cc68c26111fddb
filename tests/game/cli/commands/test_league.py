"""The command ``jitterball league``."""

import json
import sys
from pathlib import Path

import pytest

from game.cli.app import main
from game.cli.commands import league as command
from game.lab.league.disqualification import SILENCE_LIMIT_S
from game.lab.league.example_bots import example_bots
from tests.game.cli.command_line import check_errors, run


def test_a_wrong_argument_is_answered_in_one_line_before_anything_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "_play", None)
    monkeypatch.chdir(tmp_path)
    check_errors(
        [
            ("league ./a", "a league needs 2 to 64 bots, not 1"),
            ("league ./a ./b'", "a quotation mark is missing"),
            ("league ./a ./b -t upd", "did you mean 'udp'?"),
            ("league ./a ./b ./c -t udp -t tcp", "once for each of the 3 bots"),
            ("league ./a ./b --link losy", "did you mean lossy?"),
            ("league ./a ./b --rounds 0", "is not a whole number from 1"),
            ("league ./a ./b --out .", "name a new folder"),
        ],
        capsys,
    )
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
def test_a_league_runs_to_its_table_past_bots_that_fail(tmp_path: Path) -> None:
    crash = tmp_path / "crash.py"
    crash.write_text("print('0' * 10**6)\nraise ZeroDivisionError('my tactics')\n")
    out = tmp_path / "league"
    bots = (f"{sys.executable} {crash}", "gone=./no-such-bot")
    ended = run("league", *bots, "--seconds", "2", "--seed", "3", "--out", str(out), "--json")
    assert ended.returncode == 0, ended.stderr
    results = json.loads((out / "league.json").read_text())
    assert json.loads(ended.stdout) == results
    assert [(row["name"], row["points"]) for row in results["table"]] == [("crash", 3), ("gone", 3)]
    assert len(results["matches"]) == results["matches_planned"] == 2
    assert "loses by forfeit: it ended with code 1: ZeroDivisionError: my tactics" in ended.stderr
    assert "gone loses by forfeit: there is no program './no-such-bot'" in ended.stderr
    assert "note on crash: it printed 100" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in (out / "output").iterdir()] == ["match-1-crash.txt"]


@pytest.mark.slow
def test_a_match_is_played_to_its_end_and_a_hanging_bot_loses(tmp_path: Path) -> None:
    source = example_bots()["tcp_blocking.py"].read_text(encoding="utf-8")
    hang = tmp_path / "hang.py"
    football = example_bots()["tcp_blocking.py"].with_name("football.py")
    (tmp_path / "football.py").write_text(football.read_text(encoding="utf-8"))
    hang.write_text(
        source.replace("            number += 1\n", "            import time; time.sleep(1e6)\n")
    )
    good = f"{sys.executable} {example_bots()['tcp_blocking.py']}"
    bots = (f"a={good}", f"b={good}", f"{sys.executable} {hang}")
    out = tmp_path / "league"
    ended = run("league", *bots, "--seconds", "20", "--link", "wifi", "--out", str(out))
    assert ended.returncode == 0, ended.stderr
    results = json.loads((out / "league.json").read_text())
    played = [each for each in results["matches"] if "hang" not in (each["orange"], each["sky"])]
    assert all(figures["kicks"] for each in played for figures in each["figures"])
    assert results["table"][-1]["name"] == "hang"
    assert ended.stderr.count(f"it hangs: it sent nothing for {SILENCE_LIMIT_S:g} s") == 4


def test_help_names_what_a_bot_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["league", "--help"]) == 0
    assert "HOST PORT ROOM NAME TRANSPORT" in " ".join(capsys.readouterr().out.split())
