"""Comparison of the TCP model with a kernel: ``python tests/bench/link_gate.py [CONNECTIONS]``.

Prints a Markdown table, model / kernel, of every case and direction in
``tests/net/link/calibration/data``. An exclamation mark stands at values out of tolerance.
``tests/net/link/calibration/test_tolerance.py`` checks the same tolerances.
"""

import csv
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.net.link.calibration.experiment import run_case
from tests.net.link.calibration.tolerance import ToleranceCheck, compare, read_measurements

DATA = Path(__file__).parents[1] / "net" / "link" / "calibration" / "data"
DEFAULT_CONNECTIONS = 400
COLUMNS = ("mean, ms", "p50, ms", "p90, ms", "p99, ms", "stalls a minute")


def rows(name: str) -> list[dict[str, str]]:
    """Return a table of the kernel's figures."""
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def written(comparison: ToleranceCheck) -> str:
    """Return one figure of the model beside the kernel's."""
    factor = 1 if comparison.metric == "stalls_per_min" else 1000
    mark = "" if comparison.passes else " !"
    return f"{comparison.model * factor:.1f} / {comparison.kernel * factor:.1f}{mark}"


def main() -> None:
    """Play every cell, on all cores, and print the table."""
    connections = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_CONNECTIONS
    measured = read_measurements(rows("grid.csv"), rows("variants.csv"))
    print(f"| model / kernel | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cells = dict.fromkeys(each.case for each in measured)
        model = {cell: pool.submit(run_case, cell, range(connections)) for cell in cells}
        for each in measured:
            figures = model[each.case].result()[each.sender]
            line = " | ".join(written(comparison) for comparison in compare(figures, each))
            print(f"| {each.name}, {each.sender.name.lower()} sends | {line} |", flush=True)


if __name__ == "__main__":
    main()
