"""What a player watches while playing: a column a snapshot, and the figures beside them.  [pure]

After the lagometer of id Software's games. Keeps a short history and sliding windows; an arrival
and a frame cost the same however long the game lasts. Knows no clock, no channel and no pixels.
"""

from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from math import nan

from net.measure.arrivals import (
    STALL_S,
    ArrivalOrder,
    Jitter,
    SnapshotCounter,
    SnapshotCounts,
    StallCounter,
)
from net.measure.statistics import WINDOW_S, SlidingQuantiles, SlidingRatio

# Ten seconds at 30 snapshots a second: a stall is still in sight when one has looked up.
MAX_COLUMNS = 300


class ArrivalStatus(Enum):
    """What became of a snapshot.

    ``LATE``: it came when its time to be drawn was over. ``BURST``: it came right behind another,
    after a stall. ``LOST``: a newer one came, and it had not. ``STALE``: it came after a newer one
    and was discarded.
    """

    ON_TIME = "on time"
    LATE = "late"
    BURST = "burst"
    LOST = "lost"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class LagColumn:
    """One snapshot. ``at``: its arrival or, of a lost one, when it was missed (our clock).

    ``age_s`` at arrival and ``gap_s`` since the arrival before are None for one that never came,
    and so is ``server_time_s``, its stamp.
    """

    tick: int
    at: float
    status: ArrivalStatus
    server_time_s: float | None = None
    age_s: float | None = None
    gap_s: float | None = None


@dataclass(frozen=True, slots=True)
class LagStats:
    """The figures of the last minute on one channel; NaN where nothing is known yet.

    ``age_s`` is how old the newest snapshot is now, ``age_p95_s`` how old it was in all but 5% of
    the frames; ``frozen_ratio`` and ``loss_ratio`` are shares of frames and of snapshots.
    ``longest_gap_s`` is since that channel began, ``counts`` since the first of them.
    """

    jitter_s: float
    age_s: float
    age_p95_s: float
    stalls: int
    longest_gap_s: float
    frozen_ratio: float
    loss_ratio: float
    counts: SnapshotCounts


class LagMonitor:
    """Judges snapshots as they arrive, and frames as they are drawn, from ``now`` on."""

    def __init__(
        self, now: float, interval_ticks: int, tick_hz: float, columns: int = MAX_COLUMNS
    ) -> None:
        self.columns: deque[LagColumn] = deque(maxlen=columns)
        self._columns = columns
        self._interval_ticks = interval_ticks
        self._interval_s = interval_ticks / tick_hz
        self._counter = SnapshotCounter(interval_ticks)
        self._arrived_at = now
        self._in_burst = False
        self.reset(now)

    def reset(self, now: float) -> None:
        """Let the figures be those of another channel, in use from ``now`` on.

        The columns stay, and what is a newer snapshot: both belong to the match. Until the first
        arrival nothing counts, so that a stall of the channel before is not charged to this one.
        """
        self._jitter = Jitter()
        self._stalls = StallCounter(now)
        # When, by our clock, the newest snapshot was made: its age is what has passed since.
        self._newest_born_at: float | None = None
        self._ages = SlidingQuantiles(WINDOW_S)
        self._dry = SlidingRatio(WINDOW_S)
        self._lost = SlidingRatio(WINDOW_S)

    def add_snapshot(
        self, now: float, tick: int, server_time_s: float, age_s: float, render_time_s: float
    ) -> LagColumn | None:
        """Take a snapshot that arrived ``now``; return its column, or None for a duplicate.

        ``age_s`` is its age at arrival, ``render_time_s`` the render time at that moment (of the
        server's clock, like its own ``server_time_s``).
        """
        order, missed = self._counter.count(tick)
        if order is ArrivalOrder.DUPLICATE:
            return None
        if order is ArrivalOrder.STALE:
            return self._mark_stale(LagColumn(tick, now, ArrivalStatus.STALE, server_time_s, age_s))
        gap_s, self._arrived_at = now - self._arrived_at, now
        self._stalls.add_arrival(now)
        self._jitter.add(server_time_s, now)
        self._add_lost(now, tick, missed)
        self._newest_born_at = now - age_s
        verdict = self._classify(gap_s, is_late=server_time_s < render_time_s)
        column = LagColumn(tick, now, verdict, server_time_s, age_s, gap_s)
        self.columns.append(column)
        self._lost.add(now, False)
        return column

    def add_frame(self, now: float, starved: bool) -> None:
        """Take a frame that was drawn ``now``; before the first snapshot there is none."""
        if self._newest_born_at is not None:
            self._ages.add(now, now - self._newest_born_at)
            self._dry.add(now, starved)

    def mark_stale(self, count: int) -> None:
        """Learn that the transport has discarded snapshots that came after a newer one.

        It does not say which: the latest ``count`` of those that are missing.
        """
        for index in range(len(self.columns) - 1, -1, -1):
            if count == 0:
                return
            if self.columns[index].status is ArrivalStatus.LOST:
                self.columns[index] = replace(self.columns[index], status=ArrivalStatus.STALE)
                count -= 1

    def stats(self, now: float) -> LagStats:
        """Return the figures at ``now``."""
        born_at = self._newest_born_at
        return LagStats(
            jitter_s=self._jitter.jitter_s,
            age_s=nan if born_at is None else now - born_at,
            age_p95_s=self._ages.quantile(0.95),
            stalls=self._stalls.in_window(now),
            longest_gap_s=self._stalls.longest_s(now),
            frozen_ratio=self._dry.ratio,
            loss_ratio=self._lost.ratio,
            counts=self._counter.counts(),
        )

    def _classify(self, gap_s: float, is_late: bool) -> ArrivalStatus:
        # Behind the first of a burst the others come as fast as the wire allows.
        self._in_burst = gap_s > STALL_S or (self._in_burst and gap_s < self._interval_s / 2)
        if self._in_burst and gap_s <= STALL_S:
            return ArrivalStatus.BURST
        return ArrivalStatus.LATE if is_late else ArrivalStatus.ON_TIME

    def _add_lost(self, now: float, tick: int, missed: int) -> None:
        # However far the tick number jumps, only so many columns can be seen.
        for back in range(min(missed, self._columns), 0, -1):
            # What is missing before a channel's first arrival was lost by another.
            if self._newest_born_at is not None:
                self._lost.add(now, True)
            lost_tick = tick - back * self._interval_ticks
            self.columns.append(LagColumn(lost_tick, now, ArrivalStatus.LOST))

    def _mark_stale(self, stale: LagColumn) -> LagColumn:
        """Put a column in the place of the lost one that it has turned out to be."""
        for index, column in enumerate(self.columns):
            if column.tick == stale.tick:
                self.columns[index] = stale
        return stale
