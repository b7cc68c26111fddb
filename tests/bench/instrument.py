"""Processor time of a measurement, and the lateness of its receive timestamps.

``python tests/bench/instrument.py`` prints JSON.

Clients, relays, server and bots run as ``jitterball measure`` runs them. Meanwhile another process
sends datagrams that hold their time of sending to the same network thread. Their timestamps there
are as late as those of snapshots.
"""

import argparse
import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from time import perf_counter, sleep

from machine import cpu_s

from game.client.netcode import NetcodeSettings, PredictionMode
from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread
from game.server.local import LOOPBACK, LocalServer
from net.link.spec import parse_link
from net.measure.statistics import Quantiles
from net.registry import load_transport

NAMES = ("tcp", "udp", "websocket")
CORE_LIMIT = 1.0
STAMP_LIMIT_MS = 1.0
_SENDER = """
import socket, struct, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    time.sleep(0.0071)
    out.sendto(struct.pack("d", time.perf_counter()), ("127.0.0.1", int(sys.argv[1])))
"""


class Stamps(asyncio.DatagramProtocol):
    """Protocol that records the seconds from sending to timestamp of each datagram."""

    def __init__(self) -> None:
        self.late_s: list[float] = []
        self.port = 0

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.late_s.append(perf_counter() - struct.unpack("d", data)[0])

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: self, (LOOPBACK, 0), family=socket.AF_INET
        )
        self.port = transport.get_extra_info("sockname")[1]
        try:
            await asyncio.Event().wait()
        finally:
            transport.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    transports = {name: load_transport(name) for name in NAMES}
    with LocalServer("--bots", "5", "--seed", "7", "--log-level", "warning") as server:
        settings = ClientGroupSettings(
            server.address,
            NAMES,
            has_reference=True,
            link=parse_link("lossy"),
            seed=7,
            netcode=NetcodeSettings(prediction=PredictionMode.OFF),
        )
        with ClientGroup(transports, settings) as group:
            take, stamps = RunRecorder(group, seconds), Stamps()
            pids = {"server": [server.pid], "relays": group.relay_pids, "clients": [os.getpid()]}
            with NetworkThread(group.run, take.run, stamps.run) as network:
                while not stamps.port or not take.elapsed_s:
                    network.check()
                    sleep(0.01)
                sender = subprocess.Popen([sys.executable, "-c", _SENDER, str(stamps.port)])
                try:
                    before = {name: sum(map(cpu_s, each)) for name, each in pids.items()}
                    started_at = perf_counter()
                    while not take.is_over:
                        network.check()
                        sleep(0.1)
                    elapsed_s = perf_counter() - started_at
                    cores = {
                        name: (sum(map(cpu_s, each)) - before[name]) / elapsed_s
                        for name, each in pids.items()
                    }
                finally:
                    sender.kill()
                    sender.wait()
    late_ms = Quantiles.of(stamps.late_s).scaled(1000.0)
    print(
        json.dumps(
            {
                "cores": {name: round(value, 3) for name, value in cores.items()},
                "cores_together": round(sum(cores.values()), 3),
                "cores_limit": CORE_LIMIT,
                "stamp_late_ms": late_ms.as_json(),
                "stamp_late_limit_p99_ms": STAMP_LIMIT_MS,
                "load_average": os.getloadavg()[0],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
