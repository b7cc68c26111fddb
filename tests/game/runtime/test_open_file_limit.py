"""A server has as many connections as the system carries, and no more."""

import subprocess
import sys

import pytest

from game.runtime.open_file_limit import affordable_connections
from net.security.admission import ServerLimits

IN_A_PROCESS_OF_ITS_OWN = """
import resource, sys
from game.runtime.open_file_limit import affordable_connections
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(affordable_connections(2048), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit that a process can change")
@pytest.mark.parametrize(
    ("soft", "hard", "connections", "raised"),
    [
        # macOS and Linux as they come, the hard limit high: all that is wanted, and no more open.
        (256, 4096, 2048, 2432),
        (1024, 4096, 2048, 2432),
        # Nothing to be had: what there is, less what else a server opens.
        (1024, 1024, 640, 1024),
        (128, 128, 64, 128),
        # Enough from the start.
        (4000, 4096, 2048, 4000),
    ],
)
def test_the_limit_is_raised_as_far_as_needed_and_the_connections_fit_into_it(
    soft: int, hard: int, connections: int, raised: int
) -> None:
    command = [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN, str(soft), str(hard)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert [int(number) for number in said.split()] == [connections, raised]


@pytest.mark.skipif(sys.platform != "win32", reason="others carry thousands")
def test_windows_carries_fewer_than_select_takes() -> None:
    assert affordable_connections(ServerLimits().connections) == 480


def test_who_wants_few_gets_them() -> None:
    assert affordable_connections(7) == 7
