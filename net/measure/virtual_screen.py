"""A virtual screen: what a player would have seen, frame by frame, without drawing it.  [pure]

Asked some sixty times a second, whether anything arrived or not, it measures what is felt: for how
long the picture froze, how old it was, how wrong the ball. Knows no game and no clock.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from net.measure.statistics import Quantiles
from net.sync.interpolation import is_starved

# Like most screens, and unlike the ticks. At just 60 a second every frame would fall on the same
# spot between two snapshots: whether one lost snapshot freezes a frame would be the luck of that
# spot, and the luck of the whole run. So the frames pass all spots, once in 17 s.
SCREEN_HZ = 59.94


class FrameSchedule:
    """When a screen that began at ``now`` draws: ``hz`` times a second, without drifting."""

    def __init__(self, now: float, hz: float = SCREEN_HZ) -> None:
        self._started_at = now
        self._hz = hz
        self._drawn = 0

    def due(self, now: float) -> Iterator[float]:
        """Yield the times of the frames up to ``now`` that were not yielded yet, in order.

        Ask before each arrival, so that no frame sees what came only after it.
        """
        while (at := self._started_at + self._drawn / self._hz) <= now:
            self._drawn += 1
            yield at


@dataclass(frozen=True, slots=True)
class DrawnFrame:
    """One frame: is it dry, and how old was the newest snapshot it had, in seconds."""

    starved: bool
    age_s: float


@dataclass(frozen=True, slots=True)
class ScreenStats:
    """What all frames amount to.

    ``frozen_ratio`` is the share of dry frames, ``freezes_s`` how long each run of them lasted,
    ``age_when_drawn_s`` the frames' ages, ``visual_error`` those frames' errors that had one (the
    ball's distance from the truth, in the unit of the pitch).
    """

    frames: int
    frozen_ratio: float
    longest_freeze_s: float
    freezes_s: Quantiles
    age_when_drawn_s: Quantiles
    visual_error: Quantiles


class FrameMeter:
    """Sums up the frames of one run; keeps two numbers of each."""

    def __init__(self, hz: float = SCREEN_HZ) -> None:
        self._hz = hz
        self._ages_s = array("d")
        self._errors = array("d")
        self._starved_frames = 0
        self._freezes = [0]

    def add_frame(
        self,
        server_now_s: float,
        render_time_s: float,
        newest_time_s: float,
        visual_error: float | None = None,
    ) -> DrawnFrame:
        """Take a frame drawn with extrapolation off; all times are of the server's clock.

        Its age is that of the newest snapshot it had, so it grows with every frame that has
        to draw the same one.
        """
        frame = DrawnFrame(is_starved(newest_time_s, render_time_s), server_now_s - newest_time_s)
        self._ages_s.append(frame.age_s)
        if visual_error is not None:
            self._errors.append(visual_error)
        if frame.starved:
            self._starved_frames += 1
            self._freezes[-1] += 1
        elif self._freezes[-1]:
            self._freezes.append(0)
        return frame

    def stats(self) -> ScreenStats:
        """Return the figures so far; a freeze that has not ended counts as long as it is."""
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
