"""Visual error of the ball: its distance from its true position at each frame.  [pure]

The snapshots around a frame's render time give the true position. So the error of a frame is known
when a later snapshot has arrived. The ball is that of the interpolation, without prediction.
"""

from collections import deque
from collections.abc import Callable
from math import dist, isnan

from net.measure.statistics import WINDOW_S, SlidingQuantiles

# Ten seconds of frames. More wait only while nothing comes at all.
_FRAMES_WAITING = 600

Point = tuple[float, float]


class VisualError:
    """The errors of one client's frames in the last minute, in pitch units.

    ``latest`` is that of the frame that was judged last; None before the first.
    """

    def __init__(self) -> None:
        self.latest: float | None = None
        self._errors = SlidingQuantiles(WINDOW_S)
        self._waiting: deque[tuple[float, float, Point]] = deque(maxlen=_FRAMES_WAITING)

    def add_frame(self, now: float, render_time_s: float, ball: Point) -> None:
        """Add a frame that was drawn ``now``."""
        self._waiting.append((now, render_time_s, ball))

    def settle(self, newest_time_s: float, ball_at: Callable[[float], Point | None]) -> None:
        """Compute the errors that are known; ``ball_at`` returns the ball at a server time."""
        while self._waiting and self._waiting[0][1] <= newest_time_s:
            now, render_time_s, drawn = self._waiting.popleft()
            if (true := ball_at(render_time_s)) is not None:
                self.latest = dist(true, drawn)
                self._errors.add(now, self.latest)

    @property
    def p95(self) -> float | None:
        """The 95th percentile; None without errors."""
        value = self._errors.quantile(0.95)
        return None if isnan(value) else value
