"""The same measurement over a link of real IP packets, with the kernel's own TCP.

Clients and server live in two network namespaces that ``net.link.kernel`` joins; the spectator
lives in the server's, where no packet is lost. Linux with root only.
"""

import ctypes
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from game.lab.compare.side_by_side import ClientGroup
from game.lab.measure.measurement import Measurement, NamedLink
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread, Work
from game.server.local import LocalServer
from net.link.kernel.link import KernelLink
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.link.profile import Link

# <sched.h>
_CLONE_NEWNET = 0x40000000
_NAMESPACES = Path("/run/netns")


class KernelMeasurement(Measurement):
    """Measures as its base does, on kernel links with a server of its own behind each.

    ``run`` raises ``KernelLinkUnavailable`` where there can be none, and ``LocalServerError``.
    """

    def _emulation(self) -> str:
        return "kernel"

    def _record(self, link: NamedLink, watch: Callable[[float], None]) -> RunRecorder:
        settings = self.settings
        with ExitStack() as stack:
            kernel = stack.enter_context(KernelLink(link.link or Link(), settings.seed))
            server = stack.enter_context(
                LocalServer(
                    *("--bots", str(settings.bots), "--seed", str(settings.seed)),
                    *("--log-level", "warning"),
                    host=kernel.server.address,
                    wrapper=("ip", "netns", "exec", kernel.server.name),
                )
            )
            behind = replace(self.lineup_settings(link), address=server.address, link=None)
            lineup = stack.enter_context(ClientGroup(self._transports, behind))
            take = RunRecorder(lineup, settings.seconds)
            # A namespace is a thread's: the spectator's thread is not that of the clients.
            truth = inside(kernel.server.name, lineup.run_truth)
            stack.enter_context(NetworkThread(truth))
            self._watch_take(take, watch, inside(kernel.client.name, lineup.run_clients))
        return take


def inside(namespace: str, work: Work) -> Work:
    """Return the work as it is done in a namespace, with all that its thread does from then on."""

    async def run() -> None:
        _enter(namespace)
        await work()

    return run


def _enter(namespace: str) -> None:
    # os.setns came with Python 3.12.
    libc = ctypes.CDLL(None, use_errno=True)
    with (_NAMESPACES / namespace).open("rb") as file:
        if libc.setns(file.fileno(), _CLONE_NEWNET):
            reason = os.strerror(ctypes.get_errno())
            raise KernelLinkUnavailable(f"the namespace {namespace} cannot be entered: {reason}")
