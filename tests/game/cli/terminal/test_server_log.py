"""The log of a server: escaped lines, and a limit for each kind, whatever a client sends."""

import json
import logging
import re
import sys

import pytest

from game.cli.language import language_of
from game.cli.terminal import server_log
from game.cli.terminal.server_log import JsonFormatter, RateLimitFilter, TextFormatter

# Ends the line and begins one of its own, clears the screen, renames the window, reorders letters.
HOSTILE = "bye\r\n23:59:59 WARNING wiped\x1b[2J\x1b]0;owned\x07\x9b1m\u202e\u2028\ud800"


def record_of(*args: object, msg: str = "%s leaves", level: int = logging.INFO, line: int = 1):
    return logging.LogRecord("game.server.server", level, "x", line, msg, args, None)


def failed(text: str) -> logging.LogRecord:
    try:
        raise ValueError(text)
    except ValueError:
        return logging.LogRecord("game", logging.ERROR, "x", 1, "failed", (), sys.exc_info())


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(server_log, "perf_counter", lambda: now[0])
    return now


def test_a_text_line_is_one_printable_line_whatever_a_client_sends() -> None:
    line = TextFormatter().format(record_of(HOSTILE))
    assert line.isprintable()
    assert re.fullmatch(r"\d\d:\d\d:\d\d INFO bye\\r\\n23:59:59 WARNING wiped.* leaves", line)
    assert TextFormatter().format(record_of("Ñandú 李")).endswith(" INFO Ñandú 李 leaves")


def test_a_text_line_is_in_the_language_of_the_user_and_a_json_line_is_not() -> None:
    record = record_of("10.0.0.7:5 over udp", "main", "Bob", msg="%s joins room %r as %r")
    with language_of(["--lang", "es"]):
        line = TextFormatter().format(record)
        json_line = json.loads(JsonFormatter().format(record))
    assert line.endswith(" INFO 10.0.0.7:5 por udp entra en la sala 'main' como 'Bob'")
    assert json_line["message"] == "10.0.0.7:5 over udp joins room 'main' as 'Bob'"


def test_no_line_of_a_traceback_looks_like_a_log_line() -> None:
    first, *others = TextFormatter().format(failed(HOSTILE)).split("\n")
    assert first.endswith("ERROR failed")
    assert any("wiped" in line for line in others)
    assert all(line.startswith("    ") and line.isprintable() for line in others)


def test_a_json_line_is_printable_and_keeps_what_a_client_sends() -> None:
    line = JsonFormatter().format(record_of("Eve", '"', msg="%s says\n%r", level=logging.WARNING))
    said = json.loads(line)
    assert (said["level"], said["logger"]) == ("warning", "game.server.server")
    assert said["message"] == "Eve says\n'\"'"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", said["time"])
    hostile = JsonFormatter().format(record_of(HOSTILE))
    assert hostile.isprintable()
    assert json.loads(hostile)["message"] == f"{HOSTILE} leaves"


def test_a_json_line_has_the_error() -> None:
    assert "ValueError: a defect" in json.loads(JsonFormatter().format(failed("a defect")))["error"]


def test_a_burst_of_lines_is_written_and_a_flood_is_limited(now: list[float]) -> None:
    seldom = RateLimitFilter()
    assert all(seldom.filter(record_of(f"pupil {number}")) for number in range(120))
    shown = 0
    for _ in range(60 * 100):
        now[0] += 0.01
        shown += seldom.filter(record_of("Eve"))
    assert 2 * 60 <= shown <= 8 + 2 * 60 + 1
    now[0] += 0.5
    last = record_of("Eve")
    assert seldom.filter(last)
    assert re.fullmatch(r"Eve leaves \(and \d\d more since the last\)", last.getMessage())


def test_the_limit_of_one_kind_does_not_affect_another(now: list[float]) -> None:
    seldom = RateLimitFilter()
    while seldom.filter(record_of("Eve")):
        pass
    assert seldom.filter(record_of("Ana", line=2))


def test_debug_lines_are_not_limited(now: list[float]) -> None:
    seldom = RateLimitFilter()
    assert all(seldom.filter(record_of("x", level=logging.DEBUG)) for _ in range(1000))
