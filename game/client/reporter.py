"""The statistics that a client sends to a server that asks for them.  [pure]

The definitions are those of ``net.measure``. The page's twin is ``game/web/page/stats.js``.
"""

from math import isnan

from game.client.scene_builder import SceneBuilder
from game.client.visual_error import VisualError
from game.protocol.messages import ClientReport
from net.measure.statistics import WINDOW_S, SlidingQuantiles

# What this program calls itself in a report.
DEVICE = "window"


class Reporter:
    """Collector of what a report says beyond the lag monitor; it reports every ``interval_s``.

    ``transports``: those that the client can move to.
    """

    def __init__(self, transports: tuple[str, ...], interval_s: float, now: float) -> None:
        self._transports = transports
        self._interval_s = interval_s
        self._due_at = now + interval_s
        self.reset()

    def reset(self) -> None:
        """Forget all frames: the next are of another link or transport."""
        self._visual_error = VisualError()
        self._frame_gaps = SlidingQuantiles(WINDOW_S)
        self._frame_at: float | None = None

    def is_due(self, now: float) -> bool:
        """Return whether to report now; True once for each report."""
        if now < self._due_at:
            return False
        self._due_at += self._interval_s
        if self._due_at <= now:
            # After a pause one report is due, not all that were missed.
            self._due_at = now + self._interval_s
        return True

    def add_frame(self, now: float, builder: SceneBuilder) -> None:
        """Add a frame that is drawn ``now``."""
        if self._frame_at is not None:
            self._frame_gaps.add(now, now - self._frame_at)
        self._frame_at = now
        render_time_s, newest_time_s = builder.render_time_s(now), builder.newest_time_s
        if newest_time_s is None or (ball := builder.ball_at(render_time_s)) is None:
            return
        self._visual_error.add_frame(now, render_time_s, ball)
        self._visual_error.settle(newest_time_s, builder.ball_at)

    def report(self, now: float, builder: SceneBuilder) -> ClientReport:
        """Return the report at ``now``."""
        lag = builder.lag_monitor.stats(now)
        error = self._visual_error
        return ClientReport(
            device=DEVICE,
            transports=self._transports,
            measured_s=lag.measured_s,
            rtt_s=builder.clock.rtt_s if builder.clock.ready else None,
            jitter_s=lag.jitter_s,
            age_s=_known(lag.age_s),
            age_p95_s=_known(lag.age_p95_s),
            frozen_ratio=_known(lag.frozen_ratio),
            longest_freeze_s=lag.longest_freeze_s,
            stalls=lag.stalls,
            loss_ratio=_known(lag.loss_ratio),
            visual_error=error.latest,
            visual_error_p95=error.p95,
            frame_gap_p99_s=_known(self._frame_gaps.quantile(0.99)),
        )


def _known(value: float) -> float | None:
    return None if isnan(value) else value
