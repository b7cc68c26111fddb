"""How late packets leave an emulated link, against the time that the model says.  [pure]

Counted in classes and not kept one by one: a link may be up for hours.
"""

from dataclasses import dataclass

# Fine enough to tell a tenth of a millisecond, and wide enough in all for 20 ms.
_CLASS_S = 0.00005
_CLASSES = 400


@dataclass(frozen=True, slots=True)
class LatenessStats:
    """What was late by how much, in seconds; quantiles are rounded up to 0.05 ms."""

    count: int
    p50_s: float
    p99_s: float
    max_s: float


class LatenessHistogram:
    """Takes how late each packet was."""

    __slots__ = ("_classes", "_count", "_max_s")

    def __init__(self) -> None:
        self._count = 0
        self._max_s = 0.0
        self._classes = [0] * _CLASSES

    def add(self, late_s: float) -> None:
        """Count a packet that left `late_s` after its time."""
        self._count += 1
        self._classes[min(int(late_s / _CLASS_S), _CLASSES - 1)] += 1
        if late_s > self._max_s:
            self._max_s = late_s

    def stats(self) -> LatenessStats:
        """Sum up what was counted so far."""
        return LatenessStats(
            self._count, self._quantile_s(0.5), self._quantile_s(0.99), self._max_s
        )

    def _quantile_s(self, share: float) -> float:
        """Return the upper edge of the class that `share` of the packets do not exceed."""
        wanted = share * self._count
        seen = 0
        for number, count in enumerate(self._classes[:-1]):
            seen += count
            if seen >= wanted and count:
                return round((number + 1) * _CLASS_S, 6)
        return self._max_s
