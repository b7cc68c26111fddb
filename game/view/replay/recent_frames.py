"""Moments of a screen: what each panel drew in the frames of the last ten seconds.  [pure]

A moment holds the frame itself. Slow motion draws these frames again, without a simulation.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from game.client.frame import Frame, Scene
from game.client.frame_history import Freeze
from game.view.network.captions import Caption
from net.link.profile import Link

KEPT_S = 10.0


@dataclass(frozen=True, slots=True)
class PanelMoment:
    """Content of one panel in one drawn frame. ``frame`` has no events.

    ``reference`` is the scene of the ghosts; None where they were off or unknown.
    """

    frame: Frame
    reference: Scene | None = None
    freeze: Freeze | None = None
    caption: Caption | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of the screen, with its panels from left to right.

    ``at`` is when it was drawn, in seconds of ``perf_counter``.
    ``link`` is the emulated link at that time; None without one.
    """

    at: float
    panels: tuple[PanelMoment, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """Moments in the order of time, at least one."""

    moments: tuple[Moment, ...]

    @property
    def begin_s(self) -> float:
        """The time of the first moment."""
        return self.moments[0].at

    @property
    def end_s(self) -> float:
        """The time of the last moment."""
        return self.moments[-1].at

    def index_at(self, at: float) -> int:
        """Return the index of the moment on screen at a time: the last one drawn by then."""
        return max(0, bisect_right(self.moments, at, key=_time_of) - 1)

    def between(self, begin_s: float, end_s: float) -> Sequence[Moment]:
        """Return the moments drawn after ``begin_s``, up to ``end_s``."""
        begin = bisect_right(self.moments, begin_s, key=_time_of)
        return self.moments[begin : bisect_right(self.moments, end_s, key=_time_of)]


class MomentHistory:
    """The moments of the last ``KEPT_S``."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque()

    def add(self, moment: Moment) -> None:
        """Add the moment that is drawn now."""
        self._moments.append(moment)
        while self._moments[0].at < moment.at - KEPT_S:
            self._moments.popleft()

    def clip(self) -> Clip | None:
        """Return all kept moments; None if there is none."""
        return Clip(tuple(self._moments)) if self._moments else None


def _time_of(moment: Moment) -> float:
    return moment.at
