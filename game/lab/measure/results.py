"""The figures of a measurement as values, and as the file that is handed in.  [pure]

``results.json`` is what the dataclasses here say, field by field: times in milliseconds, lengths
in pitch units, rates in bytes a second. Reading is strict, since people edit such files: what is
missing, misspelt or of the wrong kind is named by its place. Knows no network and no plot.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass
from math import isfinite
from types import UnionType
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

from net.link.profile import LinkProfile
from net.link.stats import DirectionStats

FORMAT_VERSION = 1


# A thousandth of a millisecond is more than any clock here can tell.
_DIGITS = 4


T = TypeVar("T")


class ResultsError(Exception):
    """These are no results; the message says in one line what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How samples are spread; ``mean_low`` to ``mean_high`` is the mean's 95% interval.

    All but ``n`` are None where there are no samples.
    """

    n: int
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    p50: float | None
    p90: float | None
    p95: float | None
    p99: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of the whole run and its 95% interval; None where there is too little to tell."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SnapshotStats:
    """What became of the snapshots: ``expected`` = ``received + lost + stale``.

    ``duplicate`` counts everything that came again, pongs included: a transport does not say what
    its duplicates were.
    """

    expected: int
    received: int
    lost: int
    stale: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class PerDirection:
    """What went up, to the server, in a second, and what came down."""

    up: float
    down: float


@dataclass(frozen=True, slots=True)
class DirectionCounters:
    """What the emulated link did to the packets of one direction; ``retransmits`` is TCP's."""

    sent: int
    lost: int
    queue_dropped: int
    duplicated: int
    reordered: int
    retransmits: int

    def since(self, before: Self) -> Self:
        """Return what was counted after ``before`` was."""
        return type(self)(*(getattr(self, n.name) - getattr(before, n.name) for n in fields(self)))


@dataclass(frozen=True, slots=True)
class LinkCounters:
    """Both directions of the emulated link."""

    up: DirectionCounters
    down: DirectionCounters

    def since(self, before: Self) -> Self:
        """Return what was counted after ``before`` was."""
        return type(self)(self.up.since(before.up), self.down.since(before.down))


