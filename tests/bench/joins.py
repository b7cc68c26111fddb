"""Start of a match: thirty clients connect within a second to a server with a password.

``python tests/bench/joins.py`` prints JSON. Exit code 1 if a goal is missed.

The server runs in another process, on another core. The clients are real ones in this process, and
begin at equal distances over one second. The first figure is the time from the first attempt to the
last welcome. Others tell how late the server's ticks were until then, and the most processor time
between two ticks. The server derives the password's key once, when it starts. Each client derives
its own; here all have one key, which is derived once.
"""

import argparse
import asyncio
import json
import sys
from functools import partial
from statistics import quantiles
from time import perf_counter, process_time

from crowd import LOOPBACK, ROOM_SIZE
from hosts import GameHost, host_process
from machine import describe, pin_to_core

from game.client.client import Client
from game.client.frame import Status
from game.client.netcode import NetcodeSettings, PredictionMode
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from net.registry import load_transport
from net.security.options import SecurityOptions
from net.system import event_loop
from net.transport import Address

NAMES = ("tcp", "udp", "websocket")
PASSWORD = "sesame"
CLIENTS = 30
BEGIN_WITHIN_S = 1.0
ALL_IN_GOAL_S = 2.0
TICK_P99_GOAL_MS = 1000 / 60
POLL_S = 0.002


class JoinHost(GameHost):
    """Server that also records its processor time from each tick to the next, in seconds.

    A late tick with little of it has waited for a core; with much of it the loop was held.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, PASSWORD)
        self.lateness_and_cpu_s: list[tuple[float, float]] = []
        self._cpu_s = process_time()
        self.server.on_tick = self._record

    def forget(self) -> None:
        super().forget()
        self.lateness_and_cpu_s.clear()

    def timings(self) -> list[tuple[float, float]]:
        """Return lateness and processor time of each tick."""
        return list(self.lateness_and_cpu_s)

    def _record(self, lateness_s: float, duration_s: float) -> None:
        before, self._cpu_s = self._cpu_s, process_time()
        self.lateness_and_cpu_s.append((lateness_s, self._cpu_s - before))


async def join_all(name: str, port: int) -> float:
    """Let the clients join; return the seconds from the first attempt to the last welcome."""
    transports = {name: load_transport(name)}
    address = Address(LOOPBACK, port - transports[name].port_offset)
    netcode = NetcodeSettings(prediction=PredictionMode.OFF)
    security = SecurityOptions(PASSWORD)
    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        clients, tasks = [], []
        for number in range(CLIENTS):
            await asyncio.sleep(began + number * BEGIN_WITHIN_S / CLIENTS - perf_counter())
            join = JoinRequest(f"p{number}", f"room {number // ROOM_SIZE}")
            settings = ClientSettings(address, join, netcode=netcode, security=security)
            clients.append(Client(transports, name, settings))
            tasks.append(group.create_task(clients[-1].run()))
        while not all(client.status is Status.PLAYING for client in clients):  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)
        all_in_s = perf_counter() - began
        for task in tasks:
            task.cancel()
    return all_in_s


def measure(name: str) -> dict[str, object]:
    """Return the figures of one transport."""
    with host_process(partial(JoinHost, name)) as host:
        host.forget()
        all_in_s = event_loop.run(join_all(name, host.port))
        timings = host.figures()[1]
    lateness_ms = [lateness_s * 1000 for lateness_s, _ in timings]
    tick_p99_ms = quantiles(lateness_ms, n=100, method="inclusive")[98]
    return {
        "all_in_s": round(all_in_s, 3),
        "tick_p99_ms": round(tick_p99_ms, 2),
        "tick_max_ms": round(max(lateness_ms), 2),
        "tick_cpu_max_ms": round(max(cpu_s for _, cpu_s in timings) * 1000, 2),
        "passed": all_in_s <= ALL_IN_GOAL_S and tick_p99_ms <= TICK_P99_GOAL_MS,
    }


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    machine = describe()
    pin_to_core(1)
    found = {name: measure(name) for name in NAMES}
    print(json.dumps({**machine, "clients": CLIENTS, "transports": found}, indent=2))
    sys.exit(0 if all(one["passed"] for one in found.values()) else 1)


if __name__ == "__main__":
    main()
