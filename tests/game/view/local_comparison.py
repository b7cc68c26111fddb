"""Comparison source without a network.

One match, and panels that see it late, with gaps, or not at all. Time is virtual: match and
arrivals follow from the ``now`` of the frames alone.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import hypot

from game.client.frame import Frame, NetworkStats, Scene
from game.client.netcode import NetcodeSettings, PredictionMode
from game.match.controls import Controls
from game.match.physics import TICK_HZ
from net.link.packet_log import FlowLog
from net.link.profile import Link
from net.link.stats import ConnectionStats
from net.measure.lag_monitor import LagMonitor
from net.sync.prediction import CorrectionStats
from tests.game.view.local_source import LocalSource

SNAPSHOT_TICKS = 2
DELAY_S = 0.025
INTERPOLATION_S = 4 / 60


@dataclass
class Panel:
    """State of one panel.

    Snapshots in ``lost`` never arrive; those of a ``stall`` arrive at its end.
    """

    transport: str
    switching_to: str | None = None
    lag_monitor: LagMonitor = field(
        default_factory=lambda: LagMonitor(0.0, SNAPSHOT_TICKS, TICK_HZ)
    )
    lost: set[int] = field(default_factory=set)
    stall: tuple[float, float] | None = None
    newest_tick: int | None = None
    seen: int = 0


class LocalComparison:
    """``CompareSource`` of one match with ``players``; only UDP has no head-of-line blocking."""

    def __init__(self, names: tuple[str, ...] = ("tcp", "udp", "websocket"), players: int = 6):
        self.names = names
        self.transports = names
        self.reference_is_delayed = False
        self.panels = {name: Panel(name) for name in names}
        self.driven: dict[str, Controls | None] = {}
        self.switched: list[tuple[str, str]] = []
        self.links: list[Link] = []
        self.bursts: list[float] = []
        self.unreliable_events: list[bool] = []
        self.netcode = NetcodeSettings(prediction=PredictionMode.OWN_PLAYER)
        self.stats_by_panel: dict[str, ConnectionStats] = {}
        # New packets by panel, on the clock of the frames.
        self.packet_logs: dict[str, list[FlowLog]] = {}
        self.packet_clock_offset_s = 0.0
        self._match = LocalSource(players)
        self._scenes: deque[Scene] = deque(maxlen=600)
        self._ticks = 0

    def has_head_of_line_blocking(self, transport: str) -> bool:
        return transport != "udp"

    def play_until(self, now: float) -> None:
        """Simulate the match and all arrivals up to ``now``."""
        while self._ticks < now * TICK_HZ:
            self._match.step()
            self._ticks += 1
            self._scenes.append(replace(self._match.scene(), tick=self._ticks))
        for panel in self.panels.values():
            self._arrive(panel, now)

    def frame(self, name: str, now: float) -> Frame:
        self.play_until(now)
        panel = self.panels[name]
        frame = replace(self._match.frame(0.0), transport=panel.transport, events=())
        frame = replace(frame, switching_to=panel.switching_to)
        if panel.newest_tick is None:
            return replace(frame, scene=None, render_time_s=None, newest_time_s=None)
        render_time_s = now - DELAY_S - INTERPOLATION_S
        newest_time_s = panel.newest_tick / TICK_HZ
        is_starved = newest_time_s < render_time_s
        panel.lag_monitor.add_frame(now, is_starved)
        return replace(
            frame,
            scene=self.reference_scene(min(render_time_s, newest_time_s)),
            is_starved=is_starved,
            is_extrapolated=is_starved and self.netcode.extrapolation,
            netcode=self.netcode,
            corrections=CorrectionStats(100, 12, 2.0, 9.0),
            render_time_s=render_time_s,
            newest_time_s=newest_time_s,
            network=NetworkStats(
                rtt_s=0.052,
                snapshot_age_s=now - newest_time_s,
                silence_s=0.0,
                lag=panel.lag_monitor.stats(now),
                columns=tuple(panel.lag_monitor.columns),
                up_bytes_per_s=5_900.0,
                down_bytes_per_s=9_100.0,
            ),
        )

    def reference_scene(self, server_time_s: float) -> Scene | None:
        tick = max(1, round(server_time_s * TICK_HZ))
        return next((scene for scene in reversed(self._scenes) if scene.tick <= tick), None)

    def reference_newest_time_s(self) -> float | None:
        return self._ticks / TICK_HZ if self._ticks else None

    def visual_error(self, name: str, frame: Frame) -> float | None:
        if frame.scene is None or frame.render_time_s is None:
            return None
        reference = self.reference_scene(frame.render_time_s)
        if reference is None:
            return None
        return hypot(reference.ball_x - frame.scene.ball_x, reference.ball_y - frame.scene.ball_y)

    def link_stats(self) -> Mapping[str, ConnectionStats]:
        return self.stats_by_panel

    def packet_log(self, name: str) -> list[FlowLog]:
        return self.packet_logs.pop(name, [])

    def set_controls(self, name: str, controls: Controls | None) -> None:
        self.driven[name] = controls

    def switch(self, name: str, transport: str) -> None:
        self.switched.append((name, transport))
        self.panels[name].transport = transport

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        self.netcode = netcode

    def set_unreliable_events(self, is_on: bool) -> None:
        self.unreliable_events.append(is_on)

    def set_link(self, link: Link) -> None:
        self.links.append(link)

    def burst_loss(self, duration_s: float) -> None:
        self.bursts.append(duration_s)

    def _arrive(self, panel: Panel, now: float) -> None:
        """Receive the snapshots that are due by ``now``."""
        while True:
            tick = (panel.seen + 1) * SNAPSHOT_TICKS
            arrives_at = tick / TICK_HZ + DELAY_S
            if panel.stall is not None and panel.stall[0] <= arrives_at < panel.stall[1]:
                arrives_at = panel.stall[1]
            if arrives_at > now:
                return
            panel.seen += 1
            if tick not in panel.lost:
                panel.newest_tick = tick
                sent_at = tick / TICK_HZ
                render_time_s = arrives_at - DELAY_S - INTERPOLATION_S
                age_s = arrives_at - sent_at
                panel.lag_monitor.add_snapshot(arrives_at, tick, sent_at, age_s, render_time_s)
