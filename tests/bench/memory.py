"""Memory of a server while clients join and leave.

``python tests/bench/memory.py`` prints JSON. Linux only. Exit code 1 if a limit is exceeded.

100 light clients over all transports play on a ``jitterball serve`` all the time. Beside them a
few other clients a second join, and close or abort their connection. Memory is the resident memory
that the kernel reports. It must be no larger in the last quarter of the time than in the second.
The first quarter fills what is kept: the slot of an aborted connection is reserved for 15 s.
"""

import argparse
import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import mean

from crowd import WIRES, Crowd, GameReplay
from machine import can_read_processes, describe, memory_bytes
from served import LOOPBACK, Server

from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from net.registry import load_transport
from net.system import event_loop
from net.transport import Address

CLIENTS = 100
MEMORY_LIMIT_MB = 120.0
# Allocators and caches may still grow by this much. A leak of 1 KB a connection would be more.
GROWTH_LIMIT_MB = 1.0
SNAPSHOT_HZ = 30
CHURNERS_PER_TRANSPORT = 4
# So many that the reserved slots of aborted connections leave a slot for each new client.
ROOMS = 8
VISIT_S = (0.2, 0.8)
CUT_OFF_RATIO = 0.3
TRANSPORTS = {name: load_transport(name) for name in WIRES}


@contextmanager
def crowds(port: int) -> Iterator[list[Crowd]]:
    """Let 100 light clients join, the same number over each transport."""
    with ExitStack() as stack:
        joined = []
        for index, (name, wire) in enumerate(WIRES.items()):
            at = port + TRANSPORTS[name].port_offset
            crowd = stack.enter_context(Crowd(GameReplay(index), wire, at, SNAPSHOT_HZ))
            crowd.grow_to(len(range(index, CLIENTS, len(WIRES))))
            joined.append(crowd)
        yield joined


async def churn(port: int, name: str, rng: Random) -> None:
    """Join and leave without end; some connections are aborted, the others closed."""
    while True:
        join = JoinRequest("client", f"clients {rng.randrange(ROOMS)}")
        client = Client(TRANSPORTS, name, ClientSettings(Address(LOOPBACK, port), join))
        run = asyncio.create_task(client.run())
        await asyncio.sleep(rng.uniform(*VISIT_S))
        clients_by_status[client.status] += 1
        if client.connection is not None and rng.random() < CUT_OFF_RATIO:
            client.connection.channel.abort()
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run


# Status of each client when it left. Nothing is measured if no client was playing.
clients_by_status = dict.fromkeys(Status, 0)


async def watch(server: Server, playing: list[Crowd], seconds: float, is_churning: bool):
    """Return the memory in megabytes, once a second, while the crowds play."""
    loop = asyncio.get_running_loop()
    churners = []
    if is_churning:
        churners = [
            asyncio.create_task(churn(server.port, name, Random(f"{name} {index}")))
            for name in WIRES
            for index in range(CHURNERS_PER_TRANSPORT)
        ]
    megabytes = []
    for _ in range(round(seconds)):
        await asyncio.gather(*(loop.run_in_executor(None, crowd.play, 1.0) for crowd in playing))
        megabytes.append(memory_bytes(server.process.pid) / 1e6)
    for churner in churners:
        churner.cancel()
    await asyncio.gather(*churners, return_exceptions=True)
    return megabytes


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    args = parser.parse_args()
    if not can_read_processes():
        sys.exit("memory is read from /proc, which only Linux has")
    machine = describe()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "server.log"), "--log-level", "warning")
        empty_mb = memory_bytes(server.process.pid) / 1e6
        try:
            with crowds(server.port) as playing:
                full = event_loop.run(watch(server, playing, 5.0, is_churning=False))
                churned = event_loop.run(watch(server, playing, args.minutes * 60, True))
        finally:
            ending = server.stop()
        warnings = server.troubles()
    quarter = len(churned) // 4
    growth_mb = mean(churned[-quarter:]) - mean(churned[quarter : 2 * quarter])
    figures = {
        **machine,
        "clients": CLIENTS,
        "empty_mb": round(empty_mb, 1),
        "with_clients_mb": round(max(full), 1),
        "most_mb": round(max(churned), 1),
        "growth_mb": round(growth_mb, 2),
        "minutes_of_churn": args.minutes,
        "clients_by_status": {
            status.value: count for status, count in clients_by_status.items() if count
        },
        "every_tenth_mb": [round(mb, 1) for mb in churned[:: max(1, len(churned) // 10)]],
        "limit_mb": MEMORY_LIMIT_MB,
        "growth_limit_mb": GROWTH_LIMIT_MB,
        "warnings": warnings,
        "server": ending,
        "passed": max(full + churned) < MEMORY_LIMIT_MB
        and growth_mb < GROWTH_LIMIT_MB
        and clients_by_status[Status.PLAYING] > 0
        and not warnings,
    }
    print(json.dumps(figures, indent=2))
    sys.exit(0 if figures["passed"] else 1)


if __name__ == "__main__":
    gc.disable()
    main()
