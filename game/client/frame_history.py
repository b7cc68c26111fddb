"""History of one client's frames: buffer levels, round trips, freezes and visual error.  [pure]

The lagometer and the statistics of a panel are drawn from it.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple, Protocol

from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.client.wire_loss import WireLoss
from game.match.physics import TICK_HZ
from net.link.stats import ConnectionStats
from net.measure.lag_monitor import ArrivalStatus
from net.measure.statistics import SlidingQuantiles
from net.measure.virtual_screen import SCREEN_HZ

# The span of the widest lagometer at the lowest rate, five snapshots a second.
_KEPT_S = 40
_ANNOTATIONS_KEPT = 32
# The error of one frame flickers. The mean of a second can be read.
_ERROR_WINDOW_S = 1.0
# Nobody sees a freeze of two frames.
LEAST_FREEZE_S = 0.05
# A freeze that players notice stays on screen for a moment after its end.
FELT_FREEZE_S = 0.1
FREEZE_SHOWN_S = 1.0
# The clock offset is estimated again with each snapshot. Without smoothing, the columns of the
# lagometer would tremble. A larger change is another server's clock, and is taken at once.
_ORIGIN_SMOOTHING_RATIO = 0.05
_ORIGIN_SNAP_S = 0.05


class FrameSample(NamedTuple):
    """A frame drawn at ``at``. ``buffered_s``: how far snapshots reach ahead; negative: starved."""

    at: float
    buffered_s: float
    is_extrapolated: bool


class RttSample(NamedTuple):
    """A round trip time, and when it became known."""

    at: float
    rtt_s: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """A change made by the user, and when."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time in which the picture stands still, or did so until ``ended_ago_s`` ago."""

    length_s: float
    is_over: bool
    ended_ago_s: float = 0.0


class LagometerHistory(Protocol):
    """Samples that a lagometer draws beside its columns, in the order of time."""

    @property
    def frames(self) -> Sequence[FrameSample]:
        """Frames, the newest last."""
        ...

    @property
    def rtts(self) -> Sequence[RttSample]:
        """Changes of the round trip time, the newest last."""
        ...

    @property
    def annotations(self) -> Sequence[Annotation]:
        """Changes made by the user, the newest last."""
        ...

    @property
    def origin_s(self) -> float | None:
        """The time of the server's tick 0; None while unknown."""
        ...


@dataclass(frozen=True, slots=True)
class PastSamples:
    """Samples of a ``FrameHistory`` as they were known at some time."""

    frames: Sequence[FrameSample]
    rtts: Sequence[RttSample]
    annotations: Sequence[Annotation]
    origin_s: float | None

    def until(self, at: float) -> "PastSamples":
        """Return the samples up to a time."""
        return PastSamples(
            self.frames[: bisect_right(self.frames, at, key=lambda sample: sample.at)],
            self.rtts[: bisect_right(self.rtts, at, key=lambda sample: sample.at)],
            self.annotations[: bisect_right(self.annotations, at, key=lambda each: each.at)],
            self.origin_s,
        )


