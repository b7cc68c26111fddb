"""``--frames`` and a server that is killed meanwhile."""

import os
import signal
import subprocess
import sys
from time import monotonic, sleep

import pytest

from game.server.local import LocalServer
from tests.game.cli.command_line import JITTERBALL, LIMIT_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

MORE_THAN_ARE_DRAWN = "100000"


def await_players(capsys: pytest.CaptureFixture[str], count: int) -> None:
    """Wait until so many clients have joined, by the server's log."""
    deadline, joined = monotonic() + LIMIT_S, 0
    while joined < count:
        assert monotonic() < deadline
        sleep(0.05)
        joined += capsys.readouterr().err.count(" joins room ")


@pytest.mark.slow
@pytest.mark.parametrize(("command", "players"), [("play", 1), ("compare", 3)])
def test_a_killed_server_is_told_and_no_success(
    command: str, players: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with LocalServer("--bots", "2", "--log-level", "info") as server:
        typed = (command, str(server.address), "--frames", MORE_THAN_ARE_DRAWN, "--mute")
        with subprocess.Popen(
            [*JITTERBALL, *typed, "--timeout", "6"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
        ) as process:
            await_players(capsys, players)
            # The clients need a moment to learn that they are in.
            sleep(2.0)
            os.kill(server.pid, signal.SIGKILL)
            _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 4
    assert errors.startswith(f"jitterball: lost the server at {server.address}: ")
    assert errors.count("\n") == 1
