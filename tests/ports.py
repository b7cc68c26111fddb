"""Ports for programs under test that must be given a number."""

import os
import socket
from random import SystemRandom

from game.protocol.addresses import REFERENCE_PORT_OFFSET

# From the base port to the last one: WebSocket, one that is free for plugins, the page, its ghosts.
GAME_PORTS = REFERENCE_PORT_OFFSET + 1

# Below the ports that systems give out by themselves, from 32768 on: no other test has them. Each
# worker of a run has a range of its own.
FIRST_PORT = 10_000
PORTS_PER_WORKER = 1_250
WORKERS = 16


def free_base_port() -> int:
    """Return a port that is free with the next ones of a game, for TCP and for UDP."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    first = FIRST_PORT + worker * PORTS_PER_WORKER
    while True:
        base = SystemRandom().randrange(first, first + PORTS_PER_WORKER - GAME_PORTS)
        if all(map(_is_free, range(base, base + GAME_PORTS))):
            return base


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("", port))
            except OSError:
                return False
    return True
