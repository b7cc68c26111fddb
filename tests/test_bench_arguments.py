"""Each bench runs from the checkout and explains itself."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).with_name("bench")
PROGRAMS = sorted(
    path.name for path in BENCH.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_bench_has_a_help(name: str) -> None:
    command = [sys.executable, str(BENCH / name), "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"usage: {name} ")
