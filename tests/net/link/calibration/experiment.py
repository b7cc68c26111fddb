"""Experiment that measures the TCP model as the kernel was measured, in virtual time.  [pure]

One connection carries small messages both ways, like a game. The link begins to lose packets when
the connection has settled. The delay of a message is the time from its writing until all of it can
be read. Many connections make a case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple, Protocol

from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from net.link.tcp.tcp_model import ReadableBytes, TcpPath
from net.measure.arrivals import STALL_S
from net.measure.statistics import Quantiles

MESSAGE_BYTES = 64

# Times of a connection in seconds since it opened: the loss begins, the first and the last counted
# messages are written, and the writing stops.
LOSS_FROM_S = 4.0
COUNTED_FROM_S = 5.0
COUNTED_TO_S = 22.0
WRITTEN_TO_S = 23.0

# Until then all remaining data has arrived, even after many timeouts that double.
DRAINED_AT_S = 3600.0

# An application starts up to the first time after its connection opened, and its timer is late by
# up to the second. Without both, streams with round rates over a round delay would always meet at
# the same instant.
START_LATENESS_S = 0.003
TICK_LATENESS_S = 0.001


@dataclass(frozen=True, slots=True)
class ExperimentCase:
    """Settings of one experiment. A side with a rate of 0 only listens."""

    link: Link
    up_hz: int = 60
    down_hz: int = 30

    def without_loss(self) -> Link:
        """Return the link before its loss begins."""
        return Link(_lossless(self.link.up), _lossless(self.link.down))


@dataclass(frozen=True, slots=True)
class DelayStats:
    """Delays of the messages of one direction in seconds, and stalls a minute."""

    mean_s: float
    p50_s: float
    p90_s: float
    p99_s: float
    stalls_per_min: float


class DirectionSamples(NamedTuple):
    """Delays of one direction of one connection. A stall is a gap of more than ``STALL_S``."""

    delays_s: list[float]
    stalls: int


class Path(Protocol):
    """Interface of a connection, which ``TcpPath`` and the wrong models have."""

    def is_open(self, side: Side) -> bool: ...
    def set_link(self, now: float, link: Link) -> None: ...
    def write(self, now: float, side: Side, n_bytes: int) -> None: ...
    def next_event_at(self) -> float: ...
    def advance(self, now: float) -> list[ReadableBytes]: ...


# Opens a connection over a link, with a seed, at a time.
OpenPath = Callable[[Link, int, float], Path]


def run_case(
    case: ExperimentCase, seeds: Sequence[int], open_path: OpenPath = TcpPath
) -> tuple[DelayStats, DelayStats]:
    """Return the statistics of messages to the server, and to the client.

    There is one connection for each seed. A direction without messages has NaN.
    """
    samples = [run_connection(case, seed, open_path) for seed in seeds]
    to_server, to_client = zip(*samples, strict=True)
    return summarize(to_server), summarize(to_client)


def summarize(samples: Sequence[DirectionSamples]) -> DelayStats:
    """Return the statistics of one direction, over all connections."""
    delays = Quantiles.of(delay for each in samples for delay in each.delays_s)
    minutes = len(samples) * (COUNTED_TO_S - COUNTED_FROM_S) / 60
    stalls = sum(each.stalls for each in samples)
    return DelayStats(delays.mean, delays.p50, delays.p90, delays.p99, stalls / minutes)


def run_connection(
    case: ExperimentCase, seed: int, open_path: OpenPath = TcpPath
) -> tuple[DirectionSamples, DirectionSamples]:
    """Simulate one connection; return the samples of messages to the server, and to the client.

    Each side begins to write when its own handshake is complete. That is half a round trip later at
    the server.
    """
    rng = Random(f"experiment/{seed}")
    # Connections must not share the phase of the kernel's ticks.
    began_at = rng.random()
    path = open_path(case.without_loss(), seed, began_at)
    open_at = _open(path)
    writes = _schedule(case, open_at, rng)
    loss_at = open_at[Side.CLIENT] + LOSS_FROM_S
    is_lossy = False
    written_at: tuple[list[float], list[float]] = ([], [])
    for at, side in writes:
        if at >= loss_at and not is_lossy:
            path.set_link(loss_at, case.link)
            is_lossy = True
        path.write(at, side, MESSAGE_BYTES)
        written_at[side].append(at)
    arrivals = path.advance(DRAINED_AT_S)
    return (
        _samples(arrivals, Side.SERVER, written_at[Side.CLIENT], open_at[Side.CLIENT]),
        _samples(arrivals, Side.CLIENT, written_at[Side.SERVER], open_at[Side.CLIENT]),
    )


def _lossless(profile: LinkProfile) -> LinkProfile:
    return replace(profile, loss_ratio=0.0)


def _open(path: Path) -> dict[Side, float]:
    """Let the connection open; return the time at which each side was open."""
    open_at: dict[Side, float] = {}
    while len(open_at) < len(Side):
        now = path.next_event_at()
        path.advance(now)
        for side in Side:
            if path.is_open(side):
                open_at.setdefault(side, now)
    return open_at


def _schedule(
    case: ExperimentCase, open_at: dict[Side, float], rng: Random
) -> list[tuple[float, Side]]:
    """Return the times of writing of both sides, in order."""
    writes = []
    for side, hz in ((Side.CLIENT, case.up_hz), (Side.SERVER, case.down_hz)):
        starts_at = open_at[side] + rng.random() * START_LATENESS_S
        for tick in range(int(WRITTEN_TO_S * hz)):
            late_s = rng.random() * TICK_LATENESS_S
            writes.append((starts_at + tick / hz + late_s, side))
    return sorted(writes)


def _samples(
    arrivals: list[ReadableBytes], to: Side, written_at: list[float], open_at: float
) -> DirectionSamples:
    """Find the messages in the bytes that arrived at ``to``; return their delays and stalls."""
    delays_s: list[float] = []
    stalls = n_bytes = received = 0
    last_at: float | None = None
    for arrival in arrivals:
        if arrival.to != to:
            continue
        n_bytes += arrival.n_bytes
        while (received + 1) * MESSAGE_BYTES <= n_bytes:
            sent_at = written_at[received]
            received += 1
            if not COUNTED_FROM_S <= sent_at - open_at < COUNTED_TO_S:
                continue
            delays_s.append(arrival.at - sent_at)
            stalls += last_at is not None and arrival.at - last_at > STALL_S
            last_at = arrival.at
    return DirectionSamples(delays_s, stalls)
