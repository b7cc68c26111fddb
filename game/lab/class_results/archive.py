"""The files of a class's results: in one ZIP file for the teacher, or in its unpacked folder."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from math import isnan
from pathlib import Path

from game.lab.class_results.analysis import analyse_class
from game.lab.class_results.class_recorder import Recording, Report, RunKey
from game.lab.class_results.measurements import measured_class
from game.lab.class_results.page import class_page, measured_class_page
from game.lab.class_results.results import (
    ClassResults,
    StudentRun,
    decode_class_results,
    encode_class_results,
    is_class_results,
)
from game.lab.measure.results import Distribution, Estimate, ResultsError
from game.lab.measure.results_folder import REPORT_FILE, RESULTS_FILE, load
from game.lab.report.texts import ReportTexts
from game.lab.report.writer import labels_of, plotly_script
from game.runtime.atomic_file import write_atomic
from net.strict_json import JsonError, parse_json

STUDENTS_FILE = "students.csv"
SECONDS_FILE = "seconds.csv"
_DIGITS = 6
# A spreadsheet takes a text that begins like this for a formula, and names come from the network.
_FORMULA_SIGNS = ("=", "+", "-", "@")


def class_archive(recording: Recording, folder: str, started_at: str, texts: ReportTexts) -> bytes:
    """Return a ZIP file with the results of a class, in a folder of this name."""
    results = analyse_class(recording, started_at)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}/{RESULTS_FILE}", encode_class_results(results))
        archive.writestr(f"{folder}/{REPORT_FILE}", class_page(results, texts, plotly_script()))
        _write_csv(archive, f"{folder}/{STUDENTS_FILE}", _student_rows(results))
        _write_csv(archive, f"{folder}/{SECONDS_FILE}", _second_rows(recording))
    return packed.getvalue()


def load_class_results(folder: Path) -> ClassResults | None:
    """Read the results of a class; None if the folder has no file, or one of another kind.

    Raises ``ResultsError`` if they are not valid, ``OSError`` if the file cannot be read.
    """
    path = folder / RESULTS_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
        if not is_class_results(parse_json(text)):
            return None
        return decode_class_results(text)
    except (FileNotFoundError, UnicodeDecodeError, JsonError):
        # The reader of measurements says what is wrong.
        return None
    except ResultsError as error:
        raise ResultsError(f"{path}: {error}") from error


def write_class_report(results: ClassResults, out: Path, texts: ReportTexts) -> None:
    """Write the report of a class. Raises ``OSError`` if it cannot be written."""
    write_atomic(out, class_page(results, texts, plotly_script()).encode())


def write_measured_class_report(folders: Sequence[Path], out: Path, texts: ReportTexts) -> None:
    """Write one report of many measurements, each of the student that its folder names.

    Raises ``ResultsError`` if a folder has no valid measurement, ``OSError`` if a file cannot be
    read or written.
    """
    loaded = dict(zip(labels_of(folders), map(load, folders), strict=True))
    page = measured_class_page(measured_class(loaded), texts, plotly_script())
    write_atomic(out, page.encode())


def _write_csv(archive: zipfile.ZipFile, name: str, rows: Iterable[Iterable[object]]) -> None:
    # Row by row: those of a long class would take 30 MB as one text.
    with archive.open(name, "w") as binary, io.TextIOWrapper(binary, "utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _student_rows(results: ClassResults) -> Iterator[list[object]]:
    """Yield the columns' names, and a row for each student, transport and link."""
    names = [each.name for each in fields(StudentRun)]
    columns: list[object] = []
    rows: list[list[object]] = []
    for run in results.students:
        columns, row = [], []
        for name in names:
            for column, value in _cells(name, getattr(run, name)):
                columns.append(column)
                row.append(value)
        rows.append(row)
    yield columns or list(names)
    yield from rows


def _cells(name: str, value: object) -> Iterator[tuple[str, object]]:
    match value:
        case Distribution():
            yield f"{name}_n", value.n
            yield f"{name}_mean", _number(value.mean)
            yield f"{name}_low", _number(value.mean_low)
            yield f"{name}_high", _number(value.mean_high)
            yield f"{name}_p50", _number(value.p50)
            yield f"{name}_p95", _number(value.p95)
        case Estimate():
            yield name, _number(value.value)
            yield f"{name}_low", _number(value.low)
            yield f"{name}_high", _number(value.high)
        case float():
            yield name, _number(value)
        case _:
            yield name, _text(str(value))


def _second_rows(recording: Recording) -> Iterator[tuple[object, ...]]:
    yield (*RunKey._fields, "at_s", *Report._fields)
    for key in recording.runs:
        texts = tuple(map(_text, key))
        for at_s, report in recording.rows(key):
            # Some millions of numbers in a long class, which were rounded when they came.
            yield (*texts, at_s, *("" if isnan(value) else value for value in report))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _number(value: float | None) -> float | str:
    # As in ``results.json``. The writer of CSV takes a float as it is, which is fast.
    return "" if value is None or isnan(value) else round(value, _DIGITS)
