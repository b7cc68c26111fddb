"""Monotonic timing: setting the wall clock changes nothing."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.source import modules

# One worker parses the source, for all tests that read it.
pytestmark = pytest.mark.xdist_group("source")

# Names that show the time of day. From ``time``, names are imported one by one, so that it is seen
# which.
WALL_CLOCK = {
    "time": {"time", "time_ns", "ctime", "localtime", "gmtime", "strftime", "asctime", ""},
    "datetime": {"datetime", "date", ""},
}
# ``clock_gettime`` reads any clock; these are the clocks that can be set.
WALL_CLOCK_CONSTANTS = {"CLOCK_REALTIME", "CLOCK_TAI"}

# Modules that need the time of day. Nothing there waits for it or measures with it.
MAY_ASK_THE_TIME_OF_DAY = {
    # Time of a log line.
    "game.cli.terminal.server_log",
    # Start of a recording, in its file.
    "game.cli.commands.record",
    # Start of a measurement, in its results.
    "game.lab.measure.measurement",
    # The answers of the SNTP server.
    "game.server.sntp",
    # Times of the packets in a capture file.
    "net.link.capture.capture_file",
    # Validity of a certificate.
    "net.security.certificates",
    "net.quic.page_certificate",
    "net.quic.webtransport",
    # Start of a class, in its results and in the name of their folder.
    "game.web.class_recording",
}


def wall_clock_uses(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names in the nodes of a module that can tell the time of day."""
    for node in nodes:
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name in WALL_CLOCK)
            case ast.ImportFrom(module=module, names=aliases) if module in WALL_CLOCK:
                forbidden = WALL_CLOCK[module]
                yield from (alias.name for alias in aliases if alias.name in forbidden)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in WALL_CLOCK_CONSTANTS:
                yield name


def uses_in(source: str) -> list[str]:
    return [*wall_clock_uses(ast.walk(ast.parse(source)))]


def test_no_module_asks_the_time_of_day() -> None:
    asking = {name for name, module in modules().items() if [*wall_clock_uses(module.nodes)]}
    assert asking == MAY_ASK_THE_TIME_OF_DAY


def test_every_way_to_the_wall_clock_is_found() -> None:
    sources = (
        "from time import time",
        "from time import perf_counter, time_ns",
        "import time",
        "import datetime",
        "def f():\n    from datetime import UTC, datetime\n",
        "from time import clock_gettime\nclock_gettime(CLOCK_REALTIME)",
    )
    assert not [source for source in sources if not uses_in(source)]


def test_monotonic_clocks_are_not_taken_for_it() -> None:
    sources = ("from time import perf_counter, sleep", "from datetime import timedelta", "time = 3")
    assert not [source for source in sources if uses_in(source)]
