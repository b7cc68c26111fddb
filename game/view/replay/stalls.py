"""Stalls of a screen's panels, found as their snapshots arrive.  [pure]"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from game.view.replay.recent_frames import KEPT_S
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
    """The stalls of all panels in the kept seconds, and the one to offer in slow motion.

    On a lossy link short stalls follow each other, so the longest one counts, not the newest.
    """

    def __init__(self) -> None:
        self._stalls: list[Stall] = []
        self._seen_until: dict[int, float] = {}

    def note(self, panel: int, columns: Sequence[LagColumn]) -> None:
        """Look for stalls in the snapshots that have arrived since the last call."""
        seen_until = self._seen_until.get(panel)
        for column in reversed(columns):
            if seen_until is not None and column.at <= seen_until:
                break
            if column.gap_s is not None and column.gap_s > STALL_S:
                self._stalls.append(Stall(panel, column.at - column.gap_s, column.at))
        if columns:
            kept_since_s = columns[-1].at - KEPT_S
            self._stalls = [stall for stall in self._stalls if stall.begin_s > kept_since_s]
            self._seen_until[panel] = columns[-1].at

    def longest(self, since_s: float) -> Stall | None:
        """Return the longest kept stall that began after ``since_s``, of equals the newest."""
        return _longest(stall for stall in self._stalls if stall.begin_s >= since_s)

    def offer(self, now: float) -> Stall | None:
        """Return the longest of the long stalls that ended a moment ago."""
        return _longest(
            stall
            for stall in self._stalls
            if now - stall.end_s <= _OFFERED_FOR_S and stall.length_s > OFFER_S
        )


def _longest(stalls: Iterable[Stall]) -> Stall | None:
    """Return the longest stall, of equals the newest."""
    return max(stalls, key=lambda stall: (stall.length_s, stall.end_s), default=None)
