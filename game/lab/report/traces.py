"""What a measurement holds for the eye: lines over time, and samples to be counted.  [pure]

Knows what the columns of a measurement's tables mean; files are read by `trace_files.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from game.lab.measure.results import Results
from game.lab.report.downsampling import Point
from net.measure.lag_monitor import ArrivalStatus
from net.measure.virtual_screen import SCREEN_HZ

# What never came, or came when a newer one had, has no age that anybody could draw.
_USELESS = (ArrivalStatus.LOST.value, ArrivalStatus.STALE.value)

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
class LoadedMeasurement:
    """A measurement read back: its figures, and the traces of every run. `label` tells it apart."""

    label: str
    results: Results
    traces: Mapping[RunKey, Traces]


def take_sample(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of the samples, without its first two columns. Raises `ValueError`."""
    _tick, _server_time_s, _arrival_s, age_ms, gap_ms, verdict = values
    traces.due += 1
    if verdict not in _USELESS:
        traces.ages_ms.append(float(age_ms))
        traces.gaps_ms.append(float(gap_ms))


def take_frame(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of the frames, without its first two columns. Raises `ValueError`."""
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
