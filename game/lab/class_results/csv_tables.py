"""Tables of a class's results as CSV, for a spreadsheet: no text in them is a formula."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from math import isnan

from game.lab.class_results.class_recorder import Recording, Report, RunKey
from game.lab.class_results.results import ClassResults, StudentRun
from game.lab.measure.results import Distribution, Estimate

_DIGITS = 6
# A spreadsheet takes a text that begins like this for a formula, and names come from the network.
_FORMULA_SIGNS = ("=", "+", "-", "@")


def write_csv(archive: zipfile.ZipFile, name: str, rows: Iterable[Iterable[object]]) -> None:
    """Write a table into an archive, as a file of this name."""
    # Row by row: those of a long class would take 30 MB as one text.
    with archive.open(name, "w") as binary, io.TextIOWrapper(binary, "utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def student_rows(results: ClassResults) -> Iterator[list[object]]:
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


def second_rows(recording: Recording) -> Iterator[tuple[object, ...]]:
    """Yield the columns' names, and a row for each second of each student and run."""
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
