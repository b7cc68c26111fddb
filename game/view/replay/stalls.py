"""Stalls of a screen's panels, found as their snapshots arrive.  [pure]"""

from collections.abc import Sequence
from dataclasses import dataclass

from net.measure.arrivals import STALL_S
from net.measure.lag_monitor import LagColumn

# Shorter ones are too common to interrupt a player for.
OFFER_S = 0.2
# Long enough to read the offer and find the key.
_OFFERED_FOR_S = 6.0


@dataclass(frozen=True, slots=True)
class Stall:
    """A time without arrivals in the panel with this index, which is over."""

    panel: int
    begin_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Time between the two arrivals."""
        return self.end_s - self.begin_s


class StallWatch:
    """The newest stall of all panels, and the one to offer in slow motion."""

    def __init__(self) -> None:
        self.last: Stall | None = None
        self._offered: Stall | None = None
        self._seen_until: dict[int, float] = {}

    def note(self, panel: int, columns: Sequence[LagColumn]) -> None:
        """Look for stalls in the snapshots that have arrived since the last call."""
        seen_until = self._seen_until.get(panel)
        for column in reversed(columns):
            if seen_until is not None and column.at <= seen_until:
                break
            if column.gap_s is not None and column.gap_s > STALL_S:
                self._note_stall(Stall(panel, column.at - column.gap_s, column.at))
        if columns:
            self._seen_until[panel] = columns[-1].at

    def offer(self, now: float) -> Stall | None:
        """Return a long stall that ended a moment ago."""
        offered = self._offered
        if offered is None or now - offered.end_s > _OFFERED_FOR_S:
            return None
        return offered

    def _note_stall(self, stall: Stall) -> None:
        if self.last is None or stall.end_s >= self.last.end_s:
            self.last = stall
        if stall.length_s > OFFER_S:
            self._offered = stall
