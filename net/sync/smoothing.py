"""Smoothing of corrections: a corrected object glides to its new position.  [pure]"""

__all__ = ["HALF_LIFE_S", "CorrectionSmoother"]

# After a tenth of a second a quarter of the error is left. That is fast enough not to mislead and
# slow enough not to look like a jump.
HALF_LIFE_S = 0.05


class CorrectionSmoother:
    """Offset at which an object is drawn, so that a correction does not make it jump.

    A correction adds the vector back to where the object was drawn. The offset halves every
    ``half_life_s``. An offset longer than ``snap_distance`` is dropped: the object has been put
    elsewhere, and jumps there.
    """

    def __init__(self, snap_distance: float, half_life_s: float = HALF_LIFE_S) -> None:
        self._limit = snap_distance
        self._half_life_s = half_life_s
        self._x = self._y = 0.0
        self._at = 0.0

    def add(self, now: float, dx: float, dy: float) -> None:
        """Add a correction: the old position minus the new one."""
        x, y = self.offset_at(now)
        self._x, self._y, self._at = x + dx, y + dy, now
        if self._x * self._x + self._y * self._y > self._limit * self._limit:
            self._x = self._y = 0.0

    def offset_at(self, now: float) -> tuple[float, float]:
        """Return the offset (x, y) at a time; before the last correction, that right after it.

        A frame may be drawn for a time at which the network thread had not corrected yet.
        """
        remaining = 0.5 ** (max(0.0, now - self._at) / self._half_life_s)
        return self._x * remaining, self._y * remaining
