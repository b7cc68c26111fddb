"""Slow motion of a screen: its last moments, and their playback.  [pure]

The interface for other code is described in ``game.view.replay``.
"""

from collections.abc import Sequence

from game.view.replay.playback import USUAL_SPEED, Playback
from game.view.replay.recent_frames import Clip, Moment, MomentHistory, PanelMoment
from game.view.replay.stalls import Stall, StallWatch
from net.link.profile import Link

# Shown before and after a stall: the packet whose loss began it, and the first frames behind it.
_LEAD_S = 0.15
_AFTER_S = 0.2
# Shown where there was no stall.
_WITHOUT_STALL_S = 1.5


class SlowMotion:
    """The last ten seconds of a screen, and their playback while it is open."""

    def __init__(self) -> None:
        self.playback: Playback | None = None
        self._history = MomentHistory()
        self._stalls = StallWatch()

    @property
    def is_open(self) -> bool:
        """True while past moments are on screen."""
        return self.playback is not None

    @property
    def is_over(self) -> bool:
        """True once the end of the span that ``play`` got has been shown."""
        return self.playback is not None and self.playback.is_over

    def record(self, now: float, panels: Sequence[PanelMoment], link: Link | None = None) -> None:
        """Keep the moment that the panels would draw at ``now``, whatever is on screen.

        ``link`` is the emulated one, which the header names.
        """
        self._history.add(Moment(now, tuple(panels), link))
        for index, panel in enumerate(panels):
            self._stalls.note(index, panel.frame.network.columns)

    def clip(self) -> Clip | None:
        """Return all kept moments; None before the first."""
        return self._history.clip()

    def play(self, begin_s: float, end_s: float, speed: float = USUAL_SPEED) -> None:
        """Show what was drawn from ``begin_s`` to ``end_s``, and pause there.

        The times are those of ``record``. Nothing happens before the first moment.
        """
        clip = self._history.clip()
        if clip is not None:
            self.playback = Playback(clip, begin_s, end_s, speed)

    def stall_to_play(self, now: float) -> Stall | None:
        """Return the stall that is offered at ``now``, else the longest kept one."""
        clip = self._history.clip()
        if clip is None:
            return None
        return self._stalls.offer(now) or self._stalls.longest(clip.begin_s + _LEAD_S)

    def play_stall(self, now: float) -> None:
        """Show the offered or longest stall; without one, the last moments before ``now``."""
        stall = self.stall_to_play(now)
        if stall is None:
            self.play(now - _WITHOUT_STALL_S, now)
        else:
            self.play(stall.begin_s - _LEAD_S, stall.end_s + _AFTER_S)

    def close(self) -> None:
        """Show the present again."""
        self.playback = None

    def toggle(self, now: float) -> None:
        """Show the offered or longest stall, or the present again."""
        if self.is_open:
            self.close()
        else:
            self.play_stall(now)

    def advance(self, now: float) -> Moment | None:
        """Return the past moment to draw at ``now``; None while slow motion is closed."""
        if self.playback is None:
            return None
        self.playback.advance(now)
        clip = self.playback.clip
        return clip.moments[clip.index_at(self.playback.at)]

    def offer(self, now: float) -> Stall | None:
        """Return a long stall that ended a moment ago, to be offered; none while open."""
        return None if self.is_open else self._stalls.offer(now)
