"""A bad ten minutes for a server: ``python -m tests.chaos.chaos --clients 60 --seconds 600``.

Clients on all transports, behind an ``awful`` link, join, play, are frozen (SIGSTOP), die
(SIGKILL) and are replaced, switch transport, change their address and send garbage; in the middle
the server is killed and restarted. The order of events follows from ``--seed``. At the end the
verdict is printed as JSON: every client that should be in is in, nobody is doubled, nothing is
left behind, ticks were on time, and every game event arrived exactly once and in order within one
life of the server, as its ledger proves. Exit code 1 unless all of it holds. POSIX only.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from net.link.relay_process import RelayProcess
from net.link.relay_settings import RelaySettings, game_routes
from net.link.spec import parse_link
from net.places import PLACE_KEPT_S
from net.session import SILENCE_GONE_S
from net.transport import Address

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
TICK_MS = 1000 / 60


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
        started_at = time.monotonic()
        is_killed = False
        while (now := time.monotonic()) < started_at + seconds:
            if not is_killed and now > started_at + seconds / 2:
                is_killed = True
                self._restart_server()
            self._thaw(now)
            for crowd in self.crowds:
                if self.rng.random() < DEEDS_PER_S_PER_CROWD / 10 and crowd.frozen_until is None:
                    self._do(crowd, self.rng.choices(list(DEEDS), DEEDS.values())[0], now)
            time.sleep(0.1)
        self._thaw(float("inf"))

    def settle(self) -> list[list[dict[str, Any]]]:
        """Wait until everyone is in again, or long enough; return the last reports."""
        # Whoever is seated without being alive has lost the place by then.
        time.sleep(GONE_AFTER_S * self.patience + 2.0)
        deadline = time.monotonic() + SETTLING_S
        while True:
            reports = [crowd.report() for crowd in self.crowds]
            are_in = all(one["is_playing"] and one["has_scene"] for one in _flat(reports))
            if are_in or time.monotonic() > deadline:
                return reports
            time.sleep(1.0)

    def end_server(self) -> dict[str, Any]:
        """Send SIGTERM; return what the server says of its health."""
        self.server.send_signal(signal.SIGTERM)
        out, _ = self.server.communicate(timeout=20)
        return json.loads(out.strip().splitlines()[-1])

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


def judge_events(reports: Iterable[dict[str, Any]], ledgers: Iterable[Path]) -> dict[str, int]:
    """Compare what clients were told with what the ledgers say was said to them.

    Each client's account of a place must be the ledger's, number by number, from where it began.
    """
    said: dict[tuple[str, int], str] = {}
    for ledger in ledgers:
        for line in ledger.read_text().splitlines():
            place, number, checksum = line.split()
            said[place, int(number)] = checksum
    figures = Counter(compared=0, doubled=0, out_of_order=0, missing=0, altered=0)
    for report in reports:
        _judge_account(report, said, figures)
    return dict(figures)


def _judge_account(
    report: dict[str, Any], said: dict[tuple[str, int], str], figures: Counter[str]
) -> None:
    begun: dict[str, set[int]] = {}
    for place, number in report["begun"]:
        begun.setdefault(place, set()).add(number)
    last: dict[str, int] = {}
    for place, number, checksum in report["witnessed"]:
        figures["compared"] += 1
        before = last.get(place)
        figures["doubled"] += number == before
        figures["out_of_order"] += before is not None and number < before
        figures["altered"] += said.get((place, number)) != checksum
        # Numbers may jump only to where a welcome said that the state held all up to there.
        follows_on = number - 1 == before or number - 1 in begun[place]
        figures["missing"] += not follows_on
        last[place] = number


def judge(chaos: Chaos, seconds: float) -> dict[str, Any]:
    """Rage, settle, end, and say what was found."""
    began_at = time.monotonic()
    chaos.rage(seconds)
    reports = list(_flat(chaos.settle()))
    names = [report["name"] for report in reports]
    events = judge_events(reports, sorted(chaos.folder.glob("ledger-*")))
    health = chaos.end_server()
    seated = [name for players in health.pop("players").values() for name in players]
    crowd_codes = [crowd.leave() for crowd in chaos.crowds]
    log = (chaos.folder / "log").read_text()
    outside = {r["name"]: r["status"] for r in reports if not (r["is_playing"] and r["has_scene"])}
    checks = {
        "everyone is in": not outside,
        "nobody is doubled": sorted(seated) == sorted(names),
        "every event once, in order, unaltered": events["compared"] > 0
        and not any(events[flaw] for flaw in events if flaw != "compared"),
        "no task left": health["tasks_left"] == 0,
        "no socket or file left": health["descriptors_left"] == 0,
        "ticks on time (p99 under one tick)": health["lateness_p99_ms"] < TICK_MS,
        "no traceback": "Traceback" not in log,
        "every crowd ended cleanly": not any(crowd_codes),
    }
    return {
        "ok": all(checks.values()),
        "checks": checks,
        "clients": len(names),
        "seconds": round(time.monotonic() - began_at),
        "deeds": dict(chaos.deeds),
        "events": events,
        "server": health,
        "outside": outside,
        "unseated": sorted((Counter(names) - Counter(seated)).elements()),
        "strangers": sorted((Counter(seated) - Counter(names)).elements()),
    }


def _flat(reports: Iterable[Iterable[dict[str, Any]]]) -> Iterable[dict[str, Any]]:
    return (one for report in reports for one in report)


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


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with Chaos(arguments.clients, arguments.seed, Path(folder)) as chaos:
            verdict = judge(chaos, arguments.seconds)
        if not verdict["ok"]:
            print((Path(folder) / "log").read_text()[-4000:], file=sys.stderr)
    print(json.dumps({"seed": arguments.seed, **verdict}, indent=1))
    return 0 if verdict["ok"] else os.EX_SOFTWARE


if __name__ == "__main__":
    sys.exit(main())
