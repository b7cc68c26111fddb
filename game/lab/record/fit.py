"""Search for the link settings (a SPEC) whose delays are most like the recorded ones.  [pure]

Delay and jitter are searched. The model of the link sends probes at the recorded times. The
distribution of their delays is compared with the recorded one (Kolmogorov and Smirnov). Loss and
burst follow from the counts.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from net.link.loss import PacketDrawStream
from net.link.packet_path import PacketPath
from net.link.profile import Link, LinkProfile
from net.link.recording import LinkRecording, RecordedDirection
from net.link.summary import DirectionSummary, summary_of
from net.measure.statistics import quantile

__all__ = ["DirectionFit", "LinkFit", "fit_link", "loss_interval"]

# A run of losses is measured in seconds. It is converted to packets at the rate of inputs.
GAME_HZ = 60.0

# They give the distribution to within 2%. More would be slower.
_PROBES = 3000
_SEED = 7
_PROBE_BYTES = 128
_JITTER_FACTORS = (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5)
_DELAY_SHIFTS = (-1.0, -0.5, -0.25, 0.0, 0.25, 0.5)
# Timer noise of the computers is about 0.3 ms, so a smaller jitter counts as none.
_JITTER_MIN_S = 0.0003
# Delays that differ by no more count as equal. So do jitters, when directions are compared.
_LIKE_DELAY_S = 0.0005
# A profile with jitter must reduce the distance of the distributions by more than this.
_JITTER_COST = 0.02
# 95% of a normal distribution.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class DirectionFit:
    """The profile of one direction. ``delay_distance`` is the largest difference between the two
    distributions of delay, from 0 for none to 1.
    """

    profile: LinkProfile
    delay_distance: float
    summary: DirectionSummary


@dataclass(frozen=True, slots=True)
class LinkFit:
    """The nearest link, with the fit of each direction."""

    link: Link
    up: DirectionFit
    down: DirectionFit


def fit_link(recording: LinkRecording) -> LinkFit:
    """Return the link with constant settings that is nearest to a recording."""
    up = _fit_direction(recording.up, recording.duration_s)
    down = _fit_direction(recording.down, recording.duration_s)
    if _are_alike(up, down):
        # The link gets the profile of the direction down. Its loss is the mean of both directions.
        loss_ratio = _significant((up.profile.loss_ratio + down.profile.loss_ratio) / 2)
        link = Link.symmetric(replace(down.profile, loss_ratio=loss_ratio))
    else:
        link = Link(up.profile, down.profile)
    return LinkFit(link, up, down)


def loss_interval(summary: DirectionSummary) -> tuple[float, float]:
    """Return the 95% interval of the loss ratio (Wilson 1927)."""
    n, ratio = summary.probes, summary.loss_ratio
    if not n:
        return 0.0, 0.0
    centre = (ratio + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * sqrt(ratio * (1 - ratio) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _fit_direction(direction: RecordedDirection, duration_s: float) -> DirectionFit:
    summary = summary_of(direction, duration_s)
    profile = LinkProfile(
        loss_ratio=_significant(summary.loss_ratio),
        burst=_burst(summary),
        duplicate_ratio=_significant(summary.duplicated / max(summary.probes, 1)),
        reorders=summary.reordered > 0,
        rate_bps=None if summary.mean_rate_bps is None else _significant(summary.mean_rate_bps),
    )
    recorded = sorted(delay_s for delay_s in direction.delay_s if delay_s is not None)
    if not recorded:
        return DirectionFit(profile, 0.0, summary)
    times_s = direction.sent_at_s[:_PROBES]
    distances = (
        (_distance(recorded, _delays(candidate, times_s)), index, candidate)
        for index, candidate in enumerate(_candidates(profile, recorded))
    )
    distance, _, nearest = min(
        distances, key=lambda each: (each[0] + _JITTER_COST * bool(each[2].jitter_s), each[1])
    )
    return DirectionFit(nearest, distance, summary)


def _candidates(profile: LinkProfile, recorded: list[float]) -> Iterator[LinkProfile]:
    """Yield profiles with delays and jitters around the recorded ones."""
    median_s = quantile(recorded, 0.5)
    # Half of what the middle two thirds span: the standard deviation of a normal distribution.
    spread_s = (quantile(recorded, 0.84) - quantile(recorded, 0.16)) / 2
    if spread_s < _JITTER_MIN_S:
        yield replace(profile, delay_s=_significant(median_s))
        return
    for factor in _JITTER_FACTORS:
        for shift in _DELAY_SHIFTS if factor else (0.0,):
            delay_s = _significant(max(median_s + shift * spread_s, 0.0))
            jitter_s = _significant(factor * spread_s)
            for is_normal in (False, True) if factor else (False,):
                yield replace(
                    profile, delay_s=delay_s, jitter_s=jitter_s, jitter_is_normal=is_normal
                )


def _delays(profile: LinkProfile, times_s: Sequence[float]) -> list[float]:
    """Return the delays that the model gives to probes, without loss."""
    certain = replace(profile, loss_ratio=0.0, duplicate_ratio=0.0, rate_bps=None)
    path = PacketPath(certain, PacketDrawStream(_SEED, "down"))
    return sorted(path.send(at_s, _PROBE_BYTES)[0] - at_s for at_s in times_s)


def _distance(one: list[float], other: list[float]) -> float:
    """Return the largest difference of two distributions of sorted values."""
    # Without tolerance, two constant delays 0.1 ms apart would have the distance 1.
    steps = (quantile(one, share / 50) for share in range(1, 50))
    return max(
        max(
            bisect_right(one, at - _LIKE_DELAY_S) / len(one) - bisect_right(other, at) / len(other),
            bisect_right(other, at - _LIKE_DELAY_S) / len(other) - bisect_right(one, at) / len(one),
            0.0,
        )
        for at in steps
    )


def _burst(summary: DirectionSummary) -> float:
    """Return the mean run of losses in packets of a game, 1 if the losses are independent."""
    independent_probes = 1 / (1 - summary.loss_ratio) if summary.loss_ratio < 1 else 1.0
    if summary.mean_run_probes < 1.25 * independent_probes:
        return 1.0
    return max(round(summary.mean_run_probes * summary.interval_s * GAME_HZ, 1), 1.0)


def _are_alike(up: DirectionFit, down: DirectionFit) -> bool:
    (up_low, up_high), (down_low, down_high) = map(loss_interval, (up.summary, down.summary))
    one, other = up.profile, down.profile
    return (
        abs(one.delay_s - other.delay_s) <= _LIKE_DELAY_S
        and abs(one.jitter_s - other.jitter_s) <= _LIKE_DELAY_S
        and one.jitter_is_normal == other.jitter_is_normal
        and up_low <= down_high
        and down_low <= up_high
        and one.rate_bps == other.rate_bps
        and one.reorders == other.reorders
    )


def _significant(value: float) -> float:
    """Return a value with three digits: more were not measured."""
    return float(f"{value:.3g}")
