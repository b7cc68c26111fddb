"""The traces of a measurement for its plots, from the rows of its CSV files.  [pure]

``trace_files`` reads the files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from game.lab.measure.results import Results
from game.lab.measure.strict_json import NUMBER_MAX, shown
from game.lab.report.downsampling import Point
from net.measure.lag_monitor import ArrivalStatus
from net.measure.virtual_screen import SCREEN_HZ

_VERDICTS = tuple(status.value for status in ArrivalStatus)
# Lost and stale snapshots are not drawn, so they have no age.
_NOT_DRAWN = (ArrivalStatus.LOST.value, ArrivalStatus.STALE.value)

# The names of a transport and of a link.
RunKey = tuple[str, str]


@dataclass(slots=True)
class Traces:
    """The traces of one run; times are seconds since its start.

    ``ages_when_drawn_ms`` and ``errors`` (pitch units) have a point for each frame. ``freezes``
    are (start, end) times. ``ages_ms`` and ``gaps_ms`` have a sample for each drawn snapshot.
    ``due`` counts all snapshots.
    """

    ages_when_drawn_ms: list[Point] = field(default_factory=list)
    errors: list[Point] = field(default_factory=list)
    freezes: list[tuple[float, float]] = field(default_factory=list)
    ages_ms: list[float] = field(default_factory=list)
    gaps_ms: list[float] = field(default_factory=list)
    due: int = 0


@dataclass(frozen=True, slots=True)
class LoadedMeasurement:
    """A measurement read from its folder: results and traces, with a ``label`` for the report."""

    label: str
    results: Results
    traces: Mapping[RunKey, Traces]


def add_sample(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of ``samples.csv`` without its first two columns.

    Raises ``ValueError`` if the row is not valid.
    """
    _tick, _server_time_s, _arrival_s, age_ms, gap_ms, verdict = values
    if verdict not in _VERDICTS:
        raise ValueError(f"verdict: {shown(verdict)} is not one of {', '.join(_VERDICTS)}")
    traces.due += 1
    if verdict not in _NOT_DRAWN:
        traces.ages_ms.append(_number("age_ms", age_ms))
        traces.gaps_ms.append(_number("gap_ms", gap_ms))


def add_frame(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of ``frames.csv`` without its first two columns.

    Raises ``ValueError`` if the row is not valid.
    """
    at, age_ms, frozen, error = values
    at_s = _number("at_s", at)
    if traces.ages_when_drawn_ms and at_s < traces.ages_when_drawn_ms[-1][0]:
        raise ValueError(f"at_s: {at} is earlier than in the line before")
    if frozen not in ("0", "1"):
        raise ValueError(f"frozen: {shown(frozen)} is not 0 or 1")
    traces.ages_when_drawn_ms.append((at_s, _number("age_when_drawn_ms", age_ms)))
    if error:
        traces.errors.append((at_s, _number("visual_error", error)))
    if frozen == "1":
        _extend_freeze(traces.freezes, at_s)


def _number(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    # Written so that NaN, which is above and below nothing, is refused too.
    if not -NUMBER_MAX <= number <= NUMBER_MAX:
        raise ValueError(f"{column}: {shown(text)} is not a number")
    return number


def _extend_freeze(freezes: list[tuple[float, float]], at_s: float) -> None:
    """Add a frozen frame to the last freeze, or start a new freeze with it."""
    ends_at = at_s + 1.0 / SCREEN_HZ
    # Times are rounded in the file, so half a frame of tolerance.
    if freezes and at_s - freezes[-1][1] < 0.5 / SCREEN_HZ:
        freezes[-1] = (freezes[-1][0], ends_at)
    else:
        freezes.append((at_s, ends_at))
