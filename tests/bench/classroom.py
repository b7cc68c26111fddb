"""Benchmark of a class: ``python tests/bench/classroom.py``.

A server in class mode runs with its relay, its HTTP process, and forty clients behind the relay.
Some are real pages in Chromium. Light clients replay the bytes of the game over each transport. One
client knows the open protocol only. The link of the class is ``wifi``. Students' devices are
processes of lower priority here. Prints JSON. Exit code 1 if a limit is exceeded.

``server_cores`` is the processor time of server, relay and HTTP process per second. ``memory_mb``
is their resident memory, with what this bench has imported.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crowd import LOOPBACK, WIRES, Crowd, GameReplay
from machine import (
    cpu_s,
    descendants,
    describe,
    go_before_others,
    memory_bytes,
    thread_ids,
)

from net.link.presets import PRESETS
from net.measure.statistics import Quantiles
from net.registry import load_transport
from tests.game.web.chromium import browser, join
from tests.game.web.hosts import Host, hosting

PAGES = 10
LINK = PRESETS["wifi"]
SNAPSHOT_HZ = 30
# Each figure must be less.
BARS = {"tick_late_p99_ms": 4.0, "relay_late_p99_ms": 1.5, "server_cores": 1.2, "memory_mb": 250.0}
SETTLE_S = 3.0
# The niceness of students' devices, which are computers of their own in a class.
CLIENT_NICENESS, BROWSER_NICENESS = 10, 19
STUDENT_BOT = Path(__file__).parents[2] / "docs" / "examples" / "bots" / "websocket_async.py"


def main() -> None:
    """Print the results; exit with code 1 if one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--each", type=int, default=10, help="light clients over each transport")
    parser.add_argument(
        "--first", action="store_true", help="server and relay go before the students (root)"
    )
    args = parser.parse_args()
    machine = {**describe(), "goes_before_others": args.first}
    with hosting(has_class=True) as host, ExitStack() as clients:
        servers = [os.getpid(), *descendants(os.getpid())]
        for name in ("tcp", "udp", "websocket"):
            port = host.server.base_port + load_transport(name).port_offset
            light = devices(CLIENT_NICENESS, play_lightly, args.each, name, port)
            clients.enter_context(light)
        clients.enter_context(student(host))
        pages = clients.enter_context(
            devices(BROWSER_NICENESS, play_in_pages, args.pages, host.url)
        )
        if args.first:
            # All threads: one that holds the interpreter keeps the others waiting.
            for task in (*thread_ids(), host.server.classroom.relay.pid):
                go_before_others(task)
        # All are in: light clients do not repeat what is lost while they join.
        host.server.classroom.relay.set_link(LINK)
        time.sleep(SETTLE_S)
        figures = measure(host, servers, args.seconds)
        figures["in_the_class"] = len(host.server.stats().players)
        pages.send("figures")
        figures["pages"] = pages.recv()
    figures["bars"] = BARS
    figures["passed"] = all(figures[name] < bar for name, bar in BARS.items())
    print(json.dumps({**machine, **figures}, indent=2))
    sys.exit(0 if figures["passed"] else 1)


def measure(host: Host, servers: list[int], seconds: float) -> dict[str, object]:
    """Return the figures of the server's side over some seconds."""
    relay = host.server.classroom.relay
    before_s = sum(map(cpu_s, servers))
    time.sleep(seconds)
    cores = (sum(map(cpu_s, servers)) - before_s) / seconds
    lateness_ms = Quantiles.of(host.lateness_s(seconds)).scaled(1000).as_json()
    relay.lateness()
    time.sleep(0.5)
    return {
        "tick_lateness_ms": lateness_ms,
        "tick_late_p99_ms": lateness_ms["p99"],
        "relay_late_p99_ms": round(relay.lateness().p99_s * 1000, 2),
        "server_cores": round(cores, 2),
        "memory_mb": round(sum(map(memory_bytes, servers)) / 1e6, 1),
    }


def own_figures(stats: dict[str, float | None]) -> dict[str, float | None]:
    """Return what tells most of the figures that a page measures itself."""
    names = ("rttS", "ageP95S", "frozenRatio", "lossRatio", "frameGapP50S", "frameGapP99S")
    return {name: None if stats[name] is None else round(stats[name], 4) for name in names}


@contextmanager
def devices(niceness: int, play: Callable[..., None], *args: object) -> Iterator[Connection]:
    """Run ``play`` in a process of its own, as the devices of students; wait until all are in.

    It tells that over the pipe it is given last. At the end of the block it is interrupted.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=play, args=(*args, theirs))
    process.start()
    os.setpriority(os.PRIO_PROCESS, process.pid or 0, niceness)
    theirs.close()
    try:
        ours.recv()
        yield ours
    finally:
        ours.close()
        process.join()


def play_lightly(count: int, name: str, port: int, pipe: Connection) -> None:
    """Let light clients play over a transport until the pipe is closed."""
    with Crowd(GameReplay(seed=7), WIRES[name], port, SNAPSHOT_HZ) as crowd:
        crowd.grow_to(count)
        pipe.send("playing")
        while not pipe.poll():
            crowd.play(1.0)


def play_in_pages(count: int, url: str, pipe: Connection) -> None:
    """Let pages play in one Chromium; send their figures when asked, and end after that."""
    with browser() as chromium, ExitStack() as stack:
        pages = []
        for number in range(count):
            page = stack.enter_context(chromium.page())
            # Else each message of the game would be reported to this process.
            page.call("Network.disable")
            join(page, f"{url}?name=Page{number}&room=pages")
            pages.append(page)
        pipe.send("playing")
        pipe.recv()
        pipe.send([own_figures(page.run("jitterball.stats()")) for page in pages])


@contextmanager
def student(host: Host) -> Iterator[None]:
    """Run a client that a student could have written."""
    command = [sys.executable, STUDENT_BOT, LOOPBACK, str(host.server.base_port), "main", "Own"]
    with subprocess.Popen(command, preexec_fn=lambda: os.nice(CLIENT_NICENESS)) as process:
        yield
        process.terminate()


if __name__ == "__main__":
    main()
