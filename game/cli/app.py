"""The ``jitterball`` command line: the list of commands, and errors as one line.

A command's module is imported only when that command runs: ``jitterball --help`` imports none.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from game.cli.errors import CliError, ExitCode, ScreenName, ScreenWanted
from game.cli.language import (
    TranslatedCommand,
    TranslatedGroup,
    is_spanish,
    language_of,
    leave_out_language,
    say,
    translate_command,
    translate_titles,
    translated,
)
from game.cli.options.language import TextLanguage
from net.errors import ListenError, PluginLoadError, UnknownTransport

# The link of the bare command. It has delay and loss alone, so that a viewer sees the effect of
# these two.
BARE_COMMAND_LINK = "lossy"

# In the order of the help. A summary is the first line of its function's docstring; a test
# compares the two.
SUMMARIES: Mapping[str, str] = {
    "serve": "Host matches for others to join, over every installed transport at once.",
    "class": "Host matches for a class: addresses in large type, and a page for the teacher.",
    "play": "Play on a friend's server, or choose a game in the lobby.",
    "find": "Find the games on this network.",
    "compare": "Compare TCP, UDP and WebSocket side by side in the same match.",
    "learn": "Learn in eight short lessons what a network does to the match.",
    "measure": "Measure lag over every transport, link after link, and write a report.",
    "report": "Write the report of a measurement again, or one that compares several.",
    "worksheet": "Write the worksheet of a class as a page to print, or its key.",
    "validate": "Check the modelled link against the Linux kernel's own TCP.",
    "ping": "Ping a server: round-trip time, clock offset and jitter.",
    "time": "Show the clock offset of a server, from eight exchanges of timestamps.",
    "transports": "List the installed transports and what each of them guarantees.",
    "link": "Emulate a link in front of any TCP or UDP server.",
    "links": "List the presets for --link; all values are one-way.",
    "league": "Let bots play a league, each through an emulated link of its own.",
    "record": "Record delay and loss of the path to a server, for --link FILE.",
    "bot": "Write an example bot, as a start for your own; without a NAME, list them.",
    "dissector": "Print the Wireshark dissector of the game's protocol, or install it.",
    "diagram": "Draw what one lost packet does to the snapshots over TCP and over UDP.",
}

# typer loads pydantic (70 ms) to convert the None of an absent --help; False needs no conversion.
_DEFAULTS = {"help": False, **{name: {"help": False} for name in SUMMARIES}}

# Put by pydantic before the text of a refused choice.
_LIBRARY_WORDS = "Value error, "

_app = typer.Typer(
    cls=TranslatedGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "default_map": _DEFAULTS},
)


class LazyCommand(TyperCommand):
    """A command whose module is imported when the command runs or shows its help."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__(name, short_help=translated(summary))

    def load(self) -> Any:
        """Import the module; return the command that typer makes of its function."""
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(self.name, cls=TranslatedCommand)(command_function(str(self.name)))
        command = typer.main.get_command(single)
        translate_command(command)
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return the loaded command's context, so that its options and function are used."""
        return self.load().make_context(*args, **kwargs)


def command_function(name: str) -> Callable[..., None]:
    """Import the module of a command; return the command's function."""
    match name:
        case "serve":
            from game.cli.commands.serve import serve

            return serve
        case "class":
            from game.cli.commands.classroom import classroom

            return classroom
        case "play":
            from game.cli.commands.play import play

            return play
        case "find":
            from game.cli.commands.find import find

            return find
        case "compare":
            from game.cli.commands.compare import compare

            return compare
        case "learn":
            from game.cli.commands.learn import learn

            return learn
        case "measure":
            from game.cli.commands.measure import measure

            return measure
        case "report":
            from game.cli.commands.report import report

            return report
        case "worksheet":
            from game.cli.commands.worksheet import worksheet

            return worksheet
        case "validate":
            from game.cli.commands.validate import validate

            return validate
        case "ping":
            from game.cli.commands.ping import ping

            return ping
        case "time":
            from game.cli.commands.time import time

            return time
        case "transports":
            from game.cli.commands.transports import transports

            return transports
        case "link":
            from game.cli.commands.link import link

            return link
        case "links":
            from game.cli.commands.links import links

            return links
        case "league":
            from game.cli.commands.league import league

            return league
        case "record":
            from game.cli.commands.record import record

            return record
        case "bot":
            from game.cli.commands.bot import bot

            return bot
        case "dissector":
            from game.cli.commands.dissector import dissector

            return dissector
        case "diagram":
            from game.cli.commands.diagram import diagram

            return diagram
    raise LookupError(name)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"jitterball {version('jitterball')}")
        raise typer.Exit


@_app.callback(invoke_without_command=True)
def jitterball(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    lang: TextLanguage = None,
) -> None:
    """Disc football over TCP, UDP or WebSocket: see, feel and measure the difference.

    Without a command: compare the three over a lossy link, on a private server with bots.
    """
    if context.invoked_subcommand is None:
        from game.cli.commands.compare import compare
        from game.cli.options.first_minute import was_first_minute_seen
        from net.link.presets import PRESETS

        compare(
            link=PRESETS[BARE_COMMAND_LINK], lang=lang, introduction=not was_first_minute_seen()
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, by default the one of ``sys.argv``; return its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    with language_of(words):
        return _run(words)


def _run(arguments: Sequence[str]) -> int:
    group: Any = typer.main.get_command(_app)
    leave_out_language(group, arguments)
    translate_command(group)
    translate_titles(arguments)
    if is_spanish():
        # Imported here, with the library of logs: only a Spanish command line needs it.
        from game.cli.translated_log import translate_warnings

        translate_warnings()
    for name, summary in SUMMARIES.items():
        group.add_command(LazyCommand(name, summary))
    try:
        code = _follow_screens(
            lambda: group.main(arguments, prog_name="jitterball", standalone_mode=False)
        )
    except typer.TyperException as error:
        return _report_error(error.format_message(), error.exit_code)
    except CliError as error:
        return _report_error(str(error), error.exit_code)
    except (UnknownTransport, PluginLoadError, ListenError) as error:
        return _report_error(str(error), ExitCode.BAD_ARGUMENTS)
    return code or ExitCode.DONE


def _follow_screens(first: Callable[[], int | None]) -> int | None:
    """Run a command, and the screens that the player goes to from its window."""
    run = first
    while True:
        try:
            return run()
        except ScreenWanted as wanted:
            run = partial(_open_screen, wanted)


def _open_screen(wanted: ScreenWanted) -> None:
    if wanted.screen is ScreenName.LOBBY:
        from game.cli.windows.lobby import open_lobby

        open_lobby(wanted.window)
    else:
        from game.cli.commands.compare import compare_again
        from net.link.presets import PRESETS

        compare_again(wanted.window, PRESETS[BARE_COMMAND_LINK])


def _report_error(text: str, exit_code: int) -> int:
    line = " ".join(text.split()).replace(_LIBRARY_WORDS, "")
    print("jitterball:", say(line), file=sys.stderr)
    return exit_code
