"""Search for the number of clients that a server holds on one core.

``python tests/bench/capacity.py`` prints JSON.

Clients that only replay bytes (``crowd.py``) run on the other core and join a server
(``hosts.py``), 10 to a room. Each sends 60 inputs a second and receives 30 snapshots a second; the
server runs 60 ticks a second. The number of clients grows by a tenth until the server no longer
keeps up in any of several attempts. It does not keep up if:

- the 99th percentile of the lateness of ticks reaches 4 ms, or
- a snapshot is late by more than one snapshot interval, or missing, or
- less than 99.5% of the inputs are received.

The same search runs on a bare event loop with the same kind of socket.

``--at CLIENTS`` tries one number of clients only. ``cpu_ms_per_client`` is the processor time of
the server for a client in a second. It is valid on a busy machine too: the time that the server
waits for a core is not in it.
"""

import argparse
import gc
import json
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import quantiles

from crowd import (
    BARE_WIRES,
    INPUT_HZ,
    WIRES,
    BareReplay,
    Crowd,
    GameReplay,
    Replay,
    SimulatedChannel,
)
from hosts import BARE_HOSTS, SNAPSHOT_HZ, GameHost, HostProcess, host_process
from machine import describe, go_before_others, pin_to_core

TICK_P99_LIMIT_S = 0.004
SNAPSHOT_LATE_LIMIT_S = 1 / SNAPSHOT_HZ
INPUTS_RATIO_MIN = 0.995
GOALS = {"udp": 1000, "tcp": 800, "websocket": 600, "quic": 30}
BARE_RATIO_GOAL = 0.6
GROWTH = 1.1
ROOM_SIZE = 10
# Another program can take the core away for a moment. An overloaded server fails every time.
ATTEMPTS = 3
SETTLE_S = 0.3


@dataclass(frozen=True, slots=True)
class Trial:
    """Result of one attempt with one number of clients."""

    clients: int
    tick_p99_ms: float
    snapshot_late_max_ms: float
    snapshots_missing: int
    inputs_ratio: float
    server_cpu_ratio: float
    crowd_cpu_ratio: float
    crowd_p99_ms: float

    @property
    def passed(self) -> bool:
        """True if the server kept up."""
        return (
            self.tick_p99_ms < TICK_P99_LIMIT_S * 1000
            and self.snapshot_late_max_ms <= SNAPSHOT_LATE_LIMIT_S * 1000
            and not self.snapshots_missing
            and self.inputs_ratio >= INPUTS_RATIO_MIN
        )

    @property
    def limit(self) -> str:
        """The side that did not keep up: the crowd, if it sent its inputs a whole tick late."""
        return "crowd" if self.crowd_p99_ms >= 1000 / INPUT_HZ else "server"

    @property
    def cpu_ms_per_client(self) -> float:
        """The server's processor time for one client in a second."""
        return round(self.server_cpu_ratio * 1000.0 / self.clients, 3)

    def figures(self) -> dict[str, object]:
        slots = {name: getattr(self, name) for name in self.__slots__}
        return {**slots, "cpu_ms_per_client": self.cpu_ms_per_client}


def attempt(host: HostProcess, crowd: Crowd, clients: int, seconds: float) -> Trial:
    """Let the crowd play for some seconds, and return the figures of both sides."""
    crowd.play(SETTLE_S)
    crowd.listen(SETTLE_S)
    inputs_before = host.forget()
    cpu_before_s = host.figures()[2]
    seen = crowd.play(seconds)
    _, lateness_s, cpu_s = host.figures()
    crowd.listen(SETTLE_S)
    inputs = host.figures()[0] - inputs_before
    return Trial(
        clients=clients,
        tick_p99_ms=_p99_ms(lateness_s),
        snapshot_late_max_ms=round(max(seen.lateness_s, default=inf) * 1000, 2),
        snapshots_missing=seen.missing,
        inputs_ratio=round(inputs / seen.inputs, 4),
        server_cpu_ratio=round((cpu_s - cpu_before_s) / seconds, 3),
        crowd_cpu_ratio=round(seen.cpu_ratio, 3),
        crowd_p99_ms=_p99_ms(seen.own_lateness_s),
    )


