"""The other end's clock, from four timestamps an exchange.  [pure]

Each exchange (t1 sent, t2 received there, t3 answered there, t4 received back) bounds the offset
between the two clocks; the one with the least delay bounds it best, as in NTP (RFC 5905, sections
8 and 10). What no exchange of timestamps can find is the asymmetry of the path: half of it stays
in the offset. Knows no clock itself: all times come in as arguments, in seconds.
"""

from collections import deque
from dataclasses import dataclass

# At ten exchanges a second, a hundred to choose from; old enough to bridge a long stall.
WINDOW_S = 10.0
# Crystals of computers differ by tens of parts in a million; this is what we expect before we
# have measured, not a limit.
EXPECTED_DRIFT_RATIO = 100e-6
# No crystal is worse (RFC 5905 allows the same): a greater difference is a clock that was set, or
# stood still while its computer slept.
MAX_DRIFT_RATIO = 500e-6

# The drift is fitted over a minute, which makes 100 ppm six milliseconds, to the best exchange of
# every two seconds.
_HISTORY_S = 60.0
_STRETCH_S = 2.0
# Even the best exchange is stamped by programs that wait for a processor.
_STAMP_NOISE_S = 50e-6
# A bound of memory, whatever rate the caller chooses.
_EXCHANGES_KEPT = 256


@dataclass(frozen=True, slots=True)
class ClockSample:
    """One exchange: when it ended (our clock), the offset (theirs less ours) and the round trip."""

    at: float
    offset_s: float
    delay_s: float


class ClockFilter:
    """Estimates the other end's clock.

    Everything but ``add`` and ``ready`` raises ``LookupError`` before the first exchange.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._recent: deque[ClockSample] = deque(maxlen=_EXCHANGES_KEPT)
        self._history: deque[ClockSample] = deque()
        self._drift = _Drift(0.0, EXPECTED_DRIFT_RATIO)
        self._best: ClockSample | None = None
        self._rtt_s = 0.0
        self._smoothed_rtt_s = 0.0

    @property
    def ready(self) -> bool:
        """Whether there was an exchange."""
        return self._best is not None

    def add(self, t1: float, t2: float, t3: float, t4: float) -> ClockSample:
        """Take the timestamps of an exchange: t1 and t4 of our clock, t2 and t3 of theirs."""
        delay_s = max(0.0, (t4 - t1) - (t3 - t2))
        exchange = ClockSample(t4, ((t2 - t1) + (t3 - t4)) / 2, delay_s)
        if self._best is not None and self._was_set(exchange):
            self._forget()
        self._rtt_s = delay_s
        if self._best is None:
            self._smoothed_rtt_s = delay_s
        # RFC 6298, section 2.3: alpha = 1/8.
        self._smoothed_rtt_s += (delay_s - self._smoothed_rtt_s) / 8
        self._recent.append(exchange)
        while self._recent[0].at < t4 - self._window_s:
            self._recent.popleft()
        self._remember(exchange)
        self._best = min(self._recent, key=lambda e: self._uncertainty_s(e, t4))
        return exchange

    @property
    def rtt_s(self) -> float:
        """The latest round trip, without the time the other end took to answer."""
        self._chosen()
        return self._rtt_s

    @property
    def smoothed_rtt_s(self) -> float:
        """The round trip, smoothed as TCP does (RFC 6298)."""
        self._chosen()
        return self._smoothed_rtt_s

    @property
    def offset_s(self) -> float:
        """Their clock minus ours, at the latest exchange."""
        self._chosen()
        return self.offset_at(self._recent[-1].at)

    @property
    def delay_s(self) -> float:
        """The round trip of the exchange that the offset rests on: the least, or nearly."""
        return self._chosen().delay_s

    @property
    def error_bound_s(self) -> float:
        """How far off the offset can be: half the least round trip, if all of it was one way."""
        return self._chosen().delay_s / 2

    @property
    def drift_ratio(self) -> float:
        """How much faster their clock runs: seconds a second."""
        return self._drift.ratio

    def offset_at(self, now: float) -> float:
        """Return their clock minus ours at the time ``now`` of ours."""
        best = self._chosen()
        return best.offset_s + self._drift.ratio * (now - best.at)

    def server_time(self, now: float) -> float:
        """Return what their clock shows when ours shows ``now``."""
        return now + self.offset_at(now)

    def _chosen(self) -> ClockSample:
        if self._best is None:
            raise LookupError("no exchange of timestamps yet")
        return self._best

    def _uncertainty_s(self, exchange: ClockSample, now: float) -> float:
        """Half the delay, and what the drift may have done since: RFC 5905's root distance."""
        return exchange.delay_s / 2 + self._drift.uncertainty_ratio * (now - exchange.at)

    def _was_set(self, exchange: ClockSample) -> bool:
        """Whether the new exchange and the old offset cannot both be true of one steady clock."""
        best = self._chosen()
        drifted_s = MAX_DRIFT_RATIO * abs(exchange.at - best.at) + _STAMP_NOISE_S
        apart_s = abs(exchange.offset_s - best.offset_s)
        return apart_s > (exchange.delay_s + best.delay_s) / 2 + drifted_s

    def _forget(self) -> None:
        self._recent.clear()
        self._history.clear()
        self._drift = _Drift(0.0, EXPECTED_DRIFT_RATIO)
        self._best = None

    def _remember(self, exchange: ClockSample) -> None:
        """Keep the best exchange of each stretch of time, and fit the drift to them."""
        stretch = exchange.at // _STRETCH_S
        if self._history and self._history[-1].at // _STRETCH_S == stretch:
            if exchange.delay_s <= self._history[-1].delay_s:
                self._history[-1] = exchange
            return
        # The stretch just ended will not change any more.
        self._drift = _fit_drift(self._history)
        self._history.append(exchange)
        while self._history[0].at < exchange.at - _HISTORY_S:
            self._history.popleft()


@dataclass(frozen=True, slots=True)
class _Drift:
    ratio: float
    uncertainty_ratio: float


def _fit_drift(history: deque[ClockSample]) -> _Drift:
    """Fit a line through the offsets by weighted least squares.

    An exchange counts for as much as its delay lets it: half of what it took longer than the
    fastest may be in its offset, and so may half of what even the fastest took too long, for
    which the mean of the others stands in. The expected drift enters as one more, imaginary
    measurement of zero drift, so that a few noisy exchanges say little and many say all.
    """
    if not history:
        return _Drift(0.0, EXPECTED_DRIFT_RATIO)
    least_s = min(e.delay_s for e in history)
    floor_s = sum(e.delay_s - least_s for e in history) / len(history) + _STAMP_NOISE_S
    weights = [((e.delay_s - least_s + floor_s) / 2) ** -2 for e in history]
    total = sum(weights)
    mean_at = sum(w * e.at for w, e in zip(weights, history, strict=True)) / total
    mean_offset_s = sum(w * e.offset_s for w, e in zip(weights, history, strict=True)) / total
    spread = EXPECTED_DRIFT_RATIO**-2
    slope = 0.0
    for weight, exchange in zip(weights, history, strict=True):
        elapsed_s = exchange.at - mean_at
        spread += weight * elapsed_s * elapsed_s
        slope += weight * elapsed_s * (exchange.offset_s - mean_offset_s)
    ratio = max(-MAX_DRIFT_RATIO, min(slope / spread, MAX_DRIFT_RATIO))
    return _Drift(ratio, spread**-0.5)
