"""The reader of a measurement's folder: the results and the two CSV files.

An error names the file and the line. The columns are described in ``traces``.
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
from game.lab.report.traces import LoadedMeasurement, RunKey, Traces, add_frame, add_sample
from net.strict_json import shown


def read_measurement(folder: Path, label: str) -> LoadedMeasurement:
    """Read a folder of ``jitterball measure``.

    Raises ``OSError`` if a file is missing, ``ResultsError`` if one is not valid.
    """
    results = load(folder)
    traces = {(run.transport, run.link): Traces() for run in results.runs}
    _read_rows(folder / SAMPLES_FILE, SAMPLE_COLUMNS, traces, add_sample)
    _read_rows(folder / FRAMES_FILE, FRAME_COLUMNS, traces, add_frame)
    return LoadedMeasurement(label, results, traces)


def _read_rows(
    path: Path,
    columns: tuple[str, ...],
    traces: Mapping[RunKey, Traces],
    add_row: Callable[[Traces, list[str]], None],
) -> None:
    """Add each row, without its first two columns, to the traces of its run."""
    # Some editors write a byte order mark.
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        try:
            if next(reader, None) != list(columns):
                raise ValueError(f"the columns are not {','.join(columns)}")
            for row in reader:
                if len(row) != len(columns):
                    raise ValueError(f"has {len(row)} columns, not {len(columns)}")
                transport, link, *values = row
                if (transport, link) not in traces:
                    run = f"{shown(transport)} on {shown(link)}"
                    raise ValueError(f"{RESULTS_FILE} has no run of {run}")
                add_row(traces[transport, link], values)
        except UnicodeDecodeError as error:
            raise ResultsError(f"{path}: is no text in UTF-8") from error
        except (ValueError, csv.Error) as error:
            raise ResultsError(f"{path}: line {reader.line_num}: {error}") from error