@dataclass(frozen=True, slots=True)
class Search:
    """Range of the search in clients, and the length of each attempt in seconds."""

    start: int
    most: int
    seconds: float


def capacity(
    label: str,
    hosting: AbstractContextManager[HostProcess],
    wire: type[SimulatedChannel],
    replay: Replay,
    search: Search,
) -> dict[str, object]:
    """Return the most clients that a server holds, and the trials around that number."""
    held: Trial | None = None
    clients = search.start
    with hosting as host, Crowd(replay, wire, host.port, SNAPSHOT_HZ) as crowd:
        while True:
            crowd.grow_to(clients)
            trial = attempt_until_held(host, crowd, clients, search.seconds)
            print(f"{label}: {trial}", file=sys.stderr, flush=True)
            if not trial.passed or clients >= search.most:
                break
            held = trial
            grown = round(clients * GROWTH / ROOM_SIZE) * ROOM_SIZE
            clients = min(search.most, max(grown, clients + ROOM_SIZE))
    last = trial if trial.passed else held
    return {
        "clients": last.clients if last else 0,
        "held": last and last.figures(),
        "too_many": None if trial.passed else trial.figures(),
        "limit": "none found" if trial.passed else trial.limit,
    }


def attempt_until_held(host: HostProcess, crowd: Crowd, clients: int, seconds: float) -> Trial:
    """Return the first attempt that passed, or the last."""
    for _ in range(ATTEMPTS):
        trial = attempt(host, crowd, clients, seconds)
        if trial.passed:
            break
    return trial


def cpu_ratio(one: dict[str, object], other: dict[str, object]) -> float:
    """Return the processor time for a client in one search, as a share of that in another."""
    first, second = (each["held"] or each["too_many"] for each in (one, other))
    return round(first["cpu_ms_per_client"] / second["cpu_ms_per_client"], 3)


def _p99_ms(values_s: list[float]) -> float:
    return round(quantiles(values_s, n=100)[98] * 1000, 3)


def main() -> None:
    """Print the figures; exit code 1 if a goal is missed."""
    parser = search_arguments(__doc__)
    parser.add_argument("--at", type=int, default=0, metavar="CLIENTS")
    parser.add_argument("--transport", action="append", choices=list(GOALS))
    args = parser.parse_args()
    machine = describe()
    prepare(args.first)
    search = Search(args.at or args.start, args.at or args.most, args.seconds)
    found = {}
    for name in args.transport or GOALS:
        hosting = host_process(partial(GameHost, name), args.first)
        game = capacity(f"{name} game", hosting, WIRES[name], GameReplay(seed=1), search)
        found[name] = {
            "game": game,
            "goal_clients": GOALS[name],
            "passed": game["clients"] >= GOALS[name],
        }
        # Of QUIC there is no bare loop: nearly all of its time is the library's.
        if name in BARE_HOSTS:
            hosting = host_process(BARE_HOSTS[name], args.first)
            bare = capacity(f"{name} bare", hosting, BARE_WIRES[name], BareReplay(), search)
            ratio = round(game["clients"] / bare["clients"], 3) if bare["clients"] else 0.0
            found[name] |= {
                "bare": bare,
                "ratio_to_bare": ratio,
                "cpu_ratio_to_bare": cpu_ratio(bare, game),
            }
            found[name]["passed"] &= ratio >= BARE_RATIO_GOAL
    print(json.dumps({**machine, "seconds": args.seconds, "transports": found}, indent=2))
    sys.exit(0 if all(one["passed"] for one in found.values()) else 1)


def search_arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options of every search."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--start", type=int, default=200)
    parser.add_argument("--most", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--first", action="store_true", help="run with real-time priority (root)")
    return parser


def prepare(is_first: bool) -> None:
    """Prepare this process, which runs the crowd: a core, many sockets, no garbage collection."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pin_to_core(1)
    if is_first:
        go_before_others()
    gc.disable()


if __name__ == "__main__":
    main()
