"""Direction of imports, read in the source, so that a lazy import counts too."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import pytest

from tests.source import TOP_PACKAGES, Module, modules, parse

# One worker parses the source, for all tests that read it.
pytestmark = pytest.mark.xdist_group("source")

# Packages and single modules by floors, the lowest first. Each imports from lower floors only:
# two on one floor do not import each other. A new package is put on a floor here.
FLOORS = (
    {"net.errors", "game.match"},
    {"net.sync"},
    {"net.transport", "net.measure"},
    {"net.codec", "net.registry", "net.security", "net.system"},
    {"net.schema", "net.strict_json"},
    {"net.datagram", "net.stream", "net.session", "net.link"},
    {"net.discovery", "net.quic"},
    {"plugins", "game.runtime", "game.protocol"},
    {"game.server", "game.client"},
    {"game.lesson"},
    {"game.view", "game.lab"},
    # The HTTP process makes the results of a class with the code of measurements.
    {"game.web"},
    {"game.cli"},
    {"game.__main__"},
)

# The first package imports nothing of the second but the modules named. A simulated match in
# virtual time needs the server's room, which is pure, without a server around it. Of the lab, the
# HTTP process needs the results of a class and the texts of their report.
EXCEPTIONS = {
    ("game.lab", "game.server"): {"game.server.local", "game.server.room"},
    ("game.view", "game.server"): set[str](),
    ("game.web", "game.lab"): {
        "game.lab.class_results.archive",
        "game.lab.class_results.class_recorder",
        "game.lab.report.texts",
    },
}

# A library, and the one package or module that may import it.
ONLY_IN = {
    "pygame": "game.view",
    "pygame_gui": "game.view",
    "av": "game.view.film",
    "msgpack": "net.codec",
    "websockets": "plugins.websocket",
    "aioquic": "net.quic",
    "net.registry": "game.cli",
    "starlette": "game.web",
    "uvicorn": "game.web",
    "prometheus_client": "game.web",
    "segno": "game.cli",
    "markdown_it": "game.lab.worksheet",
    "ifaddr": "net.system.network_cards",
    "platformdirs": "game.runtime.preferences",
}

# Packages in which every module is pure, but for the shells named here: these own a socket, a
# file, a thread or a key.
PURE_BUT_FOR_SHELLS = {
    "game.match": set[str](),
    "game.protocol": set[str](),
    "game.lab.diagram": set[str](),
    "game.lab.simulate": set[str](),
    "game.lesson": {"loader"},
    "net.sync": set[str](),
    "net.measure": set[str](),
    "net.session": set[str](),
    "net.datagram": {"channel", "client", "listener", "server_sockets", "udp_socket"},
    "net.stream": {"channel", "counters", "endpoints", "tls", "tls_layer"},
    "net.security": {"certificates"},
    "net.link.tcp": set[str](),
}

# Modules with effects outside the program: pure modules get ``now`` and a ``random.Random``
# as arguments.
IMPURE = {
    *("asyncio", "socket", "select", "selectors", "ssl", "threading", "subprocess", "signal"),
    *("time", "datetime", "secrets", "os", "pygame", "pygame_gui", "websockets"),
    *("multiprocessing", "concurrent", "pathlib", "tempfile", "uuid", "platform", "logging"),
    *("starlette", "uvicorn"),
}
IMPURE_BUILTINS = {"open", "print", "input"}


class Import(NamedTuple):
    """One import of one name (empty: the module itself)."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def target(self) -> str:
        """The module that is imported, also where it is the imported name."""
        return str(self) if str(self) in modules() else self.module


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@cache
def imports_of(module: Module) -> tuple[Import, ...]:
    return tuple(_imports_of(module))


def _imports_of(module: Module) -> Iterator[Import]:
    for node in module.nodes:
        match node:
            case ast.Import(names=aliases):
                names = (alias.name for alias in aliases if alias.name != "random")
                yield from (Import(name, "") for name in names)
            case ast.ImportFrom(module=str(source), names=aliases, level=0):
                yield from (Import(source, alias.name) for alias in aliases)
            case ast.ImportFrom():
                yield Import(".", "")
            # ``import random; random.choice(...)`` takes as much as ``from random import choice``.
            case ast.Attribute(value=ast.Name(id="random"), attr=name):
                yield Import("random", name)


