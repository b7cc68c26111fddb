"""The command line: ``jitterball`` and its commands, and how every complaint becomes one line.

Each command lives in ``game.cli.commands``; here they only get their names.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from game.cli.commands.compare import compare
from game.cli.commands.diagram import diagram
from game.cli.commands.link import link, links
from game.cli.commands.measure import measure
from game.cli.commands.ping import ping, time
from game.cli.commands.play import play
from game.cli.commands.report import report
from game.cli.commands.serve import serve
from game.cli.commands.transports import transports
from game.cli.commands.validate import validate
from game.cli.errors import CliError, ExitCode
from net.errors import ListenError, PluginLoadError, UnknownTransport
from net.link.presets import PRESETS

# What the bare command shows: nothing but delay and loss, so that all one sees is what these do.
LESSON_LINK = "lossy"

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(play)
app.command()(compare)
app.command()(measure)
app.command()(report)
app.command()(validate)
app.command()(ping)
app.command()(time)
app.command()(transports)
app.command()(link)
app.command()(links)
app.command()(diagram)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        print(f"jitterball {version('jitterball')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def jitterball(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="And end.")
    ] = False,
) -> None:
    """Disc football over TCP, UDP or WebSocket: see, feel and measure the difference.

    Without a command: compare them at once, over a lossy link, on a server of your own with bots.
    """
    if context.invoked_subcommand is None:
        compare(link=PRESETS[LESSON_LINK])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, by default the one that was typed; return its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main(arguments, prog_name="jitterball", standalone_mode=False)
    except typer.TyperException as error:
        return _complain(error.format_message(), error.exit_code)
    except CliError as complaint:
        return _complain(str(complaint), complaint.exit_code)
    except (UnknownTransport, PluginLoadError, ListenError) as error:
        return _complain(str(error), ExitCode.BAD_ARGUMENTS)
    return code or ExitCode.DONE


def _complain(text: str, exit_code: int) -> int:
    print("jitterball:", " ".join(text.split()), file=sys.stderr)
    return exit_code