class FrameHistory:
    """The last seconds of a panel; times are those of the clock that frames are requested with.

    ``origin_s``: the time of the server's tick 0 on that clock; None while unknown.
    ``wire_loss``: the losses of the present transport on the emulated link.
    """

    def __init__(self) -> None:
        self.frames: deque[FrameSample] = deque(maxlen=round(_KEPT_S * SCREEN_HZ))
        self.rtts: deque[RttSample] = deque(maxlen=round(_KEPT_S * SCREEN_HZ))
        self.annotations: deque[Annotation] = deque(maxlen=_ANNOTATIONS_KEPT)
        self.origin_s: float | None = None
        self._newest_time_s: float | None = None
        self._transport = ""
        self._netcode: NetcodeSettings | None = None
        self._reset_stats()

    def record(
        self,
        now: float,
        frame: Frame,
        error: float | None,
        link: ConnectionStats | None = None,
    ) -> None:
        """Add a frame that is drawn at ``now``, and its visual error, if that is known.

        ``link`` holds the counters of the emulated link, or None without one.
        """
        newest_time_s, render_time_s = frame.newest_time_s, frame.render_time_s
        if newest_time_s is None or render_time_s is None:
            return
        if frame.transport != self._transport:
            self._transport = frame.transport
            self._reset_stats()
        if frame.netcode != self._netcode:
            self._netcode = frame.netcode
            self._reset_errors()
        self.wire_loss.record(now, link)
        self.frames.append(FrameSample(now, newest_time_s - render_time_s, frame.is_extrapolated))
        rtt_s = frame.network.rtt_s
        if rtt_s is not None and (not self.rtts or rtt_s != self.rtts[-1].rtt_s):
            self.rtts.append(RttSample(now, rtt_s))
        self._update_freeze(now, self._is_still(frame, newest_time_s))
        self._add_error(now, error)
        self._update_origin(frame)

    def annotate(self, now: float, text: str) -> None:
        """Add an annotation at ``now``."""
        self.annotations.append(Annotation(now, text))

    def clear_annotations(self) -> None:
        """Drop the annotations."""
        self.annotations.clear()

    def samples(self) -> PastSamples:
        """Return the samples of now, which later ones do not change."""
        return PastSamples(
            tuple(self.frames), tuple(self.rtts), tuple(self.annotations), self.origin_s
        )

    def freeze(self, now: float, shown_s: float = FREEZE_SHOWN_S) -> Freeze | None:
        """Return the present freeze, or one that ended at most ``shown_s`` ago."""
        if self._starved_since is not None and now - self._starved_since >= LEAST_FREEZE_S:
            return Freeze(now - self._starved_since, False)
        ended_ago_s = now - self._freeze_ended_at
        if ended_ago_s < shown_s and self._last_freeze_s >= FELT_FREEZE_S:
            return Freeze(self._last_freeze_s, True, ended_ago_s)
        return None

    @property
    def error_mean(self) -> float | None:
        """Mean visual error of the last second, in pitch units; None while unknown."""
        if not self._errors:
            return None
        return sum(error for _, error in self._errors) / len(self._errors)

    @property
    def error_p95(self) -> float | None:
        """95th percentile of the visual error in the last minute; None while unknown."""
        quantile = self._errors_lately.quantile(0.95)
        return quantile if isfinite(quantile) else None

    def _reset_stats(self) -> None:
        """Drop freezes, errors and losses: they belong to the transport before a switch."""
        self.wire_loss = WireLoss()
        self._starved_since: float | None = None
        self._last_freeze_s = 0.0
        self._freeze_ended_at = float("-inf")
        self._reset_errors()

    def _reset_errors(self) -> None:
        """Drop the errors of other netcode settings."""
        self._errors: deque[tuple[float, float]] = deque()
        self._errors_lately = SlidingQuantiles()

    def _is_still(self, frame: Frame, newest_time_s: float) -> bool:
        """Return whether the frame shows the same state as the one before.

        A starved frame may show a new state. When all snapshots are late, each one is drawn as it
        arrives, and the picture moves.
        """
        is_new = newest_time_s != self._newest_time_s
        self._newest_time_s = newest_time_s
        return frame.is_starved and not is_new and not frame.is_extrapolated

    def _update_freeze(self, now: float, is_frozen: bool) -> None:
        if is_frozen:
            if self._starved_since is None:
                self._starved_since = now
        elif self._starved_since is not None:
            self._last_freeze_s = now - self._starved_since
            self._freeze_ended_at, self._starved_since = now, None

    def _add_error(self, now: float, error: float | None) -> None:
        if error is not None:
            self._errors.append((now, error))
            self._errors_lately.add(now, error)
        while self._errors and self._errors[0][0] < now - _ERROR_WINDOW_S:
            self._errors.popleft()

    def _update_origin(self, frame: Frame) -> None:
        """Estimate the time of the server's tick 0 on our clock."""
        columns = frame.network.columns
        column = columns[-1] if columns else None
        if column is None or column.age_s is None or column.status is ArrivalStatus.STALE:
            return
        origin_s = column.at - column.age_s - column.tick / TICK_HZ
        if self.origin_s is None or abs(origin_s - self.origin_s) > _ORIGIN_SNAP_S:
            self.origin_s = origin_s
        else:
            self.origin_s += _ORIGIN_SMOOTHING_RATIO * (origin_s - self.origin_s)