def ledger_figures(figures: DirectionStats) -> DirectionCounters:
    """Return one direction's ledger, TCP's retransmissions among it."""
    return DirectionCounters(
        sent=figures.sent,
        lost=figures.lost,
        queue_dropped=figures.queue_dropped,
        duplicated=figures.duplicated,
        reordered=figures.reordered,
        retransmits=figures.tcp.retransmits if figures.tcp else 0,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """One transport on one link.

    ``link_up`` and ``link_down`` are None where nothing was emulated, and then there is no
    ``ledger``. ``transport_lost`` is what the sequence numbers of the transport say is missing.
    ``baseline_age_ms`` is the median age, meanwhile, of snapshots that passed no link: what the
    computer itself adds; None without a spectator.
    """

    transport: str
    link: str
    link_up: LinkProfile | None
    link_down: LinkProfile | None
    seconds: float
    rtt_ms: Distribution
    snapshot_age_ms: Distribution
    age_when_drawn_ms: Distribution
    arrival_gap_ms: Distribution
    jitter_ms: Estimate
    stalls_over_125ms_per_min: Estimate
    freezes_ms: Distribution
    longest_freeze_ms: float
    frozen_ratio: Estimate
    visual_error: Distribution
    input_to_effect_ms: Distribution
    input_to_drawn_ms: Distribution
    snapshots: SnapshotStats
    transport_lost: int
    retransmitted: int
    messages_per_s: PerDirection
    payload_bytes_per_s: PerDirection
    wire_bytes_per_s: PerDirection
    clock_offset_error_ms: float | None
    baseline_age_ms: float | None
    ledger: LinkCounters | None


@dataclass(frozen=True, slots=True)
class Handshake:
    """How many round trips until a transport's channel was open, and until the first snapshot."""

    transport: str
    connect_round_trips: float
    first_snapshot_round_trips: float


@dataclass(frozen=True, slots=True)
class Results:
    """A whole measurement.

    ``host`` is empty for a server of our own. ``emulation`` is ``none``, ``model`` or ``kernel``.
    ``clock`` says whether both ends share one (``shared``) or the offset is estimated
    (``synchronised``), ``truth`` whether a ``spectator`` told it or the clients' own later
    snapshots (``later``).
    """

    version: int
    seed: int
    started_at: str
    host: str
    emulation: str
    clock: str
    truth: str
    machine: dict[str, str]
    seconds: float
    bots: int
    codec: str
    snapshot_hz: float
    interpolation_ms: float
    handshakes: tuple[Handshake, ...]
    runs: tuple[Run, ...]

    @property
    def stretch_text(self) -> str:
        """For how many seconds each link was really measured: ``20``, or ``3.2-20``.

        ``seconds`` is what was asked for, which Ctrl-C may have cut short.
        """
        lengths_s = [min(run.seconds, self.seconds) for run in self.runs] or [self.seconds]
        least, most = f"{round(min(lengths_s), 1):g}", f"{round(max(lengths_s), 1):g}"
        return least if least == most else f"{least}-{most}"


def encode_results(results: Results) -> str:
    """Return the text of ``results.json``."""
    return json.dumps(_plain(asdict(results)), indent=1, allow_nan=False) + "\n"


def decode_results(text: str) -> Results:
    """Return the results that a text is. Raises ``ResultsError``."""
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise ResultsError(f"no JSON: {error}") from error
    version = plain.get("version") if isinstance(plain, dict) else None
    if version != FORMAT_VERSION:
        raise ResultsError(f"version: {version!r} instead of {FORMAT_VERSION}")
    return _read(Results, plain, "")


def encode_runs(runs: tuple[Run, ...]) -> str:
    """Return runs alone as JSON, as they stand in ``results.json``."""
    return json.dumps([_plain(asdict(run)) for run in runs], indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    """Return the value rounded; what is not finite has no place in JSON and becomes None."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if isfinite(value) else None
    return value


def _read(kind: type[T], value: Any, place: str) -> T:
    """Return the value as the kind asked for. Raises ``ResultsError``."""
    read: Any = _read_any(kind, value, place)
    return read  # type: ignore[no-any-return]


def _read_any(kind: Any, value: Any, place: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        (inner,) = (each for each in get_args(kind) if each is not type(None))
        return None if value is None else _read_any(inner, value, place)
    if origin is tuple:
        items = _checked(value, list, "a list", place)
        inner = get_args(kind)[0]
        return tuple(_read_any(inner, each, f"{place}[{i}]") for i, each in enumerate(items))
    if origin is dict:
        items = _checked(value, dict, "an object", place)
        return {key: _read_any(str, each, f"{place}.{key}") for key, each in items.items()}
    if is_dataclass(kind):
        return _read_dataclass(kind, value, place)
    if kind is float:
        return float(_checked(value, (int, float), "a number", place))
    names = {int: "a whole number", str: "a text", bool: "true or false"}
    return _checked(value, kind, names[kind], place)


def _read_dataclass(kind: Any, value: Any, place: str) -> Any:
    items = _checked(value, dict, "an object", place)
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    dot = f"{place}." if place else ""
    for name in names:
        if name not in items:
            raise ResultsError(f"{dot}{name}: is missing")
    for name in items:
        if name not in hints:
            raise ResultsError(f"{dot}{name}: nothing is called so here")
    return kind(**{name: _read_any(hints[name], items[name], dot + name) for name in names})


def _checked(value: Any, kind: Any, what: str, place: str) -> Any:
    # True is a whole number to Python, and to nobody else.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ResultsError(f"{place or 'results'}: {value!r:.40} is not {what}")
    return value


# A quiet computer delivers to itself in a third of a millisecond. Four times as many processes as
# cores made it eight, and every figure with it.
BUSY_MS = 1.0


def local_delivery_delay_ms(runs: Iterable[Run]) -> float | None:
    """Return how late the computer itself was in the worst run; None if that is what is usual."""
    late_ms = max((run.baseline_age_ms or 0.0 for run in runs), default=0.0)
    return late_ms if late_ms > BUSY_MS else None
