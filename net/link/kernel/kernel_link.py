"""Link of real IP packets: the kernel's own TCP over an emulated link.

It is the reference for the model in ``net/link/tcp``. It has two network namespaces with a TUN
device in each. A forwarder between the two applies the same profile as the relays to each packet.
Needs Linux and root.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from typing import Any, Self

from net.link.json_lines import encode_line, link_to_json
from net.link.kernel.forwarder import ForwarderStats
from net.link.kernel.namespaces import (
    CLIENT_ADDRESS,
    SERVER_ADDRESS,
    KernelLinkUnavailable,
    Namespace,
    add_namespace,
    check_kernel_link,
    remove_namespace,
    remove_stale_namespaces,
)
from net.link.lateness import LatenessStats
from net.link.profile import Link

__all__ = ["KernelLink"]

# The forwarder only writes its statistics at the end, which takes milliseconds even under load.
_STOP_TIMEOUT_S = 2.0

# A shell that outlives this process, even after ``kill -9``. Then its pipe closes, and it removes
# the namespaces.
_CLEANUP_SCRIPT = 'cat > /dev/null; for name; do ip netns del "$name" 2> /dev/null; done'


class KernelLink:
    """Context manager: inside the block the link joins two network namespaces.

    ``client`` and ``server`` are the namespaces. Programs run in them by ``ip netns exec NAME``.
    The loss begins ``arm_after_s`` after entering. After the block, ``stats`` has the statistics
    of the forwarder, None if it was killed.
    Raises ``KernelLinkUnavailable`` on entering if the system cannot make it.
    """

    client: Namespace
    server: Namespace

    def __init__(self, link: Link, seed: int, arm_after_s: float = 0.0) -> None:
        self.stats: ForwarderStats | None = None
        self._link = link
        self._seed = seed
        self._arm_after_s = arm_after_s
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        check_kernel_link()
        remove_stale_namespaces()
        with ExitStack() as opening:
            self.client = self._add(opening, "client", CLIENT_ADDRESS, self._link.up.congestion)
            self.server = self._add(opening, "server", SERVER_ADDRESS, self._link.down.congestion)
            self._start_cleanup(opening)
            self._start_forwarder(opening)
            self._closing = opening.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._closing.close()

    @property
    def forwarder_pid(self) -> int:
        """The id of the forwarder's process."""
        return self._forwarder.pid

    @property
    def environment(self) -> dict[str, str]:
        """Names and addresses of both ends, as environment variables for a command."""
        return {
            "JITTERBALL_CLIENT_NS": self.client.name,
            "JITTERBALL_SERVER_NS": self.server.name,
            "JITTERBALL_CLIENT_ADDRESS": self.client.address,
            "JITTERBALL_SERVER_ADDRESS": self.server.address,
        }

    def set_link(self, link: Link) -> None:
        """Apply ``link`` from the next packet on."""
        self._send_command({"set_link": link_to_json(link)})

    def _add(self, opening: ExitStack, role: str, address: str, congestion: str) -> Namespace:
        namespace = add_namespace(role, address, congestion)
        opening.callback(remove_namespace, namespace.name)
        opening.callback(os.close, namespace.device)
        return namespace

    def _start_cleanup(self, opening: ExitStack) -> None:
        watch = ["sh", "-c", _CLEANUP_SCRIPT, "sh", self.client.name, self.server.name]
        process = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)
        opening.callback(process.wait)
        assert process.stdin is not None
        opening.callback(process.stdin.close)

    def _start_forwarder(self, opening: ExitStack) -> None:
        devices = self.client.device, self.server.device
        command = [sys.executable, "-P", "-m", "net.link.kernel.forwarder", *map(str, devices)]
        self._forwarder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=devices
        )
        opening.callback(self._stop_forwarder)
        self._send_command(
            {
                "link": link_to_json(self._link),
                "seed": self._seed,
                "arm_after_s": self._arm_after_s,
            }
        )
        assert self._forwarder.stdout is not None
        if not self._forwarder.stdout.readline():
            raise KernelLinkUnavailable("the forwarder did not start")

    def _send_command(self, order: dict[str, Any]) -> None:
        assert self._forwarder.stdin is not None
        # A killed forwarder reads nothing. The link's users notice that no packet arrives.
        with suppress(BrokenPipeError):
            self._forwarder.stdin.write(encode_line(order))
            self._forwarder.stdin.flush()

    def _stop_forwarder(self) -> None:
        try:
            said, _ = self._forwarder.communicate(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._forwarder.kill()
            said, _ = self._forwarder.communicate()
        if said:
            plain = json.loads(said)
            late = LatenessStats(**plain.pop("late"))
            self.stats = ForwarderStats(late=late, **plain)
