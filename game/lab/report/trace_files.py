"""The reader of a measurement's folder: the results and the CSV files.

An error names the file and the line. The columns are described in ``traces``.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import (
    FRAME_COLUMNS,
    FRAMES_FILE,
    LINK_COLUMNS,
    LINKS_FILE,
    RESULTS_FILE,
    SAMPLE_COLUMNS,
    SAMPLES_FILE,
    load,
)
from game.lab.report.traces import (
    LinkCourse,
    LoadedMeasurement,
    RunKey,
    Traces,
    add_frame,
    add_moment,
    add_sample,
)
from net.strict_json import shown


def read_measurement(folder: Path, label: str) -> LoadedMeasurement:
    """Read a folder of ``jitterball measure``.

    Raises ``OSError`` if a file is missing, ``ResultsError`` if one is not valid.
    """
    results = load(folder)
    traces = {(run.transport, run.link): Traces() for run in results.runs}
    _read_rows(folder / SAMPLES_FILE, SAMPLE_COLUMNS, traces, add_sample)
    _read_rows(folder / FRAMES_FILE, FRAME_COLUMNS, traces, add_frame)
    courses = {run.link: LinkCourse() for run in results.runs}
    if (folder / LINKS_FILE).exists():
        _read_courses(folder / LINKS_FILE, courses)
    known = {name: course for name, course in courses.items() if course.delays_ms}
    return LoadedMeasurement(label, results, traces, known)


def _read_rows(
    path: Path,
    columns: tuple[str, ...],
    traces: Mapping[RunKey, Traces],
    add_row: Callable[[Traces, list[str]], None],
) -> None:
    """Add each row, without its first two columns, to the traces of its run."""

    def add(row: list[str]) -> None:
        transport, link, *values = row
        if (transport, link) not in traces:
            run = f"{shown(transport)} on {shown(link)}"
            raise ValueError(f"{RESULTS_FILE} has no run of {run}")
        add_row(traces[transport, link], values)

    _read_csv(path, columns, add)


def _read_courses(path: Path, courses: Mapping[str, LinkCourse]) -> None:
    """Add each row, without its first column, to the course of its link."""

    def add(row: list[str]) -> None:
        link, *values = row
        if link not in courses:
            raise ValueError(f"{RESULTS_FILE} has no run on {shown(link)}")
        add_moment(courses[link], values)

    _read_csv(path, LINK_COLUMNS, add)


def _read_csv(path: Path, columns: tuple[str, ...], add: Callable[[list[str]], None]) -> None:
    """Add each row but the first, which names the columns."""
    # Some editors write a byte order mark.
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        try:
            if next(reader, None) != list(columns):
                raise ValueError(f"the columns are not {','.join(columns)}")
            for row in reader:
                if len(row) != len(columns):
                    raise ValueError(f"has {len(row)} columns, not {len(columns)}")
                add(row)
        except UnicodeDecodeError as error:
            raise ResultsError(f"{path}: is no text in UTF-8") from error
        except (ValueError, csv.Error) as error:
            raise ResultsError(f"{path}: line {reader.line_num}: {error}") from error
