"""Rules for every test, checked by test runs whose tests break them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

CASES = """
import asyncio
import socket

import pytest

async def test_leaves_a_socket():
    circle = [socket.socket()]
    circle.append(circle)

async def test_leaves_a_task():
    asyncio.get_running_loop().create_task(asyncio.sleep(60), name="forgotten")

async def test_leaves_an_error_in_a_callback():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)

async def test_is_clean():
    with socket.socket() as closed:
        assert closed.fileno() >= 0

@pytest.mark.timing
def test_judges_real_time():
    pass

@pytest.mark.slow
def test_takes_long():
    pass
"""


def run(folder: Path, *options: str) -> str:
    (folder / "test_cases.py").write_text(CASES)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-vv", *options]
    # A test run of its own, also within a worker of this one.
    free = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [*command, str(folder)], cwd=ROOT, env=free, capture_output=True, text=True, check=False
    )
    return ended.stdout + ended.stderr


def test_a_test_that_leaves_a_resource_open_fails(tmp_path: Path) -> None:
    said = run(tmp_path, "-n0")
    for expected in (
        *("1 passed", "3 failed", "2 deselected"),
        *("unclosed <socket", "forgotten", "division by zero"),
    ):
        assert expected in said, said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "outcome"),
    [("-n1 --all", "3 passed"), ("-n0 -m timing", "1 passed")],
)
def test_timing_and_slow_tests_run_where_they_are_asked_for(
    tmp_path: Path, options: str, outcome: str
) -> None:
    said = run(tmp_path, "-k", "not leaves", *options.split(maxsplit=2))
    assert outcome in said, said
