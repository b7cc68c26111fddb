"""What a measurement's folder holds for the eye: lines over time, and samples to be counted.

Reads `results.json` and the two tables beside it, and says in one line what is wrong with them.
Knows what the columns mean, and nothing of plots.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from game.lab.downsampling import Point
from game.lab.files import (
    FRAME_COLUMNS,
    FRAMES_FILE,
    RESULTS_FILE,
    SAMPLE_COLUMNS,
    SAMPLES_FILE,
    load,
)
from game.lab.results import BadResults, Results
from net.lagmeter import Verdict
from net.screen import SCREEN_HZ

# What never came, or came when a newer one had, has no age that anybody could draw.
_USELESS = (Verdict.LOST.value, Verdict.STALE.value)

# A transport's name and a link's.
RunKey = tuple[str, str]


@dataclass(slots=True)
class Traces:
    """What one run looked like; times in seconds from its beginning.

    `ages_when_drawn_ms` and `errors` (pitch units) hold a point a frame, `freezes` from when to
    when the picture stood still, `ages_ms` and `gaps_ms` a sample a snapshot that could be used,
    and `due` how many were due.
    """

    ages_when_drawn_ms: list[Point] = field(default_factory=list)
    errors: list[Point] = field(default_factory=list)
    freezes: list[tuple[float, float]] = field(default_factory=list)
    ages_ms: list[float] = field(default_factory=list)
    gaps_ms: list[float] = field(default_factory=list)
    due: int = 0


@dataclass(frozen=True, slots=True)
class Experiment:
    """A measurement read back: its figures, and the traces of every run. `label` tells it apart."""

    label: str
    results: Results
    traces: Mapping[RunKey, Traces]


def read_experiment(folder: Path, label: str) -> Experiment:
    """Read the folder that `measure` has written. Raises `BadResults` and `OSError`."""
    results = load(folder)
    traces = {(run.transport, run.link): Traces() for run in results.runs}
    _read_rows(folder / SAMPLES_FILE, SAMPLE_COLUMNS, traces, _take_sample)
    _read_rows(folder / FRAMES_FILE, FRAME_COLUMNS, traces, _take_frame)
    return Experiment(label, results, traces)


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
            raise BadResults(f"{path}: line {reader.line_num}: {error}") from error


def _take_sample(traces: Traces, values: list[str]) -> None:
    _tick, _server_time_s, _arrival_s, age_ms, gap_ms, verdict = values
    traces.due += 1
    if verdict not in _USELESS:
        traces.ages_ms.append(float(age_ms))
        traces.gaps_ms.append(float(gap_ms))


def _take_frame(traces: Traces, values: list[str]) -> None:
    at, age_ms, frozen, error = values
    at_s = float(at)
    traces.ages_when_drawn_ms.append((at_s, float(age_ms)))
    if error:
        traces.errors.append((at_s, float(error)))
    if frozen == "1":
        _extend_freeze(traces.freezes, at_s)


def _extend_freeze(freezes: list[tuple[float, float]], at_s: float) -> None:
    """Add a frozen frame: to the freeze that it continues, or as a new one."""
    ends_at = at_s + 1.0 / SCREEN_HZ
    # Times are rounded in the file, so half a frame of grace.
    if freezes and at_s - freezes[-1][1] < 0.5 / SCREEN_HZ:
        freezes[-1] = (freezes[-1][0], ends_at)
    else:
        freezes.append((at_s, ends_at))
