"""What all tests share: `async def` tests on the project's own event loop, and `--transport`."""

import asyncio
import gc
import inspect
import signal
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings

from net.system import event_loop

# Generous, since a machine that runs the tests may do other things too; a test that needs it hangs.
ASYNC_TEST_LIMIT_S = 40.0

# How long an example takes says more about what else the machine does than about the code; and
# whoever reads a failure elsewhere can repeat it from the blob.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--transport",
        action="append",
        metavar="NAME",
        help="judge only this installed transport by the contract (may be repeated)",
    )


def pytest_configure() -> None:
    """Let Ctrl-C be tested: a shell starts background jobs, and so their children, deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an ``async def`` test in an event loop of its own, which it must leave clean."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    event_loop.run(_leave_nothing(pyfuncitem.obj(**arguments)))
    # A socket that nobody closed warns when it is collected, and warnings are errors.
    gc.collect()
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
