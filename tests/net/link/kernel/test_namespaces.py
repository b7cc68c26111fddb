"""Tests of the namespaces of a kernel link: error messages, and removal in all cases."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, sleep

import pytest

from net.link.kernel import namespaces
from net.link.kernel.kernel_link import KernelLink
from net.link.kernel.namespaces import (
    KernelLinkUnavailable,
    check_kernel_link,
    remove_stale_namespaces,
)
from net.link.profile import Link, LinkProfile
from tests.net.link.kernel.requirements import skip_without_kernel_link

# Starting a kernel link changes a setting of the machine for a moment: one worker makes all links.
pytestmark = pytest.mark.xdist_group("kernel link")

ROOT = Path(__file__).parents[4]
PATIENCE_S = 60.0
# No process has this number: it is over what Linux allows.
NO_PID = 2**22 + 1

OWNER = """
import sys
from net.link.kernel.kernel_link import KernelLink
from net.link.profile import Link
with KernelLink(Link(), 7) as kernel:
    print(kernel.client.name, kernel.server.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def _root_and_tun() -> None:
    skip_without_kernel_link()


@pytest.fixture
def owner(_root_and_tun: None) -> Iterator[subprocess.Popen[str]]:
    """A program that holds a kernel link until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def names_of(owner: subprocess.Popen[str]) -> list[str]:
    assert owner.stdout is not None
    return owner.stdout.readline().split()


def existing() -> set[str]:
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines()}


def until(condition: Callable[[], bool]) -> None:
    deadline = perf_counter() + PATIENCE_S
    while not condition():
        assert perf_counter() < deadline
        sleep(0.02)


@pytest.mark.usefixtures("_root_and_tun")
def test_real_packets_are_delayed_and_lost_and_counted() -> None:
    slow = LinkProfile(delay_s=0.02)
    with KernelLink(Link(slow, slow), 7) as kernel:
        began = perf_counter()
        assert ping(kernel, count=1) == 1
        assert perf_counter() - began >= 0.04
        dead = LinkProfile(loss_ratio=1.0)
        kernel.set_link(Link(dead, dead))
        assert ping(kernel, count=3) == 0
        names = {kernel.client.name, kernel.server.name}
        assert names <= existing()
    assert not names & existing()
    assert kernel.stats is not None
    assert kernel.stats.sent == 5
    assert kernel.stats.lost == 3
    assert kernel.stats.late.count == 2


def ping(kernel: KernelLink, count: int) -> int:
    """Return how many of some small UDP datagrams came back from an echo in the other namespace."""
    echo = in_namespace(kernel.server.name, ECHO, kernel.server.address)
    assert echo.stdout is not None
    assert echo.stdout.readline() == "ready\n"
    asker = in_namespace(kernel.client.name, ASK, kernel.server.address, str(count))
    said, _ = asker.communicate()
    echo.kill()
    echo.communicate()
    return int(said)


ECHO = """
import socket, sys
sock = socket.socket(type=socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 7777))
print("ready", flush=True)
while True:
    sock.sendto(*sock.recvfrom(100))
"""
ASK = """
import socket, sys
sock = socket.socket(type=socket.SOCK_DGRAM)
sock.settimeout(0.3)
back = 0
for _ in range(int(sys.argv[2])):
    sock.sendto(b"ping", (sys.argv[1], 7777))
    try:
        sock.recv(100)
        back += 1
    except TimeoutError:
        pass
print(back)
"""


def in_namespace(name: str, program: str, *arguments: str) -> subprocess.Popen[str]:
    command = ["ip", "netns", "exec", name, sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("_root_and_tun")
def test_the_loss_may_begin_later() -> None:
    dead = LinkProfile(loss_ratio=1.0)
    with KernelLink(Link(dead, dead), 7, arm_after_s=60.0) as kernel:
        assert ping(kernel, count=1) == 1
    with KernelLink(Link(dead, dead), 7, arm_after_s=0.1) as kernel:
        sleep(0.2)
        assert ping(kernel, count=1) == 0


def test_the_namespaces_are_removed_in_the_end(owner: subprocess.Popen[str]) -> None:
    names = set(names_of(owner))
    assert names <= existing()
    assert owner.stdin is not None
    owner.stdin.close()
    assert owner.wait(PATIENCE_S) == 0
    assert not names & existing()


def test_the_namespaces_are_removed_after_ctrl_c(owner: subprocess.Popen[str]) -> None:
    names = set(names_of(owner))
    os.killpg(owner.pid, signal.SIGINT)
    owner.wait(PATIENCE_S)
    assert not names & existing()


def test_the_namespaces_are_removed_even_after_kill_9(owner: subprocess.Popen[str]) -> None:
    names = set(names_of(owner))
    owner.kill()
    owner.wait(PATIENCE_S)
    until(lambda: not names & existing())


@pytest.mark.usefixtures("_root_and_tun")
def test_the_link_ends_cleanly_when_its_forwarder_was_killed() -> None:
    with KernelLink(Link(), 7) as kernel:
        names = {kernel.client.name, kernel.server.name}
        os.kill(kernel.forwarder_pid, signal.SIGKILL)
    assert not names & existing()
    assert kernel.stats is None


@pytest.mark.usefixtures("_root_and_tun")
def test_namespaces_of_dead_owners_are_removed_and_of_living_ones_kept() -> None:
    stale = f"jitterball-{NO_PID}-1-client"
    subprocess.run(["ip", "netns", "add", stale], check=True)
    with KernelLink(Link(), 7) as kernel:
        assert stale not in existing()
        assert remove_stale_namespaces() == []
        assert {kernel.client.name, kernel.server.name} <= existing()


class RecordingFile:
    """A file of the kernel that notes what this process reads and writes: others do so, too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read: list[str] = []
        self.written: list[str] = []

    def read_text(self) -> str:
        self.read.append(self.path.read_text())
        return self.read[-1]

    def write_text(self, text: str) -> None:
        self.written.append(text)
        self.path.write_text(text)


@pytest.mark.usefixtures("_root_and_tun")
def test_the_computers_own_settings_are_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = RecordingFile(namespaces.ALLOWED_CONTROLS_FILE)
    monkeypatch.setattr(namespaces, "ALLOWED_CONTROLS_FILE", allowed)
    with KernelLink(Link(), 7) as kernel:
        assert allowed.read
        assert not allowed.written or allowed.written[-1].split() == allowed.read[-1].split()
        read = ["ip", "netns", "exec", kernel.client.name, "cat", namespaces.CURRENT_CONTROL_FILE]
        assert subprocess.run(read, capture_output=True, text=True).stdout == "cubic\n"


def test_without_linux_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(KernelLinkUnavailable, match=r"^a kernel link needs Linux; this is darwin$"):
        check_kernel_link()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Linux itself is missing")
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("ip", "needs the command `ip`"),
        ("root", "needs root: try sudo"),
        ("tun", "needs .*no-such-device: try `modprobe tun`"),
    ],
)
def test_a_missing_requirement_is_named_in_one_line(
    missing: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        namespaces.shutil, "which", lambda name: None if missing == "ip" else f"/sbin/{name}"
    )
    monkeypatch.setattr(os, "geteuid", lambda: 1000 if missing == "root" else 0)
    if missing == "tun":
        monkeypatch.setattr(namespaces, "TUN_DEVICE", "/dev/no-such-device")
    with pytest.raises(KernelLinkUnavailable, match=said) as complaint:
        check_kernel_link()
    assert "\n" not in str(complaint.value)
