"""Chaos: a server, an emulated link, client groups, and actions against both.  POSIX only.

Clients on all transports join a server with a password over an ``awful`` link. Groups are frozen
(SIGSTOP), killed (SIGKILL) and replaced. Clients switch transport, change their address and send
garbage. Ports receive garbage from outside. Half-way the server is killed and restarted.
``schedule.py`` decides the actions, ``checks.py`` the result.
"""

import json
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP
from typing import Any

from net.link.profile import RelayProtocol
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.session.liveness import PEER_TIMEOUT_S
from net.transport import Address
from tests.bench.machine import can_read_processes, memory_bytes
from tests.chaos.event_check import SentEvents, not_playing, read_ledgers
from tests.chaos.schedule import EXPIRY_S, Action, plan
from tests.ports import free_base_port

LOOPBACK = "127.0.0.1"
GROUP_SIZE = 5
# Counted after the slots of killed clients have expired.
SETTLE_TIMEOUT_S = 20.0
# Over TCP an event waits for all before it. After this time the connection has timed out.
EVENT_TIMEOUT_S = PEER_TIMEOUT_S
POLL_INTERVAL_S = 0.05
STATS_TIMEOUT_S = 1.0
MEMORY_INTERVAL_S = 1.0
GARBAGE_MAX_BYTES = 1400
# Real players have their own computers. Here the groups must not take CPU from the server.
NICE = ("nice", "-n", "10")


@dataclass(slots=True)
class Worker:
    """A child process that reads commands as lines, and answers with lines of JSON."""

    process: subprocess.Popen[str]
    frozen_until: float | None = None

    def send(self, line: str) -> None:
        """Send a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line: str) -> Any:
        """Send a command and return the answer."""
        self.send(line)
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def leave(self) -> int:
        """Let the process end by itself; return its exit code."""
        self.process.communicate("leave\n", timeout=20)
        return self.process.returncode

    def kill(self) -> None:
        """Kill the process, if it still runs, and close its pipes."""
        self.process.kill()
        self.process.communicate()


class Chaos:
    """A context manager; inside its block server, relay and client groups run.

    ``time_scale``: below 1 all timeouts are shorter, for a quick run.
    """

    def __init__(self, clients: int, seed: int, folder: Path, time_scale: float = 1.0) -> None:
        self.seed = seed
        self.folder = folder
        self.time_scale = time_scale
        self.port = free_base_port()
        self.actions: Counter[str] = Counter()
        # Commands that killed groups had executed.
        self._done: Counter[str] = Counter()
        self.runs = 0
        self.memory_mb: list[list[float]] = []
        self._sizes = [min(GROUP_SIZE, clients - first) for first in range(0, clients, GROUP_SIZE)]
        self._rng = Random(seed)
        self._stack = ExitStack()
        self.groups: list[Worker] = []

    def __enter__(self) -> "Chaos":
        self.server = self._start_server()
        target = Address(LOOPBACK, self.port)
        settings = RelaySettings(parse_link("awful"), self.seed, target, game_routes([0, 0, 1]))
        self.relay = self._stack.enter_context(RelayProcess(settings))
        self.groups = [self._start_group(number) for number in range(len(self._sizes))]
        return self

    def __exit__(self, *_exc: object) -> None:
        for worker in [*self.groups, self.server]:
            worker.kill()
        self._stack.close()

    def run_actions(self, seconds: float) -> None:
        """Run the scheduled actions; kill and restart the server half-way."""
        started_at = next_memory_at = time.monotonic()
        waiting = plan(self.seed, len(self.groups), seconds, self.time_scale)[::-1]
        while (now := time.monotonic()) < started_at + seconds:
            if self.runs == 1 and now > started_at + seconds / 2:
                self.server.kill()
                self.server = self._start_server()
            if now >= next_memory_at and can_read_processes():
                next_memory_at += MEMORY_INTERVAL_S
                self.memory_mb[-1].append(memory_bytes(self.server.process.pid) / 1e6)
            self._resume_frozen(now)
            while waiting and waiting[-1].at_s <= now - started_at:
                self._do(waiting.pop(), now)
            time.sleep(POLL_INTERVAL_S)
        self._resume_frozen(float("inf"))

    def settle(self) -> tuple[list[dict[str, Any]], SentEvents]:
        """Set a good link, and wait until every client plays again, or the timeout ends.

        Over the ``awful`` link TCP would always delay some client by ten seconds.
        Return the last reports, and the events sent ``EVENT_TIMEOUT_S`` before them.
        """
        self.relay.set_link(parse_link("lan"))
        self.wait_for_expired_slots()
        deadline = time.monotonic() + SETTLE_TIMEOUT_S
        while True:
            sent = self.ledger()
            time.sleep(EVENT_TIMEOUT_S * self.time_scale)
            reports = [report for group in self.groups for report in group.ask("report")]
            if not not_playing(reports) or time.monotonic() > deadline:
                return reports, sent

    def wait_for_expired_slots(self) -> None:
        """Wait until the slots of lost clients have expired."""
        time.sleep(EXPIRY_S * self.time_scale + 2.0)

    def ledger(self) -> SentEvents:
        """Return the events that all server runs have sent until now."""
        return read_ledgers(sorted(self.folder.glob("ledger-*")))

    def done(self) -> Counter[str]:
        """Return how often the groups have executed each command."""
        return sum((Counter(group.ask("done")) for group in self.groups), self._done)

    def relayed(self) -> Counter[RelayProtocol]:
        """Return the number of clients at the relay, by protocol."""
        # The relay returns its last statistics, and then sends new ones.
        self.relay.connections()
        time.sleep(STATS_TIMEOUT_S)
        return Counter(one.kind for one in self.relay.connections())

    def _do(self, action: Action, now: float) -> None:
        group = self.groups[action.group]
        self.actions[action.kind] += 1
        if action.kind == "freeze":
            group.process.send_signal(SIGSTOP)
            group.frozen_until = now + action.frozen_s
        elif action.kind == "kill":
            self._done += Counter(group.ask("done"))
            group.kill()
            self.groups[action.group] = self._start_group(action.group)
        elif action.kind == "probe":
            self._send_garbage()
        else:
            group.send(action.kind)

    def _send_garbage(self) -> None:
        """Send random bytes to the server's ports, from outside of any channel."""
        garbage = self._rng.randbytes(self._rng.randint(1, GARBAGE_MAX_BYTES))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.sendto(garbage, (LOOPBACK, self.port))
        for port in (self.port, self.port + 1):
            with suppress(OSError), socket.create_connection((LOOPBACK, port), 1.0) as stream:
                stream.sendall(garbage)

    def _resume_frozen(self, now: float) -> None:
        for group in self.groups:
            if group.frozen_until is not None and group.frozen_until <= now:
                group.process.send_signal(SIGCONT)
                group.frozen_until = None

    def _start_server(self) -> Worker:
        self.runs += 1
        self.memory_mb.append([])
        files = (self.folder / f"{name}-{self.runs}" for name in ("ledger", "ticks"))
        server = self._start("tests.chaos.server_process", self.port, *files, self.time_scale)
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == "ready\n"
        return server

    def _start_group(self, number: int) -> Worker:
        port, size = self.relay.port, self._sizes[number]
        arguments = (port, number, size, self.time_scale)
        return self._start("tests.chaos.client_process", *arguments, prefix=NICE)

    def _start(self, module: str, *arguments: object, prefix: Iterable[str] = ()) -> Worker:
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", module, *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return Worker(process)
