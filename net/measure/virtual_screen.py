"""Virtual screen: frame statistics without drawing.  [pure]

It takes a frame about sixty times a second, whether anything arrived or not. It measures what a
player notices: how long the picture was frozen, how old it was, how wrong the ball was.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from net.measure.statistics import Quantiles
from net.sync.interpolation import is_starved

__all__ = ["SCREEN_HZ", "DrawnFrame", "FrameMeter", "FrameSchedule", "ScreenStats"]

# The rate of most screens, and on purpose not that of the ticks. At exactly 60 Hz every frame
# would have the same phase between two snapshots. This phase alone would decide if a lost snapshot
# freezes a frame. At 59.94 Hz the frames pass through all phases once in 17 s.
SCREEN_HZ = 59.94


class FrameSchedule:
    """Frame times of a screen that starts ``now``: ``hz`` a second, without drift."""

    def __init__(self, now: float, hz: float = SCREEN_HZ) -> None:
        self._started_at = now
        self._hz = hz
        self._drawn = 0

    def due(self, now: float) -> Iterator[float]:
        """Yield the times of the new frames up to ``now``, in order.

        Call this before each arrival, so that no frame sees a snapshot that arrives after it.
        """
        while (at := self._started_at + self._drawn / self._hz) <= now:
            self._drawn += 1
            yield at


@dataclass(frozen=True, slots=True)
class DrawnFrame:
    """One frame: whether it is starved, and the age of its newest snapshot in seconds."""

    starved: bool
    age_s: float


@dataclass(frozen=True, slots=True)
class ScreenStats:
    """Statistics of all frames.

    ``frozen_ratio`` is the ratio of starved frames. ``freezes_s`` is the length of each run of
    starved frames that show the same snapshot. When all snapshots are late, each one moves the
    picture.
    ``age_when_drawn_s`` is the age of the newest snapshot in each frame.
    ``visual_error`` is over the frames that have one: the distance between drawn and reference
    position, in the unit of the caller.
    """

    frames: int
    frozen_ratio: float
    longest_freeze_s: float
    freezes_s: Quantiles
    age_when_drawn_s: Quantiles
    visual_error: Quantiles


class FrameMeter:
    """Collector of the frames of one run; keeps two numbers a frame."""

    def __init__(self, hz: float = SCREEN_HZ) -> None:
        self._hz = hz
        self._ages_s = array("d")
        self._errors = array("d")
        self._starved_frames = 0
        self._freezes = [0]
        self._newest_time_s: float | None = None

    def add_frame(
        self,
        server_now_s: float,
        render_time_s: float,
        newest_time_s: float,
        visual_error: float | None = None,
    ) -> DrawnFrame:
        """Add a frame drawn without extrapolation; all times are by the server's clock.

        The age of a frame is that of its newest snapshot. It grows with every frame that draws the
        same snapshot.
        """
        frame = DrawnFrame(is_starved(newest_time_s, render_time_s), server_now_s - newest_time_s)
        self._ages_s.append(frame.age_s)
        if visual_error is not None:
            self._errors.append(visual_error)
        self._starved_frames += frame.starved
        is_new = self._newest_time_s not in (None, newest_time_s)
        self._newest_time_s = newest_time_s
        if frame.starved and not is_new:
            self._freezes[-1] += 1
        elif self._freezes[-1]:
            self._freezes.append(0)
        return frame

    def stats(self) -> ScreenStats:
        """Return the statistics so far, including a freeze that has not ended."""
        freezes_s = Quantiles.of(frames / self._hz for frames in self._freezes if frames)
        frames = len(self._ages_s)
        return ScreenStats(
            frames=frames,
            frozen_ratio=self._starved_frames / frames if frames else 0.0,
            longest_freeze_s=freezes_s.max if freezes_s.n else 0.0,
            freezes_s=freezes_s,
            age_when_drawn_s=Quantiles.of(self._ages_s),
            visual_error=Quantiles.of(self._errors),
        )
