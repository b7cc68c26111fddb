"""A server, a link before it, crowds of clients, and what befalls them.

Clients on all transports, behind an ``awful`` link, join, play, are frozen (SIGSTOP), die
(SIGKILL) and are replaced, switch transport, change their address and send garbage; in the middle
the server is killed and restarted. The order of events follows from a seed. What of it is well is
for ``verdict.py`` to say. POSIX only.
"""

import json
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from net.link.relay_process import RelayProcess
from net.link.relay_settings import Kind, RelaySettings, game_routes
from net.link.spec import parse_link
from net.places import PLACE_KEPT_S
from net.session import SILENCE_GONE_S
from net.transport import Address
from tests.bench.machine import can_read_processes, memory_bytes
from tests.chaos.account import Ledger, outside, read_ledgers

LOOPBACK = "127.0.0.1"
CROWD_SIZE = 5
# A frozen crowd may lose its places (kept for 25 s after its last word) and must join afresh.
GONE_AFTER_S = SILENCE_GONE_S + PLACE_KEPT_S
FROZEN_S = (0.5, GONE_AFTER_S + 5.0)
# The tempers of chaos, as weights.
DEEDS = {"switch": 10, "move": 5, "garbage": 3, "freeze": 2, "kill": 1}
DEEDS_PER_S_PER_CROWD = 1 / 6
# On top of the places of the dead, which must have ended before heads are counted.
SETTLING_S = 20.0
# Over TCP an event waits for all before it; after so long of silence the channel is given up.
ARRIVES_WITHIN_S = SILENCE_GONE_S
LOOK_EVERY_S = 0.1
MEMORY_EVERY_S = 1.0


@dataclass(slots=True)
class Crowd:
    """A process of clients, and when it will be thawed if it is frozen."""

    number: int
    process: subprocess.Popen[str]
    frozen_until: float | None = None

    def order(self, line: str) -> None:
        """Give an order."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def report(self) -> list[dict[str, Any]]:
        """Return what the clients were told."""
        self.order("report")
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def leave(self) -> int:
        """Have everyone say goodbye; return the process' exit code."""
        self.order("leave")
        code = self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        return code


class Chaos:
    """The server, the link before it, the crowds, and what befalls them."""

    def __init__(self, clients: int, seed: int, folder: Path, patience: float = 1.0) -> None:
        self.rng = Random(seed)
        self.folder = folder
        self.patience = patience
        self.port = _free_base_port()
        self.deeds: Counter[str] = Counter()
        self.lives = 0
        self.memory_mb: list[list[float]] = []
        self._sizes = [min(CROWD_SIZE, clients - first) for first in range(0, clients, CROWD_SIZE)]
        self._stack = ExitStack()
        self.crowds: list[Crowd] = []

    def __enter__(self) -> "Chaos":
        self.server = self._start_server()
        link = parse_link("awful")
        settings = RelaySettings(link, 1, Address(LOOPBACK, self.port), game_routes([0, 0, 1]))
        self.relay = self._stack.enter_context(RelayProcess(settings))
        self.crowds = [self._start_crowd(number) for number in range(len(self._sizes))]
        return self

    def __exit__(self, *_exc: object) -> None:
        for process in [crowd.process for crowd in self.crowds] + [self.server]:
            if process.poll() is None:
                process.kill()
                process.wait()
        self._stack.close()

    def rage(self, seconds: float) -> None:
        """Do harm for a while; the server dies in the middle."""
        started_at = next_memory_at = time.monotonic()
        is_killed = False
        while (now := time.monotonic()) < started_at + seconds:
            if not is_killed and now > started_at + seconds / 2:
                is_killed = True
                self._restart_server()
            if now >= next_memory_at and can_read_processes():
                next_memory_at += MEMORY_EVERY_S
                self.memory_mb[-1].append(memory_bytes(self.server.pid) / 1e6)
            self._thaw(now)
            for crowd in self.crowds:
                chance = DEEDS_PER_S_PER_CROWD * LOOK_EVERY_S
                if self.rng.random() < chance and crowd.frozen_until is None:
                    self._do(crowd, self.rng.choices(list(DEEDS), DEEDS.values())[0], now)
            time.sleep(LOOK_EVERY_S)
        self._thaw(float("inf"))

    def settle(self) -> tuple[list[dict[str, Any]], Ledger]:
        """Wait until everyone is in again, or long enough.

        Return the last reports, and what had been said ``ARRIVES_WITHIN_S`` before them.
        """
        # Whoever is seated without being alive has lost the place by then.
        time.sleep(GONE_AFTER_S * self.patience + 2.0)
        deadline = time.monotonic() + SETTLING_S
        while True:
            said = self.ledger()
            time.sleep(ARRIVES_WITHIN_S * self.patience)
            reports = [report for crowd in self.crowds for report in crowd.report()]
            if not outside(reports) or time.monotonic() > deadline:
                return reports, said

    def ledger(self) -> Ledger:
        """Return all that all lives of the server have said until now."""
        return read_ledgers(sorted(self.folder.glob("ledger-*")))

    def end_server(self) -> dict[str, Any]:
        """Send SIGTERM; return what the server says of its health."""
        self.server.send_signal(signal.SIGTERM)
        out, _ = self.server.communicate(timeout=20)
        return json.loads(out.strip().splitlines()[-1])

    def relayed(self, kinds: Collection[Kind], within_s: float) -> int:
        """Return how many clients the relay still has after a while; it asks as long as any."""
        deadline = time.monotonic() + within_s
        while True:
            self.relay.connections()
            time.sleep(LOOK_EVERY_S)
            left = sum(one.kind in kinds for one in self.relay.connections())
            if not left or time.monotonic() > deadline:
                return left

    def _do(self, crowd: Crowd, deed: str, now: float) -> None:
        self.deeds[deed] += 1
        if deed == "freeze":
            crowd.process.send_signal(signal.SIGSTOP)
            crowd.frozen_until = now + self.rng.uniform(*FROZEN_S) * self.patience
        elif deed == "kill":
            crowd.process.kill()
            crowd.process.communicate()
            self.crowds[crowd.number] = self._start_crowd(crowd.number)
        else:
            crowd.order(deed)

    def _thaw(self, now: float) -> None:
        for crowd in self.crowds:
            if crowd.frozen_until is not None and crowd.frozen_until <= now:
                crowd.process.send_signal(signal.SIGCONT)
                crowd.frozen_until = None

    def _restart_server(self) -> None:
        self.deeds["server killed"] += 1
        self.server.kill()
        self.server.communicate()
        self.server = self._start_server()

    def _start_server(self) -> subprocess.Popen[str]:
        self.lives += 1
        self.memory_mb.append([])
        ledger = self.folder / f"ledger-{self.lives}"
        server = self._start("tests.chaos.life", str(self.port), str(ledger), str(self.patience))
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        return server

    def _start_crowd(self, number: int) -> Crowd:
        arguments = (self.relay.port, number, self._sizes[number], self.patience)
        return Crowd(number, self._start("tests.chaos.crowd", *map(str, arguments)))

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        log = self._stack.enter_context((self.folder / "log").open("a"))
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _free_base_port() -> int:
    """Return a port that is free for TCP, and whose next one is too."""
    while True:
        with socket.create_server((LOOPBACK, 0)) as base:
            port = base.getsockname()[1]
        try:
            with socket.create_server((LOOPBACK, port + 1)):
                return port
        except OSError:
            continue
