"""Measure how long ``jitterball`` takes to start: ``python tests/bench/startup.py``.

A command's figure is the time until its process ends. The figure of ``play`` and ``compare`` is the
time until the first frame is drawn, when its screenshot file appears. A server is started for it.
``ratio`` compares a figure with an empty Python process, started just before it. ``cpu_s`` is the
processor time of the command. Both can be compared on a busy computer. Bytecode is cached, as after
an installation. Prints JSON; exit code 1 if a median is over its bar.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

sys.path.insert(0, str(Path(__file__).parent))

import machine

JITTERBALL = (sys.executable, "-m", "game")
COMMANDS = ("--help", "transports", "links")
WINDOWS = ("play", "compare")
COMMAND_BAR_S = 0.25
FIRST_FRAME_BAR_S = 1.2
POLL_S = 0.002


def main() -> None:
    """Print the figures; exit code 1 if a median is over its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    figures: dict[str, object] = {"machine": machine.describe()}
    is_over = False
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
            "PYTHONDONTWRITEBYTECODE": "",
            "SDL_VIDEODRIVER": "dummy",
            "SDL_AUDIODRIVER": "dummy",
        }

        def run(command: str) -> float:
            return time_to_end((*JITTERBALL, command), environment)

        def draw(command: str) -> float:
            picture = Path(folder, f"{command}.png")
            return time_to_first_frame(command, picture, environment)

        def start_python() -> float:
            return time_to_end((sys.executable, "-c", ""), environment)

        for commands, measure, bar_s in (
            (COMMANDS, run, COMMAND_BAR_S),
            (WINDOWS, draw, FIRST_FRAME_BAR_S),
        ):
            for command in commands:
                medians = paired_medians(command, measure, start_python, args.rounds)
                is_over |= medians["median_s"] > bar_s
                figures[command] = medians | {"bar_s": bar_s}
    print(json.dumps(figures, indent=1))
    sys.exit(is_over)


def paired_medians(
    command: str,
    measure: Callable[[str], float],
    start_python: Callable[[], float],
    rounds: int,
) -> dict[str, float]:
    """Return the medians of time, processor time, and ratio to an empty Python process."""
    # Fills the cache of bytecode.
    measure(command)
    times_s, ratios, cpus_s = [], [], []
    for _ in range(rounds):
        empty_s = start_python()
        cpu_before_s = children_cpu_s()
        times_s.append(measure(command))
        cpus_s.append(children_cpu_s() - cpu_before_s)
        ratios.append(times_s[-1] / empty_s)
    return {
        "median_s": round(median(times_s), 3),
        "ratio": round(median(ratios), 1),
        "cpu_s": round(median(cpus_s), 3),
    }


def children_cpu_s() -> float:
    """Return the processor time of all ended child processes, and of theirs, in seconds."""
    times = os.times()
    return times.children_user + times.children_system


def time_to_end(command: tuple[str, ...], environment: dict[str, str]) -> float:
    """Return how long a process takes from its start to its end, in seconds."""
    started_at = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return perf_counter() - started_at


def time_to_first_frame(command: str, picture: Path, environment: dict[str, str]) -> float:
    """Return the time from the start of a process to its first frame, in seconds."""
    picture.unlink(missing_ok=True)
    options = ("--frames", "1", "--mute", "--screenshot", str(picture))
    started_at = perf_counter()
    with subprocess.Popen(
        [*JITTERBALL, command, *options], stdout=subprocess.DEVNULL, env=environment
    ) as process:
        while not picture.exists():
            if process.poll():
                raise subprocess.CalledProcessError(process.returncode, process.args)
            sleep(POLL_S)
        return perf_counter() - started_at


if __name__ == "__main__":
    main()
