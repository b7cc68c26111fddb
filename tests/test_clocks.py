"""All timing is monotonic: a wall clock that somebody sets an hour forward moves nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
MODULES = sorted(
    path for package in ("game", "net", "plugins") for path in HOUSE.glob(f"{package}/**/*.py")
)

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
    "game/cli/terminal/server_log.py",
    # When a measurement was begun stands in its results.
    "game/lab/measure/measurement.py",
    # A certificate is good from one day to another.
    "net/security/certificates.py",
}


def wall_clock_uses(source: str) -> Iterator[str]:
    """Yield whatever in a module's source can tell the time of day."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name in WALL_CLOCK)
            case ast.ImportFrom(module=module, names=aliases) if module in WALL_CLOCK:
                forbidden = WALL_CLOCK[module]
                yield from (alias.name for alias in aliases if alias.name in forbidden)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in WALL_CLOCK_CONSTANTS:
                yield name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_module_asks_the_time_of_day(path):
    name = path.relative_to(HOUSE).as_posix()
    uses = set(wall_clock_uses(path.read_text(encoding="utf-8")))
    assert bool(uses) == (name in MAY_ASK_THE_TIME_OF_DAY), (name, uses)


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
def test_every_way_to_the_wall_clock_is_found(source):
    assert list(wall_clock_uses(source))


@pytest.mark.parametrize(
    "source",
    ["from time import perf_counter, sleep", "from datetime import timedelta", "time = 3"],
)
def test_what_is_monotonic_is_not_taken_for_it(source):
    assert not list(wall_clock_uses(source))
