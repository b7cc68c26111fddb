"""The experiment by which the TCP model is compared with a kernel's TCP, in virtual time.  [pure]

One connection carries small messages both ways, like a game. The link begins to lose packets when
the connection has settled, and the delay of each message is taken, from its writing to the moment
when all of it can be read. Many connections make a cell. Knows no figures to compare with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple, Protocol

from net.link.profile import Link, LinkProfile
from net.link.tcp.endpoint import Side
from net.link.tcp.path import ReadableBytes, TcpPath
from net.measure.arrivals import STALL_S
from net.measure.statistics import Quantiles

MESSAGE_BYTES = 64

# When things happen on a connection, in seconds since it stands: the loss begins, the first and
# the last messages that count are written, and the writing stops.
LOSS_FROM_S = 4.0
COUNTED_FROM_S = 5.0
COUNTED_TO_S = 22.0
WRITTEN_TO_S = 23.0

# Then all that is still on its way arrives, even after many timeouts that double.
DRAINED_AT_S = 3600.0

# An application gets going up to this long after its connection stands, and its timer is late by
# up to this each time. With neither, two streams of round rates and a round delay would meet at the
# same instant for ever.
START_LATENESS_S = 0.003
TICK_LATENESS_S = 0.001


@dataclass(frozen=True, slots=True)
class ExperimentCase:
    """What one experiment is about; a rate of 0 is a side that only listens."""

    link: Link
    up_hz: int = 60
    down_hz: int = 30

    def without_loss(self) -> Link:
        """Return the link before its loss begins."""
        return Link(_lossless(self.link.up), _lossless(self.link.down))


@dataclass(frozen=True, slots=True)
class DelayStats:
    """What the messages of one direction went through: delays in seconds, and stalls a minute."""

    mean_s: float
    p50_s: float
    p90_s: float
    p99_s: float
    stalls_per_min: float


class DirectionSamples(NamedTuple):
    """What one side heard on one connection; a stall is a gap of more than ``STALL_S``."""

    delays_s: list[float]
    stalls: int


class Path(Protocol):
    """What the experiment needs of a connection; ``TcpPath`` and its decoys have it."""

    def is_open(self, side: Side) -> bool: ...
    def set_link(self, now: float, link: Link) -> None: ...
    def write(self, now: float, side: Side, n_bytes: int) -> None: ...
    def next_event_at(self) -> float: ...
    def advance(self, now: float) -> list[ReadableBytes]: ...


# Opens a connection: over a link, with a seed, at a time.
OpenPath = Callable[[Link, int, float], Path]


def run_case(
    cell: ExperimentCase, seeds: Sequence[int], open_path: OpenPath = TcpPath
) -> tuple[DelayStats, DelayStats]:
    """Return what the server heard of the client, and the client of the server.

    One connection a seed. A direction without messages has figures of NaN.
    """
    hearings = [run_connection(cell, seed, open_path) for seed in seeds]
    to_server, to_client = zip(*hearings, strict=True)
    return summarize(to_server), summarize(to_client)


def summarize(hearings: Sequence[DirectionSamples]) -> DelayStats:
    """Return the figures of one direction, over all connections."""
    delays = Quantiles.of(delay for hearing in hearings for delay in hearing.delays_s)
    minutes = len(hearings) * (COUNTED_TO_S - COUNTED_FROM_S) / 60
    stalls = sum(hearing.stalls for hearing in hearings)
    return DelayStats(delays.mean, delays.p50, delays.p90, delays.p99, stalls / minutes)


def run_connection(
    cell: ExperimentCase, seed: int, open_path: OpenPath = TcpPath
) -> tuple[DirectionSamples, DirectionSamples]:
    """Play one connection; return what the server heard, and the client.

    Each side begins to write when the connection stands as it sees it, which is for the server half
    a round trip after the client.
    """
    rng = Random(f"experiment/{seed}")
    began_at = rng.random()  # connections do not share the phase of the kernel's ticks
    path = open_path(cell.without_loss(), seed, began_at)
    stands_at = _opening(path)
    writes = _schedule(cell, stands_at, rng)
    loss_at = stands_at[Side.CLIENT] + LOSS_FROM_S
    is_lossy = False
    written_at: tuple[list[float], list[float]] = ([], [])
    for at, side in writes:
        if at >= loss_at and not is_lossy:
            path.set_link(loss_at, cell.link)
            is_lossy = True
        path.write(at, side, MESSAGE_BYTES)
        written_at[side].append(at)
    arrivals = path.advance(DRAINED_AT_S)
    return (
        _heard(arrivals, Side.SERVER, written_at[Side.CLIENT], stands_at[Side.CLIENT]),
        _heard(arrivals, Side.CLIENT, written_at[Side.SERVER], stands_at[Side.CLIENT]),
    )


def _lossless(profile: LinkProfile) -> LinkProfile:
    return replace(profile, loss_ratio=0.0)


def _opening(path: Path) -> dict[Side, float]:
    """Let the connection open; return when it stood, as either side sees it."""
    stands_at: dict[Side, float] = {}
    while len(stands_at) < len(Side):
        now = path.next_event_at()
        path.advance(now)
        for side in Side:
            if path.is_open(side):
                stands_at.setdefault(side, now)
    return stands_at


def _schedule(
    cell: ExperimentCase, stands_at: dict[Side, float], rng: Random
) -> list[tuple[float, Side]]:
    """Return when which side writes, in order."""
    writes = []
    for side, hz in ((Side.CLIENT, cell.up_hz), (Side.SERVER, cell.down_hz)):
        starts_at = stands_at[side] + rng.random() * START_LATENESS_S
        for tick in range(int(WRITTEN_TO_S * hz)):
            late_s = rng.random() * TICK_LATENESS_S
            writes.append((starts_at + tick / hz + late_s, side))
    return sorted(writes)


def _heard(
    arrivals: list[ReadableBytes], to: Side, written_at: list[float], stands_at: float
) -> DirectionSamples:
    """Tell messages in the bytes that arrived at ``to``, and take their delays and the gaps."""
    delays_s: list[float] = []
    stalls = n_bytes = heard = 0
    last_at: float | None = None
    for arrival in arrivals:
        if arrival.to != to:
            continue
        n_bytes += arrival.n_bytes
        while (heard + 1) * MESSAGE_BYTES <= n_bytes:
            sent_at = written_at[heard]
            heard += 1
            if not COUNTED_FROM_S <= sent_at - stands_at < COUNTED_TO_S:
                continue
            delays_s.append(arrival.at - sent_at)
            stalls += last_at is not None and arrival.at - last_at > STALL_S
            last_at = arrival.at
    return DirectionSamples(delays_s, stalls)
