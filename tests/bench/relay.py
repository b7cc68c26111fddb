"""Punctuality and cost of the relay: ``python tests/bench/relay.py`` prints JSON.

The error of a packet is its real arrival minus the model's. It includes the time on loopback and
the wake-up of the receiver. The CPU time is the relay process's, as a share of one core.
"""

import argparse
import asyncio
import gc
import json
import os
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter, sleep

from machine import cpu_s

from net.link.packet_log import OnLog, PacketLogBuffer
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import RelaySettings, Route
from net.measure.statistics import Quantiles
from net.system.event_loop import run_precisely
from net.transport import Address

SEED = 7
DELAY_S = 0.025
LINK = Link(LinkProfile(delay_s=DELAY_S), LinkProfile(delay_s=DELAY_S))
STAMP = struct.Struct("=d")
# The rates and sizes of the game, up and down.
UP_HZ, UP_BYTES, DOWN_HZ, DOWN_BYTES = 60, 48, 30, 250


def summary(
    relay: RelayProcess, errors_s: list[float], spent_s: float, seconds: float
) -> dict[str, float]:
    """Summarize delivery errors and CPU time. ``relay_late`` is measured by the relay itself."""
    errors = Quantiles.of(errors_s).scaled(1000.0)
    relay.lateness()
    sleep(0.2)
    late = relay.lateness()
    return {
        "n": errors.n,
        "error_p50_ms": round(errors.p50, 3),
        "error_p99_ms": round(errors.p99, 3),
        "error_max_ms": round(errors.max, 3),
        "relay_late_p50_ms": round(late.p50_s * 1000.0, 3),
        "relay_late_p99_ms": round(late.p99_s * 1000.0, 3),
        "cpu_percent": round(100.0 * spent_s / seconds, 2),
    }


def datagrams(hz: int, seconds: float) -> dict[str, float]:
    """Send datagrams at a rate, one way, through a link that only delays."""
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.0.0.1", 0))
    sink.settimeout(1.0)
    errors_s: list[float] = []

    def receive() -> None:
        try:
            while True:
                datagram = sink.recv(2048)
                errors_s.append(perf_counter() - STAMP.unpack_from(datagram)[0] - DELAY_S)
        except TimeoutError:
            return

    settings = RelaySettings(LINK, SEED, Address(*sink.getsockname()), (Route(RelayProtocol.UDP),))
    with RelayProcess(settings) as relay, sink, socket.socket(type=socket.SOCK_DGRAM) as source:
        source.connect(("127.0.0.1", relay.port))
        receiver = threading.Thread(target=receive)
        receiver.start()
        before_s = cpu_s(relay.pid)
        began = perf_counter()
        for number in range(round(hz * seconds)):
            sleep(max(0.0, began + number / hz - perf_counter()))
            source.send(STAMP.pack(perf_counter()) + bytes(UP_BYTES))
        receiver.join()
        return summary(relay, errors_s, cpu_s(relay.pid) - before_s, seconds)


class Stream(asyncio.Protocol):
    """One end of a game-like TCP connection: reads messages of one size, notes their errors."""

    def __init__(self, size: int, errors_s: list[float], opened: Callable[["Stream"], None]):
        self._size = size
        self._errors_s = errors_s
        self._opened = opened
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        self._received += data
        while len(self._received) >= self._size:
            self._errors_s.append(now - STAMP.unpack_from(self._received)[0] - DELAY_S)
            del self._received[: self._size]


async def streams(
    connections: int, seconds: float, on_log: OnLog | None = None
) -> dict[str, float]:
    """Measure TCP connections with the traffic of a game, side by side; log with ``on_log``."""
    loop = asyncio.get_running_loop()
    errors_s: list[float] = []
    up: list[Stream] = []
    down: list[Stream] = []
    server = await loop.create_server(
        lambda: Stream(UP_BYTES, errors_s, down.append), "127.0.0.1", 0
    )
    target = Address(*server.sockets[0].getsockname())
    settings = RelaySettings(LINK, SEED, target, (Route(RelayProtocol.TCP),))
    with RelayProcess(settings, on_log) as relay:
        for _ in range(connections):
            await loop.create_connection(
                lambda: Stream(DOWN_BYTES, errors_s, up.append), "127.0.0.1", relay.port
            )
        # The handshakes and the first messages after them are not measured.
        await asyncio.gather(
            *(write(up, UP_HZ, UP_BYTES, 1.0), write(down, DOWN_HZ, DOWN_BYTES, 1.0))
        )
        await asyncio.sleep(0.2)
        errors_s.clear()
        before_s = cpu_s(relay.pid)
        await asyncio.gather(
            write(up, UP_HZ, UP_BYTES, seconds), write(down, DOWN_HZ, DOWN_BYTES, seconds)
        )
        spent_s = cpu_s(relay.pid) - before_s
        await asyncio.sleep(0.2)
        for stream in up + down:
            stream.transport.abort()
        server.close()
        return summary(relay, errors_s, spent_s, seconds)


async def write(streams: list[Stream], hz: int, size: int, seconds: float) -> None:
    """Write a message to each stream in turn, evenly, ``hz`` times a second each."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    padding = bytes(size - STAMP.size)
    for number in range(round(hz * seconds) * len(streams)):
        await asyncio.sleep(max(0.0, began + number / (hz * len(streams)) - loop.time()))
        stream = streams[number % len(streams)]
        stream.transport.write(STAMP.pack(perf_counter()) + padding)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each case")
    seconds = parser.parse_args().seconds
    gc.disable()
    # Both ends need the relay's priority, or their wait for a core would count as its error.
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    print(
        json.dumps(
            {
                "datagrams_2000_hz": datagrams(2000, seconds),
                "one_game_connection": run_precisely(streams(1, seconds)),
                # One after the other, so that the computer is the same for both.
                "three_game_connections": run_precisely(streams(3, seconds)),
                "three_logged": run_precisely(streams(3, seconds, PacketLogBuffer().add)),
                "forty_game_connections": run_precisely(streams(40, seconds)),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
