"""Local server: starts on free ports, and ends with its parent."""

import os
import signal
import socket
import subprocess
import sys
from time import perf_counter, sleep

import pytest

from game.server.local import LOOPBACK, LocalServer, LocalServerError
from net.transport import Address

# Far longer than needed, for a busy machine.
LIMIT_S = 60.0


def is_up(address: Address) -> bool:
    try:
        socket.create_connection(address, timeout=LIMIT_S).close()
    except ConnectionRefusedError:
        return False
    return True


def await_end(address: Address) -> bool:
    """Wait until nobody listens; return False if that takes too long."""
    deadline = perf_counter() + LIMIT_S
    while is_up(address):
        if perf_counter() > deadline:
            return False
        sleep(0.02)
    return True


@pytest.mark.slow
def test_two_servers_listen_on_ports_of_their_own_inside_the_block_only() -> None:
    with LocalServer("--transport", "tcp") as one, LocalServer("--transport", "tcp") as other:
        assert one.address.host == other.address.host == LOOPBACK
        assert one.address != other.address
        assert is_up(one.address)
        assert is_up(other.address)
    assert not is_up(one.address)
    assert not is_up(other.address)


def test_an_error_of_the_child_is_one_line() -> None:
    with pytest.raises(LocalServerError, match="did you mean 'tcp'") as failed:
        LocalServer("--transport", "tpc").__enter__()
    assert "\n" not in str(failed.value)


def test_a_killed_child_raises_nothing_at_the_end() -> None:
    with LocalServer("--transport", "tcp") as server:
        os.kill(server.pid, signal.SIGTERM)
        assert await_end(server.address)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_the_child_ends_when_its_parent_is_killed() -> None:
    parent = (
        "import os, signal\n"
        "from game.server.local import LocalServer\n"
        "server = LocalServer('--transport', 'tcp').__enter__()\n"
        "print(server.address.port, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL
    assert await_end(Address(LOOPBACK, int(killed.stdout)))
