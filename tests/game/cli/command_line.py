"""``jitterball`` for tests: in this process, or in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from game.cli.app import main

JITTERBALL = (sys.executable, "-P", "-m", "game")
# A command that takes this long hangs, on a busy machine too.
LIMIT_S = 120.0


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process to its end."""
    return subprocess.run(
        [*JITTERBALL, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=os.environ | environment,
    )


@contextmanager
def begun(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run a command beside the block; yield its process, and its lines up to the Ctrl-C hint."""
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


def check_errors(cases: Iterable[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Check that each wrong command ends with code 2 and one line that contains its text.

    Reports all cases that do not.
    """
    failures = []
    for typed, text in cases:
        code = main(typed.split())
        printed = capsys.readouterr()
        is_one_line = printed.err.startswith("jitterball: ") and printed.err.count("\n") == 1
        if code != 2 or printed.out or not is_one_line or text not in printed.err:
            failures.append((typed, text, code, printed))
    assert failures == []
