"""A server, a link before it, crowds of clients, and what befalls them.

Clients on all transports, behind an ``awful`` link, join a server that asks for a password, play,
are frozen (SIGSTOP), die (SIGKILL) and are replaced, switch transport, change their address and
send garbage; strangers knock with garbage of their own; in the middle the server is killed and
restarted. What happens when stands in ``plan.py``, what of it is well is for ``verdict.py`` to
say. POSIX only.
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
from net.link.relay.process import RelayProcess
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.session.session import PEER_TIMEOUT_S
from net.transport import Address
from tests.bench.machine import can_read_processes, memory_bytes
from tests.chaos.account import LinkCounters, outside, read_ledgers
from tests.chaos.plan import GONE_AFTER_S, Deed, plan

LOOPBACK = "127.0.0.1"
CROWD_SIZE = 5
# On top of the places of the dead, which must have ended before heads are counted.
SETTLING_S = 20.0
# Over TCP an event waits for all before it; after so long of silence the channel is given up.
ARRIVES_WITHIN_S = PEER_TIMEOUT_S
LOOK_EVERY_S = 0.05
REJECTION_TIMEOUT_S = 1.0
MEMORY_EVERY_S = 1.0
KNOCK_BYTES = 1400
# Players bring computers of their own; here a crowd that thinks must not keep the server waiting.
NICE = ("nice", "-n", "10")


@dataclass(slots=True)
class Worker:
    """A process that is ordered about, a line an order, and answers in lines of JSON."""

    process: subprocess.Popen[str]
    frozen_until: float | None = None

    def order(self, line: str) -> None:
        """Give an order."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line: str) -> Any:
        """Give an order; return the answer."""
        self.order(line)
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def leave(self) -> int:
        """Have it end by itself; return its exit code."""
        self.process.communicate("leave\n", timeout=20)
        return self.process.returncode

    def kill(self) -> None:
        """End it without a word, if it has not ended, and close its pipes."""
        self.process.kill()
        self.process.communicate()


class Chaos:
    """A context manager: inside the block the server runs, and the crowds are in or on their way.

    With less ``patience`` than 1 all that is waited for is shorter: a quick run sees it end too.
    """

    def __init__(self, clients: int, seed: int, folder: Path, patience: float = 1.0) -> None:
        self.seed = seed
        self.folder = folder
        self.patience = patience
        self.port = _free_base_port()
        self.deeds: Counter[str] = Counter()
        # Of these, what crowds that are no more could do.
        self._done: Counter[str] = Counter()
        self.lives = 0
        self.memory_mb: list[list[float]] = []
        self._sizes = [min(CROWD_SIZE, clients - first) for first in range(0, clients, CROWD_SIZE)]
        self._rng = Random(seed)
        self._stack = ExitStack()
        self.crowds: list[Worker] = []

    def __enter__(self) -> "Chaos":
        self.server = self._start_server()
        target = Address(LOOPBACK, self.port)
        settings = RelaySettings(parse_link("awful"), self.seed, target, game_routes([0, 0, 1]))
        self.relay = self._stack.enter_context(RelayProcess(settings))
        self.crowds = [self._start_crowd(number) for number in range(len(self._sizes))]
        return self

    def __exit__(self, *_exc: object) -> None:
        for worker in [*self.crowds, self.server]:
            worker.kill()
        self._stack.close()

    def rage(self, seconds: float) -> None:
        """Do harm for a while; the server dies in the middle."""
        started_at = next_memory_at = time.monotonic()
        waiting = plan(self.seed, len(self.crowds), seconds, self.patience)[::-1]
        while (now := time.monotonic()) < started_at + seconds:
            if self.lives == 1 and now > started_at + seconds / 2:
                self.server.kill()
                self.server = self._start_server()
            if now >= next_memory_at and can_read_processes():
                next_memory_at += MEMORY_EVERY_S
                self.memory_mb[-1].append(memory_bytes(self.server.process.pid) / 1e6)
            self._thaw(now)
            while waiting and waiting[-1].at_s <= now - started_at:
                self._do(waiting.pop(), now)
            time.sleep(LOOK_EVERY_S)
        self._thaw(float("inf"))

    def settle(self) -> tuple[list[dict[str, Any]], LinkCounters]:
        """Let the link be good, and wait until everyone is in again, or long enough.

        Over an awful one TCP is always just holding somebody up for ten seconds. Return the last
        reports, and what had been said ``ARRIVES_WITHIN_S`` before them.
        """
        self.relay.set_link(parse_link("lan"))
        self.wait_for_the_dead()
        deadline = time.monotonic() + SETTLING_S
        while True:
            said = self.ledger()
            time.sleep(ARRIVES_WITHIN_S * self.patience)
            reports = [report for crowd in self.crowds for report in crowd.ask("report")]
            if not outside(reports) or time.monotonic() > deadline:
                return reports, said

    def wait_for_the_dead(self) -> None:
        """Wait until the server has given up whoever vanished."""
        time.sleep(GONE_AFTER_S * self.patience + 2.0)

    def ledger(self) -> LinkCounters:
        """Return all that all lives of the server have said until now."""
        return read_ledgers(sorted(self.folder.glob("ledger-*")))

    def done(self) -> Counter[str]:
        """Return how often the crowds could do what they were told to."""
        return sum((Counter(crowd.ask("done")) for crowd in self.crowds), self._done)

    def relayed(self) -> Counter[RelayProtocol]:
        """Return how many clients the relay has, by what they came over."""
        # It answers with what it told last, and tells anew.
        self.relay.connections()
        time.sleep(REJECTION_TIMEOUT_S)
        return Counter(one.kind for one in self.relay.connections())

    def _do(self, deed: Deed, now: float) -> None:
        crowd = self.crowds[deed.crowd]
        self.deeds[deed.kind] += 1
        if deed.kind == "freeze":
            crowd.process.send_signal(SIGSTOP)
            crowd.frozen_until = now + deed.frozen_s
        elif deed.kind == "kill":
            self._done += Counter(crowd.ask("done"))
            crowd.kill()
            self.crowds[deed.crowd] = self._start_crowd(deed.crowd)
        elif deed.kind == "knock":
            self._probe_server()
        else:
            crowd.order(deed.kind)

    def _probe_server(self) -> None:
        """Send the server's ports bytes that mean nothing, without a channel."""
        garbage = self._rng.randbytes(self._rng.randint(1, KNOCK_BYTES))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.sendto(garbage, (LOOPBACK, self.port))
        for port in (self.port, self.port + 1):
            with suppress(OSError), socket.create_connection((LOOPBACK, port), 1.0) as stream:
                stream.sendall(garbage)

    def _thaw(self, now: float) -> None:
        for crowd in self.crowds:
            if crowd.frozen_until is not None and crowd.frozen_until <= now:
                crowd.process.send_signal(SIGCONT)
                crowd.frozen_until = None

    def _start_server(self) -> Worker:
        self.lives += 1
        self.memory_mb.append([])
        files = (self.folder / f"{name}-{self.lives}" for name in ("ledger", "ticks"))
        server = self._start("tests.chaos.life", self.port, *files, self.patience)
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == "ready\n"
        return server

    def _start_crowd(self, number: int) -> Worker:
        port, size = self.relay.port, self._sizes[number]
        arguments = (port, number, size, self.patience)
        return self._start("tests.chaos.crowd", *arguments, prefix=NICE)

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
