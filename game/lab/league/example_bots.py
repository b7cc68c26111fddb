"""Example bots that ship with the package: ``docs/examples/bots`` of a checkout, or installed."""

import re
from pathlib import Path

from game.lab.shipped_files import shipped_folder

CHECKOUT_FOLDER = Path(__file__).parents[3] / "docs" / "examples" / "bots"
_SUFFIXES = (".py", ".mjs")
# Modules that the bots share; each bot names those that it imports.
SHARED_FILES = ("football.py", "football.mjs", "udp_connection.py")


class NoExampleBots(Exception):
    """The installation has no example bots."""


class UnknownBot(LookupError):
    """No example bot has this name."""


def example_bots() -> dict[str, Path]:
    """Return the files of the example bots by file name, without the modules that they share.

    Raises ``NoExampleBots`` if the installation has none.
    """
    paths = sorted(_folder().iterdir())
    return {
        path.name: path
        for path in paths
        if path.suffix in _SUFFIXES and path.name not in SHARED_FILES
    }


def files_of(name: str) -> list[Path]:
    """Return a bot's own file first, then the shared modules that it imports.

    ``name``: a file name, or one without its suffix; of two such files Python's is taken.
    Raises ``UnknownBot``, and ``NoExampleBots`` if the installation has none.
    """
    bots = example_bots()
    candidates = (name, *(f"{name}{suffix}" for suffix in _SUFFIXES))
    own = next((bots[each] for each in candidates if each in bots), None)
    if own is None:
        raise UnknownBot(f"no bot is called {name!r}: there are {', '.join(bots)}")
    text = own.read_text(encoding="utf-8")
    return [own, *(own.with_name(each) for each in SHARED_FILES if _imports(text, each))]


def _imports(text: str, module: str) -> bool:
    """Return whether a bot imports a shared module, in Python's or JavaScript's form."""
    stem = re.escape(module.removesuffix(".py"))
    return re.search(rf'^(?:from {stem} import|import .* from "\./{stem}")', text, re.M) is not None


def _folder() -> Path:
    folder = shipped_folder(CHECKOUT_FOLDER, "bots")
    if folder is None:
        raise NoExampleBots("this installation has no example bots: they are in docs/examples/bots")
    return folder
