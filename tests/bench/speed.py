"""The tables of ``docs/speed.md``: ``python tests/bench/speed.py [--only BENCH]`` prints Markdown.

It runs the other benches one after the other, each in a process of its own. That takes half an
hour. Run it on a quiet machine. ``--first`` gives ``capacity.py`` and ``peers.py`` real-time
priority (Linux, root). A figure over its goal is marked.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe

HERE = Path(__file__).parent
# The JSON of a bench.
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what was measured, the figure, and its goal (empty: none)."""

    what: str
    figure: str
    goal: str = ""
    passed: bool = True

    def markdown(self) -> str:
        """Return the line as Markdown."""
        missed = "" if self.passed else " **missed**"
        return f"| {self.what} | {self.figure}{missed} | {self.goal} |"


def round_trip(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``rtt.py``."""
    p50_us = figures["p50_us"]
    for pair, found in figures["ratios"].items():
        ours, bare = pair.split(" / ")
        figure = f"{found['ratio']:.2f} ({p50_us[ours]:.0f} against {p50_us[bare]:.0f} µs)"
        yield Line(pair, figure, f"{found['bar']:g}", found["passed"])


def capacity(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``capacity.py``."""
    for name, found in figures["transports"].items():
        clients, goal = found["game"]["clients"], found["goal_clients"]
        yield Line(f"{name}: clients on one core", str(clients), str(goal), clients >= goal)
        # Of QUIC there is no bare loop.
        if "bare" in found:
            ratio = found["ratio_to_bare"]
            yield Line(f"{name}: as a share of a bare loop", f"{ratio:.2f}", "0.6", ratio >= 0.6)


def peers(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``peers.py``."""
    for name, found in figures["peers"].items():
        yield Line(f"{name}: clients on one core", str(found["clients"]))


def costs(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``costs.py``."""
    for what, us in figures["us"].items():
        yield Line(what, f"{us:.1f} µs")


def joins(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``joins.py``."""
    for name, found in figures["transports"].items():
        late, cpu = found["tick_p99_ms"], found["tick_cpu_max_ms"]
        figure = f"{found['all_in_s']:.2f} s; ticks {late:.1f} ms late at p99, {cpu:.1f} ms of work"
        yield Line(f"{name}: all thirty have joined after", figure, "2 s; 16.7", found["passed"])


def growth(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``growth.py``."""
    for row in figures.get("tick", ()):
        what = f"tick: rooms {row['rooms']}, players in each {row['players']}"
        share = row["ms"] / (1000 / 60)
        yield Line(what, f"{row['ms']:.2f} ms, {row['ratio']:.1f} times, {share:.1%} of a tick")
    for row in figures.get("frame", ()):
        what = f"frame: {row['players']} players"
        yield Line(what, f"{row['ms']:.2f} ms, {row['ratio']:.1f} times")
    for row in figures.get("memory", ()):
        each = f", {row['kb_per_client']} kB a client" if row["clients"] else ""
        yield Line(f"memory: a server with {row['clients']} clients", f"{row['mb']:.1f} MB{each}")
    for row in figures.get("report", ()):
        memory = f", {row['memory_mb']} MB of memory" if "memory_mb" in row else ""
        figure = f"{row['seconds']:.1f} s, {row['ratio']:.1f} times{memory}, {row['page_mb']} MB"
        yield Line(f"report: minutes {row['minutes']}, over two transports", figure)


def frame(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``frame.py``."""
    for name, what, bar in (
        ("ours", "a frame of 20 players", "median_bar_ms"),
        ("comparison", "the comparison with all on", "comparison_median_bar_ms"),
    ):
        found, goal = figures[name]["median_ms"], figures[bar]
        yield Line(what, f"{found:.1f} ms at the median", f"{goal:g}", found < goal)
    yield Line("a painter without caches, the same frame", f"{figures['naive_over_ours']:g} times")


def relay(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``relay.py``."""
    found = figures["datagrams_2000_hz"]
    late = f"{found['error_p50_ms']:.2f} ms at p50, {found['error_p99_ms']:.2f} ms at p99"
    passed = found["error_p50_ms"] < 0.3 and found["error_p99_ms"] < 1.0
    yield Line("added to a delivery, at 2,000 packets a second", late, "0.3, 1", passed)


def slow_motion(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``slow_motion.py``."""
    for name, what in (("live", "a frame with everything on"), ("slow_motion", "in slow motion")):
        found = figures[name]
        at_median, at_p99 = found["work_median_ms"], found["work_p99_ms"]
        passed = at_median < 8.0 and at_p99 < 14.0
        yield Line(
            what, f"{at_median:.1f} ms at the median, {at_p99:.1f} ms at p99", "8, 14", passed
        )
    kept_mb = figures["kept_mb"]
    yield Line("the ten seconds that are kept", f"{kept_mb:.0f} MB", "60", kept_mb < 60.0)


def classroom(figures: Figures) -> Iterator[Line]:
    """Return the lines of ``classroom.py``."""
    for name, what, form in (
        ("tick_late_p99_ms", f"ticks late at p99, {figures['in_the_class']} clients", "{:.1f} ms"),
        ("relay_late_p99_ms", "added by the relay at p99", "{:.2f} ms"),
        ("server_cores", "cores of server, relay and HTTP process", "{:.2f}"),
        ("memory_mb", "memory of these processes", "{:.0f} MB"),
    ):
        found, bar = figures[name], figures["bars"][name]
        yield Line(what, form.format(found), f"{bar:g}", found < bar)


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench, the title of its table, and how its lines are made; ``options`` of its command."""

    title: str
    lines: Callable[[Figures], Iterator[Line]]
    options: Sequence[str] = ()
    takes_first: bool = False


BENCHES = {
    "rtt.py": Bench("Round trip of 64 bytes, as a multiple of a bare asyncio protocol", round_trip),
    "capacity.py": Bench("Capacity at 60 inputs and 30 snapshots a second", capacity, (), True),
    "peers.py": Bench("Other libraries under the same load", peers, (), True),
    "costs.py": Bench("Processor time in a server over UDP, without system calls", costs),
    "joins.py": Bench("Start of a match with a password", joins),
    "growth.py": Bench("Growth", growth),
    "frame.py": Bench("Drawing at 1280x720", frame),
    "slow_motion.py": Bench("Three panels, their packets and slow motion", slow_motion),
    "relay.py": Bench("The link emulator", relay),
    "classroom.py": Bench("A class of forty, ten of them pages", classroom, (), True),
}


def table(name: str, is_first: bool) -> str:
    """Run a bench; return its table, or a line that says why there is none."""
    bench = BENCHES[name]
    first = ["--first"] if bench.takes_first and is_first else []
    command = [sys.executable, str(HERE / name), *bench.options, *first]
    print(f"{name} ...", file=sys.stderr, flush=True)
    # Its exit code says that a goal is missed, as the figures do.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    title = f"## {bench.title}\n\n`python tests/bench/{' '.join([name, *bench.options, *first])}`\n"
    try:
        lines = list(bench.lines(json.loads(done.stdout)))
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return f"{title}\nNot measured: {reason}\n"
    rows = "\n".join(line.markdown() for line in lines)
    return f"{title}\n| | measured | goal |\n|---|---|---|\n{rows}\n"


def sizes() -> str:
    """Return the table of ``sizes.py``, which prints Markdown itself."""
    command = [sys.executable, str(HERE / "sizes.py"), "--markdown"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return f"## Bytes\n\n`python tests/bench/sizes.py --markdown`\n\n{done.stdout}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*BENCHES, "sizes.py"], action="append")
    parser.add_argument("--first", action="store_true", help="with real-time priority (root)")
    args = parser.parse_args()
    chosen = args.only or [*BENCHES, "sizes.py"]
    machine = describe()
    load = "unknown" if machine["load_before"] is None else f"{machine['load_before']:.1f}"
    print(
        f"Python {machine['python']}, {machine['system']}, {machine['cores']} cores, "
        f"load {load} before.\n"
    )
    for name in chosen:
        print(sizes() if name == "sizes.py" else table(name, args.first), flush=True)


if __name__ == "__main__":
    main()
