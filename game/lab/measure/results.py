"""The results of a measurement, and their file ``results.json``.  [pure]

The file has the fields of the dataclasses here, with the same names. Units: milliseconds, pitch
units, bytes per second. Reading is strict, since users edit such files: an error names the place
of a missing, unknown or wrong value.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from math import isfinite
from typing import Annotated, Any, Literal, Self, TypeVar

from net.link.profile import Link, LinkProfile
from net.link.spec import LinkSpecError, format_link, parse_link
from net.link.stats import DirectionStats
from net.strict_json import (
    Count,
    JsonError,
    Limits,
    NotNegative,
    parse_json,
    read_json,
    shown,
)

T = TypeVar("T")

FORMAT_VERSION = 2
# A quiet computer delivers a snapshot to itself in 0.3 ms. With four busy processes on each core
# it took 8 ms, and all results were wrong by as much.
BUSY_MS = 1.0
# A nanosecond in milliseconds, a microsecond in seconds: finer than the clocks.
_DIGITS = 6
# A bound may differ from its value by this much, since each is rounded by itself.
_ROUNDING = 1e-5

# At least a millisecond: values are divided by these.
Seconds = Annotated[float, Limits(low=0.001)]
Rate = Annotated[float, Limits(low=0.001)]


class ResultsError(Exception):
    """A file without valid results; the message says in one line what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The distribution of samples; ``mean_low`` to ``mean_high`` is the mean's 95% interval.

    Without samples all fields but ``n`` are None.
    """

    n: Count
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    p50: float | None
    p90: float | None
    p95: float | None
    p99: float | None
    max: float | None

    def check(self) -> None:
        """Raises ``ValueError`` if the interval does not contain the mean."""
        _check_order("mean_low, mean, mean_high", self.mean_low, self.mean, self.mean_high)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of a whole run with its 95% interval; None if there are too few samples."""

    value: NotNegative | None
    low: NotNegative | None
    high: NotNegative | None

    def check(self) -> None:
        """Raises ``ValueError`` if the interval does not contain the value."""
        _check_order("low, value, high", self.low, self.value, self.high)


@dataclass(frozen=True, slots=True)
class SnapshotStats:
    """Counts of snapshots: ``expected`` = ``received + lost + stale``.

    ``without_connection`` were due while there was none; they are not among the expected.
    ``duplicate`` includes other messages, such as pongs: a transport does not know what its
    duplicates contain.
    """

    expected: Count
    received: Count
    lost: Count
    stale: Count
    duplicate: Count
    without_connection: Count


@dataclass(frozen=True, slots=True)
class PerDirection:
    """A rate for each direction: ``up`` to the server, ``down`` to the client."""

    up: NotNegative
    down: NotNegative


@dataclass(frozen=True, slots=True)
class DirectionCounters:
    """The emulated link's packet counters for one direction; ``retransmits`` are TCP's."""

    sent: Count
    lost: Count
    queue_dropped: Count
    duplicated: Count
    reordered: Count
    retransmits: Count

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

    def plus(self, other: Self) -> Self:
        """Return the sum with other counters."""
        return type(self)(*(getattr(self, n.name) + getattr(other, n.name) for n in fields(self)))


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

    def plus(self, other: Self) -> Self:
        """Return the sum with the counters of another connection or time."""
        return type(self)(self.up.plus(other.up), self.down.plus(other.down))


