"""Figures of one run of a lesson, from the frames that were drawn.  [pure]

The definitions are those of the comparison: a frame is starved, an age is that when drawn, and a
freeze is that of ``FrameHistory``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

from game.client.frame import Frame
from game.client.frame_history import Freeze
from game.protocol.messages import Goal, Kicked
from net.link.stats import ConnectionStats

__all__ = ["FIGURES", "FigureRecorder", "RunFigures"]

# The share of frames that are older at most: the age that a player meets once in twenty frames.
_P95 = 0.95

# Values of one transport by the figure's name; a figure that is not known yet is absent.
RunFigures = Mapping[str, float]

# The figures that a lesson may name. ``age``: of the newest snapshot, when drawn. ``behind``: the
# time from the server's state to its picture. ``gap``: between two arriving snapshots.
FIGURES = (
    "frozen_percent",
    "longest_freeze_ms",
    "longest_gap_ms",
    "age_median_ms",
    "age_p95_ms",
    "behind_ms",
    "lost_packets",
    "sent_again",
    "events",
    "goals",
)


@dataclass(slots=True)
class FigureRecorder:
    """Recorder of one panel's frames during a run that begins at ``begun_at``."""

    begun_at: float
    _frames: int = 0
    _starved: int = 0
    _events: int = 0
    _goals: int = 0
    _longest_freeze_s: float = 0.0
    _longest_gap_s: float = 0.0
    _ages_s: list[float] = field(default_factory=list)
    _behind_s: list[float] = field(default_factory=list)
    _link_first: ConnectionStats | None = None
    _link_last: ConnectionStats | None = None
    _seen_until: float = field(init=False)

    def __post_init__(self) -> None:
        self._seen_until = self.begun_at

    def add(
        self, now: float, frame: Frame, freeze: Freeze | None, link: ConnectionStats | None
    ) -> None:
        """Add a frame drawn at ``now``, the present freeze, and the link's counters."""
        self._events += sum(isinstance(event, Kicked | Goal) for event in frame.events)
        self._goals += sum(isinstance(event, Goal) for event in frame.events)
        self._add_link(link)
        age_s = frame.network.snapshot_age_s
        if age_s is None or frame.newest_time_s is None or frame.render_time_s is None:
            return
        self._frames += 1
        self._starved += frame.is_starved and not frame.is_extrapolated
        self._ages_s.append(age_s)
        self._behind_s.append(age_s + frame.newest_time_s - frame.render_time_s)
        # A freeze from before the run is none of the run.
        if freeze is not None and now - freeze.length_s >= self.begun_at:
            self._longest_freeze_s = max(self._longest_freeze_s, freeze.length_s)
        self._add_gaps(frame)

    def figures(self) -> RunFigures:
        """Return the figures of the frames so far."""
        if not self._frames:
            return MappingProxyType({})
        ages_s = sorted(self._ages_s)
        values = {
            "frozen_percent": 100.0 * self._starved / self._frames,
            "longest_freeze_ms": 1000.0 * self._longest_freeze_s,
            "longest_gap_ms": 1000.0 * self._longest_gap_s,
            "age_median_ms": 1000.0 * median(ages_s),
            "age_p95_ms": 1000.0 * ages_s[int(_P95 * (len(ages_s) - 1))],
            "behind_ms": 1000.0 * median(self._behind_s),
            "events": float(self._events),
            "goals": float(self._goals),
        }
        first, last = self._link_first, self._link_last
        if first is not None and last is not None:
            values["lost_packets"] = float(_lost(last) - _lost(first))
            values["sent_again"] = float(_sent_again(last) - _sent_again(first))
        return MappingProxyType(values)

    def _add_link(self, link: ConnectionStats | None) -> None:
        if link is None:
            return
        # After a switch another connection counts from its own start.
        first = self._link_first
        if first is None or (first.port, first.number) != (link.port, link.number):
            self._link_first = link
        self._link_last = link

    def _add_gaps(self, frame: Frame) -> None:
        """Add the gaps before the snapshots that arrived since the last frame."""
        newest_at = self._seen_until
        for column in reversed(frame.network.columns):
            if column.at <= self._seen_until:
                break
            newest_at = max(newest_at, column.at)
            # A gap that began before the run is none of the run.
            if column.gap_s is not None and column.at - column.gap_s >= self.begun_at:
                self._longest_gap_s = max(self._longest_gap_s, column.gap_s)
        self._seen_until = newest_at


def _lost(stats: ConnectionStats) -> int:
    """Return the packets that the link lost from server to client."""
    return stats.down.lost + stats.down.queue_dropped


def _sent_again(stats: ConnectionStats) -> int:
    return 0 if stats.down.tcp is None else stats.down.tcp.retransmits
