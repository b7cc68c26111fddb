"""Two network namespaces of Linux and the TUN devices in them.

Made by ``ip`` of iproute2, as root. Their names say which process owns them, so that what a killed
one left behind is known and removed by the next. Knows no link and forwards no packet.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

CLIENT_ADDRESS, SERVER_ADDRESS = "10.77.0.1", "10.77.0.2"

TUN_DEVICE = "/dev/net/tun"
# <linux/if_tun.h>
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000

# What the link's delay holds must not overflow in front of a forwarder that is a moment late.
_DEVICE_QUEUE_PACKETS = 10_000

CURRENT_CONTROL_FILE = "/proc/sys/net/ipv4/tcp_congestion_control"
ALLOWED_CONTROLS_FILE = Path("/proc/sys/net/ipv4/tcp_allowed_congestion_control")
# Two links that begin at once may take each other's permission away.
_CONGESTION_ATTEMPTS = 5

_NAME = re.compile(r"^jitterball-(?P<pid>\d+)-(?P<started>\d+)-(?:client|server)$")


class KernelLinkUnavailable(Exception):
    """This computer cannot make a kernel link; the message says in one line what is missing."""


class Namespace(NamedTuple):
    """A network namespace with one device, ``link0``, whose other end is `device`, a file."""

    name: str
    address: str
    device: int


def check_kernel_link() -> None:
    """Raise ``KernelLinkUnavailable`` if something is missing here."""
    if sys.platform != "linux":
        raise KernelLinkUnavailable(f"a kernel link needs Linux; this is {sys.platform}")
    if shutil.which("ip") is None:
        raise KernelLinkUnavailable("a kernel link needs the command `ip` (package iproute2)")
    if os.geteuid() != 0:
        raise KernelLinkUnavailable(
            "a kernel link makes network namespaces, which needs root: try sudo"
        )
    if not Path(TUN_DEVICE).exists():
        raise KernelLinkUnavailable(f"a kernel link needs {TUN_DEVICE}: try `modprobe tun`")


def add_namespace(role: str, address: str, congestion: str) -> Namespace:
    """Make the namespace of `role`, ``client`` or ``server``, whose TCP is fresh and of that kind.

    Raises ``KernelLinkUnavailable`` when the kernel refuses.
    """
    pid = os.getpid()
    name = f"jitterball-{pid}-{_start_ticks(pid)}-{role}"
    _ip("netns", "add", name)
    try:
        device = _open_tun(f"jb{pid}{role[0]}", name)
        _ip("-n", name, "addr", "add", f"{address}/24", "dev", "link0")
        _ip("-n", name, "link", "set", "link0", "up", "txqueuelen", str(_DEVICE_QUEUE_PACKETS))
        _ip("-n", name, "link", "set", "lo", "up")
        _set_congestion(name, congestion)
    except BaseException:
        remove_namespace(name)
        raise
    return Namespace(name, address, device)


def remove_namespace(name: str) -> None:
    """Remove a namespace; no matter if it is gone already."""
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def remove_stale_namespaces() -> list[str]:
    """Remove the namespaces of owners that are gone; return their names."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False)
    stale = []
    for line in listed.stdout.splitlines():
        name = line.split()[0]
        match = _NAME.match(name)
        if match and _start_ticks(int(match["pid"])) != int(match["started"]):
            remove_namespace(name)
            stale.append(name)
    return stale


def _start_ticks(pid: int) -> int | None:
    """Return when a process was started, in ticks since boot; None if there is none.

    Numbers of processes are used again; number and start together are not.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may itself contain any character; the start is field 22.
    return int(status.rpartition(")")[2].split()[19])


def _open_tun(name: str, namespace: str) -> int:
    """Open a new TUN device, which moves to a namespace as ``link0`` and vanishes on closing."""
    # Windows, where this module is imported to say that there is no kernel link, has none.
    import fcntl

    try:
        device = os.open(TUN_DEVICE, os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        raise KernelLinkUnavailable(
            f"a kernel link needs {TUN_DEVICE}: {error.strerror}"
        ) from error
    try:
        request = struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI)
        fcntl.ioctl(device, _TUNSETIFF, request)
        _ip("link", "set", name, "netns", namespace)
        _ip("-n", namespace, "link", "set", name, "name", "link0")
    except OSError as error:
        os.close(device)
        raise KernelLinkUnavailable(f"the kernel makes no TUN device: {error.strerror}") from error
    except BaseException:
        os.close(device)
        raise
    return device


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise KernelLinkUnavailable(f"`ip {' '.join(arguments)}` failed: {said}")


def _set_congestion(namespace: str, congestion: str) -> None:
    """Make a congestion control the namespace's default; it is inherited from ours otherwise.

    Only what the whole computer allows may be a namespace's default, and many allow just their
    own: so ours is allowed for the moment in which it is chosen.
    """
    write = ["ip", "netns", "exec", namespace, "sh", "-c", 'echo "$1" > "$2"', "sh"]
    for _ in range(_CONGESTION_ATTEMPTS):
        allowed = ALLOWED_CONTROLS_FILE.read_text().split()
        try:
            if congestion not in allowed:
                ALLOWED_CONTROLS_FILE.write_text(" ".join([*allowed, congestion]))
            done = subprocess.run(
                [*write, congestion, CURRENT_CONTROL_FILE], capture_output=True, check=False
            )
        except OSError as error:
            raise KernelLinkUnavailable(
                f"the kernel has no {congestion}: {error.strerror}"
            ) from error
        finally:
            if congestion not in allowed:
                with suppress(OSError):
                    ALLOWED_CONTROLS_FILE.write_text(" ".join(allowed))
        if not done.returncode:
            return
    raise KernelLinkUnavailable(f"the kernel lets no namespace use {congestion}")
