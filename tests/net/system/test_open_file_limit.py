"""The open-file limit, and the number of connections that fit into it."""

import subprocess
import sys

import pytest

from net.security.server_limits import ServerLimits
from net.system.open_file_limit import affordable_connections

SCRIPT = """
import resource, sys
from net.system.open_file_limit import affordable_connections
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(affordable_connections(2048), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit that a process can change")
@pytest.mark.parametrize(
    ("soft", "hard", "connections", "raised"),
    [
        # The defaults of macOS and Linux, with a high hard limit: raised as far as needed.
        (256, 4096, 2048, 2432),
        (1024, 4096, 2048, 2432),
        # The soft limit cannot be raised: what there is, less the reserve.
        (1024, 1024, 640, 1024),
        (128, 128, 64, 128),
        # High enough already.
        (4000, 4096, 2048, 4000),
    ],
)
def test_the_limit_is_raised_as_far_as_needed_and_bounds_the_connections(
    soft: int, hard: int, connections: int, raised: int
) -> None:
    command = [sys.executable, "-c", SCRIPT, str(soft), str(hard)]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert [int(number) for number in output.split()] == [connections, raised]


@pytest.mark.skipif(sys.platform != "win32", reason="a limit of Windows only")
def test_on_windows_connections_fit_into_select() -> None:
    assert affordable_connections(ServerLimits().connections) == 480


def test_a_few_connections_always_fit() -> None:
    assert affordable_connections(7) == 7
