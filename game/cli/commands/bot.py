"""``jitterball bot``: an example bot from which a student can write another."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from game.lab.league.example_bots import NoExampleBots, UnknownBot, example_bots, files_of


def bot(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The bot, such as tcp_blocking.")
    ] = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Write to this folder. Default: the present one.")
    ] = Path("."),
) -> None:
    """Write an example bot, as a start for your own; without a NAME, list them.

    A bot uses no code of this program. It plays on any server: python3 tcp_blocking.py HOST PORT.
    """
    try:
        if name is None:
            print(*example_bots(), sep="\n")
            return
        sources = files_of(name)
    except (NoExampleBots, UnknownBot) as error:
        raise CliError(str(error)) from error
    _write(sources, folder)
    own = folder / sources[0].name
    runner = "node" if own.suffix == ".mjs" else "python3"
    print(*(say(f"wrote {folder / source.name}") for source in sources), sep="\n")
    print(say(f"try it: jitterball serve --bots 1, then {runner} {own} 127.0.0.1 7777"))


def _write(sources: list[Path], folder: Path) -> None:
    """Write the files. Raises ``CliError``, before anything is written, if the bot's own exists."""
    own = folder / sources[0].name
    # ``Path.exists`` raises ``OSError`` for a long name.
    if os.path.exists(own):
        raise CliError(f"{str(own)!r} exists: give another folder with --folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            # The student may have changed the tactics.
            if not os.path.exists(folder / source.name):
                shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise CliError(f"{str(folder)!r} cannot be written: {error.strerror}") from error
