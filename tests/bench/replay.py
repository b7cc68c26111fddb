"""Figures of the game over links and over recordings of them: ``tests/bench/replay.py FOLDER``.

``tests/net/link/recordings/make.py FOLDER wifi-crowded awful changing --seconds 60`` makes the
recordings, over a kernel link. Matches are simulated in virtual time, so other load does not
matter: each case with several seeds of the link. Prints a Markdown table: medians, and the least
and the largest value in brackets.
"""

import argparse
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from game.cli.options.recording_file import read_recording
from game.lab.measure.results import Run
from game.lab.simulate.simulation import SimulationSettings, simulate
from net.link.spec import parse_link, recorded_link
from tests.net.link.recordings.make import LINKS

NAMES = ("wifi-crowded", "awful", "changing")
SEEDS = range(6)
SECONDS = 58.0
Row = tuple[float, float, float, float]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print("| link | over | frozen % | stalls a minute | age p50 ms | age p95 ms |")
    print("|---|---|---|---|---|---|")
    for name in NAMES:
        first, second = LINKS[name]
        changes = ((SECONDS / 2, parse_link(second)),) if second else ()
        show(name, SimulationSettings(parse_link(first), changes=changes, seconds=SECONDS, bots=0))
        file = str(folder / f"{name}.link.json")
        replayed = recorded_link(file, read_recording(file))
        show(f"{name}, replayed", SimulationSettings(replayed, seconds=SECONDS, bots=0))


def show(title: str, settings: SimulationSettings) -> None:
    """Print a row for each transport."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for seed in SEEDS:
        for transport, analysis in simulate(replace(settings, seed=seed)).items():
            rows[transport].append(figures(analysis.run))
    for transport, values in rows.items():
        cells = " | ".join(cell(column) for column in zip(*values, strict=True))
        print(f"| {title} | {transport} | {cells} |", flush=True)


def figures(run: Run) -> Row:
    """Return frozen time in percent, stalls a minute, and two quantiles of the age."""
    frozen, stalls, age = run.frozen_ratio, run.stalls_over_125ms_per_min, run.snapshot_age_ms
    return 100 * (frozen.value or 0.0), stalls.value or 0.0, age.p50, age.p95


def cell(values: tuple[float, ...]) -> str:
    """Return the median, and the range in brackets."""
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


if __name__ == "__main__":
    main()
