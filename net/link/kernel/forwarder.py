"""Forwarder of a kernel link: moves IP packets between two TUN devices through a link's model.

Each flow has one ``PacketPath`` per direction, with the seeds of a relay's clients. So order is
kept per flow. ``KernelLink`` starts it as a process with both devices open. It ends with its
standard input, and then writes its statistics. Linux only.
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

from net.link.json_lines import encode_line, link_from_json
from net.link.kernel.ip_flow import flow_key
from net.link.lateness import LatenessHistogram, LatenessStats
from net.link.loss import flow_seed
from net.link.packet_path import PacketPath, link_paths, set_link_of
from net.link.profile import Link, LinkProfile

__all__ = ["CommandReader", "Forwarder", "ForwarderStats", "run_forwarder"]

# A rate limit counts it with the IP packet, as in the relays.
ETHERNET_HEADER_BYTES = 14

# More than the devices' MTU of 1500 bytes, so that no packet is truncated.
_READ_BYTES = 2048

# The most packets read at a time. Deliveries that are due meanwhile must not be late.
_PASS_LIMIT = 32

# Above all programs of a test. A forwarder that waits for a core adds delay.
_PRIORITY = 10

_STDIN, _STDOUT = 0, 1

# As much as a pipe holds.
_COMMAND_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ForwarderStats:
    """Statistics of a forwarder: packets sent into the link and lost, and lateness."""

    sent: int
    lost: int
    late: LatenessStats


class Forwarder:
    """Forwarder between ``client_device`` and ``server_device``, two open TUN devices.

    The caller owns the devices.
    """

    def __init__(self, client_device: int, server_device: int, link: Link, seed: int) -> None:
        self._devices = (client_device, server_device)
        self._link = link.playing(monotonic())
        self._seed = seed
        self._flows: dict[bytes, tuple[PacketPath, PacketPath]] = {}
        self._due: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._lateness = LatenessHistogram()

    def set_link(self, link: Link) -> None:
        """Apply ``link`` from the next packet on."""
        self._link = link.playing(monotonic(), self._link)
        for up, down in self._flows.values():
            set_link_of(up, down, self._link)

    def forward(self, end: int) -> None:
        """Read packets of end 0 (client) or 1 (server) and plan their deliveries."""
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
        """Write packets that are due; return when the next one is, infinity for never."""
        due = self._due
        while due:
            at = due[0][0]
            late_s = monotonic() - at
            if late_s < 0:
                return at
            _, _, device, packet = heappop(due)
            # A full or closed device drops the packet, as a full queue would.
            with suppress(OSError):
                os.write(device, packet)
            self._lateness.add(late_s)
        return inf

    def stats(self) -> ForwarderStats:
        """Return the statistics so far."""
        counters = [path.counters for paths in self._flows.values() for path in paths]
        return ForwarderStats(
            sent=sum(each.sent for each in counters),
            lost=sum(each.lost + each.queue_dropped for each in counters),
            late=self._lateness.stats(),
        )

    def _path(self, packet: bytes, end: int) -> PacketPath | None:
        key = flow_key(packet, from_client=end == 0)
        if key is None:
            return None
        paths = self._flows.get(key)
        if paths is None:
            seed = flow_seed(self._seed, len(self._flows))
            paths = link_paths(self._link, seed)
            self._flows[key] = paths
        return paths[end]


def run_forwarder(client_device: int, server_device: int) -> ForwarderStats:
    """Read settings from standard input, and forward until standard input ends."""
    commands = CommandReader(_STDIN)
    settings: dict[str, Any] = commands.read_first()
    # Begun here: with and without loss it is at the same position.
    link = link_from_json(settings["link"]).playing(monotonic())
    armed_at = monotonic() + settings["arm_after_s"]
    forwarder = Forwarder(client_device, server_device, _without_loss(link), settings["seed"])
    os.write(_STDOUT, encode_line({"ready": True}))
    while True:
        next_at = min(forwarder.forward_due(), armed_at)
        timeout_s = None if next_at == inf else max(0.0, next_at - monotonic())
        # Not ``epoll``, whose timeout has whole milliseconds.
        readable, _, _ = select.select([client_device, server_device, _STDIN], [], [], timeout_s)
        if client_device in readable:
            forwarder.forward(0)
        if server_device in readable:
            forwarder.forward(1)
        if _STDIN in readable:
            received = commands.read()
            if received is None:
                return forwarder.stats()
            for command in received:
                link = link_from_json(command["set_link"]).playing(monotonic(), link)
                forwarder.set_link(link if armed_at == inf else _without_loss(link))
        if monotonic() >= armed_at:
            armed_at = inf
            forwarder.set_link(link)


class CommandReader:
    """Reader of the parent's commands, which are lines of JSON from a pipe.

    A recorded link is a line of 80 KB, which is more than a pipe holds. Packets must wait neither
    for the rest of a line nor for a system call per byte.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._incomplete = b""

    def read_first(self) -> dict[str, Any]:
        """Wait for the first command, and return it. The parent then waits for an answer."""
        commands: list[dict[str, Any]] | None = []
        while commands == []:
            commands = self.read()
        if commands is None:
            raise EOFError
        return commands[0]

    def read(self) -> list[dict[str, Any]] | None:
        """Return the commands that are complete by now; None at the end.

        Waits only if nothing is there.
        """
        received = os.read(self._pipe, _COMMAND_READ_BYTES)
        if not received:
            return None
        *lines, self._incomplete = (self._incomplete + received).split(b"\n")
        return [json.loads(line) for line in lines]


def _without_loss(link: Link) -> Link:
    def lossless(profile: LinkProfile) -> LinkProfile:
        return replace(profile, loss_ratio=0.0)

    playback = link.playback
    if playback is not None:
        up, down = playback.up.without_loss(), playback.down.without_loss()
        playback = replace(playback, up=up, down=down)
    return Link(lossless(link.up), lossless(link.down), playback=playback)


def _raise_priority() -> None:
    """Raise the priority, and stop the garbage collector, whose pauses would delay packets."""
    gc.disable()
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))


if __name__ == "__main__":
    # Ctrl-C is for the parent, which ends this process when the link is not needed any more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _raise_priority()
    done = run_forwarder(int(sys.argv[1]), int(sys.argv[2]))
    os.write(_STDOUT, encode_line(asdict(done)))
