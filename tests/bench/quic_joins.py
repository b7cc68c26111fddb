"""Lateness of a server's ticks while thirty clients connect at the same moment.

``python tests/bench/quic_joins.py`` prints JSON, for QUIC and for UDP. A QUIC handshake
costs the server several milliseconds; it begins one in each tick
(``net/quic/handshake_queue.py``).
"""

import argparse
import asyncio
import json
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter

from machine import describe

from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.registry import load_transport
from net.system import event_loop
from net.transport import Address

LOOPBACK = "127.0.0.1"
CLIENTS = 30
NAMES = ("quic", "udp")
SETTLE_S = 1.0


class Silent:
    """Receiver that ignores everything."""

    def message_received(self, channel, message, received_at) -> None:
        """Ignore a message."""

    def channel_closed(self, channel, error) -> None:
        """Ignore the end."""


async def connect_all(name: str, port: int) -> float:
    """Connect all clients at once; return how long it took until the last one was connected."""
    transport, address = load_transport(name), Address(LOOPBACK, port)
    start = perf_counter()
    channels = await asyncio.gather(*(transport.connect(address, Silent()) for _ in range(CLIENTS)))
    took_s = perf_counter() - start
    for channel in channels:
        channel.abort()
    return took_s


def clients(name: str, port: int, pipe: Connection) -> None:
    """Run the clients in this process."""
    pipe.send("ready")
    pipe.recv()
    pipe.send(event_loop.run(connect_all(name, port)))


async def measure(name: str) -> dict[str, float]:
    """Return the lateness of ticks before and during the joins, in milliseconds."""
    server = GameServer([load_transport(name)], ServerSettings(LOOPBACK, 0))
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    late_s: list[float] = []
    async with server:
        ticking = asyncio.ensure_future(server.run())
        server.on_tick = lambda lateness_s, duration_s: late_s.append(lateness_s)
        port = server.listeners[0].addresses[0].port
        process = context.Process(target=clients, args=(name, port, theirs))
        process.start()
        await asyncio.to_thread(ours.recv)
        late_s.clear()
        await asyncio.sleep(SETTLE_S)
        quiet_s = max(late_s)
        late_s.clear()
        ours.send("go")
        took_s = await asyncio.to_thread(ours.recv)
        joining_s = max(late_s)
        process.join()
        ticking.cancel()
    return {
        "joined_s": round(took_s, 3),
        "tick_late_max_before_ms": round(quiet_s * 1000, 1),
        "tick_late_max_ms": round(joining_s * 1000, 1),
    }


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    found = {name: asyncio.run(measure(name)) for name in NAMES}
    print(json.dumps({**describe(), "clients": CLIENTS, **found}, indent=2))


if __name__ == "__main__":
    main()
