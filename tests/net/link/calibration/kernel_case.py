"""Program that measures the TCP plugin over a kernel link, for ``test_kernel_agreement.py``.

Its argument is a JSON object (see ``KernelCase``). It opens connections side by side, whose
messages have the rates and sizes of the game. It prints the delays of each direction in
microseconds, the stalls, and the lateness of the link and of its own timers. Both ends live in this
one process, so that one clock stamps both. Needs Linux and root.
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
from pathlib import Path
from time import perf_counter

from net.errors import TransportError
from net.link.kernel.kernel_link import KernelLink
from net.link.lateness import LatenessHistogram
from net.link.profile import Link, LinkProfile
from net.link.recording import decode_recording
from net.link.spec import parse_link
from net.measure.arrivals import STALL_S
from net.system import event_loop
from net.transport import Address, Channel, Delivery
from plugins.tcp import TcpTransport

PORT = 7777
CLONE_NEWNET = 0x40000000
SENT_AT = struct.Struct("=d")

# The delays of a channel's messages in microseconds, and its number of stalls.
ChannelSamples = tuple[list[int], int]

# When each message of a channel was sent, and when it was received.
Stamps = list[tuple[float, float]]

# So many connections send at the same moment. This saves wake-ups, and is still no burst.
GROUP = 4

# Below the forwarder's real-time priority, above all ordinary programs.
PRIORITY = 5

# The last messages may need a few retransmission timeouts.
DRAIN_S = 4.0


@dataclass(frozen=True, slots=True)
class KernelCase:
    """Settings of one measurement. Loss begins ``settle_s`` after the connections are open.

    Rates are messages a second per connection. ``recording`` is the file of a recorded link, which
    is played in a loop instead of the constant delay and loss; empty for none.
    """

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
    recording: str = ""

    @property
    def clear_link(self) -> Link:
        """The link before the measured time, without loss."""
        return Link.symmetric(LinkProfile(delay_s=self.delay_s))

    @property
    def measured_link(self) -> Link:
        """The link of the measured time."""
        if not self.recording:
            return Link.symmetric(LinkProfile(delay_s=self.delay_s, loss_ratio=self.loss_ratio))
        text = Path(self.recording).read_text("utf-8")
        return parse_link(f"{self.recording},loop", lambda _file: decode_recording(text))


class StampReceiver:
    """Receiver of one channel that notes when each message was sent and received."""

    def __init__(self) -> None:
        self.stamps: Stamps = []

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        self.stamps.append((SENT_AT.unpack_from(message)[0], received_at))

    def channel_closed(self, channel: Channel, error: TransportError | None) -> None:
        if error is not None:
            sys.exit(f"a channel was lost: {error}")


@contextmanager
def in_namespace(namespace: str) -> Iterator[None]:
    """Run the block in a network namespace. Sockets opened in it stay there."""
    libc = ctypes.CDLL(None, use_errno=True)
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    other = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(other, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        libc.setns(own, CLONE_NEWNET)
        os.close(own)
        os.close(other)


async def send_evenly(
    channels: list[Channel], hz: int, size: int, until: float, lateness: LatenessHistogram
) -> None:
    """Send a message on every channel ``hz`` times a second, in groups spread over the interval."""
    loop = asyncio.get_running_loop()
    groups = [channels[start : start + GROUP] for start in range(0, len(channels), GROUP)]
    padding = bytes(size - SENT_AT.size)
    began = loop.time()
    round_number = 0
    while (at := began + round_number / (hz * len(groups))) < until:
        await asyncio.sleep(at - loop.time())
        lateness.add(loop.time() - at)
        for channel in groups[round_number % len(groups)]:
            channel.send(SENT_AT.pack(perf_counter()) + padding, Delivery.LATEST)
        round_number += 1


async def measure(
    case: KernelCase, kernel: KernelLink, lateness: LatenessHistogram
) -> dict[str, list[ChannelSamples]]:
    """Open the connections, let them settle without loss, then lose packets and measure."""
    transport = TcpTransport()
    servers: list[Channel] = []
    at_server: list[StampReceiver] = []
    at_client = [StampReceiver() for _ in range(case.connections)]
    all_accepted = asyncio.Event()

    def accept(channel: Channel) -> StampReceiver:
        servers.append(channel)
        at_server.append(StampReceiver())
        if len(servers) == case.connections:
            all_accepted.set()
        return at_server[-1]

    # Read before anything is sent: it takes long enough to delay messages.
    measured_link = case.measured_link
    kernel.set_link(case.clear_link)
    with in_namespace(kernel.server.name):
        listener = await transport.listen(Address(kernel.server.address, PORT), accept)
    with in_namespace(kernel.client.name):
        address = Address(kernel.server.address, PORT)
        clients = [await transport.connect(address, arrivals) for arrivals in at_client]
    # A client is open half a round trip before its server.
    await all_accepted.wait()
    now = asyncio.get_running_loop().time()
    until = now + case.settle_s + case.measured_s
    sending = asyncio.gather(
        send_evenly(list(clients), case.up_hz, case.up_bytes, until, lateness),
        send_evenly(servers, case.down_hz, case.down_bytes, until, lateness),
    )
    await asyncio.sleep(case.settle_s - 1.0)
    kernel.set_link(measured_link)
    await asyncio.sleep(1.0)
    since = perf_counter()
    await sending
    await asyncio.sleep(DRAIN_S)
    # Both ends at once: a reset that the link loses would leave the other end to its timers.
    for channel in [*clients, *servers]:
        channel.abort()
    await listener.close()
    ends = {"up": at_server, "down": at_client}
    return {
        name: [channel_samples(each.stamps, since, case) for each in receivers]
        for name, receivers in ends.items()
    }


def channel_samples(stamps: Stamps, since: float, case: KernelCase) -> ChannelSamples:
    """Return delays and stalls of one channel, of the messages sent in the measured time."""
    measured = [each for each in stamps if since <= each[0] < since + case.measured_s]
    delays_us = [round((received - sent) * 1e6) for sent, received in measured]
    gaps_s = (after - before for (_, before), (_, after) in pairwise(measured))
    return delays_us, sum(gap_s > STALL_S for gap_s in gaps_s)


def main() -> None:
    case = KernelCase(**json.loads(sys.argv[1]))
    # The garbage collector makes pauses, and would find nothing before the end.
    gc.disable()
    # Other programs must not delay this one, or they would look like a slow link.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    lateness = LatenessHistogram()
    with KernelLink(Link(), case.seed) as kernel:
        measured = event_loop.run_precisely(measure(case, kernel, lateness))
    assert kernel.stats is not None
    own = {"link": asdict(kernel.stats), "late": asdict(lateness.stats())}
    print(json.dumps(measured | own))


if __name__ == "__main__":
    main()
