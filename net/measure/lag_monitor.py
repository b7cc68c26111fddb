"""Lag monitor: a status column for each snapshot, and statistics of the last minute.  [pure]

The columns are those of the lagometer of id Software's games. History and windows are bounded, so
an arrival or a frame costs the same however long the game lasts.
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

__all__ = ["MAX_COLUMNS", "ArrivalStatus", "LagColumn", "LagMonitor", "LagStats"]

# Ten seconds at 30 snapshots a second: a stall is still visible when a player looks up.
MAX_COLUMNS = 300


class ArrivalStatus(Enum):
    """Outcome of a snapshot.

    ``LATE``: it arrived after the render time that needed it.
    ``BURST``: it arrived right behind another one, at the end of a stall.
    ``LOST``: a newer one arrived first.
    ``STALE``: it arrived after a newer one and was discarded.
    """

    ON_TIME = "on time"
    LATE = "late"
    BURST = "burst"
    LOST = "lost"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class LagColumn:
    """One snapshot in the lagometer.

    ``at`` is its arrival by our clock; for a lost snapshot, the arrival that revealed the loss.
    ``age_s`` is its age at arrival, ``gap_s`` the time since the arrival before, and
    ``server_time_s`` its timestamp. All three are None for a snapshot that never arrived.
    """

    tick: int
    at: float
    status: ArrivalStatus
    server_time_s: float | None = None
    age_s: float | None = None
    gap_s: float | None = None


@dataclass(frozen=True, slots=True)
class LagStats:
    """Statistics of one channel; NaN where nothing is known yet.

    ``age_s`` is the age of the newest snapshot now, ``age_p95_s`` the 95th percentile over frames.
    ``frozen_ratio`` is the ratio of starved frames, ``loss_ratio`` that of lost snapshots.
    ``stalls``, ``age_p95_s`` and both ratios cover the last minute.
    ``longest_gap_s`` and ``longest_freeze_s``, the longest row of starved frames, are since the
    channel came into use. ``counts`` is since the first channel.
    ``measured_s`` is the time since the channel came into use, at most a minute.
    """

    jitter_s: float
    age_s: float
    age_p95_s: float
    stalls: int
    longest_gap_s: float
    frozen_ratio: float
    loss_ratio: float
    counts: SnapshotCounts
    longest_freeze_s: float = 0.0
    measured_s: float = 0.0


class LagMonitor:
    """Classifier of arriving snapshots, and collector of statistics, from ``now`` on."""

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
        """Start the statistics of another channel, in use from ``now`` on.

        Columns and tick numbers continue: both belong to the match. Nothing counts before the
        first arrival, so that this channel is not charged with a stall of the previous one.
        """
        self._began_at = now
        self._jitter = Jitter()
        self._stalls = StallCounter(now)
        self._frozen_since: float | None = None
        self._longest_freeze_s = 0.0
        # The time by our clock at which the newest snapshot was made: ``now`` minus its age.
        self._newest_made_at: float | None = None
        self._ages = SlidingQuantiles(WINDOW_S)
        self._starved = SlidingRatio(WINDOW_S)
        self._lost = SlidingRatio(WINDOW_S)

    def add_snapshot(
        self, now: float, tick: int, server_time_s: float, age_s: float, render_time_s: float
    ) -> LagColumn | None:
        """Add a snapshot that arrived ``now``; return its column, or None for a duplicate.

        ``age_s`` is its age at arrival. ``server_time_s`` (its timestamp) and ``render_time_s``
        (the render time now) are by the server's clock.
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
        self._newest_made_at = now - age_s
        status = self._classify(gap_s, is_late=server_time_s < render_time_s)
        column = LagColumn(tick, now, status, server_time_s, age_s, gap_s)
        self.columns.append(column)
        self._lost.add(now, False)
        return column

    def add_frame(self, now: float, starved: bool) -> None:
        """Add a frame that was drawn ``now``; frames before the first snapshot do not count."""
        if self._newest_made_at is not None:
            self._ages.add(now, now - self._newest_made_at)
            self._starved.add(now, starved)
            self._add_freeze(now, starved)

    def reset_frames(self) -> None:
        """Forget which frames were starved: the client now draws at another render time."""
        self._starved = SlidingRatio(WINDOW_S)

    def mark_stale(self, count: int) -> None:
        """Mark ``count`` lost snapshots as stale: the transport received and discarded them.

        The transport does not say which. The latest lost ones are taken.
        """
        for index in range(len(self.columns) - 1, -1, -1):
            if count == 0:
                return
            if self.columns[index].status is ArrivalStatus.LOST:
                self.columns[index] = replace(self.columns[index], status=ArrivalStatus.STALE)
                count -= 1

    def stats(self, now: float) -> LagStats:
        """Return the statistics at ``now``."""
        made_at = self._newest_made_at
        return LagStats(
            jitter_s=self._jitter.jitter_s,
            age_s=nan if made_at is None else now - made_at,
            age_p95_s=self._ages.quantile(0.95),
            stalls=self._stalls.in_window(now),
            longest_gap_s=self._stalls.longest_s(now),
            frozen_ratio=self._starved.ratio,
            loss_ratio=self._lost.ratio,
            counts=self._counter.counts(),
            longest_freeze_s=self._longest_freeze_s,
            measured_s=min(now - self._began_at, WINDOW_S),
        )

    def _add_freeze(self, now: float, starved: bool) -> None:
        # A freeze lasts until the first frame that moves again, or until now.
        if self._frozen_since is not None:
            self._longest_freeze_s = max(self._longest_freeze_s, now - self._frozen_since)
        if not starved:
            self._frozen_since = None
        elif self._frozen_since is None:
            self._frozen_since = now

    def _classify(self, gap_s: float, is_late: bool) -> ArrivalStatus:
        # A stall ends with everything that it held back: the first snapshot is late, the others
        # follow at once. The burst is over with the first gap of a usual length.
        self._in_burst = gap_s > STALL_S or (self._in_burst and gap_s < self._interval_s / 2)
        if self._in_burst and gap_s <= STALL_S:
            return ArrivalStatus.BURST
        return ArrivalStatus.LATE if is_late else ArrivalStatus.ON_TIME

    def _add_lost(self, now: float, tick: int, missed: int) -> None:
        # A forged or huge jump of the tick number must not loop for ever: only so many columns are
        # visible.
        for back in range(min(missed, self._columns), 0, -1):
            # Snapshots missing before the first arrival were lost by the previous channel.
            if self._newest_made_at is not None:
                self._lost.add(now, True)
            lost_tick = tick - back * self._interval_ticks
            self.columns.append(LagColumn(lost_tick, now, ArrivalStatus.LOST))

    def _mark_stale(self, stale: LagColumn) -> LagColumn:
        """Replace the column of a lost snapshot that has arrived after all."""
        for index, column in enumerate(self.columns):
            if column.tick == stale.tick:
                self.columns[index] = stale
        return stale
