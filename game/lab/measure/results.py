"""The results of a measurement, and their file ``results.json``.  [pure]

The file has the fields of the dataclasses here, with the same names. Units: milliseconds, pitch
units, bytes per second. Reading is strict, since users edit such files: an error names the place
of a missing, unknown or wrong value.
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
# A quiet computer delivers a snapshot to itself in 0.3 ms. With four busy processes on each core
# it took 8 ms, and all results were wrong by as much.
BUSY_MS = 1.0
# Finer than the clocks: a ten-thousandth of a millisecond.
_DIGITS = 4

T = TypeVar("T")


class ResultsError(Exception):
    """A file without valid results; the message says in one line what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The distribution of samples; ``mean_low`` to ``mean_high`` is the mean's 95% interval.

    Without samples all fields but ``n`` are None.
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
    """A statistic of a whole run with its 95% interval; None if there are too few samples."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SnapshotStats:
    """Counts of snapshots: ``expected`` = ``received + lost + stale``.

    ``duplicate`` includes other messages, such as pongs: a transport does not know what its
    duplicates contain.
    """

    expected: int
    received: int
    lost: int
    stale: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class PerDirection:
    """A rate for each direction: ``up`` to the server, ``down`` to the client."""

    up: float
    down: float


@dataclass(frozen=True, slots=True)
class DirectionCounters:
    """The emulated link's packet counters for one direction; ``retransmits`` are TCP's."""

    sent: int
    lost: int
    queue_dropped: int
    duplicated: int
    reordered: int
    retransmits: int

    @classmethod
    def of(cls, stats: DirectionStats) -> Self:
        """Return the counters of a link's direction, including TCP's retransmissions."""
        return cls(
            sent=stats.sent,
            lost=stats.lost,
            queue_dropped=stats.queue_dropped,
            duplicated=stats.duplicated,
            reordered=stats.reordered,
            retransmits=stats.tcp.retransmits if stats.tcp else 0,
        )

    def since(self, before: Self) -> Self:
        """Return the difference to earlier counters."""
        return type(self)(*(getattr(self, n.name) - getattr(before, n.name) for n in fields(self)))


@dataclass(frozen=True, slots=True)
class LinkCounters:
    """The packet counters of both directions of the emulated link."""

    up: DirectionCounters
    down: DirectionCounters

    @classmethod
    def of(cls, up: DirectionStats, down: DirectionStats) -> Self:
        """Return the counters of a link's two directions."""
        return cls(DirectionCounters.of(up), DirectionCounters.of(down))

    def since(self, before: Self) -> Self:
        """Return the difference to earlier counters."""
        return type(self)(self.up.since(before.up), self.down.since(before.down))


@dataclass(frozen=True, slots=True)
class Run:
    """The results of one transport over one link.

    ``link_up``, ``link_down`` and ``ledger`` (the link's counters) are None without an emulated
    link. ``transport_lost`` counts gaps in the transport's sequence numbers. ``baseline_age_ms``
    is the median snapshot age of the reference client, which has no link: the delay that this
    computer adds. It is None without a reference client.
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

    @property
    def header_bytes_per_message(self) -> float | None:
        """The mean header bytes of a message from the server; None if none was received."""
        headers_per_s = self.wire_bytes_per_s.down - self.payload_bytes_per_s.down
        messages_per_s = self.messages_per_s.down
        return headers_per_s / messages_per_s if messages_per_s else None


@dataclass(frozen=True, slots=True)
class Handshake:
    """The round trips until a transport's channel is open, and until the first snapshot."""

    transport: str
    connect_round_trips: float
    first_snapshot_round_trips: float


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a whole measurement.

    ``host`` is empty for a private server. ``emulation`` is ``none``, ``model`` or ``kernel``.
    ``clock`` is ``shared`` by both ends, or ``synchronised`` if the offset is estimated.
    ``truth`` is the source of the reference: a ``spectator``, or the clients' ``later`` snapshots.
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
    def duration_text(self) -> str:
        """The seconds that each link was really measured: ``20``, or ``3.2-20``.

        ``seconds`` is the requested length, which Ctrl-C may have cut short.
        """
        lengths_s = [min(run.seconds, self.seconds) for run in self.runs] or [self.seconds]
        shortest, longest = (f"{round(length(lengths_s), 1):g}" for length in (min, max))
        return shortest if shortest == longest else f"{shortest}-{longest}"


def encode_results(results: Results) -> str:
    """Return the text of ``results.json``."""
    return json.dumps(_plain(asdict(results)), indent=1, allow_nan=False) + "\n"


def decode_results(text: str) -> Results:
    """Return the results that are in a text. Raises ``ResultsError`` if it is not valid."""
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise ResultsError(f"not JSON: {error}") from error
    version = plain.get("version") if isinstance(plain, dict) else None
    if version != FORMAT_VERSION:
        raise ResultsError(f"version: {version!r} is not {FORMAT_VERSION}")
    return _read(Results, plain, "")


def encode_runs(runs: tuple[Run, ...]) -> str:
    """Return the JSON text of runs, as in ``results.json``."""
    return json.dumps([_plain(asdict(run)) for run in runs], indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    """Return a value with rounded numbers; JSON has no infinity, so it becomes None."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if isfinite(value) else None
    return value


def _read(kind: type[T], value: Any, place: str) -> T:
    """Return a JSON value as a Python type. Raises ``ResultsError`` if it is another type."""
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
            raise ResultsError(f"{dot}{name}: unknown field")
    return kind(**{name: _read_any(hints[name], items[name], dot + name) for name in names})


def _checked(value: Any, kind: Any, what: str, place: str) -> Any:
    # In Python a bool is an int too.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ResultsError(f"{place or 'results'}: {value!r:.40} is not {what}")
    return value


def local_delivery_delay_ms(runs: Iterable[Run]) -> float | None:
    """Return the delay that this computer added in the worst run; None if it is normal."""
    delay_ms = max((run.baseline_age_ms or 0.0 for run in runs), default=0.0)
    return delay_ms if delay_ms > BUSY_MS else None
