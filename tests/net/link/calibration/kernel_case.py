"""Play the game's TCP plugin over a kernel link: a program for ``test_kernel.py``, run as root.

Takes a JSON object on its command line (see ``Cell``), makes a link, opens connections side by side
whose messages have the game's rates and sizes, and prints the delays of each direction in
microseconds, the stalls, and how punctual the link and this program were. Both ends live in this
one process, so one clock stamps both.
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

from net.errors import TransportError
from net.link.kernel.link import KernelLink
from net.link.lateness import LatenessHistogram
from net.link.profile import Link, LinkProfile
from net.measure.arrivals import STALL_S
from net.system import event_loop
from net.transport import Address, Channel, Delivery
from plugins.tcp import TcpTransport

PORT = 7777
CLONE_NEWNET = 0x40000000
SENT_AT = struct.Struct("=d")

# The delays of a channel's messages in microseconds, and how often it stalled.
ChannelSamples = tuple[list[int], int]

# When each message of a channel was sent, and when it was received.
Stamps = list[tuple[float, float]]

# Connections whose messages leave at the same moment: fewer wake-ups, and no burst worth a name.
GROUP = 4
PRIORITY = 5
# What was sent last may need a few retransmission timeouts.
DRAIN_S = 4.0


@dataclass(frozen=True, slots=True)
class KernelCase:
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


class StampReceiver:
    """The messages of one channel as they come; a ``Receiver``."""

    def __init__(self) -> None:
        self.stamps: Stamps = []

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


async def send_evenly(
    channels: list[Channel], hz: int, size: int, until: float, lateness: LatenessHistogram
) -> None:
    """Send a message on every channel ``hz`` times a second, in groups spread over the interval."""
    loop = asyncio.get_running_loop()
    groups = [channels[start : start + GROUP] for start in range(0, len(channels), GROUP)]
    padding = bytes(size - SENT_AT.size)
    began = loop.time()
    turn = 0
    while (at := began + turn / (hz * len(groups))) < until:
        await asyncio.sleep(at - loop.time())
        lateness.add(loop.time() - at)
        for channel in groups[turn % len(groups)]:
            channel.send(SENT_AT.pack(perf_counter()) + padding, Delivery.LATEST)
        turn += 1


async def play(
    cell: KernelCase, kernel: KernelLink, lateness: LatenessHistogram
) -> dict[str, list[ChannelSamples]]:
    """Open the connections, let them settle, then lose packets and measure."""
    clear = LinkProfile(delay_s=cell.delay_s)
    lossy = LinkProfile(delay_s=cell.delay_s, loss_ratio=cell.loss_ratio)
    transport = TcpTransport()
    servers: list[Channel] = []
    at_server: list[StampReceiver] = []
    at_client = [StampReceiver() for _ in range(cell.connections)]

    def accept(channel: Channel) -> StampReceiver:
        servers.append(channel)
        at_server.append(StampReceiver())
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
        send_evenly(list(clients), cell.up_hz, cell.up_bytes, until, lateness),
        send_evenly(servers, cell.down_hz, cell.down_bytes, until, lateness),
    )
    await asyncio.sleep(cell.settle_s - 1.0)
    kernel.set_link(Link(lossy, lossy))
    await asyncio.sleep(1.0)
    since = perf_counter()
    await sending
    await asyncio.sleep(DRAIN_S)
    for channel in clients:
        channel.abort()
    await listener.close()
    ends = {"up": at_server, "down": at_client}
    return {
        name: [channel_samples(each.stamps, since, cell) for each in receivers]
        for name, receivers in ends.items()
    }


def channel_samples(stamps: Stamps, since: float, cell: KernelCase) -> ChannelSamples:
    """Return what is compared of one channel, of the messages sent in the measured time."""
    measured = [each for each in stamps if since <= each[0] < since + cell.measured_s]
    delays_us = [round((received - sent) * 1e6) for sent, received in measured]
    gaps_s = (after - before for (_, before), (_, after) in pairwise(measured))
    return delays_us, sum(gap_s > STALL_S for gap_s in gaps_s)


def main() -> None:
    cell = KernelCase(**json.loads(sys.argv[1]))
    # Nothing made here is garbage before the end, and looking for it makes pauses.
    gc.disable()
    # What else this computer does must not look like a slow link; the forwarder goes first.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    lateness = LatenessHistogram()
    with KernelLink(Link(), cell.seed) as kernel:
        played = event_loop.run_precisely(play(cell, kernel, lateness))
    assert kernel.stats is not None
    own = {"link": asdict(kernel.stats), "late": asdict(lateness.stats())}
    print(json.dumps(played | own))


if __name__ == "__main__":
    main()
