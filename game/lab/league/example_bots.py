"""Example bots that ship with the package: ``docs/examples/bots`` of a checkout, or installed.

A wheel installs them under ``share/jitterball/bots`` of its environment. The files stay where their
readers look for them, and no copy in the package can differ from them.
"""

import re
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

CHECKOUT_FOLDER = Path(__file__).parents[3] / "docs" / "examples" / "bots"
_INSTALLED_FOLDER = ("share", "jitterball", "bots")
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
    if CHECKOUT_FOLDER.is_dir():
        return CHECKOUT_FOLDER
    try:
        installed = files("jitterball") or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.parts[-4:-1] == _INSTALLED_FOLDER:
            return Path(str(file.locate())).resolve().parent
    raise NoExampleBots("this installation has no example bots: they are in docs/examples/bots")
