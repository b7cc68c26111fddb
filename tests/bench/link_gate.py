"""Comparison of the TCP model with a kernel: ``python tests/bench/link_gate.py``.

Prints a Markdown table, model / kernel, of every case and direction in
``tests/net/link/calibration/data``. An exclamation mark stands at values out of tolerance.
``tests/net/link/calibration/test_tolerance.py`` checks the same tolerances.
"""

import argparse
import csv
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# The experiment is among the tests of the link.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.net.link.calibration.experiment import run_case
from tests.net.link.calibration.tolerance import ToleranceCheck, compare, read_measurements

DATA = Path(__file__).parents[1] / "net" / "link" / "calibration" / "data"
DEFAULT_CONNECTIONS = 400
COLUMNS = ("mean, ms", "p50, ms", "p90, ms", "p99, ms", "stalls a minute")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of measurements."""
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def formatted(check: ToleranceCheck) -> str:
    """Return one value of the model and the kernel."""
    factor = 1 if check.metric == "stalls_per_min" else 1000
    mark = "" if check.passes else " !"
    return f"{check.model * factor:.1f} / {check.kernel * factor:.1f}{mark}"


def main() -> None:
    """Simulate each case, on all cores, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=DEFAULT_CONNECTIONS, help="of each case")
    connections = parser.parse_args().connections
    measured = read_measurements(rows("grid.csv"), rows("variants.csv"))
    print(f"| model / kernel | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cases = dict.fromkeys(each.case for each in measured)
        model = {case: pool.submit(run_case, case, range(connections)) for case in cases}
        for each in measured:
            stats = model[each.case].result()[each.sender]
            line = " | ".join(formatted(check) for check in compare(stats, each))
            print(f"| {each.name}, {each.sender.name.lower()} sends | {line} |", flush=True)


if __name__ == "__main__":
    main()
