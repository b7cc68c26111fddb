"""Histogram of delivery lateness: real delivery time minus the time of the model.  [pure]

A histogram and not a list of values, because a link may run for hours.
"""

from dataclasses import dataclass

__all__ = ["LatenessHistogram", "LatenessStats"]

# Half of the tenth of a millisecond that must be distinguished. All bins together reach 20 ms.
_BIN_S = 0.00005
_BINS = 400


@dataclass(frozen=True, slots=True)
class LatenessStats:
    """Quantiles of lateness in seconds, rounded up to 0.05 ms."""

    count: int
    p50_s: float
    p99_s: float
    max_s: float


class LatenessHistogram:
    """Histogram of lateness in seconds, with the exact maximum."""

    __slots__ = ("_bins", "_count", "_max_s")

    def __init__(self) -> None:
        self._count = 0
        self._max_s = 0.0
        self._bins = [0] * _BINS

    def add(self, late_s: float) -> None:
        """Count a packet that was delivered ``late_s`` after its time."""
        self._count += 1
        self._bins[min(int(late_s / _BIN_S), _BINS - 1)] += 1
        if late_s > self._max_s:
            self._max_s = late_s

    def stats(self) -> LatenessStats:
        """Return the quantiles of what was counted so far."""
        return LatenessStats(
            self._count, self._quantile_s(0.5), self._quantile_s(0.99), self._max_s
        )

    def _quantile_s(self, share: float) -> float:
        """Return the upper edge of the bin that ``share`` of the packets do not exceed."""
        wanted = share * self._count
        seen = 0
        for number, count in enumerate(self._bins[:-1]):
            seen += count
            if seen >= wanted and count:
                return round((number + 1) * _BIN_S, 6)
        return self._max_s
