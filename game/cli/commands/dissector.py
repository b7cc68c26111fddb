"""``jitterball dissector``: the dissector of Jitterball's protocol, for Wireshark."""

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say

FILE_NAME = "jitterball.lua"


def dissector(
    install: Annotated[
        bool, typer.Option("--install", help="Write it to your folder of Wireshark plugins.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="With --install: write it to this folder instead."),
    ] = None,
) -> None:
    """Print the Wireshark dissector of the game's protocol, or install it.

    Then Wireshark shows each message by name, and filters such as jitterball.seq work. All
    snapshots are jitterball.kind in {"snapshot", "delta"}: most hold only what has changed.
    """
    if folder is not None and not install:
        raise CliError("--folder needs --install")
    text = files("game.protocol").joinpath(FILE_NAME).read_text(encoding="utf-8")
    if not install:
        sys.stdout.write(text)
        return
    file = (folder or _plugin_folder()) / FILE_NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be written: {error.strerror}") from error
    print(say(f"written to {file}; Wireshark loads it when it starts"))


def _plugin_folder() -> Path:
    """Return the user's folder of Lua plugins (Wireshark's user's guide, appendix B.4)."""
    if sys.platform == "win32" and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "Wireshark" / "plugins"
    return Path.home() / ".local" / "lib" / "wireshark" / "plugins"
