"""Processes of bots: whatever a program does, nothing of it is left."""

import sys
import time
from pathlib import Path

import pytest

from game.lab.league import bot_process
from game.lab.league.bot_process import BotProcess, BotStartError

LIMIT_S = 60.0


def bot(code: str, **environment: str) -> BotProcess:
    return BotProcess([sys.executable, "-c", code], environment)


def wait_for(condition) -> None:
    limit = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def end(process: BotProcess) -> tuple[str, ...]:
    process.request_end()
    return process.end()


def test_a_bot_gets_its_environment_and_its_output_is_kept() -> None:
    process = bot("import os; print(os.environ['WORD']); print('last'); exit(3)", WORD="hello")
    wait_for(lambda: process.exit_code is not None)
    assert process.last_line == "last"
    assert process.exit_code == 3
    assert end(process) == ()
    assert process.output.split() == [b"hello", b"last"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot ignore a kill of the tree")
def test_a_bot_that_ignores_its_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_process, "END_TIMEOUT_S", 0.1)
    process = bot(
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "print(1, flush=True); time.sleep(1e6)"
    )
    wait_for(lambda: process.printed_bytes)
    assert end(process) == ("it ignored its end and was killed",)
    assert process.exit_code is not None
    assert process.end() == (), "a second end does nothing"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process's environment")
def test_what_a_bot_has_started_is_ended_too() -> None:
    start = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1e6)'], **{}).pid"
    in_group, escaped = start.format("{}"), start.format("{'start_new_session': True}")
    process = bot(f"import subprocess, sys; print({in_group}, {escaped}, flush=True)")
    wait_for(lambda: len(process.output.split()) == 2 and process.exit_code is not None)
    pids = [int(word) for word in process.output.split()]
    assert end(process) == ("it left programs running, which were ended",)
    wait_for(lambda: not any(is_running(pid) for pid in pids))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1] != b"Z"
    except OSError:
        return False


def test_a_flood_of_output_is_read_and_not_kept() -> None:
    size = 4 * bot_process.OUTPUT_KEPT_BYTES
    process = bot(f"print('x' * {size}); print('last')")
    wait_for(lambda: process.exit_code is not None)
    assert process.last_line == "last"
    (warning,) = end(process)
    assert warning.startswith("it printed 26")
    assert len(process.output) == bot_process.OUTPUT_KEPT_BYTES


def test_a_bot_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(BotStartError, match=r"there is no program 'no-such-bot'"):
        BotProcess(["no-such-bot"], {})
    if sys.platform != "win32":
        script = tmp_path / "bot.py"
        script.write_text("print(1)")
        with pytest.raises(BotStartError, match=r"not executable: give its interpreter"):
            BotProcess([str(script)], {})
