"""Tests of the relay's process: commands, statistics, and an end together with its parent."""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from time import monotonic, perf_counter, sleep

import pytest

from net.errors import AddressInUse, ListenError
from net.link.packet_log import FlowLog, PacketRecord
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay import relay_process
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import RelaySettings, Route
from net.transport import Address
from tests.platforms import posix_signals

SEED = 7
UDP_ONLY = (Route(RelayProtocol.UDP),)
DEAD = Link(LinkProfile(loss_ratio=1.0), LinkProfile(loss_ratio=1.0))
PATIENCE_S = 60.0


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(PATIENCE_S)
        yield sock


def settings(server: socket.socket, link: Link | None = None) -> RelaySettings:
    return RelaySettings(link or Link(), SEED, Address(*server.getsockname()), UDP_ONLY)


class ChildWithWarning:
    """Stand-in for a child process that has something to log."""

    def __init__(self, command: Sequence[str], stop_timeout_s: float) -> None:
        self.output = BytesIO(b'{"port": 5}\n{"warning": "relay: full"}\n')

    def write(self, data: bytes) -> None:
        pass

    def start_reader(self, read: Callable[[], None], name: str) -> None:
        read()

    def stop(self) -> None:
        pass


def test_a_warning_of_the_child_is_in_the_log_of_the_parent(
    server: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(relay_process, "ChildProcess", ChildWithWarning)
    with caplog.at_level(logging.WARNING), RelayProcess(settings(server)):
        pass
    assert caplog.messages == ["relay: full"]


def client_of(relay: RelayProcess) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", relay.port))
    return sock


def until(condition: Callable[[], bool]) -> None:
    deadline = perf_counter() + PATIENCE_S
    while not condition():
        assert perf_counter() < deadline
        sleep(0.005)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_relays_obeys_and_tells(server: socket.socket) -> None:
    with RelayProcess(settings(server)) as relay, client_of(relay) as client:
        client.send(b"before")
        assert server.recv(100) == b"before"
        relay.set_link(DEAD)
        until(lambda: _lost_one(relay, client))
        relay.set_link(Link())
        until(lambda: _arrives(server, client))
        until(lambda: relay.lateness().count >= 2)


def _lost_one(relay: RelayProcess, client: socket.socket) -> bool:
    client.send(b"perhaps")
    return any(stats.up.lost for stats in relay.connections())


def _arrives(server: socket.socket, client: socket.socket) -> bool:
    client.send(b"after")
    # The datagram may overtake the command, and be lost on the old link.
    server.settimeout(0.1)
    try:
        return server.recv(100) == b"after"
    except TimeoutError:
        return False


def test_a_burst_of_loss_is_passed_on(server: socket.socket) -> None:
    with RelayProcess(settings(server)) as relay, client_of(relay) as client:
        relay.burst_loss(60.0)
        until(lambda: _lost_one(relay, client))


def test_it_is_gone_after_the_block(server: socket.socket) -> None:
    with RelayProcess(settings(server)) as relay:
        pid = relay.pid
    assert not is_running(pid)


def test_a_port_in_use_is_reported_in_one_line(server: socket.socket) -> None:
    taken = RelaySettings(
        Link(), SEED, Address("127.0.0.1", 9), UDP_ONLY, Address(*server.getsockname())
    )
    with (
        pytest.raises(AddressInUse, match=r"^port \d+ is in use by another program$"),
        RelayProcess(taken),
    ):
        pytest.fail("two programs share a port")


def test_an_unknown_host_is_reported_in_one_line() -> None:
    nowhere = RelaySettings(Link(), SEED, Address("no such host", 9), UDP_ONLY)
    with pytest.raises(ListenError, match="no host is called"), RelayProcess(nowhere):
        pytest.fail("there is such a host")


@posix_signals
def test_ctrl_c_does_not_end_the_relay(server: socket.socket) -> None:
    """The parent still closes its connections through the relay."""
    with RelayProcess(settings(server)) as relay, client_of(relay) as client:
        os.kill(relay.pid, signal.SIGINT)
        client.send(b"goodbye")
        assert server.recv(100) == b"goodbye"


def test_commands_to_a_killed_relay_are_no_error(server: socket.socket) -> None:
    with RelayProcess(settings(server)) as relay:
        os.kill(relay.pid, signal.SIGTERM)
        until(lambda: not relay.is_running)
        for _ in range(3):
            relay.burst_loss(0.1)


def test_it_ends_with_a_parent_that_is_killed(server: socket.socket) -> None:
    parent = (
        "import sys, time\n"
        "from net.link.relay.relay_process import RelayProcess\n"
        "from net.link.profile import Link\n"
        "from net.link.relay.settings import RelaySettings\n"
        "from net.transport import Address\n"
        "with RelayProcess(RelaySettings(Link(), 7, Address('127.0.0.1', 9))) as relay:\n"
        "    print(relay.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    until(lambda: not is_running(pid))


def test_the_log_has_each_packet_and_none_is_made_unasked(server: socket.socket) -> None:
    logs: list[FlowLog] = []
    with RelayProcess(settings(server), logs.extend) as relay, client_of(relay) as client:
        for n in range(10):
            client.send(b"%d" % n)
            assert server.recv(100) == b"%d" % n
        client_address = client.getsockname()
        relay_address = client.getpeername()
    # The last batch comes before the process ends.
    records = [record for log in logs for record in log.records]
    assert [r.payload for r in records if isinstance(r, PacketRecord)] == [
        b"%d" % n for n in range(10)
    ]
    assert {(log.flow.client, log.flow.server) for log in logs} == {(client_address, relay_address)}
    now = monotonic()
    assert all(isinstance(r, PacketRecord) and now - 60 < r.sent_at <= now for r in records)
