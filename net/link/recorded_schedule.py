"""Schedule of a recorded link: its delay, loss and rate at each moment.  [pure]

A recorded link is played from a schedule. A packet gets the fate of the recorded probe that was
sent nearest in time. So all transports wait and lose packets at the same moments.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from math import inf
from typing import NamedTuple

__all__ = ["ARRIVED", "LOST", "Fate", "Playback", "PlayedSchedule", "Schedule"]

# The fate of a probe, one character each: a schedule of minutes stays short as JSON.
ARRIVED, LOST = "1", "0"

# A probe decides for the time around it, up to this distance: 50 probes a second leave no gap.
# Farther away, no probe tells how long a loss lasted.
NEAR_PROBE_S = 0.010

# Away from a probe, the loss ratio is that of so many probes on each side.
_NEIGHBOURS = 5


class Fate(NamedTuple):
    """Fate of a packet: its delay, and the probability that it is lost."""

    delay_s: float
    loss_ratio: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Delay, loss and rate of one direction over ``duration_s``, by seconds from its start.

    Probe n was sent at ``at_s[n]``, in ascending order. ``delay_s[n]`` is its one-way delay, and
    ``arrived[n]`` is ``ARRIVED`` or ``LOST``. A lost probe has the delay of its predecessor.
    From ``rate_at_s[n]`` on the rate limit is ``rate_bps[n]``; without values there is none.
    """

    duration_s: float
    at_s: tuple[float, ...] = ()
    delay_s: tuple[float, ...] = ()
    arrived: str = ""
    rate_at_s: tuple[float, ...] = ()
    rate_bps: tuple[float, ...] = ()

    def without_delay(self) -> "Schedule":
        """Return the schedule with the same losses and no delay."""
        return replace(self, delay_s=(0.0,) * len(self.delay_s))

    def without_loss(self) -> "Schedule":
        """Return the schedule with the same delays and no loss."""
        return replace(self, arrived=ARRIVED * len(self.arrived))

    def without_rate(self) -> "Schedule":
        """Return the schedule without a rate limit."""
        return replace(self, rate_at_s=(), rate_bps=())

    def fate(self, position_s: float) -> Fate:
        """Return the fate of a packet that is sent ``position_s`` after the start.

        After the end, the last delay stays and nothing is lost.
        """
        if not self.at_s:
            return Fate(0.0, 0.0)
        after = min(bisect_left(self.at_s, position_s), len(self.at_s) - 1)
        before = max(after - 1, 0)
        is_nearer_to_before = position_s - self.at_s[before] < self.at_s[after] - position_s
        nearest = before if is_nearer_to_before else after
        if position_s > self.duration_s:
            return Fate(self.delay_s[-1], 0.0)
        return Fate(self.delay_s[nearest], self._loss_ratio(position_s, before, nearest, after))

    def rate_at(self, position_s: float) -> tuple[float, float]:
        """Return the rate limit at a position in bits a second, and for how long it holds.

        After the end the last rate above 0 holds for ever: with none, no packet would ever leave.
        """
        index = max(bisect_right(self.rate_at_s, position_s) - 1, 0)
        if position_s >= self.duration_s:
            return next(rate for rate in reversed(self.rate_bps) if rate), inf
        ends_at = (*self.rate_at_s[index + 1 : index + 2], self.duration_s)[0]
        return self.rate_bps[index], max(ends_at - position_s, 0.0)

    def _loss_ratio(self, position_s: float, before: int, nearest: int, after: int) -> float:
        arrived = self.arrived
        if abs(position_s - self.at_s[nearest]) <= NEAR_PROBE_S:
            return 0.0 if arrived[nearest] == ARRIVED else 1.0
        if arrived[before] == arrived[after] == LOST:
            return 1.0
        around = arrived[max(after - _NEIGHBOURS, 0) : after + _NEIGHBOURS]
        return around.count(LOST) / len(around)


@dataclass(frozen=True, slots=True)
class PlayedSchedule:
    """A schedule that is played in the time of a model.

    At ``origin_s`` of the model's clock it is ``start_s`` after the schedule's start.
    """

    schedule: Schedule
    start_s: float = 0.0
    loops: bool = False
    origin_s: float = 0.0

    @property
    def has_rate(self) -> bool:
        """True if the schedule limits the rate."""
        return bool(self.schedule.rate_bps)

    def position_s(self, now: float) -> float:
        """Return the position in the schedule at the time ``now``."""
        position_s = self.start_s + max(now - self.origin_s, 0.0)
        return position_s % self.schedule.duration_s if self.loops else position_s

    def fate(self, now: float) -> Fate:
        """Return the fate of a packet that is sent at ``now``."""
        return self.schedule.fate(self.position_s(now))

    def leaves_at(self, now: float, bits: float) -> float:
        """Return when ``bits`` have left at the limited rate, if they begin at ``now``."""
        while True:
            rate_bps, holds_s = self.schedule.rate_at(self.position_s(now))
            if bits <= rate_bps * holds_s:
                return now + bits / rate_bps if bits else now
            bits -= rate_bps * holds_s
            now += max(holds_s, _STEP_MIN_S)

    def bits_between(self, start: float, end: float) -> float:
        """Return how many bits the limited rate lets through between two times."""
        bits, now = 0.0, start
        while now < end:
            rate_bps, holds_s = self.schedule.rate_at(self.position_s(now))
            step_s = min(max(holds_s, _STEP_MIN_S), end - now)
            bits += rate_bps * step_s
            now += step_s
        return bits


# Rounding may leave a position at the end of a step: a shorter step might not move the clock.
_STEP_MIN_S = 1e-6


@dataclass(frozen=True, slots=True)
class Playback:
    """A recording that a link plays in both directions, from ``start_s`` on.

    ``name`` is for people, ``file`` is the path that the user typed. At ``origin_s`` the play
    began, by the clock of the models; None if it has not begun.
    """

    name: str
    file: str
    up: Schedule
    down: Schedule
    start_s: float = 0.0
    loops: bool = False
    origin_s: float | None = field(default=None, compare=False)

    @property
    def duration_s(self) -> float:
        """Length of the recording."""
        return self.down.duration_s

    def position_s(self, now: float) -> float:
        """Return the position at the time ``now``; the start if the play has not begun."""
        position_s = self.start_s + max(now - (now if self.origin_s is None else self.origin_s), 0)
        return position_s % self.duration_s if self.loops else min(position_s, self.duration_s)

    def played(self, schedule: Schedule) -> PlayedSchedule:
        """Return one of the two schedules as it is played."""
        return PlayedSchedule(schedule, self.start_s, self.loops, self.origin_s or 0.0)
