"""``jitterball class``: a class from its start to Ctrl-C, and wrong options."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from game.protocol.addresses import HTTP_PORT_OFFSET
from tests.game.cli.command_line import JITTERBALL, LIMIT_S, check_errors, run
from tests.game.support import LOOPBACK
from tests.ports import free_base_port

# A terminal of its own for a command, whose keys come from standard input.
IN_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def test_a_wrong_class_is_answered_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        ("class --port 65535", "port 65535 is too large"),
        ("class --port 65533", "the page uses port 65533 + 3; give at most 65532"),
        ("class --minutes 0", "'--minutes': '0' is not a number from 0.5 to 120"),
        ("class --lang fr", "no texts in 'fr': there are en and es"),
        ("serve --posters", "--posters goes with --class"),
        ("serve --class --no-http", "leave --no-http out"),
        ("serve --class --posters --no-http", "leave --no-http out"),
    ]
    check_errors(cases, capsys)


@pytest.mark.slow
def test_a_page_that_cannot_be_served_is_one_line() -> None:
    port = free_base_port()
    with socket.create_server(("", port + HTTP_PORT_OFFSET)):
        ended = run("class", "--port", str(port))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"jitterball: the page: port {port + HTTP_PORT_OFFSET} is in use by another program; "
        "choose another with --port\n"
    )


def lines_to_the_end_of_the_poster(output: Iterator[str]) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_class_shows_its_addresses_until_ctrl_c() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, *JITTERBALL, "class", "--port", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            screen = lines_to_the_end_of_the_poster(process.stdout)
            port = re.search(r"on a phone, tablet or computer: http://\S+:(\d+)/", screen)[1]
            assert re.search(rf"For the teacher alone: http://\S+:{port}/teacher#[a-z2-9]+", screen)
            with urlopen(f"http://{LOOPBACK}:{port}/", timeout=LIMIT_S) as answer:
                assert b"<title>Jitterball</title>" in answer.read()
            process.stdin.write("\n")
            process.stdin.flush()
            screen = lines_to_the_end_of_the_poster(process.stdout)
            assert f":{port}/" in screen
            assert "teacher#" not in screen
            process.stdin.write("\x03")
            process.stdin.flush()
            assert process.wait(LIMIT_S) == 0
        finally:
            process.kill()
