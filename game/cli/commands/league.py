"""``jitterball league``: a league of bots, which are programs of any language."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.language import link_words, say
from game.cli.options.link import LinkSpec, chosen_seed
from game.cli.options.new_folder import NewFolder
from game.cli.options.numbers import Seed, number_option
from game.cli.options.transports import chosen_transports, usable_transports
from game.cli.terminal.league_table import LeagueProgress, league_table
from game.cli.terminal.tables import print_table
from game.lab.league.bot_command import BotCommand, BotCommandError, parse_bots
from game.lab.league.league import League, matches_at_once
from game.lab.league.match import LeagueMatch, LeagueSettings, MatchError
from game.lab.league.referee import BOTS_IN_A_MATCH
from game.lab.league.schedule import Fixture, round_robin
from game.lab.league.table import LeagueResults, MatchResult, results_to_json, standings
from game.lab.measure.results_folder import new_folder
from game.runtime.atomic_file import write_atomic
from game.runtime.shutdown import run_until_signal
from game.server.local import LOOPBACK, LocalServer, LocalServerError
from net.errors import NetError
from net.link.label import link_label
from net.link.spec import NO_LINK, format_link, parse_link
from net.system import event_loop
from net.transport import Address, Transport

LEAGUE_FILE = "league.json"
OUTPUT_FOLDER = "output"
_BOTS_MIN = 2
# A server has 64 rooms, and a watcher may hold one open after its match.
_AT_ONCE_MAX = 32
_BOTS_MAX = 64
_MATCH_MIN_S = 2.0
_MATCH_MAX_S = 600.0
_ROUNDS_MAX = 100


def league(
    bots: Annotated[
        list[str],
        typer.Argument(
            metavar="BOT", help="The command of each bot, as in 'python3 bot.py' or 'ana=./bot'."
        ),
    ],
    link: LinkSpec = None,
    transport: Annotated[
        list[str] | None,
        typer.Option(
            "--transport",
            "-t",
            metavar="NAME",
            help="The transport whose port the bots are given. Once, or once for each bot, in "
            "their order. Default: tcp.",
        ),
    ] = None,
    rounds: Annotated[
        int, number_option(1, _ROUNDS_MAX, "In a round each pair plays twice, with sides swapped.")
    ] = 1,
    seconds: Annotated[
        float, number_option(_MATCH_MIN_S, _MATCH_MAX_S, "Time of play in each match.")
    ] = 60.0,
    seed: Seed = None,
    at_once: Annotated[
        int | None,
        number_option(1, _AT_ONCE_MAX, "Matches side by side. Default: one for each core."),
    ] = None,
    out: NewFolder = Path("league"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print league.json instead of the table.")
    ] = False,
) -> None:
    """Let bots play a league, each through an emulated link of its own.

    A bot is any command. It is given HOST PORT ROOM NAME TRANSPORT as arguments, and in its
    environment as JITTERBALL_HOST and so on. It runs with your rights.

    A bot that does not start, ends, hangs or floods the server loses that match. Ctrl-C keeps the
    matches that were played.
    """
    entrants = _entrants(bots)
    transport_of = _transport_of(entrants, transport or ["tcp"])
    chosen_link = parse_link(NO_LINK) if link is None else link
    number = chosen_seed(seed)
    fixtures = round_robin([bot.name for bot in entrants], rounds)
    results = LeagueResults(
        commands={bot.name: bot.words for bot in entrants},
        transports=transport_of,
        link=format_link(chosen_link),
        seed=number,
        match_s=seconds,
        matches_planned=len(fixtures),
    )
    record = LeagueRecord(out, results)
    transports = usable_transports()
    settings = LeagueSettings(
        server=Address(LOOPBACK, 0),
        link=chosen_link,
        seed=number,
        match_s=seconds,
        transports=transports,
        spectator_transport=_spectator_transport(transports),
        bots={bot.name: bot for bot in entrants},
        transport_of=transport_of,
    )
    failure: CliError | None = None
    try:
        _play(settings, fixtures, record, at_once or matches_at_once())
    except LocalServerError as error:
        raise CliError(f"the private server could not start: {error}") from error
    except (MatchError, NetError) as error:
        failure = CliError(str(error), ExitCode.INCOMPLETE)
    record.show(as_json)
    if failure is not None:
        raise failure
    if not record.is_complete:
        print(say("interrupted: the matches until then were kept"), file=sys.stderr)
        raise typer.Exit(ExitCode.INCOMPLETE)


def _play(
    settings: LeagueSettings, fixtures: Sequence[Fixture], record: "LeagueRecord", at_once: int
) -> None:
    """Play all matches on a private server, or those until Ctrl-C."""
    options = {
        "--seed": settings.seed,
        "--half-seconds": settings.match_s / 2,
        "--restart-with": BOTS_IN_A_MATCH,
        "--log-level": "error",
    }
    words = [str(word) for option in options.items() for word in option]
    with LocalServer(*words) as server, LeagueProgress(len(fixtures)) as progress:
        progress.show(link_label(settings.link, settings.seed, link_words()))
        progress.show(
            f"watch match 1: jitterball play {server.address} --watch --room {fixtures[0].room}"
        )

        def finish(match: LeagueMatch, result: MatchResult) -> None:
            record.add(match, result)
            progress.finish(result)

        contest = League(replace(settings, server=server.address), fixtures, progress.start, finish)
        event_loop.run(run_until_signal(contest.run(at_once)))


class LeagueRecord:
    """The folder of a league: ``league.json``, and what the bots have printed.

    Raises ``CliError`` if the folder cannot be created.
    """

    def __init__(self, out: Path, results: LeagueResults) -> None:
        self._results = results
        self._matches: list[MatchResult] = []
        self._error: OSError | None = None
        try:
            self._folder = new_folder(out)
            self._save()
        except OSError as error:
            raise CliError(f"--out {str(out)!r} cannot be created: {error.strerror}") from error

    @property
    def is_complete(self) -> bool:
        """True if every match has a result."""
        return len(self._matches) == self._results.matches_planned

    def add(self, match: LeagueMatch, result: MatchResult) -> None:
        """Write a match that has ended; an error is shown at the end of the league."""
        self._matches.append(result)
        try:
            for name, output in match.outputs.items():
                if output:
                    self._save_output(f"{result.fixture.room}-{name}", output)
            self._save()
        except OSError as error:
            self._error = error

    def show(self, as_json: bool) -> None:
        """Print the table, or the JSON. Raises ``CliError`` if a file could not be written."""
        results, planned = self._present(), self._results.matches_planned
        if as_json:
            print(json.dumps(results_to_json(results), indent=2))
        else:
            rows = standings([*results.commands], results.matches)
            title = f"{len(results.matches)} of {planned} matches, seed {results.seed}"
            print_table(league_table(rows, title))
        if self._error is not None:
            path = str(self._folder)
            raise CliError(
                f"{path!r} cannot be written: {self._error.strerror}", ExitCode.INCOMPLETE
            )
        print(say(f"written to {self._folder}"), file=sys.stderr)

    def _present(self) -> LeagueResults:
        return replace(self._results, matches=tuple(self._matches))

    def _save(self) -> None:
        text = json.dumps(results_to_json(self._present()), indent=2)
        write_atomic(self._folder / LEAGUE_FILE, f"{text}\n".encode())

    def _save_output(self, name: str, output: bytes) -> None:
        folder = self._folder / OUTPUT_FOLDER
        folder.mkdir(exist_ok=True)
        # A name may hold a sign that no file name may.
        stem = re.sub(r"[^\w.-]", "_", name)
        (folder / f"{stem}.txt").write_bytes(output)


def _entrants(texts: Sequence[str]) -> tuple[BotCommand, ...]:
    if not _BOTS_MIN <= len(texts) <= _BOTS_MAX:
        raise CliError(f"a league needs {_BOTS_MIN} to {_BOTS_MAX} bots, not {len(texts)}")
    try:
        return parse_bots(texts, is_posix=sys.platform != "win32")
    except BotCommandError as error:
        raise CliError(str(error)) from error


def _transport_of(bots: Sequence[BotCommand], names: Sequence[str]) -> dict[str, str]:
    """Return the transport of each bot. Raises ``CliError``, and ``UnknownTransport``."""
    chosen_transports(names)
    if len(names) not in (1, len(bots)):
        raise CliError(f"give --transport once, or once for each of the {len(bots)} bots")
    return {bot.name: names[index % len(names)] for index, bot in enumerate(bots)}


def _spectator_transport(transports: dict[str, Transport]) -> str:
    """Return a transport over which every event arrives in order, if there is one."""
    return min(transports, key=lambda name: transports[name].guarantees.latest_may_be_lost)