def calls_of(module: Module) -> set[str]:
    """Return the names of the functions that are called by their bare names."""
    calls = (node.func for node in module.nodes if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


@cache
def touches_world(name: str) -> bool:
    """True if a module, or one of ours that it imports, imports something impure."""
    if name.partition(".")[0] not in TOP_PACKAGES:
        return name.partition(".")[0] in IMPURE
    return name in modules() and any(
        touches_world(found.target) for found in imports_of(modules()[name])
    )


def floor_of(name: str) -> tuple[int, str] | None:
    """Return the floor of a module and under which name it stands there; None if on no floor."""
    for number, floor in enumerate(FLOORS):
        for unit in floor:
            if is_within(name, unit):
                return number, unit
    return None


def is_pure_by_place(name: str) -> bool:
    return any(
        is_within(name, package) and name.removeprefix(f"{package}.") not in shells
        for package, shells in PURE_BUT_FOR_SHELLS.items()
    )


def broken_directions(name: str, found: Import) -> Iterator[str]:
    """Yield the rules between our own packages that an import breaks."""
    package, imported = name.partition(".")[0], found.target.partition(".")[0]
    if package == "net" and imported in ("game", "plugins"):
        yield "net imports neither the game nor a plugin"
    elif package == "plugins" and imported in ("game", "plugins"):
        yield "a plugin imports neither the game nor another plugin"
    elif package == "game" and imported == "plugins":
        yield "the game imports no plugin"
    elif is_within(name, "game.match") and imported == "net":
        yield "the match imports no network"
    elif is_within(name, found.target) and name != found.target:
        yield "no module imports the package that it is in"
    elif imported in TOP_PACKAGES:
        own, other = floor_of(name), floor_of(found.target)
        if own and other and own[1] != other[1] and other[0] >= own[0]:
            yield f"{own[1]} imports from lower floors only"
    for (importer, hidden), shown in EXCEPTIONS.items():
        if (
            is_within(name, importer)
            and is_within(found.target, hidden)
            and found.target not in shown
        ):
            yield f"{importer} imports nothing of {hidden} but {sorted(shown)}"


def broken_purity(found: Import) -> Iterator[str]:
    """Yield the rules for a pure module that an import breaks."""
    if touches_world(found.target):
        yield "a pure module touches no world"
    if found.module == "random" and found.name != "Random":
        yield "a pure module has no dice of its own"


def complaints(module: Module) -> list[str]:
    """Return what is wrong with a module's imports, a line each."""
    name, is_pure = module.name, module.is_pure or is_pure_by_place(module.name)
    wrong = []
    for found in imports_of(module):
        broken = [*broken_directions(name, found)]
        broken += [*broken_purity(found)] if is_pure else []
        broken += [
            f"only {owner} imports {library}"
            for library, owner in ONLY_IN.items()
            if is_within(found.target, library) and not is_within(name, owner)
        ]
        if found.module == ".":
            broken.append("imports are written in full")
        # The command line imports the module of a command only when that command runs.
        if found == Import("importlib", "import_module") and name != "game.cli.app":
            broken.append("imports stand in the source, where they can be read")
        wrong += [f"{name} imports {found}: {rule}" for rule in broken]
    if is_pure:
        called = sorted(calls_of(module) & IMPURE_BUILTINS)
        wrong += [f"{name} calls {call}(): a pure module touches no world" for call in called]
    return wrong


def test_imports_go_one_way() -> None:
    wrong = [line for module in modules().values() for line in complaints(module)]
    assert not wrong, "\n".join(wrong)


def test_every_module_stands_on_a_floor() -> None:
    homeless = [name for name in modules() if name not in TOP_PACKAGES and not floor_of(name)]
    assert not homeless, f"put these on a floor: {homeless}"
    units = [unit for floor in FLOORS for unit in floor]
    gone = [unit for unit in (*units, *PURE_BUT_FOR_SHELLS) if unit not in modules()]
    assert not gone, f"there is no such module: {gone}"


def test_pure_modules_say_so() -> None:
    """A reader, and who changes the module, sees it in the first paragraph."""
    silent = [
        name
        for name, module in modules().items()
        if is_pure_by_place(name) and name not in PURE_BUT_FOR_SHELLS and not module.is_pure
    ]
    assert not silent, f"say [pure] in the first paragraph of the docstring: {silent}"


def test_parts_of_a_package_do_not_import_each_other_in_a_circle() -> None:
    circles = []
    for package in {"", *(name.rpartition(".")[0] for name in modules())}:
        prefix = f"{package}." if package else ""
        imports = defaultdict[str, set[str]](set)
        for name, module in modules().items():
            part = name.removeprefix(prefix).partition(".")[0]
            for found in imports_of(module) if name.startswith(prefix) else ():
                other = found.target.removeprefix(prefix).partition(".")[0]
                if found.target.startswith(prefix) and other != part:
                    imports[part].add(other)
        try:
            TopologicalSorter(imports).prepare()
        except CycleError as error:
            circles.append(f"{package}: {' <- '.join(error.args[1])}")
    assert not circles, "\n".join(circles)


WRONG = [
    ("net.session.session", "from game.protocol.messages import Input"),
    ("net.errors", "from net.transport import Address"),
    ("net.stream.channel", "from net.datagram.sequence import is_newer"),
    ("net.stream.channel", "from net.session.messages import Close"),
    ("net.stream.channel", "from net import session"),
    ("net.transport", "import net"),
    ("plugins.udp", "from plugins.tcp import TcpTransport"),
    ("plugins.udp", "import game.server"),
    ("game.server.server", "from plugins import tcp"),
    ("game.server.server", "from game.client.client import Client"),
    ("game.client.client", "from game.server.server import GameServer"),
    ("game.client.client", "from net.registry import load_transport"),
    ("game.client.client", "def f():\n    import pygame.font"),
    ("game.protocol.messages", "import msgpack"),
    ("game.view.hud", "from game.lab.measure.results import Summary"),
    ("game.view.hud", "from game.server.local import local_server"),
    ("game.lab.measure.measurement", "from game.server.server import GameServer"),
    ("net.sync.clock_filter", "from time import perf_counter"),
    ("net.sync.clock_filter", "import random\nrandom.choice('ab')"),
    ("net.sync.clock_filter", "from random import choice"),
    ("net.sync.clock_filter", 'print("lost")'),
    ("net.datagram.sequence", "from net.datagram.udp_socket import UdpSocket"),
    ("net.datagram.sequence", "from net.datagram import udp_socket"),
    ("net.link.loss", '"""Loss.  [pure]"""\nfrom net.link.relay.udp import UdpRelay'),
    ("net.stream.channel", "import websockets"),
    ("net.stream.channel", "from importlib import import_module"),
    ("net.stream.channel", "from . import tls"),
    ("game.match.rules", "from time import monotonic"),
    ("game.match.rules", "from net.errors import TransportError"),
    ("game.match.rules", "from game.protocol.untrusted_text import sanitize_text"),
]

RIGHT = [
    ("net.sync.clock_filter", "from random import Random"),
    ("net.sync.clock_filter", "import random\nrandom.Random(7)"),
    ("net.datagram.udp_socket", "import socket"),
    ("game.lab.measure.measurement", "from game.server.local import local_server"),
    ("game.cli.options.transports", "from net.registry import load_transport"),
    ("game.view.hud", "from pygame import Surface"),
]


def complaints_about(name: str, source: str) -> list[str]:
    return complaints(parse(name, source))


def test_an_import_the_wrong_way_is_seen() -> None:
    found = {case: complaints_about(*case) for case in WRONG}
    assert {case: wrong for case, wrong in found.items() if len(wrong) != 1} == {}


def test_an_import_the_right_way_is_none_of_these() -> None:
    found = {case: complaints_about(*case) for case in RIGHT}
    assert {case: wrong for case, wrong in found.items() if wrong} == {}
