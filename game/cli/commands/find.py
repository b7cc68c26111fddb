"""``jitterball find``: the games on this network."""

import json as json_format
from dataclasses import asdict
from time import perf_counter, sleep
from typing import Annotated

import typer
from rich import box
from rich.live import Live
from rich.table import Table
from rich.text import Text

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.numbers import number_option
from game.cli.terminal.tables import fit_to_width, plain_console, print_table
from game.client.found_games import FoundGame
from game.client.game_finder import GameFinder
from game.protocol.addresses import DEFAULT_PORT, format_host
from game.runtime.network_thread import NetworkThread

SECONDS_MAX = 3600.0
# Two probes, and time for a slow reply. Into a file there is no list to watch.
DEFAULT_SECONDS = 2.0
_REDRAW_S = 0.5


def find(
    seconds: Annotated[
        float | None,
        number_option(
            0.5, SECONDS_MAX, "Search for this time. Default: until Ctrl-C; into a file 2 s."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the games as JSON at the end, and no table.")
    ] = False,
) -> None:
    """Find the games on this network.

    Exit code 0 if there is a game, 4 if there is none.
    """
    finder = GameFinder()
    console = plain_console()
    is_live = console.is_terminal and not json
    if seconds is None and not is_live:
        seconds = DEFAULT_SECONDS
    ends_at = None if seconds is None else perf_counter() + seconds
    with NetworkThread(finder.run) as network:
        try:
            if is_live:
                # Transient: the table at the end replaces it.
                with Live(console=console, auto_refresh=False, transient=True) as live:
                    while ends_at is None or perf_counter() < ends_at:
                        network.check()
                        table = games_table(finder.games())
                        live.update(fit_to_width(table, 2, console), refresh=True)
                        sleep(_REDRAW_S)
            elif ends_at is not None:
                while (left_s := ends_at - perf_counter()) > 0.0:
                    network.check()
                    sleep(min(_REDRAW_S, left_s))
        except KeyboardInterrupt:
            # The usual end of a live list: what was found last stays on the terminal.
            pass
        games = finder.games()
    if json:
        print(json_format.dumps([_as_json(game) for game in games], indent=2))
    elif games:
        print_table(games_table(games), names=2)
    if not games:
        raise CliError(
            "no game found on this network; with its address: jitterball play HOST",
            ExitCode.NO_SERVER,
        )


def games_table(games: tuple[FoundGame, ...]) -> Table:
    """Return a table of the games, with what to type to join each."""
    table = Table(
        title="Games on this network" if games else "Games on this network: none yet",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("computer", "join"):
        table.add_column(heading)
    for heading in ("players", "rooms", "RTT"):
        table.add_column(heading, justify="right")
    table.add_column("needs")
    for game in games:
        announced = game.announcement
        table.add_row(
            Text(announced.title or game.host),
            Text(f"jitterball play {join_address(game)}"),
            str(announced.people),
            str(announced.room_count),
            f"{game.rtt_s * 1000:.1f} ms",
            _needs(game),
        )
    return table


def join_address(game: FoundGame) -> str:
    """Return the address of a game as ``jitterball play`` takes it."""
    return format_host(game.host, game.announcement.port, DEFAULT_PORT)


def _needs(game: FoundGame) -> str:
    announced = game.announcement
    if not announced.is_joinable:
        return say("another version of this program")
    needs = [say("password")] * announced.has_password + [say("TLS")] * announced.uses_tls
    return ", ".join(needs)


def _as_json(game: FoundGame) -> dict[str, object]:
    return {
        **asdict(game.announcement),
        "host": game.host,
        "rtt_ms": round(game.rtt_s * 1000, 3),
    }
