"""Imports go one way; this reads them in the source, so that a lazy import counts too."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parent.parent
MODULES = sorted(
    path for package in ("game", "net", "plugins") for path in HOUSE.glob(f"{package}/**/*.py")
)

# What touches the world outside: `now` and a `random.Random` come to pure modules as arguments.
IMPURE = {
    *("asyncio", "socket", "select", "selectors", "ssl", "threading", "subprocess", "signal"),
    *("time", "datetime", "secrets", "os", "pygame", "pygame_gui", "websockets"),
}
# Asked of the registry, and only by the command line.
REGISTRY = {"load_transport", "installed_transports"}


class Import(NamedTuple):
    """One import of one name (empty: the module itself)."""

    module: str
    name: str

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def imports_of(source: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=aliases):
                names = (alias.name for alias in aliases)
                yield from (Import(name, "") for name in names if name != "random")
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                yield from (Import(module, alias.name) for alias in aliases)
            case ast.ImportFrom():
                raise AssertionError("imports are written in full here")
            # `import random; random.choice(...)` takes as much as `from random import choice`.
            case ast.Attribute(value=ast.Name(id="random"), attr=name):
                yield Import("random", name)


def is_pure(source: str) -> bool:
    return "[pure]" in (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]


def complaints(path: str, source: str) -> list[str]:
    """Return what is wrong with the imports of a module at ``path`` in the house."""
    package = path.partition("/")[0]
    of_commands = path == "game/cli.py" or path.startswith("game/commands/")
    wrong = []
    for found in imports_of(source):
        rules = {
            "net imports neither the game nor a plugin": package == "net"
            and found.top in ("game", "plugins"),
            "a plugin imports neither the game nor another plugin": package == "plugins"
            and found.top in ("game", "plugins"),
            "the game imports no plugin": package == "game" and found.top == "plugins",
            "only the command line asks the registry": found.name in REGISTRY and not of_commands,
            "only game/view imports pygame": found.top in ("pygame", "pygame_gui")
            and not path.startswith("game/view/"),
            "only net/codec.py imports msgpack": found.top == "msgpack" and path != "net/codec.py",
            "a pure module touches no world": is_pure(source) and found.top in IMPURE,
            "a pure module has no dice of its own": is_pure(source)
            and found.module == "random"
            and found.name != "Random",
        }
        wrong += [f"{path}: {found}: {rule}" for rule, is_broken in rules.items() if is_broken]
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_of_a_module_go_one_way(path: Path) -> None:
    assert complaints(path.relative_to(HOUSE).as_posix(), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("net/session.py", "from game.messages import Input"),
        ("plugins/udp.py", "from plugins.tcp import TcpTransport"),
        ("plugins/udp.py", "import game.server"),
        ("game/server.py", "from plugins import tcp"),
        ("game/client.py", "from net.transport import load_transport"),
        ("game/client.py", "def f():\n    import pygame.font"),
        ("game/messages.py", "import msgpack"),
        ("net/sequence.py", '"""Sequences.  [pure]"""\nfrom time import perf_counter'),
        ("net/sequence.py", '"""Sequences.  [pure]"""\nimport random\nrandom.choice("ab")'),
        ("net/sequence.py", '"""Sequences.  [pure]"""\nfrom random import choice'),
    ],
)
def test_an_import_the_wrong_way_is_seen(path: str, source: str) -> None:
    assert len(complaints(path, source)) == 1


@pytest.mark.parametrize("source", ["from random import Random", "import random\nrandom.Random(7)"])
def test_a_pure_module_may_use_a_generator_that_has_a_seed(source: str) -> None:
    assert complaints("net/a.py", f'"""A.  [pure]"""\n{source}') == []


def test_modules_were_found_and_some_are_pure() -> None:
    assert len(MODULES) > 30
    assert sum(is_pure(path.read_text("utf-8")) for path in MODULES) > 10
