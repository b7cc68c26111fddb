"""The raw recording of one client during one run.  [pure]

A recorder only appends to lists, since it runs in the network thread, which must not be late.
``game.lab.measure.analysis`` computes the results afterwards.
"""

from dataclasses import dataclass, field, fields
from math import inf
from typing import NamedTuple

from game.client.frame import Status
from game.client.observer import ClientObserver
from game.lab.measure.results import LinkCounters
from game.match.controls import NEUTRAL, Controls
from game.protocol.messages import BallState, OwnState, Snapshot
from net.sync.clock_filter import ClockSample
from net.transport import ChannelStats


class SnapshotArrival(NamedTuple):
    """The arrival of a snapshot.

    ``at`` is a time of the client's clock. ``time_s`` and ``late_s`` are the snapshot's own: the
    server time of its tick, and how late that tick ran.
    """

    at: float
    tick: int
    time_s: float
    late_s: float
    last_input: int
    ball: BallState


class InputChange(NamedTuple):
    """An input that differs from the previous one, at the time it was sent."""

    at: float
    sequence: int


@dataclass(slots=True)
class ClientRecording:
    """The recording of one client from ``started_at`` to ``ended_at`` (the client's clock).

    The lists also hold what came before the start. The analysis fills the clock filter and the
    buffers with it, and does not count it. The counters are of the run only. ``link_counters`` is
    None without a relay. ``lost_at`` has the times at which a connection was lost. ``paused_s`` is
    the longest time in which this program did not run.
    """

    arrivals: list[SnapshotArrival] = field(default_factory=list)
    input_changes: list[InputChange] = field(default_factory=list)
    clock_samples: list[ClockSample] = field(default_factory=list)
    started_at: float = inf
    ended_at: float = inf
    wire: ChannelStats = field(default_factory=ChannelStats)
    link_counters: LinkCounters | None = None
    lost_at: list[float] = field(default_factory=list)
    paused_s: float = 0.0


class ClientRecorder(ClientObserver):
    """An observer that records what a client receives and sends."""

    def __init__(self) -> None:
        self.recording = ClientRecording()
        self._controls = NEUTRAL
        self._has_connection = True

    def status_changed(self, status: Status, text: str, at: float) -> None:
        """Record that the connection was lost."""
        if status is Status.PLAYING:
            self._has_connection = True
        elif status in (Status.LOST, Status.CLOSED) and self._has_connection:
            self._has_connection = False
            self.recording.lost_at.append(at)

    def snapshot_received(self, own: OwnState, snapshot: Snapshot, received_at: float) -> None:
        """Record the arrival of a snapshot."""
        self.recording.arrivals.append(
            SnapshotArrival(
                received_at,
                snapshot.tick,
                snapshot.time_s,
                snapshot.late_s,
                own.last_input,
                snapshot.ball,
            )
        )

    def input_sent(self, sequence: int, controls: Controls, sent_at: float) -> None:
        """Record an input if the player changed the controls."""
        if controls != self._controls:
            self._controls = controls
            self.recording.input_changes.append(InputChange(sent_at, sequence))

    def ping_answered(self, exchange: ClockSample) -> None:
        """Record the clock sample of a ping."""
        self.recording.clock_samples.append(exchange)


def sum_stats(one: ChannelStats, other: ChannelStats) -> ChannelStats:
    """Return the sum of two channels' counters."""
    names = [each.name for each in fields(ChannelStats)]
    return ChannelStats(**{name: getattr(one, name) + getattr(other, name) for name in names})


def stats_since(before: ChannelStats, after: ChannelStats) -> ChannelStats:
    """Return the difference of two counter reads; a new channel's counters started at zero."""
    if after.sent < before.sent:
        return after
    names = [each.name for each in fields(ChannelStats)]
    return ChannelStats(**{name: getattr(after, name) - getattr(before, name) for name in names})
