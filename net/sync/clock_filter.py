"""Clock filter: the offset, drift and round trip of the peer's clock.  [pure]

A sample is made of four timestamps: t1 ping sent, t2 ping received by the peer, t3 pong sent by
the peer, t4 pong received. Each sample bounds the offset between the two clocks. The one with the
least delay bounds it best, as in NTP (RFC 5905, sections 8 and 10).

Limit: no timestamps reveal the asymmetry of the path. Half of it stays in the offset.
All times are in seconds and come in as arguments.
"""

from collections import deque
from dataclasses import dataclass

__all__ = ["WINDOW_S", "ClockFilter", "ClockSample"]

# At ten pings a second there are a hundred samples to choose from. Ten seconds outlast a stall.
WINDOW_S = 10.0
# The clocks of two computers usually differ by tens of parts per million. This is the assumption
# before anything is measured, not a limit.
EXPECTED_DRIFT_RATIO = 100e-6
# No clock drifts faster (RFC 5905 calls the same value MAXFREQ). A greater difference means that a
# clock was set, or stood still while its computer slept.
MAX_DRIFT_RATIO = 500e-6

# The drift is fitted over a minute, in which 100 ppm amount to six milliseconds. The best sample of
# each interval of two seconds is used.
_DRIFT_WINDOW_S = 60.0
_DRIFT_INTERVAL_S = 2.0
# Even the best sample carries the time that both programs waited for a processor.
_STAMP_NOISE_S = 50e-6
# Limits memory, whatever ping rate the caller chooses.
_MAX_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class ClockSample:
    """Result of one ping: its end, the offset of the peer's clock, and the round trip.

    ``at`` is by our clock. ``offset_s`` is the peer's clock minus ours. ``delay_s`` is without
    the time that the peer took to answer.
    """

    at: float
    offset_s: float
    delay_s: float


class ClockFilter:
    """Estimator of the peer's clock from samples.

    All members but ``add``, ``ready`` and ``drift_ratio`` raise ``LookupError`` before the first
    sample.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._recent: deque[ClockSample] = deque(maxlen=_MAX_SAMPLES)
        self._history: deque[ClockSample] = deque()
        self._drift = _Drift(0.0, EXPECTED_DRIFT_RATIO)
        self._best: ClockSample | None = None
        self._rtt_s = 0.0

    @property
    def ready(self) -> bool:
        """True if there is a sample."""
        return self._best is not None

    def add(self, t1: float, t2: float, t3: float, t4: float) -> ClockSample:
        """Add the timestamps of one ping: t1 and t4 by our clock, t2 and t3 by the peer's."""
        delay_s = max(0.0, (t4 - t1) - (t3 - t2))
        sample = ClockSample(t4, ((t2 - t1) + (t3 - t4)) / 2, delay_s)
        if self._best is not None and self._is_clock_step(sample):
            self._reset()
        self._rtt_s = delay_s
        self._recent.append(sample)
        while self._recent[0].at < t4 - self._window_s:
            self._recent.popleft()
        self._update_drift(sample)
        self._best = min(self._recent, key=lambda e: self._uncertainty_s(e, t4))
        return sample

    @property
    def rtt_s(self) -> float:
        """The latest round trip, without the time that the peer took to answer."""
        self._best_sample()
        return self._rtt_s

    @property
    def offset_s(self) -> float:
        """The peer's clock minus ours, at the latest sample."""
        self._best_sample()
        return self.offset_at(self._recent[-1].at)

    @property
    def delay_s(self) -> float:
        """The round trip of the best sample, which is the least or nearly the least."""
        return self._best_sample().delay_s

    @property
    def error_bound_s(self) -> float:
        """The greatest possible error of the offset: half the round trip of the best sample.

        It is reached if the whole delay was in one direction.
        """
        return self._best_sample().delay_s / 2

    @property
    def drift_ratio(self) -> float:
        """Rate by which the peer's clock is faster, in seconds a second."""
        return self._drift.ratio

    def offset_at(self, now: float) -> float:
        """Return the peer's clock minus ours when ours shows ``now``."""
        best = self._best_sample()
        return best.offset_s + self._drift.ratio * (now - best.at)

    def server_time(self, now: float) -> float:
        """Return what the peer's clock shows when ours shows ``now``."""
        return now + self.offset_at(now)

    def _best_sample(self) -> ClockSample:
        if self._best is None:
            raise LookupError("no sample yet")
        return self._best

    def _uncertainty_s(self, sample: ClockSample, now: float) -> float:
        """Return half the delay plus the drift since: the root distance of RFC 5905, section 11."""
        return sample.delay_s / 2 + self._drift.uncertainty_ratio * (now - sample.at)

    def _is_clock_step(self, sample: ClockSample) -> bool:
        """Return whether a sample and the present offset contradict each other.

        One of the clocks was set then (NTP calls it a step), and all older samples are wrong.
        """
        best = self._best_sample()
        drifted_s = MAX_DRIFT_RATIO * abs(sample.at - best.at) + _STAMP_NOISE_S
        apart_s = abs(sample.offset_s - best.offset_s)
        return apart_s > (sample.delay_s + best.delay_s) / 2 + drifted_s

    def _reset(self) -> None:
        self._recent.clear()
        self._history.clear()
        self._drift = _Drift(0.0, EXPECTED_DRIFT_RATIO)
        self._best = None

    def _update_drift(self, sample: ClockSample) -> None:
        """Keep the best sample of each interval, and fit the drift to them."""
        interval = sample.at // _DRIFT_INTERVAL_S
        if self._history and self._history[-1].at // _DRIFT_INTERVAL_S == interval:
            if sample.delay_s <= self._history[-1].delay_s:
                self._history[-1] = sample
            return
        # The previous interval is complete now.
        self._drift = _fit_drift(self._history)
        self._history.append(sample)
        while self._history[0].at < sample.at - _DRIFT_WINDOW_S:
            self._history.popleft()


@dataclass(frozen=True, slots=True)
class _Drift:
    ratio: float
    uncertainty_ratio: float


def _fit_drift(history: deque[ClockSample]) -> _Drift:
    """Fit a line through the offsets by weighted least squares.

    The weight of a sample falls with its delay. Half of its delay above the fastest sample may be
    an error of its offset. Even the fastest may be slow; the mean excess stands for that.
    The expected drift enters as a prior: one more measurement, of zero drift. So a few noisy
    samples change little, and many decide.
    """
    if not history:
        return _Drift(0.0, EXPECTED_DRIFT_RATIO)
    min_delay_s = min(e.delay_s for e in history)
    floor_s = sum(e.delay_s - min_delay_s for e in history) / len(history) + _STAMP_NOISE_S
    weights = [((e.delay_s - min_delay_s + floor_s) / 2) ** -2 for e in history]
    total = sum(weights)
    mean_at = sum(w * e.at for w, e in zip(weights, history, strict=True)) / total
    mean_offset_s = sum(w * e.offset_s for w, e in zip(weights, history, strict=True)) / total
    spread = EXPECTED_DRIFT_RATIO**-2
    slope = 0.0
    for weight, sample in zip(weights, history, strict=True):
        elapsed_s = sample.at - mean_at
        spread += weight * elapsed_s * elapsed_s
        slope += weight * elapsed_s * (sample.offset_s - mean_offset_s)
    ratio = max(-MAX_DRIFT_RATIO, min(slope / spread, MAX_DRIFT_RATIO))
    return _Drift(ratio, spread**-0.5)
