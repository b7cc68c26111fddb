"""Imports go one way; this reads them in the source, so that a lazy import counts too."""

import ast
from collections.abc import Iterator
from functools import cache
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
    *("multiprocessing", "concurrent", "pathlib", "tempfile", "uuid", "platform", "logging"),
}
IMPURE_BUILTINS = {"open", "print", "input"}

# What the design calls pure; each says so itself, so that nobody makes it impure unawares.
SAY_SO = [
    *("clock", "sequence", "reliable", "datagrams", "framing", "outbox", "session", "metrics"),
    *("interpolation", "prediction", "link/profile", "link/loss", "link/datagram_path"),
    "link/tcp_path",
]
PURE_BY_PLACE = "game/match/"

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


def says_it_is_pure(source: str) -> bool:
    return "[pure]" in (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]


def is_pure(path: str, source: str) -> bool:
    return path.startswith(PURE_BY_PLACE) or says_it_is_pure(source)


def is_module_of_ours(name: str) -> bool:
    return name.partition(".")[0] in ("game", "net", "plugins")


@cache
def path_of(name: str) -> Path | None:
    """Return the file of a module of ours; None if the name is no module."""
    stem = HOUSE / name.replace(".", "/")
    found = (path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.exists())
    return next(found, None)


@cache
def touches_world(name: str) -> bool:
    """Whether a module, or one of ours that it imports, imports something impure."""
    if not is_module_of_ours(name):
        return name.partition(".")[0] in IMPURE
    path = path_of(name)
    return path is not None and any(
        touches_world(found.module) or touches_world(f"{found.module}.{found.name}")
        for found in imports_of(path.read_text("utf-8"))
    )


def calls_of(source: str) -> set[str]:
    """Return the names of the functions that are called by their bare names."""
    nodes = ast.walk(ast.parse(source))
    calls = (node.func for node in nodes if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def complaints(path: str, source: str) -> list[str]:
    """Return what is wrong with the imports of a module at ``path`` in the house."""
    package = path.partition("/")[0]
    of_commands = path == "game/cli/app.py" or path.startswith("game/commands/")
    pure = is_pure(path, source)
    wrong = [
        f"{path}: {name}(): a pure module touches no world"
        for name in sorted(calls_of(source) & IMPURE_BUILTINS)
        if pure
    ]
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
            "only plugins/websocket.py imports websockets": found.top == "websockets"
            and path != "plugins/websocket.py",
            "the match knows no network": path.startswith("game/match/")
            and is_module_of_ours(found.module)
            and not found.module.startswith("game.match"),
            "imports stand in the source, where they can be read": found.top == "importlib"
            and found.name == "import_module",
            "a pure module touches no world": pure
            and (touches_world(found.module) or touches_world(f"{found.module}.{found.name}")),
            "a pure module has no dice of its own": pure
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
        ("net/session/session.py", "from game.protocol.messages import Input"),
        ("plugins/udp.py", "from plugins.tcp import TcpTransport"),
        ("plugins/udp.py", "import game.server"),
        ("game/server/server.py", "from plugins import tcp"),
        ("game/client/client.py", "from net.transport import load_transport"),
        ("game/client/client.py", "def f():\n    import pygame.font"),
        ("game/protocol/messages.py", "import msgpack"),
        ("net/datagram/sequence.py", '"""Sequences.  [pure]"""\nfrom time import perf_counter'),
        (
            "net/datagram/sequence.py",
            '"""Sequences.  [pure]"""\nimport random\nrandom.choice("ab")',
        ),
        ("net/datagram/sequence.py", '"""Sequences.  [pure]"""\nfrom random import choice'),
        (
            "net/datagram/sequence.py",
            '"""Sequences.  [pure]"""\nfrom net.system.sockets import address_of',
        ),
        ("net/datagram/sequence.py", '"""Sequences.  [pure]"""\nfrom net import sockets'),
        (
            "net/datagram/sequence.py",
            '"""Sequences.  [pure]"""\nfrom net.stream.endpoints import Listener',
        ),
        ("net/datagram/sequence.py", '"""Sequences.  [pure]"""\nprint("lost")'),
        ("net/stream/channel.py", "import websockets"),
        ("net/stream/channel.py", "from importlib import import_module"),
        ("game/match/rules.py", "from time import monotonic"),
        ("game/match/rules.py", "from game.client.frame import Frame"),
    ],
)
def test_an_import_the_wrong_way_is_seen(path: str, source: str) -> None:
    assert len(complaints(path, source)) == 1


@pytest.mark.parametrize("source", ["from random import Random", "import random\nrandom.Random(7)"])
def test_a_pure_module_may_use_a_generator_that_has_a_seed(source: str) -> None:
    assert complaints("net/a.py", f'"""A.  [pure]"""\n{source}') == []


@pytest.mark.parametrize("name", SAY_SO)
def test_a_module_that_the_design_calls_pure_says_so(name: str) -> None:
    assert says_it_is_pure((HOUSE / "net" / f"{name}.py").read_text("utf-8"))


def test_modules_were_found_and_some_are_pure() -> None:
    assert len(MODULES) > 30
    assert sum(says_it_is_pure(path.read_text("utf-8")) for path in MODULES) > 10
