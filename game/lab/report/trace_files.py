"""Reading a measurement back: its figures, and the two tables beside them.

Says in one line what is wrong with a file, and where. What the columns mean stands in `traces.py`.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import (
    FRAME_COLUMNS,
    FRAMES_FILE,
    RESULTS_FILE,
    SAMPLE_COLUMNS,
    SAMPLES_FILE,
    load,
)
from game.lab.report.traces import LoadedMeasurement, RunKey, Traces, take_frame, take_sample


def read_experiment(folder: Path, label: str) -> LoadedMeasurement:
    """Read the folder that `measure` has written. Raises `ResultsError` and `OSError`."""
    results = load(folder)
    traces = {(run.transport, run.link): Traces() for run in results.runs}
    _read_rows(folder / SAMPLES_FILE, SAMPLE_COLUMNS, traces, take_sample)
    _read_rows(folder / FRAMES_FILE, FRAME_COLUMNS, traces, take_frame)
    return LoadedMeasurement(label, results, traces)


def _read_rows(
    path: Path,
    columns: tuple[str, ...],
    traces: Mapping[RunKey, Traces],
    take: Callable[[Traces, list[str]], None],
) -> None:
    """Hand each row, without its first two columns, to its run's traces."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        try:
            if next(reader, None) != list(columns):
                raise ValueError(f"the columns are not {','.join(columns)}")
            for transport, link, *values in reader:
                if (transport, link) not in traces:
                    raise ValueError(f"{RESULTS_FILE} has no run of {transport} on {link}")
                take(traces[transport, link], values)
        except (ValueError, csv.Error) as error:
            raise ResultsError(f"{path}: line {reader.line_num}: {error}") from error
