"""What one client met during one run, written down raw.  [pure]

A recorder only appends to lists while the network's thread must be punctual; what it all means is
worked out afterwards by ``game.lab.measure.analysis``. Knows no channel, no screen and no clock.
"""

from dataclasses import dataclass, field, fields
from math import inf
from typing import NamedTuple

from game.client.observer import ClientObserver
from game.lab.measure.results import LinkCounters
from game.match.controls import NEUTRAL, Controls
from game.protocol.messages import BallState, OwnState, Snapshot
from net.sync.clock import ClockSample
from net.transport import ChannelStats


class SnapshotArrival(NamedTuple):
    """A snapshot that came: ``at`` by the client's clock, ``time_s`` and ``late_s`` its stamps."""

    at: float
    tick: int
    time_s: float
    late_s: float
    last_input: int
    ball: BallState


class InputChange(NamedTuple):
    """An input that differed from the one before, as it left."""

    at: float
    sequence: int


@dataclass(slots=True)
class Recording:
    """One client's run, from ``started_at`` to ``ended_at`` (the client's clock).

    What came before the start is kept too: it warms up the clock and the picture, and counts for
    nothing. The counters are those of the run alone; ``ledger`` is None without a relay.
    """

    arrivals: list[SnapshotArrival] = field(default_factory=list)
    changes: list[InputChange] = field(default_factory=list)
    exchanges: list[ClockSample] = field(default_factory=list)
    started_at: float = inf
    ended_at: float = inf
    wire: ChannelStats = field(default_factory=ChannelStats)
    ledger: LinkCounters | None = None


class Recorder(ClientObserver):
    """Writes down what a client meets."""

    def __init__(self) -> None:
        self.recording = Recording()
        self._controls = NEUTRAL

    def snapshot_received(self, own: OwnState, snapshot: Snapshot, received_at: float) -> None:
        """Write down when a snapshot came, and where it has the ball."""
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
        """Write down an input that a player would wait to see the effect of."""
        if controls != self._controls:
            self._controls = controls
            self.recording.changes.append(InputChange(sent_at, sequence))

    def ping_answered(self, exchange: ClockSample) -> None:
        """Write down the timestamps of a ping."""
        self.recording.exchanges.append(exchange)


def counted_since(before: ChannelStats, after: ChannelStats) -> ChannelStats:
    """Return what was counted in between; another channel's counters began at nothing."""
    if after.sent < before.sent:
        return after
    names = [each.name for each in fields(ChannelStats)]
    return ChannelStats(**{name: getattr(after, name) - getattr(before, name) for name in names})
