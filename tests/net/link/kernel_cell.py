"""Play the game's TCP plugin over a kernel link: a program for `test_kernel.py`, run as root.

Takes a JSON object on its command line (see ``Cell``), makes a link, opens connections side by side
whose messages have the game's rates and sizes, and prints the delays of each direction in
microseconds, the stalls, and how punctual the link itself was. Both ends live in this one process,
so one clock stamps both.
"""

import asyncio
import ctypes
import gc
import json
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from time import perf_counter

from net.link import relay_loop
from net.link.kernel import KernelLink
from net.link.profile import Link, LinkProfile
from net.metrics import STALL_S
from net.transport import Address, Channel, Delivery, TransportError
from plugins.tcp import TcpTransport

PORT = 7777
CLONE_NEWNET = 0x40000000
SENT_AT = struct.Struct("=d")
# Connections whose messages leave at the same moment: fewer wake-ups, and no burst worth a name.
GROUP = 4
# What was sent last may need a few retransmission timeouts.
DRAIN_S = 4.0


@dataclass(frozen=True, slots=True)
class Cell:
    """What to play; the loss begins ``settle_s`` after the connections stand."""

    connections: int
    delay_s: float
    loss_ratio: float
    settle_s: float
    measured_s: float
    up_hz: int
    up_bytes: int
    down_hz: int
    down_bytes: int
    seed: int


class Arrivals:
    """The messages of one channel as they come; a ``Receiver``."""

    def __init__(self) -> None:
        self.stamps: list[tuple[float, float]] = []

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        self.stamps.append((SENT_AT.unpack_from(message)[0], received_at))

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        if error is not None:
            sys.exit(f"a channel was lost: {error}")


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Open sockets in a namespace; they stay there."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        libc.setns(home, CLONE_NEWNET)
        os.close(home)
        os.close(there)


async def send_evenly(channels: list[Channel], hz: int, size: int, until: float) -> None:
    """Send a message on every channel ``hz`` times a second, in groups spread over the interval."""
    loop = asyncio.get_running_loop()
    groups = [channels[start : start + GROUP] for start in range(0, len(channels), GROUP)]
    padding = bytes(size - SENT_AT.size)
    began = loop.time()
    turn = 0
    while (at := began + turn / (hz * len(groups))) < until:
        await asyncio.sleep(at - loop.time())
        for channel in groups[turn % len(groups)]:
            channel.send(SENT_AT.pack(perf_counter()) + padding, Delivery.LATEST)
        turn += 1


async def play(cell: Cell, kernel: KernelLink) -> dict[str, object]:
    """Open the connections, let them settle, then lose packets and measure."""
    clear = LinkProfile(delay_s=cell.delay_s)
    lossy = LinkProfile(delay_s=cell.delay_s, loss_ratio=cell.loss_ratio)
    transport = TcpTransport()
    servers: list[Channel] = []
    at_server: list[Arrivals] = []
    at_client = [Arrivals() for _ in range(cell.connections)]

    def accept(channel: Channel) -> Arrivals:
        servers.append(channel)
        at_server.append(Arrivals())
        return at_server[-1]

    kernel.set_link(Link(clear, clear))
    with inside(kernel.server.name):
        listener = await transport.listen(Address(kernel.server.address, PORT), accept)
    with inside(kernel.client.name):
        address = Address(kernel.server.address, PORT)
        clients = [await transport.connect(address, arrivals) for arrivals in at_client]
    now = asyncio.get_running_loop().time()
    until = now + cell.settle_s + cell.measured_s
    sending = asyncio.gather(
        send_evenly(list(clients), cell.up_hz, cell.up_bytes, until),
        send_evenly(servers, cell.down_hz, cell.down_bytes, until),
    )
    await asyncio.sleep(cell.settle_s - 1.0)
    kernel.set_link(Link(lossy, lossy))
    await asyncio.sleep(1.0)
    since = perf_counter()
    await sending
    await asyncio.sleep(DRAIN_S)
    unsent = [sum(channel.wire().unsent for channel in ends) for ends in (clients, servers)]
    for channel in clients:
        channel.abort()
    await listener.close()
    window = since, since + cell.measured_s
    return {
        "up": direction(at_server, window, unsent[0]),
        "down": direction(at_client, window, unsent[1]),
    }


def direction(ends: list[Arrivals], window: tuple[float, float], unsent: int) -> dict[str, object]:
    """Return the figures of one direction, of messages that were sent within the window."""
    delays_us, stalls = [], 0
    for arrivals in ends:
        stamps = [each for each in arrivals.stamps if window[0] <= each[0] < window[1]]
        delays_us += [round((received - sent) * 1e6) for sent, received in stamps]
        received = [received for _, received in stamps]
        gaps = (after - before for before, after in pairwise(received))
        stalls += sum(gap > STALL_S for gap in gaps)
    minutes = len(ends) * (window[1] - window[0]) / 60
    return {"delays_us": delays_us, "stalls_per_min": stalls / minutes, "unsent": unsent}


def main() -> None:
    cell = Cell(**json.loads(sys.argv[1]))
    # Nothing made here is garbage before the end, and looking for it makes pauses.
    gc.disable()
    with KernelLink(Link(), cell.seed) as kernel:
        figures = relay_loop.run(play(cell, kernel))
    assert kernel.figures is not None
    times = os.times()
    print(
        json.dumps(
            figures
            | {"link": asdict(kernel.figures), "own_cpu_s": times.user + times.system}
            | {"link_cpu_s": times.children_user + times.children_system}
        )
    )


if __name__ == "__main__":
    main()
