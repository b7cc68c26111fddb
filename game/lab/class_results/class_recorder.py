"""The recorder of a class: what every client reported, once a second.  [pure]

A report covers the last minute, or the time since the client's link or transport changed. Reports
are kept as they came. ``game.lab.class_results.analysis`` takes the minutes apart.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan, nan
from typing import NamedTuple

# Forty students for two hours: 13 numbers of 8 bytes in each row, 31 MB. Older rows are dropped.
ROWS_MAX = 300_000
# Rows are dropped in chunks, since an array is cut at its start by moving all the rest.
_CHUNK_ROWS = 5_000
# Ten nanoseconds in milliseconds, a thousandth of a percent in a ratio.
_DIGITS = 5
# A report may be this much older than it looks: it waits for its sender, the tick and the pipe.
_SLACK_S = 2.5


class RunKey(NamedTuple):
    """One student over one transport and one link; ``link`` is as after ``--link``."""

    student: str
    room: str
    device: str
    transport: str
    link: str


class Report(NamedTuple):
    """The figures of one report; NaN where they are unknown.

    All but ``rtt_ms``, ``age_ms`` and ``visual_error``, which are of the last moment, are about the
    last ``measured_s``. ``wire_loss_ratio`` is of the relay, of the last minute.
    """

    measured_s: float
    rtt_ms: float
    age_ms: float
    age_p95_ms: float
    frozen_ratio: float
    longest_freeze_ms: float
    stalls: float
    loss_ratio: float
    wire_loss_ratio: float
    visual_error: float
    visual_error_p95: float


class Row(NamedTuple):
    """A report with its time, in seconds since the recording began."""

    at_s: float
    report: Report


# A packed row has its time before the report, and in the recorder the number of its run after it.
_ROW_NUMBERS = 1 + len(Report._fields)
_PACKED_NUMBERS = _ROW_NUMBERS + 1


@dataclass(frozen=True, slots=True)
class StudentNow:
    """One client at one moment; ``slot_id`` tells two of the same name apart."""

    slot_id: str
    key: RunKey
    report: Report


@dataclass(frozen=True, slots=True)
class Recording:
    """All rows that are kept, as packed numbers; ``dropped`` counts those that were too many.

    Unpacked, a class of forty would take 100 MB. So the rows are unpacked run by run.
    """

    runs: Mapping[RunKey, "array[float]"]
    dropped: int

    @property
    def seconds(self) -> float:
        """The time between the first row and the last one."""
        ends = ((packed[0], packed[-_ROW_NUMBERS]) for packed in self.runs.values())
        times = [at_s for pair in ends for at_s in pair]
        return max(times) - min(times) if times else 0.0

    def rows(self, key: RunKey) -> list[Row]:
        """Return the rows of a run."""
        packed = self.runs[key]
        starts = range(0, len(packed), _ROW_NUMBERS)
        return [
            Row(packed[start], Report(*packed[start + 1 : start + _ROW_NUMBERS]))
            for start in starts
        ]


@dataclass(slots=True)
class _Latest:
    """The run of a client since ``changed_at_s`` (None: since it was first seen)."""

    key: RunKey
    changed_at_s: float | None
    report: Report | None = None


class ClassRecorder:
    """The reports of a class, in bounded memory."""

    def __init__(self) -> None:
        self._chunks = deque([_Chunk()])
        self._latest: dict[str, _Latest] = {}
        self._dropped = 0

    def record(self, at_s: float, students: Iterable[StudentNow]) -> None:
        """Add the reports of all clients that are connected at ``at_s``."""
        present = {each.slot_id: each for each in students}
        for gone in self._latest.keys() - present.keys():
            del self._latest[gone]
        for slot_id, student in present.items():
            latest = self._latest.get(slot_id)
            if latest is None:
                latest = self._latest[slot_id] = _Latest(student.key, None)
            elif latest.key != student.key:
                latest = self._latest[slot_id] = _Latest(student.key, at_s)
            if _is_of(student.report, latest, at_s):
                latest.report = student.report
                self._add(student.key, at_s, student.report)

    def copy(self) -> "RecorderCopy":
        """Return all that is kept; another thread may read it."""
        return RecorderCopy(tuple(each.copy() for each in self._chunks), self._dropped)

    def _add(self, key: RunKey, at_s: float, report: Report) -> None:
        if self._chunks[-1].is_full:
            self._chunks.append(_Chunk())
        self._chunks[-1].add(key, at_s, report)
        if len(self._chunks) > ROWS_MAX // _CHUNK_ROWS:
            self._dropped += _CHUNK_ROWS
            self._chunks.popleft()


class _Chunk:
    """Rows that are dropped together, with the runs that they are of."""

    def __init__(self) -> None:
        self._numbers: dict[RunKey, int] = {}
        self._packed = array("d")

    @property
    def is_full(self) -> bool:
        return len(self._packed) >= _CHUNK_ROWS * _PACKED_NUMBERS

    def add(self, key: RunKey, at_s: float, report: Report) -> None:
        number = self._numbers.setdefault(key, len(self._numbers))
        self._packed.extend((at_s, *report, number))

    def copy(self) -> "_Chunk":
        twin = _Chunk()
        twin._numbers, twin._packed = dict(self._numbers), self._packed[:]
        return twin

    def add_to(self, runs: "dict[RunKey, array[float]]") -> None:
        """Append each row to its run's packed rows."""
        packed_runs = [runs.setdefault(key, array("d")) for key in self._numbers]
        for start in range(0, len(self._packed), _PACKED_NUMBERS):
            end = start + _ROW_NUMBERS
            packed_runs[int(self._packed[end])].extend(self._packed[start:end])


@dataclass(frozen=True, slots=True)
class RecorderCopy:
    """The rows of a recorder at one moment."""

    _chunks: tuple[_Chunk, ...]
    _dropped: int

    def recording(self) -> Recording:
        """Return the rows by run, in the order of their first rows."""
        runs: dict[RunKey, array[float]] = {}
        for chunk in self._chunks:
            chunk.add_to(runs)
        return Recording(runs, self._dropped)


def _is_of(report: Report, latest: _Latest, at_s: float) -> bool:
    """Return whether a report is a new one, and all of it is about the present run.

    The first reports after a change may still be about the time before it.
    """
    if isnan(report.measured_s) or report == latest.report:
        return False
    changed_at_s = latest.changed_at_s
    return changed_at_s is None or report.measured_s <= at_s - changed_at_s + _SLACK_S


def known(value: float | None) -> float:
    """Return a value as precisely as it is worth keeping; NaN for None."""
    return nan if value is None else round(value, _DIGITS)
