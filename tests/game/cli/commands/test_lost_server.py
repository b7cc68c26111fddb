"""``--frames`` and a server that is killed meanwhile."""

import os
import signal
import subprocess
import sys

import pytest

from game.server.local import LocalServer
from tests.game.cli.command_line import JITTERBALL, LIMIT_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

MORE_THAN_ARE_DRAWN = "100000"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["play", "compare"])
def test_a_killed_server_is_told_and_no_success(command):
    with LocalServer("--bots", "2", "--log-level", "warning") as server:
        typed = (command, str(server.address), "--frames", MORE_THAN_ARE_DRAWN, "--mute")
        with subprocess.Popen(
            [*JITTERBALL, *typed, "--timeout", "6"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
        ) as process:
            try:
                process.wait(4.0)
            except subprocess.TimeoutExpired:
                # The match is on: only now the server is killed.
                os.kill(server.pid, signal.SIGKILL)
            _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 4
    assert errors.startswith(f"jitterball: lost the server at {server.address}: ")
    assert errors.count("\n") == 1
