"""The measurement over a link of real IP packets, with the kernel's own TCP.

Clients and server live in two network namespaces that ``net.link.kernel`` joins. The reference
client lives in the server's namespace, where no packet is lost.
Needs Linux and root.
"""

import ctypes
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal

from game.lab.compare.client_group import ClientGroup
from game.lab.measure.measurement import Measurement, NamedLink, RecorderCallback
from game.lab.measure.run_recorder import RunRecorder
from game.runtime.network_thread import NetworkThread, Work
from game.server.local import LocalServer
from net.link.kernel.kernel_link import KernelLink
from net.link.kernel.namespaces import KernelLinkUnavailable
from net.link.profile import Link

# Value of ``CLONE_NEWNET`` in <sched.h>.
_CLONE_NEWNET = 0x40000000
_NAMESPACES = Path("/run/netns")


class KernelMeasurement(Measurement):
    """A measurement over kernel links, with a private server behind each of them.

    ``run`` raises ``KernelLinkUnavailable`` if this computer cannot make a kernel link.
    ``run`` raises ``LocalServerError`` if the server does not start.
    """

    def _emulation(self) -> Literal["none", "model", "kernel"]:
        return "kernel"

    def _record(self, link: NamedLink, on_progress: RecorderCallback) -> RunRecorder:
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
            behind_link = replace(
                self.client_group_settings(link), address=server.address, link=None
            )
            group = stack.enter_context(ClientGroup(self._transports, behind_link))
            recorder = RunRecorder(group, settings.seconds)
            # A network namespace belongs to a thread, so the reference has a thread of its own.
            reference = inside(kernel.server.name, group.run_reference)
            stack.enter_context(NetworkThread(reference))
            self._wait_for(recorder, on_progress, inside(kernel.client.name, group.run_clients))
        return recorder


def inside(namespace: str, work: Work) -> Work:
    """Return a coroutine function that moves its thread into a namespace, then runs ``work``.

    The thread stays in the namespace.
    """

    async def run() -> None:
        _enter(namespace)
        await work()

    return run


def _enter(namespace: str) -> None:
    # Through the C library: ``os.setns`` came with Python 3.12.
    libc = ctypes.CDLL(None, use_errno=True)
    with (_NAMESPACES / namespace).open("rb") as file:
        if libc.setns(file.fileno(), _CLONE_NEWNET):
            reason = os.strerror(ctypes.get_errno())
            raise KernelLinkUnavailable(f"the namespace {namespace} cannot be entered: {reason}")
