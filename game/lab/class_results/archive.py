"""The files of a class's results: in one ZIP file for the teacher, or in its unpacked folder."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from game.lab.class_results.analysis import analyse_class
from game.lab.class_results.class_recorder import Recording
from game.lab.class_results.csv_tables import second_rows, student_rows, write_csv
from game.lab.class_results.measurements import measured_class
from game.lab.class_results.page import class_page, measured_class_page
from game.lab.class_results.results import (
    ClassResults,
    decode_class_results,
    encode_class_results,
    is_class_results,
)
from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import REPORT_FILE, RESULTS_FILE, load
from game.lab.report.texts import ReportTexts
from game.lab.report.writer import labels_of, plotly_script
from game.runtime.atomic_file import write_atomic
from net.strict_json import JsonError, parse_json

STUDENTS_FILE = "students.csv"
SECONDS_FILE = "seconds.csv"


def class_archive(recording: Recording, folder: str, started_at: str, texts: ReportTexts) -> bytes:
    """Return a ZIP file with the results of a class, in a folder of this name."""
    results = analyse_class(recording, started_at)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}/{RESULTS_FILE}", encode_class_results(results))
        archive.writestr(f"{folder}/{REPORT_FILE}", class_page(results, texts, plotly_script()))
        write_csv(archive, f"{folder}/{STUDENTS_FILE}", student_rows(results))
        write_csv(archive, f"{folder}/{SECONDS_FILE}", second_rows(recording))
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
