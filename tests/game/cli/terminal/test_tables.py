"""Tables in terminals of every width: names and values are never cut."""

from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from game.cli.commands import links, transports
from game.cli.terminal import tables
from game.cli.terminal.server_table import stats_table
from game.cli.terminal.summary_table import summary_table
from game.cli.terminal.tables import fit_to_width, print_table, split_to_width
from game.server.stats import PlayerStats, ServerStats
from net.link.presets import PRESETS
from tests.game.lab.measure.measured import LOSSY, measured_results

WIDTHS = (60, 80, 100, 120, 200)
LONG_LINK = "delay=25ms,jitter=12ms,loss=5%,burst=5,rate=2mbit,queue=100ms"


def console_of(width: int) -> Console:
    return Console(file=StringIO(), width=width, markup=False, emoji=False)


def printed(renderable, width: int) -> list[str]:
    console = console_of(width)
    console.print(renderable)
    return console.file.getvalue().splitlines()


@pytest.fixture(scope="module")
def results():
    return measured_results({"lossy": LOSSY, LONG_LINK: LOSSY})


@pytest.mark.parametrize("width", WIDTHS)
def test_every_part_has_the_names_and_together_they_have_every_column(results, width):
    whole = summary_table(results)
    parts = split_to_width(whole, 2, console_of(width))
    headings = [column.header for part in parts for column in part.columns[2:]]
    assert headings == [column.header for column in whole.columns[2:]]
    for part in parts:
        lines = printed(part, width)
        assert max(map(len, lines)) <= width
        text = "".join(line[: len(LONG_LINK) + 3].strip() for line in lines)
        assert text.count("lossy") >= 2
        assert "\u2026" not in "".join(lines)
        assert sum("tcp" in line for line in lines) == 2
        assert sum("udp" in line for line in lines) == 2


def test_a_long_link_is_broken_into_lines_and_not_cut(results):
    first, *_ = split_to_width(summary_table(results), 2, console_of(60))
    letters = "".join(line.split("tcp")[0].split("udp")[0] for line in printed(first, 60))
    folded = "".join(letters.split())
    assert LONG_LINK in folded.replace("\u2500", "")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_narrow_live_table_keeps_the_names_and_the_most_important_columns(width):
    players = tuple(
        PlayerStats(f"player {i:09}", "main", "udp", "192.0.2.123:65000", True, 0.01, 0.05, i)
        for i in range(3)
    )
    table = stats_table(ServerStats(players=players))
    lines = printed(fit_to_width(table, 1, console_of(width)), width)
    for player in players:
        (row,) = (line for line in lines if player.name in line)
        assert "(watching)" in row
        assert "10.0 ms" in row


@pytest.mark.parametrize("width", [80, 100, 120])
def test_links_and_transports_are_whole_in_an_ordinary_terminal(width, capsys, monkeypatch):
    monkeypatch.setattr(tables, "PIPED_WIDTH", width)
    links.links()
    transports.transports()
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    assert "\u2026" not in text
    for name in (*PRESETS, "tcp", "udp", "websocket", "may be lost"):
        assert name in text
    # Values of every link stand in one line, whatever the width.
    assert any("awful" in line and "500 ms" in line for line in text.splitlines())


def test_names_are_not_read_as_markup(capsys):
    table = Table(title="[red]title", caption=":smile:")
    table.add_column("name")
    table.add_column("value")
    table.add_row("[/]", "[bold]1")
    print_table(table)
    text = capsys.readouterr().out
    for plain in ("[red]title", ":smile:", "[/]", "[bold]1"):
        assert plain in text
