"""The last seconds of one client's screen, frame by frame.  [pure]

What a lagometer draws beside the snapshots, for how long the picture has stood still, and how
wrong the ball was. Knows no pixels and no clock.
"""

from collections import deque
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

from game.client.frame import Frame
from game.match.physics import TICK_HZ
from net.measure.lag_monitor import ArrivalStatus
from net.measure.statistics import SlidingQuantiles
from net.measure.virtual_screen import SCREEN_HZ

# As long as the widest lagometer of the slowest snapshots, five a second.
_KEPT_S = 40
_MARKS_KEPT = 32
# One number would flicker; the mean of a second can be read.
_ERROR_WINDOW_S = 1.0
# A freeze of two frames is not seen; one that was is told for a moment longer, if it was felt.
LEAST_FREEZE_S = 0.05
FELT_FREEZE_S = 0.1
_FREEZE_SHOWN_S = 1.0
# The estimate of the clocks' offset wanders by less than a pixel, and columns must not tremble.
_ORIGIN_SHARE = 0.05
_ORIGIN_LEAP_S = 0.05


class FrameSample(NamedTuple):
    """A frame that was drawn: `buffered_s` of snapshots lay ahead of it; less than none is dry."""

    at: float
    buffered_s: float
    is_extrapolated: bool


class RttSample(NamedTuple):
    """A round trip time from when it was known."""

    at: float
    rtt_s: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something that was changed, and when."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """How long the picture stood, or stands, still."""

    length_s: float
    is_over: bool


class FrameHistory:
    """Take note of a panel's frames; all times are by the clock that frames are asked with."""

    def __init__(self) -> None:
        self.frames: deque[FrameSample] = deque(maxlen=round(_KEPT_S * SCREEN_HZ))
        self.rtts: deque[RttSample] = deque(maxlen=round(_KEPT_S * SCREEN_HZ))
        self.annotations: deque[Annotation] = deque(maxlen=_MARKS_KEPT)
        self.origin_s: float | None = None
        self._newest_time_s: float | None = None
        self._transport = ""
        self._reset_stats()

    def record(self, now: float, frame: Frame, error: float | None) -> None:
        """Take a frame that is drawn `now`, and its visual error, if that is known."""
        newest_time_s, render_time_s = frame.newest_time_s, frame.render_time_s
        if newest_time_s is None or render_time_s is None:
            return
        if frame.transport != self._transport:
            self._transport = frame.transport
            self._reset_stats()
        self.frames.append(FrameSample(now, newest_time_s - render_time_s, frame.is_extrapolated))
        rtt_s = frame.network.rtt_s
        if rtt_s is not None and (not self.rtts or rtt_s != self.rtts[-1].rtt_s):
            self.rtts.append(RttSample(now, rtt_s))
        self._note_freeze(now, self._is_still(frame, newest_time_s))
        self._note_error(now, error)
        self._note_origin(frame)

    def annotate(self, now: float, text: str) -> None:
        """Remember that something was changed `now`."""
        self.annotations.append(Annotation(now, text))

    def freeze(self, now: float) -> Freeze | None:
        """Return the freeze that is, or was just now."""
        if self._dry_since is not None and now - self._dry_since >= LEAST_FREEZE_S:
            return Freeze(now - self._dry_since, False)
        if now - self._thawed_at < _FREEZE_SHOWN_S and self._last_freeze_s >= FELT_FREEZE_S:
            return Freeze(self._last_freeze_s, True)
        return None

    @property
    def error_mean(self) -> float | None:
        """The mean visual error of the last second, in pitch units; None while it is unknown."""
        if not self._errors:
            return None
        return sum(error for _, error in self._errors) / len(self._errors)

    @property
    def error_p95(self) -> float | None:
        """What 95% of the frames of the last minute did not exceed; None while it is unknown."""
        quantile = self._errors_lately.quantile(0.95)
        return quantile if isfinite(quantile) else None

    def _reset_stats(self) -> None:
        """Forget freezes and errors: another transport must not answer for the one before."""
        self._dry_since: float | None = None
        self._last_freeze_s = 0.0
        self._thawed_at = float("-inf")
        self._errors: deque[tuple[float, float]] = deque()
        self._errors_lately = SlidingQuantiles()

    def _is_still(self, frame: Frame, newest_time_s: float) -> bool:
        """Return whether the picture shows what it showed before, for want of anything newer.

        A dry frame may yet be new: where all comes late, each snapshot is drawn as it comes.
        """
        is_new = newest_time_s != self._newest_time_s
        self._newest_time_s = newest_time_s
        return frame.is_starved and not is_new and not frame.is_extrapolated

    def _note_freeze(self, now: float, is_frozen: bool) -> None:
        if is_frozen:
            if self._dry_since is None:
                self._dry_since = now
        elif self._dry_since is not None:
            self._last_freeze_s = now - self._dry_since
            self._thawed_at, self._dry_since = now, None

    def _note_error(self, now: float, error: float | None) -> None:
        if error is not None:
            self._errors.append((now, error))
            self._errors_lately.add(now, error)
        while self._errors and self._errors[0][0] < now - _ERROR_WINDOW_S:
            self._errors.popleft()

    def _note_origin(self, frame: Frame) -> None:
        """Learn at which time of our clock the server's tick 0 was."""
        columns = frame.network.columns
        column = columns[-1] if columns else None
        if column is None or column.age_s is None or column.status is ArrivalStatus.STALE:
            return
        origin_s = column.at - column.age_s - column.tick / TICK_HZ
        if self.origin_s is None or abs(origin_s - self.origin_s) > _ORIGIN_LEAP_S:
            self.origin_s = origin_s
        else:
            self.origin_s += _ORIGIN_SHARE * (origin_s - self.origin_s)
