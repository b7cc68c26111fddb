"""Settings of all tests: ``async def`` tests, ``--all``, ``--transport`` and parallel runs."""

import asyncio
import gc
import inspect
import os
import signal
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from net.system import event_loop
from tests.examples import EXAMPLES

if sys.platform != "win32":
    import fcntl

# A test that needs this long hangs. Ten times what the longest takes on a quiet machine, since a
# busy machine must not make a test fail.
ASYNC_TEST_LIMIT_S = 100.0

# The same for a test marked ``slow``.
SLOW_TEST_LIMIT_S = 900.0

# Names the file by whose lock a test that judges real time keeps the other workers waiting.
LOCK_VARIABLE = "JITTERBALL_TEST_LOCK"

# Many tests wait for a network, so that a core has time for several workers. The tests of ``--all``
# wait longest. Each worker takes five seconds to import and collect the tests. Over 16 workers that
# is longer than its share of the tests.
WORKERS_PER_CORE = 2
WORKERS_PER_CORE_FOR_ALL = 3
MAX_WORKERS = 16

# The time that an example takes says more about the machine than about the code, hence no deadline
# and no check for slow examples. A failure elsewhere can be repeated from the printed blob.
settings.register_profile(
    "all",
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
# A run without ``--all`` tries new examples each time, so that many runs try as many.
settings.register_profile("default", settings.get_profile("all"), max_examples=EXAMPLES // 4)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run the tests marked timing or slow, too")
    parser.addoption(
        "--transport",
        action="append",
        metavar="NAME",
        help="judge only this installed transport by the contract (may be repeated)",
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("all" if config.getoption("--all") else "default")
    if not hasattr(config, "workerinput"):
        # Workers inherit the environment of the process that starts them.
        lock = tempfile.NamedTemporaryFile(prefix="pytest-", suffix=".lock")  # noqa: SIM115
        config.add_cleanup(lock.close)
        os.environ[LOCK_VARIABLE] = lock.name
        # Programs under test must neither read nor change the preferences of who runs the tests.
        directory = tempfile.TemporaryDirectory(prefix="pytest-config-")
        config.add_cleanup(directory.cleanup)
        os.environ["JITTERBALL_CONFIG"] = directory.name
        cache = getattr(config, "cache", None)
        if sys.dont_write_bytecode and cache is not None:
            # Without bytecode every worker and every program under test compiles all modules again.
            # Where it must not lie beside the source it goes into pytest's own cache.
            os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A shell lets background jobs, and so their children, ignore Ctrl-C, and nohup the end of the
    # terminal: then they cannot be tested.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for ``-n auto``."""
    per_core = WORKERS_PER_CORE_FOR_ALL if config.getoption("--all") else WORKERS_PER_CORE
    return min(per_core * (os.cpu_count() or 1), MAX_WORKERS)


# First, since pytest-xdist reads the groups that are set here.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that only ``--all`` or ``-m`` runs, and put those that judge time last."""
    if not config.getoption("--all") and not config.getoption("-m"):
        is_default = {
            item: not any(map(item.get_closest_marker, ("timing", "slow"))) for item in items
        }
        config.hook.pytest_deselected(items=[item for item in items if not is_default[item]])
        items[:] = [item for item in items if is_default[item]]
    items.sort(key=lambda item: item.get_closest_marker("timing") is not None)
    for item in items:
        if item.get_closest_marker("timing"):
            # One worker has them all, so that they do not disturb each other.
            item.add_marker(pytest.mark.xdist_group("timing"), append=False)
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST_LIMIT_S))
        elif item.get_closest_marker("xdist_group") is None and _has_module_fixture(item):
            # One worker runs these tests, so that their fixture is made once.
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _has_module_fixture(item: pytest.Item) -> bool:
    definitions = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return any(found[-1].scope == "module" for found in definitions.values())


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Let one worker compile the tests, whose bytecode the others then read."""
    if not hasattr(session.config, "workerinput") or _has_bytecode():
        return (yield)
    with first_alone():
        return (yield)


def _has_bytecode() -> bool:
    last = Path(cache_from_source(str(Path(__file__).with_name("test_imports.py"))))
    return any(last.parent.glob("test_imports.*-pytest-*.pyc"))


@contextmanager
def first_alone() -> Iterator[None]:
    """Run the block of the first worker alone, and then those of all others side by side."""
    if sys.platform == "win32":
        yield
        return
    with open(os.environ[LOCK_VARIABLE], "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def pytest_collection_finish() -> None:
    collect_garbage()


# Number of modules at the last ``gc.freeze``.
_frozen_modules = 0


def collect_garbage() -> None:
    """Collect all garbage, and keep imported modules out of later collections.

    A collection takes 200 ms with all modules and tests, and 1 ms without them. It is after each
    ``async def`` test. A test may import more modules, hence the comparison.
    """
    global _frozen_modules
    gc.collect()
    if len(sys.modules) != _frozen_modules:
        gc.freeze()
        _frozen_modules = len(sys.modules)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test that judges real time alone: the other workers wait for its end."""
    with machine_lock(is_exclusive=item.get_closest_marker("timing") is not None):
        return (yield)


@contextmanager
def machine_lock(is_exclusive: bool) -> Iterator[None]:
    """Hold the lock that all workers of a run share. Windows has no such lock."""
    if sys.platform == "win32":
        yield
        return
    with open(os.environ[LOCK_VARIABLE], "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if is_exclusive else fcntl.LOCK_SH)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an ``async def`` test in an event loop of its own, which it must leave clean."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    event_loop.run(_leave_nothing(pyfuncitem.obj(**arguments)))
    # An unclosed socket warns when it is collected, and warnings are errors.
    collect_garbage()
    return True


async def _leave_nothing(test: Coroutine[Any, Any, None]) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with asyncio.timeout(ASYNC_TEST_LIMIT_S):
        await test
    # Callbacks that the last lines of the test have scheduled may still run.
    for _ in range(3):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks left running: {left}"
    assert not complaints, f"errors in callbacks: {complaints}"
