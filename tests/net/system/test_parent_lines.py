"""Lines from a parent: they arrive in order, and their end is no error after the event loop's."""

import subprocess
import sys

PROGRAM = """
import asyncio
import time
from net.system.parent_lines import lines_of_parent

async def read():
    lines = lines_of_parent()
    print([await lines.get() for _ in range(2)], flush=True)

asyncio.run(read())
print("the loop is closed", flush=True)
# The thread that reads needs a moment to meet the end of the pipe.
time.sleep(0.3)
"""


def test_lines_come_in_order_and_an_end_after_the_loops_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"one\ntwo\n")
        process.stdin.flush()
        shown = process.stdout.readline(), process.stdout.readline()
        _, errors = process.communicate()
    assert shown == (b"[b'one', b'two']\n", b"the loop is closed\n")
    assert (process.returncode, errors) == (0, b"")
