"""``jitterball`` as tests call it: in this process, or in one of its own to see how it ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from game.cli.app import main

JITTERBALL = (sys.executable, "-P", "-m", "game")
LIMIT_S = 50.0


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as from a script."""
    return subprocess.run(
        [*JITTERBALL, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=os.environ | environment,
    )


@contextmanager
def begun(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run a command beside the block; give its process, and its lines up to how to end it."""
    with subprocess.Popen(
        [*JITTERBALL, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line.strip())
            if "Ctrl-C" in line:
                break
        try:
            yield process, said
        finally:
            process.kill()


def complaint_about(typed: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line with which a slip is answered."""
    assert main(typed.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("jitterball: ")
    assert printed.err.count("\n") == 1
    return printed.err
