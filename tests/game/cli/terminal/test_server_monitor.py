"""The monitor of a running server: the table, and a log line per minute."""

import logging
import os
import re
import signal
import subprocess
import sys

import pytest
from rich.console import Console
from rich.table import Table

from game.cli.terminal import server_monitor
from game.cli.terminal.server_monitor import ServerMonitor
from game.cli.terminal.server_table import ServerTable, stats_table
from game.cli.terminal.tables import print_table
from game.server.stats import PlayerStats, ServerStats, TransportTraffic

FIGURES = ServerStats(
    players=(
        PlayerStats("Zoe", "main", "udp", "192.0.2.1:5", False, 0.0123, 0.05, 3),
        PlayerStats("[red]Eve", "main", "tcp", "192.0.2.2:5", True, None, None, 0),
    ),
    rooms=1,
    connections=3,
    clients_by_transport={"udp": 1, "tcp": 1},
    traffic_by_transport={"udp": TransportTraffic(10, 20, 3000, 400)},
    rejections_by_reason={"password": 2},
    lateness_p99_s=0.002,
)


def drawn(figures: ServerStats) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(stats_table(figures))
    return capture.get()


def test_the_table_shows_every_player_and_the_refusals() -> None:
    text = drawn(FIGURES)
    assert re.search(r"Zoe .* udp .* 12\.3 ms .* 5\.0% .* 3 .* 192\.0\.2\.1:5", text)
    assert "[red]Eve (watching)" in text
    assert text.index("Zoe") < text.index("Eve")
    assert "refused: password 2" in text
    assert "2.00 ms p99" in text


def test_after_a_pause_one_line_is_due_and_not_all_that_were_missed(monkeypatch, caplog) -> None:
    caplog.set_level(logging.INFO, server_monitor.__name__)
    times = iter((0.0, 5.0, 3600.0, 3600.0, 3600.1, 3600.2, 3661.0, 3661.0))
    monkeypatch.setattr(server_monitor, "perf_counter", lambda: next(times))
    monitor = ServerMonitor(False, None, True)
    for _ in range(5):
        monitor.update(FIGURES)
    assert len(caplog.records) == 2


# What rich would take for a tag that closes nothing, for one that is escaped, for a colour.
ODD_NAMES = (r"\[/x]", "[/]", r"\[red]", "[red]", ":smile:", "Eve\\")
# A zone that its owner has named after a style.
ODD_ADDRESS = "[fe80::1%eth0]:7777"


def stats_from_json(name: str) -> ServerStats:
    player = PlayerStats(name, name, "tcp", ODD_ADDRESS, False, 0.01, None, 0)
    return ServerStats(players=(player,), rooms=1)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_name_and_no_address_is_taken_for_markup(name: str) -> None:
    text = drawn(stats_from_json(name))
    assert text.count(name) == 2
    assert ODD_ADDRESS in text


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_line_of_the_log_passes_the_table_whatever_name_it_says(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with ServerTable() as table:
        table.update(stats_from_json(name))
        print(f"{name} from {ODD_ADDRESS} joins", file=sys.stderr)
    text = capsys.readouterr().out
    assert f"{name} from {ODD_ADDRESS} joins" in text
    assert f"\n {name} " in text


def test_a_table_for_a_file_shows_an_address_as_it_was_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(title=r"\[/x]")
    table.add_column("server")
    table.add_row(ODD_ADDRESS)
    print_table(table)
    text = capsys.readouterr().out
    assert r"\[/x]" in text
    assert ODD_ADDRESS in text


def test_a_server_without_players_has_a_table() -> None:
    assert "nobody" in drawn(ServerStats())


def test_without_table_and_page_a_line_is_logged_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    monkeypatch.setattr(server_monitor, "perf_counter", lambda: now[0])
    caplog.set_level(logging.INFO)
    monitor = ServerMonitor(has_table=False, page=None, logs_summary=True)
    assert monitor
    for second in range(121):
        now[0] = float(second)
        monitor.update(FIGURES)
    assert [record.message for record in caplog.records] == [str(FIGURES)] * 2
    assert not ServerMonitor(has_table=False, page=None, logs_summary=False)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_in_a_terminal_there_is_a_table_and_ctrl_c_ends_it() -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "game", "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.PIPE, env=os.environ | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        shown = b""
        while b"resent" not in shown:
            shown += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        # The drawing thread must find a reader.
        try:
            while os.read(ours, 4096):
                continue
        except OSError:
            assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    os.close(ours)
    assert b"nobody" in shown
