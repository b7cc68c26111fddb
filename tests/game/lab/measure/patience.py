"""Waiting in the main thread for a condition of the network thread."""

from collections.abc import Callable
from time import perf_counter, sleep

from game.runtime.network_thread import NetworkThread


def wait(network: NetworkThread, condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait for a condition of the real network, which must not fail meanwhile."""
    deadline = perf_counter() + within_s
    while not condition():
        assert perf_counter() < deadline
        network.check()
        sleep(0.01)
