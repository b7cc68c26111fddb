"""Network namespaces of Linux, each with a TUN device.

The command ``ip`` of iproute2 makes them, as root. Their names contain the process that owns them.
So the next kernel link finds and removes the namespaces that a killed process left behind.
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

__all__ = [
    "ALLOWED_CONTROLS_FILE",
    "CLIENT_ADDRESS",
    "CURRENT_CONTROL_FILE",
    "SERVER_ADDRESS",
    "KernelLinkUnavailable",
    "Namespace",
    "add_namespace",
    "check_kernel_link",
    "remove_namespace",
    "remove_stale_namespaces",
]

CLIENT_ADDRESS, SERVER_ADDRESS = "10.77.0.1", "10.77.0.2"

TUN_DEVICE = "/dev/net/tun"
# Constants of ``<linux/if_tun.h>``.
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000

# A forwarder that is a moment late must not overflow the queue of the device.
_DEVICE_QUEUE_PACKETS = 10_000

CURRENT_CONTROL_FILE = "/proc/sys/net/ipv4/tcp_congestion_control"
ALLOWED_CONTROLS_FILE = Path("/proc/sys/net/ipv4/tcp_allowed_congestion_control")
# Two links that start at once may revoke each other's permission, so the attempt is repeated.
_CONGESTION_ATTEMPTS = 5

_NAME = re.compile(r"^jitterball-(?P<pid>\d+)-(?P<started>\d+)-(?:client|server)$")


class KernelLinkUnavailable(Exception):
    """The system cannot make a kernel link. The message says in one line what is missing."""


class Namespace(NamedTuple):
    """Network namespace with one TUN device, ``link0``.

    ``device`` is the file descriptor of its other end; the caller of ``add_namespace`` owns it.
    """

    name: str
    address: str
    device: int


def check_kernel_link() -> None:
    """Raise ``KernelLinkUnavailable`` if the system lacks something for a kernel link."""
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
    """Make the namespace of ``role``, ``client`` or ``server``, with that congestion control.

    TCP keeps metrics of old connections per namespace. A new namespace has none.
    Raises ``KernelLinkUnavailable`` if the kernel refuses.
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
    """Remove a namespace, if it still exists."""
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def remove_stale_namespaces() -> list[str]:
    """Remove the namespaces of processes that have ended; return their names."""
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
    """Return the start of a process in ticks since boot; None if it does not exist.

    Process ids are used again. Id and start together are unique.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name in parentheses may contain any character. The start is field 22 (proc(5)).
    return int(status.rpartition(")")[2].split()[19])


def _open_tun(name: str, namespace: str) -> int:
    """Open a new TUN device in ``namespace``, as ``link0``. It vanishes when it is closed."""
    # Windows imports this module too, but has no ``fcntl``.
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
    """Make ``congestion`` the default of the namespace, which else inherits the system's.

    A namespace may only choose what the system allows, and many systems allow only their default.
    So it is allowed for the moment of the choice.
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
