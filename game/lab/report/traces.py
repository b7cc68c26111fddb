"""The traces of a measurement for its plots, from the rows of its CSV files.  [pure]

``trace_files`` reads the files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from game.lab.measure.replay import END, NO_CONNECTION
from game.lab.measure.results import Results
from game.lab.report.downsampling import Point
from net.measure.lag_monitor import ArrivalStatus
from net.measure.virtual_screen import SCREEN_HZ
from net.strict_json import NUMBER_MAX, shown

_VERDICTS = (*(status.value for status in ArrivalStatus), NO_CONNECTION, END)
# These are not drawn, so they have no age and no gap.
_NOT_DRAWN = (ArrivalStatus.LOST.value, ArrivalStatus.STALE.value, NO_CONNECTION)

# A recorded link is drawn as lost where more than this of the packets were.
_LOST_PERCENT = 50.0

# The names of a transport and of a link.
RunKey = tuple[str, str]


@dataclass(slots=True)
class Traces:
    """The traces of one run; times are seconds since its start.

    ``ages_when_drawn_ms`` and ``errors`` (pitch units) have a point for each frame. ``freezes``
    are (start, end) times. ``ages_ms`` and ``gaps_ms`` have a sample for each drawn snapshot.
    ``outages`` are times without a connection, which the other fields leave out. ``due`` counts
    all snapshots.
    """

    ages_when_drawn_ms: list[Point] = field(default_factory=list)
    errors: list[Point] = field(default_factory=list)
    freezes: list[tuple[float, float]] = field(default_factory=list)
    ages_ms: list[float] = field(default_factory=list)
    gaps_ms: list[float] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    due: int = 0


@dataclass(slots=True)
class LinkCourse:
    """Course of a recorded link during a run; times are seconds since its start.

    ``delays_ms`` are one-way, from the server to the client. In ``lost_up`` and ``lost_down``
    (start, end) more than half of the packets were lost.
    """

    delays_ms: list[Point] = field(default_factory=list)
    lost_up: list[tuple[float, float]] = field(default_factory=list)
    lost_down: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LoadedMeasurement:
    """A measurement read from its folder: results and traces, with a ``label`` for the report.

    ``courses`` has the recorded links by name.
    """

    label: str
    results: Results
    traces: Mapping[RunKey, Traces]
    courses: Mapping[str, LinkCourse] = field(default_factory=dict)


def add_sample(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of ``samples.csv`` without its first two columns.

    Raises ``ValueError`` if the row is not valid.
    """
    _tick, _server_time_s, _arrival_s, age_ms, gap_ms, verdict = values
    if verdict not in _VERDICTS:
        raise ValueError(f"verdict: {shown(verdict)} is not one of {', '.join(_VERDICTS)}")
    # A gap is missing where the first snapshot came over a new connection.
    if verdict not in _NOT_DRAWN and gap_ms:
        traces.gaps_ms.append(_number("gap_ms", gap_ms))
    if verdict in (NO_CONNECTION, END):
        return
    traces.due += 1
    if verdict not in _NOT_DRAWN:
        traces.ages_ms.append(_number("age_ms", age_ms))


def add_frame(traces: Traces, values: Sequence[str]) -> None:
    """Add a row of ``frames.csv`` without its first two columns.

    Raises ``ValueError`` if the row is not valid.
    """
    at, age_ms, frozen, new, connected, error = values
    at_s = _number("at_s", at)
    if traces.ages_when_drawn_ms and at_s < traces.ages_when_drawn_ms[-1][0]:
        raise ValueError(f"at_s: {at} is earlier than in the line before")
    is_frozen, is_new = _flag("frozen", frozen), _flag("new", new)
    if not _flag("connected", connected):
        _extend(traces.outages, at_s)
        return
    traces.ages_when_drawn_ms.append((at_s, _number("age_when_drawn_ms", age_ms)))
    if error:
        traces.errors.append((at_s, _number("visual_error", error)))
    if is_frozen and not is_new:
        _extend(traces.freezes, at_s)


def add_moment(course: LinkCourse, values: Sequence[str]) -> None:
    """Add a row of ``links.csv`` without its first column.

    Raises ``ValueError`` if the row is not valid.
    """
    at, _up_delay_ms, up_loss, down_delay_ms, down_loss = values
    at_s = _number("at_s", at)
    if course.delays_ms and at_s < course.delays_ms[-1][0]:
        raise ValueError(f"at_s: {at} is earlier than in the line before")
    course.delays_ms.append((at_s, _number("down_delay_ms", down_delay_ms)))
    if _number("up_loss_percent", up_loss) > _LOST_PERCENT:
        _extend(course.lost_up, at_s)
    if _number("down_loss_percent", down_loss) > _LOST_PERCENT:
        _extend(course.lost_down, at_s)


def _flag(column: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{column}: {shown(text)} is not 0 or 1")
    return text == "1"


def _number(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    # Written so that NaN, which is above and below nothing, is refused too.
    if not -NUMBER_MAX <= number <= NUMBER_MAX:
        raise ValueError(f"{column}: {shown(text)} is not a number")
    return number


def _extend(spans: list[tuple[float, float]], at_s: float) -> None:
    """Add a frame to the last span, or start a new span with it."""
    ends_at = at_s + 1.0 / SCREEN_HZ
    # Times are rounded in the file, so half a frame of tolerance.
    if spans and at_s - spans[-1][1] < 0.5 / SCREEN_HZ:
        spans[-1] = (spans[-1][0], ends_at)
    else:
        spans.append((at_s, ends_at))
