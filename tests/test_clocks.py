"""All timing is monotonic: a wall clock that somebody sets an hour forward moves nothing."""

import ast
from collections.abc import Iterator

import pytest

from tests.source import modules

# What shows the time of day. ``time`` the module is imported name by name, so that one sees which.
WALL_CLOCK = {
    "time": {"time", "time_ns", "ctime", "localtime", "gmtime", "strftime", "asctime", ""},
    "datetime": {"datetime", "date", ""},
}
# ``clock_gettime`` reads every clock; these are the ones that can be set.
WALL_CLOCK_CONSTANTS = {"CLOCK_REALTIME", "CLOCK_TAI"}

# Where the time of day is what is wanted, and nothing waits for it or is measured by it.
MAY_ASK_THE_TIME_OF_DAY = {
    # A line of a log says when it was written.
    "game.cli.terminal.server_log",
    # When a measurement was begun stands in its results.
    "game.lab.measure.measurement",
    # A certificate is good from one day to another.
    "net.security.certificates",
}


def wall_clock_uses(tree: ast.Module) -> Iterator[str]:
    """Yield whatever in a module can tell the time of day."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name in WALL_CLOCK)
            case ast.ImportFrom(module=module, names=aliases) if module in WALL_CLOCK:
                forbidden = WALL_CLOCK[module]
                yield from (alias.name for alias in aliases if alias.name in forbidden)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in WALL_CLOCK_CONSTANTS:
                yield name


def test_no_module_asks_the_time_of_day() -> None:
    asking = {name for name, module in modules().items() if [*wall_clock_uses(module.tree)]}
    assert asking == MAY_ASK_THE_TIME_OF_DAY


@pytest.mark.parametrize(
    "source",
    [
        "from time import time",
        "from time import perf_counter, time_ns",
        "import time",
        "import datetime",
        "def f():\n    from datetime import UTC, datetime\n",
        "from time import clock_gettime\nclock_gettime(CLOCK_REALTIME)",
    ],
)
def test_every_way_to_the_wall_clock_is_found(source: str) -> None:
    assert list(wall_clock_uses(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["from time import perf_counter, sleep", "from datetime import timedelta", "time = 3"],
)
def test_what_is_monotonic_is_not_taken_for_it(source: str) -> None:
    assert not list(wall_clock_uses(ast.parse(source)))
