"""The folder of a measurement: ``results.json``, and the samples as CSV files.

An existing folder is never overwritten. The fields of the results are described in
``game.lab.measure.results``.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self

from game.lab.measure.analysis import Analysis
from game.lab.measure.link_course import link_course
from game.lab.measure.results import Results, ResultsError, decode_results, encode_results
from game.runtime.atomic_file import atomic_text, write_atomic

RESULTS_FILE = "results.json"
SAMPLES_FILE = "samples.csv"
FRAMES_FILE = "frames.csv"
# Written for a measurement over a recorded link only.
LINKS_FILE = "links.csv"
REPORT_FILE = "report.html"

# One row per snapshot. Times start with the run; a lost snapshot has an empty arrival. A last row
# with the verdict "end" has the gap that was open when the run ended, if it was a stall.
SAMPLE_COLUMNS = (
    "transport",
    "link",
    "tick",
    "server_time_s",
    "arrival_s",
    "age_ms",
    "gap_ms",
    "verdict",
)
# One row per frame of the virtual screen.
# ``frozen``: its newest snapshot is older than its render time. ``new``: its newest snapshot is
# newer than that of the frame before. A freeze is a row of frozen frames that are not new.
FRAME_COLUMNS = (
    "transport",
    "link",
    "at_s",
    "age_when_drawn_ms",
    "frozen",
    "new",
    "connected",
    "visual_error",
)
# One row per frame, of what a recorded link did to packets that were sent then.
LINK_COLUMNS = (
    "link",
    "at_s",
    "up_delay_ms",
    "up_loss_percent",
    "down_delay_ms",
    "down_loss_percent",
)


def resolved_folder(folder: Path) -> Path:
    """Return the absolute path without symbolic links, or ``folder`` itself if there is none."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        # The working folder is gone, or links form a loop (``RuntimeError`` before Python 3.13).
        return folder


def new_folder(wanted: Path) -> Path:
    """Create the folder, or one with the next free number if it exists; return its path.

    Raises ``OSError`` if it cannot be created.
    """
    for number in count(1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise AssertionError("there is always a next number")


class ResultsFolder:
    """A new folder for a measurement, created before it starts and filled link by link.

    A context manager, which removes a folder without results at the end. ``path`` is the folder:
    ``wanted``, or with a number if that exists. ``error`` is the reason why the last ``save``
    failed. The constructor raises ``OSError`` if the folder cannot be created.
    """

    def __init__(self, wanted: Path) -> None:
        self.path = new_folder(wanted)
        self.has_results = False
        self.error: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if not self.has_results:
            # Other files that somebody has put there meanwhile are kept.
            for file in (SAMPLES_FILE, FRAMES_FILE, LINKS_FILE):
                (self.path / file).unlink(missing_ok=True)
            with suppress(OSError):
                self.path.rmdir()

    def save(self, results: Results, analyses: Sequence[Analysis]) -> None:
        """Write all results so far; a failure is kept in ``error``, since measuring goes on."""
        try:
            save(self.path, results, analyses)
        except OSError as error:
            self.error = error
        else:
            self.has_results, self.error = True, None


def save(folder: Path, results: Results, analyses: Sequence[Analysis]) -> None:
    """Write the files of a measurement, or replace them.

    Raises ``OSError`` if one cannot be written.
    """
    # Somebody may have removed the folder meanwhile.
    folder.mkdir(parents=True, exist_ok=True)
    _write_rows(folder / SAMPLES_FILE, SAMPLE_COLUMNS, _sample_rows(analyses))
    _write_rows(folder / FRAMES_FILE, FRAME_COLUMNS, _frame_rows(analyses))
    if any(analysis.playback for analysis in analyses):
        _write_rows(folder / LINKS_FILE, LINK_COLUMNS, _link_rows(analyses))
    # Written last: the other files have the rows of each run that is named here.
    write_atomic(folder / RESULTS_FILE, encode_results(results).encode())


def load(folder: Path) -> Results:
    """Read the results of a folder.

    Raises ``OSError`` if there is no file, ``ResultsError`` if it is not valid.
    """
    path = folder / RESULTS_FILE
    try:
        # Some editors write a byte order mark.
        return decode_results(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ResultsError(f"{path}: is no text in UTF-8") from error
    except ResultsError as error:
        raise ResultsError(f"{path}: {error}") from error


def _write_rows(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with atomic_text(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _sample_rows(analyses: Sequence[Analysis]) -> Iterator[tuple[object, ...]]:
    for analysis in analyses:
        run, started_at = analysis.run, analysis.started_at
        for sample in analysis.samples:
            yield (
                run.transport,
                run.link,
                "" if sample.tick is None else sample.tick,
                _number_text(sample.server_time_s),
                "" if sample.at is None else _number_text(sample.at - started_at),
                _number_text(sample.age_s, 1000.0),
                _number_text(sample.gap_s, 1000.0),
                sample.verdict,
            )


def _frame_rows(analyses: Sequence[Analysis]) -> Iterator[tuple[object, ...]]:
    for analysis in analyses:
        run, started_at = analysis.run, analysis.started_at
        for frame in analysis.frames:
            yield (
                run.transport,
                run.link,
                _number_text(frame.at - started_at),
                _number_text(frame.age_s, 1000.0),
                int(frame.is_starved),
                int(frame.is_new),
                int(frame.is_connected),
                _number_text(frame.error),
            )


def _link_rows(analyses: Sequence[Analysis]) -> Iterator[tuple[object, ...]]:
    # All transports of a link were at the same position of its recording.
    by_link = {analysis.run.link: analysis for analysis in analyses if analysis.playback}
    for name, analysis in by_link.items():
        assert analysis.playback is not None
        for moment in link_course(analysis.playback, analysis.run.seconds):
            yield (
                name,
                _number_text(moment.at_s),
                _number_text(moment.up_delay_s, 1000.0),
                _number_text(moment.up_loss_ratio, 100.0),
                _number_text(moment.down_delay_s, 1000.0),
                _number_text(moment.down_loss_ratio, 100.0),
            )


def _number_text(value: float | None, factor: float = 1.0) -> str:
    return "" if value is None else f"{value * factor:.6f}".rstrip("0").rstrip(".")
