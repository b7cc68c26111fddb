"""Benchmark of the comparison with everything on: ``python tests/bench/slow_motion.py``.

A real comparison over TCP, UDP and WebSocket on a lossy link: figures, lagometers, lanes, ghosts
and trails at 1280x720, drawn 60 times a second without a display. Then the same in slow motion.
``work`` is the processor time of a frame, ``elapsed`` its length on this computer, which other
programs make longer. ``kept_mb`` is the memory of the ten seconds that are always kept: all objects
that can be reached from them, but for code and modules. Prints JSON. Exit code 1 if a limit is
exceeded.
"""

import argparse
import gc
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep, thread_time
from types import FunctionType, MethodType, ModuleType

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.comparison import FRAME_S, WARM_UP_S, DrawnComparison, drawn_comparison
from tests.bench.machine import describe

MEDIAN_BAR_MS = 8.0
P99_BAR_MS = 14.0
KEPT_BAR_MB = 60.0
# Not data of a match, and shared with all the rest of the program.
_CODE = (type, ModuleType, FunctionType, MethodType)


def main() -> None:
    """Print the results; exit with code 1 if one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    machine = describe()
    with drawn_comparison() as comparison:
        results = measure(comparison, seconds)
    live, past = results["live"], results["slow_motion"]
    results["passed"] = (
        max(live["work_median_ms"], past["work_median_ms"]) < MEDIAN_BAR_MS
        and max(live["work_p99_ms"], past["work_p99_ms"]) < P99_BAR_MS
        and results["kept_mb"] < KEPT_BAR_MB
    )
    print(json.dumps({"machine": machine, **results}, indent=2))
    sys.exit(0 if results["passed"] else 1)


def measure(comparison: DrawnComparison, seconds: float) -> dict[str, object]:
    """Return the figures of live frames and of slow motion."""
    screen = comparison.screen
    draw(comparison, WARM_UP_S)
    live = draw(comparison, seconds)
    clips = [panel.clip(index) for index, panel in enumerate(screen.panels)]
    kept_mb = size_bytes(screen.slow_motion.clip(), *clips) / 1e6
    screen.slow_motion.play(0.0, perf_counter(), speed=1 / 2)
    past = draw(comparison, seconds)
    return {"live": summary(live), "slow_motion": summary(past), "kept_mb": round(kept_mb, 1)}


def draw(comparison: DrawnComparison, seconds: float) -> list[tuple[float, float]]:
    """Draw at 60 Hz; return processor time and length of each frame in milliseconds."""
    taken: list[tuple[float, float]] = []
    deadline = perf_counter()
    for _ in range(round(seconds / FRAME_S)):
        began, worked = perf_counter(), thread_time()
        comparison.draw()
        taken.append(((thread_time() - worked) * 1000, (perf_counter() - began) * 1000))
        deadline = max(deadline + FRAME_S, perf_counter() - FRAME_S)
        sleep(max(0.0, deadline - perf_counter()))
    return taken


def summary(taken: Iterable[tuple[float, float]]) -> dict[str, float]:
    """Return median and 99th percentile of both times."""
    work, elapsed = zip(*taken, strict=True)
    return {
        f"{name}_{kind}_ms": round(value, 2)
        for name, times in (("work", work), ("elapsed", elapsed))
        for kind, value in (("median", median(times)), ("p99", quantiles(times, n=100)[98]))
    }


def size_bytes(*roots: object) -> int:
    """Return the size of all objects that can be reached from ``roots``."""
    seen: set[int] = set()
    waiting: list[object] = list(roots)
    total = 0
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, _CODE):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        waiting += gc.get_referents(each)
    return total


if __name__ == "__main__":
    main()
