"""The forwarder of a kernel link: moves IP packets between two TUN devices by a link's profile.

Each flow has a `DatagramPath` a direction, as each client of a relay has, with the same seeds: what
keeps order keeps it per flow. A process of its own, which `KernelLink` starts with both devices
open; it ends when its standard input does, and then says what it did. Linux only.
"""

import gc
import json
import os
import select
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from heapq import heappop, heappush
from math import inf
from time import monotonic
from typing import Any

from net.link.datagram_path import DatagramPath
from net.link.json_lines import encode_line, link_from_json
from net.link.kernel.ip_flow import flow_key
from net.link.lateness import LatenessHistogram, LatenessStats
from net.link.loss import PacketDrawStream, flow_seed
from net.link.profile import Link, LinkProfile

# Counted against a rate beside the IP packet, as the relays count it.
ETHERNET_HEADER_BYTES = 14

# The devices' MTU is 1500; one more than that would be seen to be cut.
_READ_BYTES = 2048

# Read in one go at most, so that what is due meanwhile is not late.
_PASS_LIMIT = 32

# Above everything that a test runs beside it: a forwarder that waits for a core adds delay.
_PRIORITY = 10

_STDIN, _STDOUT = 0, 1


@dataclass(frozen=True, slots=True)
class ForwarderStats:
    """What a forwarder did: packets it was given and lost, and how late."""

    sent: int
    lost: int
    late: LatenessStats


class Forwarder:
    """Forwards between `client_device` and `server_device`, which are open TUN devices."""

    def __init__(self, client_device: int, server_device: int, link: Link, seed: int) -> None:
        self._devices = (client_device, server_device)
        self._link = link
        self._seed = seed
        self._flows: dict[bytes, tuple[DatagramPath, DatagramPath]] = {}
        self._due: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._lateness = LatenessHistogram()

    def set_link(self, link: Link) -> None:
        """Hold `link` from the next packet on."""
        self._link = link
        for up, down in self._flows.values():
            up.set_profile(link.up)
            down.set_profile(link.down)

    def forward(self, end: int) -> None:
        """Read what end 0, the client's, or 1, the server's, has sent and decide its fate."""
        device, opposite = self._devices[end], self._devices[1 - end]
        for _ in range(_PASS_LIMIT):
            try:
                packet = os.read(device, _READ_BYTES)
            except BlockingIOError:
                return
            path = self._path(packet, end)
            if path is None:
                continue
            for at in path.send(monotonic(), len(packet) + ETHERNET_HEADER_BYTES):
                self._count += 1
                heappush(self._due, (at, self._count, opposite, packet))

    def forward_due(self) -> float:
        """Write what is due; return when the next packet is, or infinity."""
        due = self._due
        while due:
            at = due[0][0]
            late_s = monotonic() - at
            if late_s < 0:
                return at
            _, _, device, packet = heappop(due)
            # A full or vanished device drops it, as a full queue would.
            with suppress(OSError):
                os.write(device, packet)
            self._lateness.add(late_s)
        return inf

    def stats(self) -> ForwarderStats:
        """Return what was done so far."""
        ledgers = [path.counters for paths in self._flows.values() for path in paths]
        return ForwarderStats(
            sent=sum(ledger.sent for ledger in ledgers),
            lost=sum(ledger.lost + ledger.queue_dropped for ledger in ledgers),
            late=self._lateness.stats(),
        )

    def _path(self, packet: bytes, end: int) -> DatagramPath | None:
        key = flow_key(packet, from_client=end == 0)
        if key is None:
            return None
        paths = self._flows.get(key)
        if paths is None:
            seed = flow_seed(self._seed, len(self._flows))
            paths = (
                DatagramPath(self._link.up, PacketDrawStream(seed, "up")),
                DatagramPath(self._link.down, PacketDrawStream(seed, "down")),
            )
            self._flows[key] = paths
        return paths[end]


def run_forwarder(client_device: int, server_device: int) -> ForwarderStats:
    """Take settings from standard input, and forward by them until standard input ends."""
    stdin = os.fdopen(_STDIN, "rb", buffering=0, closefd=False)
    settings: dict[str, Any] = json.loads(stdin.readline())
    link = link_from_json(settings["link"])
    armed_at = monotonic() + settings["arm_after_s"]
    forwarder = Forwarder(client_device, server_device, _without_loss(link), settings["seed"])
    os.write(_STDOUT, encode_line({"ready": True}))
    while True:
        next_at = min(forwarder.forward_due(), armed_at)
        timeout_s = None if next_at == inf else max(0.0, next_at - monotonic())
        # Not epoll, which rounds up to whole milliseconds.
        readable, _, _ = select.select([client_device, server_device, _STDIN], [], [], timeout_s)
        if client_device in readable:
            forwarder.forward(0)
        if server_device in readable:
            forwarder.forward(1)
        if _STDIN in readable:
            line = stdin.readline()
            if not line:
                return forwarder.stats()
            link = link_from_json(json.loads(line)["set_link"])
            forwarder.set_link(link if armed_at == inf else _without_loss(link))
        if monotonic() >= armed_at:
            armed_at = inf
            forwarder.set_link(link)


def _without_loss(link: Link) -> Link:
    def lossless(profile: LinkProfile) -> LinkProfile:
        return replace(profile, loss_ratio=0.0)

    return Link(lossless(link.up), lossless(link.down))


def _raise_priority() -> None:
    """Go before other processes, and never pause to look for garbage, of which there is none."""
    gc.disable()
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))


if __name__ == "__main__":
    # Ctrl-C is the parent's affair: it ends us when nothing needs the link any more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _raise_priority()
    done = run_forwarder(int(sys.argv[1]), int(sys.argv[2]))
    os.write(_STDOUT, encode_line(asdict(done)))