@dataclass(frozen=True, slots=True)
class Run:
    """The results of one transport over one link.

    ``link_up``, ``link_down`` and ``ledger`` (the link's counters) are None without an emulated
    link. ``transport_lost`` counts gaps in the transport's sequence numbers. ``baseline_age_ms``
    is the median snapshot age of the reference client, which has no link: the delay that this
    computer adds. It is None without a reference client.
    ``connections_lost`` counts the times that the client gave a connection up. ``disconnected_ms``
    is the time until the next one, which no other field includes.
    ``program_paused_ms`` is the longest time in which this program itself did not run.
    """

    transport: str
    link: str
    link_up: LinkProfile | None
    link_down: LinkProfile | None
    seconds: Seconds
    rtt_ms: Distribution
    snapshot_age_ms: Distribution
    age_when_drawn_ms: Distribution
    arrival_gap_ms: Distribution
    jitter_ms: Estimate
    stalls_over_125ms_per_min: Estimate
    freezes_ms: Distribution
    longest_freeze_ms: NotNegative
    frozen_ratio: Estimate
    visual_error: Distribution
    input_to_effect_ms: Distribution
    input_to_drawn_ms: Distribution
    snapshots: SnapshotStats
    connections_lost: Count
    disconnected_ms: NotNegative
    program_paused_ms: NotNegative
    transport_lost: Count
    retransmitted: Count
    messages_per_s: PerDirection
    payload_bytes_per_s: PerDirection
    wire_bytes_per_s: PerDirection
    clock_offset_error_ms: NotNegative | None
    baseline_age_ms: float | None
    ledger: LinkCounters | None

    def check(self) -> None:
        """Raises ``ValueError`` if there is no such link."""
        if (self.link_up is None) != (self.link_down is None):
            raise ValueError("link_up, link_down: one is null and the other is not")
        if self.link_up is None or self.link_down is None:
            return
        try:
            # A link that nobody could ask for was not emulated either.
            parse_link(format_link(Link(self.link_up, self.link_down)))
        except LinkSpecError as error:
            raise ValueError(f"link_up, link_down: no such link: {error}") from error

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
    ``deltas``: snapshots were sent as changes; files of earlier versions have whole ones.
    ``truth`` is the source of the reference: a ``spectator``, or the clients' ``later`` snapshots.
    """

    version: int
    seed: Count
    started_at: str
    host: str
    emulation: Literal["none", "model", "kernel"]
    clock: Literal["shared", "synchronised"]
    truth: Literal["spectator", "later"]
    machine: dict[str, str]
    seconds: Seconds
    bots: Count
    codec: str
    snapshot_hz: Rate
    interpolation_ms: NotNegative
    handshakes: tuple[Handshake, ...]
    runs: tuple[Run, ...]
    deltas: bool

    def check(self) -> None:
        """Raises ``ValueError`` if two runs have the same transport and link."""
        seen: set[tuple[str, str]] = set()
        for index, run in enumerate(self.runs):
            if (run.transport, run.link) in seen:
                raise ValueError(f"runs[{index}]: {run.transport} on {run.link} is there twice")
            seen.add((run.transport, run.link))

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
    return results_text(asdict(results))


def results_text(values: dict[str, Any]) -> str:
    """Return the text of a file of results, with rounded numbers."""
    return json.dumps(_plain(values), indent=1, allow_nan=False) + "\n"


def decode_results(text: str) -> Results:
    """Return the results that are in a text. Raises ``ResultsError`` if it is not valid."""
    # Files from before there were deltas lack the field.
    return read_results(Results, text, FORMAT_VERSION, deltas=False)


def read_results(kind: type[T], text: str, version: int, **absent: Any) -> T:
    """Return the dataclass in the text of a file of results.

    ``absent``: the values of fields that a file may lack.
    Raises ``ResultsError`` if the text is not valid, or of another version.
    """
    try:
        plain = parse_json(text)
        found = plain.get("version") if isinstance(plain, dict) else None
        if found != version:
            raise ResultsError(f"version: {shown(found)} is not {version}")
        return read_json(kind, {**absent, **plain})
    except JsonError as error:
        raise ResultsError(str(error)) from error


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


def _check_order(names: str, *values: float | None) -> None:
    if None not in values and any(b < a - _ROUNDING for a, b in pairwise(values)):  # type: ignore[operator]
        raise ValueError(f"{names}: not in ascending order")


def local_delivery_delay_ms(runs: Iterable[Run]) -> float | None:
    """Return the delay that this computer added in the worst run; None if it is normal."""
    delay_ms = max((run.baseline_age_ms or 0.0 for run in runs), default=0.0)
    return delay_ms if delay_ms > BUSY_MS else None
