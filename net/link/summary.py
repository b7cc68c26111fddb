"""Summary of a recorded link: delay quantiles, loss, runs of losses, a course in time.  [pure]

A run of losses is counted in probes and in seconds: a game that sends less often than the recorder
sees the seconds.
"""

from dataclasses import dataclass
from itertools import groupby
from math import nan
from typing import NamedTuple

from net.link.recording import LinkRecording, RecordedDirection
from net.measure.arrivals import Jitter
from net.measure.statistics import Quantiles

__all__ = ["CoursePoint", "DirectionSummary", "course", "summary_of"]


@dataclass(frozen=True, slots=True)
class DirectionSummary:
    """One direction in figures. Without probes, ``delay_s`` has no samples.

    ``mean_run_probes`` is the mean length of a run of losses, ``longest_hole_s`` the longest time
    between two probes that arrived with only lost ones between. ``interval_s`` is the mean time
    between two probes. ``mean_rate_bps`` is None without recorded rates.
    """

    probes: int
    lost: int
    duplicated: int
    reordered: int
    delay_s: Quantiles
    least_delay_s: float
    jitter_s: float
    mean_run_probes: float
    longest_hole_s: float
    interval_s: float
    mean_rate_bps: float | None

    @property
    def loss_ratio(self) -> float:
        """Share of the probes that were lost."""
        return self.lost / self.probes if self.probes else 0.0


class CoursePoint(NamedTuple):
    """A part of the recording: its middle, mean delay (NaN if none arrived) and loss ratio."""

    at_s: float
    delay_s: float
    loss_ratio: float
    rate_bps: float


def summary_of(direction: RecordedDirection, duration_s: float) -> DirectionSummary:
    """Return one direction in figures."""
    times_s, delays_s = direction.sent_at_s, direction.delay_s
    arrived = [delay_s for delay_s in delays_s if delay_s is not None]
    runs = [len(list(run)) for is_lost, run in groupby(d is None for d in delays_s) if is_lost]
    jitter = Jitter()
    for at_s, delay_s in zip(times_s, delays_s, strict=True):
        if delay_s is not None:
            jitter.add(at_s, at_s + delay_s)
    n_probes = len(times_s)
    return DirectionSummary(
        probes=n_probes,
        lost=n_probes - len(arrived),
        duplicated=direction.duplicated,
        reordered=direction.reordered,
        delay_s=Quantiles.of(arrived),
        least_delay_s=min(arrived, default=nan),
        jitter_s=jitter.jitter_s,
        mean_run_probes=sum(runs) / len(runs) if runs else 0.0,
        longest_hole_s=_longest_hole_s(direction),
        interval_s=(times_s[-1] - times_s[0]) / (n_probes - 1) if n_probes > 1 else nan,
        mean_rate_bps=_mean_rate(direction, 0.0, duration_s) if direction.rate_bps else None,
    )


def course(recording: LinkRecording, direction: RecordedDirection, parts: int) -> list[CoursePoint]:
    """Return the course of one direction over the recording, in equal parts."""
    width_s = recording.duration_s / parts
    delays_s: list[list[float]] = [[] for _ in range(parts)]
    lost = [0] * parts
    for at_s, delay_s in zip(direction.sent_at_s, direction.delay_s, strict=True):
        index = min(int(at_s / width_s), parts - 1)
        if delay_s is None:
            lost[index] += 1
        else:
            delays_s[index].append(delay_s)
    return [
        CoursePoint(
            (index + 0.5) * width_s,
            sum(values) / len(values) if values else nan,
            lost[index] / (lost[index] + len(values)) if lost[index] else 0.0,
            _mean_rate(direction, index * width_s, (index + 1) * width_s),
        )
        for index, values in enumerate(delays_s)
    ]


def _longest_hole_s(direction: RecordedDirection) -> float:
    longest_s, arrived_at, is_hole = 0.0, 0.0, False
    for at_s, delay_s in zip(direction.sent_at_s, direction.delay_s, strict=True):
        if delay_s is None:
            is_hole = True
            continue
        if is_hole:
            longest_s = max(longest_s, at_s - arrived_at)
        arrived_at, is_hole = at_s, False
    if is_hole:
        longest_s = max(longest_s, direction.sent_at_s[-1] - arrived_at)
    return longest_s


def _mean_rate(direction: RecordedDirection, start_s: float, end_s: float) -> float:
    """Return the mean rate limit between two times; NaN without recorded rates."""
    if not direction.rate_bps:
        return nan
    ends_s = (*direction.rate_at_s[1:], max(end_s, direction.rate_at_s[-1]))
    bits = sum(
        rate_bps * max(min(to_s, end_s) - max(from_s, start_s), 0.0)
        for from_s, to_s, rate_bps in zip(
            direction.rate_at_s, ends_s, direction.rate_bps, strict=True
        )
    )
    return bits / (end_s - start_s)
