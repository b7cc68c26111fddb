"""Scene builder: snapshots and events of one match in, the scene to draw out.  [pure]

Keeps the interpolation buffer, the roster and the estimate of the server's clock.
"""

from dataclasses import replace

from game.client.extrapolation import extrapolated
from game.client.frame import DrawnPlayer, Scene
from game.client.match_prediction import LocalPrediction
from game.client.netcode import NetcodeSettings, PredictionMode
from game.match.controls import Controls
from game.match.pitch import PITCHES
from game.match.rules import Phase
from game.protocol.messages import (
    NO_PLAYER,
    BallState,
    GameEvent,
    Goal,
    JoinResponse,
    LimitsChanged,
    OwnState,
    PhaseChanged,
    PlayerState,
    ReadyPlayers,
    Roster,
    RosterEntry,
    Snapshot,
)
from net.measure.lag_monitor import LagMonitor
from net.sync.clock_filter import ClockFilter
from net.sync.interpolation import (
    InterpolationBuffer,
    InterpolationSample,
    MinDelayFilter,
    render_time,
)

# With two intervals of delay, one lost snapshot does not stop the picture.
INTERPOLATION_INTERVALS = 2
# A disc cannot run so far between two snapshots: it was placed there for a kick-off.
TELEPORT_UNITS = 120.0


class SceneBuilder:
    """The view of one client on one match, from its welcome at ``now`` on.

    ``newest``: the newest snapshot; None before the first.
    ``prediction``: None while prediction is off.
    ``announced_score``: with unreliable events, the score as goal events said it. A lost event
    then leaves it wrong, which is the lesson. None: the score of the snapshots is shown.
    """

    def __init__(
        self, response: JoinResponse, clock: ClockFilter, netcode: NetcodeSettings, now: float
    ) -> None:
        self.clock = clock
        self._netcode = netcode
        self.own_id = response.player_id
        self.newest: Snapshot | None = None
        self.prediction: LocalPrediction | None = None
        self.announced_score: tuple[int, int] | None = None
        self.lag_monitor = LagMonitor(now, response.snapshot_ticks, response.tick_hz)
        self._half_s = response.half_s
        self._ready_players = ReadyPlayers(0, (), ())
        self._interval_s = response.snapshot_ticks / response.tick_hz
        self._buffer: InterpolationBuffer[Snapshot] = InterpolationBuffer()
        self._min_delay = MinDelayFilter()
        self._roster: dict[int, RosterEntry] = {}
        self.set_roster(response.roster)

    @property
    def netcode(self) -> NetcodeSettings:
        """The compensation for network delay; may be replaced at any time."""
        return self._netcode

    @netcode.setter
    def netcode(self, netcode: NetcodeSettings) -> None:
        if netcode != self._netcode:
            # Frames of another render time would be counted with those of this one.
            self.lag_monitor.reset_frames()
        self._netcode = netcode

    @property
    def interpolation_s(self) -> float:
        """The interpolation delay in use, in seconds."""
        if not self.netcode.interpolation:
            return 0.0
        if self.netcode.interpolation_s is None:
            return INTERPOLATION_INTERVALS * self._interval_s
        return self.netcode.interpolation_s

    def apply_event(self, event: GameEvent) -> None:
        """Apply an event that changes the scene."""
        if isinstance(event, Roster):
            self.set_roster(event)
        elif isinstance(event, LimitsChanged):
            self._half_s = event.half_s
        elif isinstance(event, ReadyPlayers):
            self._ready_players = event
        elif self.announced_score is None:
            return
        elif isinstance(event, Goal):
            self.announced_score = event.score
        elif isinstance(event, PhaseChanged) and event.half == 1 and event.phase is Phase.KICK_OFF:
            self.announced_score = self.newest.score if self.newest else (0, 0)

    def set_roster(self, roster: Roster) -> None:
        """Replace names, teams and goals of the players."""
        self._roster = {entry.player_id: entry for entry in roster.entries}

    def add(self, own: OwnState, snapshot: Snapshot, received_at: float) -> None:
        """Add a snapshot that arrived at ``received_at``, by the client's clock."""
        is_newest = self.newest is None or snapshot.tick > self.newest.tick
        self._buffer.push(snapshot.time_s, snapshot)
        if is_newest:
            self.newest = snapshot
            self._follow_own_player(own)
            self._correct(own, snapshot, received_at)
        # The least difference of arrival and server time contains the offset of the clocks and the
        # least delay of the path. Drawing needs only this sum, so no error of the offset's estimate
        # can shake the picture.
        self._min_delay.add(received_at, received_at - snapshot.time_s)
        if self.clock.ready:
            stamp_s = snapshot.time_s + snapshot.late_s
            age_s = self.clock.server_time(received_at) - stamp_s
            # The monitor compares times of the server's clock.
            render_time_s = self.render_time_s(received_at)
            self.lag_monitor.add_snapshot(received_at, snapshot.tick, stamp_s, age_s, render_time_s)

    def _follow_own_player(self, own: OwnState) -> None:
        """Use the player that the server has given us: a spectator comes in, or a player leaves."""
        own_id = None if own.player_id == NO_PLAYER else own.player_id
        if own_id != self.own_id:
            self.own_id, self.prediction = own_id, None

    def reset_stats(self, now: float) -> None:
        """Start the statistics of another channel at ``now``."""
        self.lag_monitor.reset(now)
        if self.prediction is not None:
            self.prediction.reset_stats()

    def predict(self, sequence: int, controls: Controls, now: float) -> None:
        """Apply an input to the predicted world, if prediction is on."""
        if self.netcode.prediction is PredictionMode.OFF:
            self.prediction = None
            return
        if self.prediction is None and self.newest is not None and self.own_id is not None:
            reconciling = self.netcode.reconciliation
            self.prediction = LocalPrediction(self.own_id, self.newest, reconciling)
        if self.prediction is not None:
            self.prediction.predict(sequence, controls, now)

    def render_time_s(self, now: float) -> float:
        """Return the server time that is drawn at ``now``."""
        return render_time(now, self._min_delay.min_delay_s(now), self.interpolation_s)

    def age_s(self, now: float) -> float | None:
        """Return the age of the newest snapshot, in seconds; None while unknown."""
        if self.newest is None or not self.clock.ready:
            return None
        # A snapshot that the server sent late is not older because of it.
        return self.clock.server_time(now) - self.newest.time_s - self.newest.late_s

    def sample(self, now: float) -> InterpolationSample[Snapshot] | None:
        """Return the snapshots around the render time; None before the first snapshot."""
        return self._buffer.sample(self.render_time_s(now)) if self.newest else None

    def scene(self, sample: InterpolationSample[Snapshot], now: float) -> Scene:
        """Return the scene of a sample, with extrapolation and prediction as set."""
        if not self.netcode.interpolation and self.newest is not None:
            scene = self._scene_between(self.newest, self.newest, 0.0)
        elif sample.starved and self.netcode.extrapolates:
            after = extrapolated(sample.before, sample.extrapolate_s)
            scene = self._scene_between(after, after, 0.0)
        else:
            scene = self._scene_between(sample.before, sample.after, sample.fraction)
        return self._with_prediction(scene, now)

    @property
    def newest_time_s(self) -> float | None:
        """The server time of the newest snapshot."""
        return self._buffer.newest_time_s

    def scene_at(self, server_time_s: float) -> Scene | None:
        """Return the interpolated scene at a server time, without prediction."""
        sample = self._buffer.sample(server_time_s)
        return self._scene_between(sample.before, sample.after, sample.fraction) if sample else None

    def ball_at(self, server_time_s: float) -> tuple[float, float] | None:
        """Return the interpolated ball at a server time; None before the first snapshot."""
        sample = self._buffer.sample(server_time_s)
        if sample is None:
            return None
        return interpolate(sample.before.ball, sample.after.ball, sample.fraction)

    def _correct(self, own: OwnState, snapshot: Snapshot, now: float) -> None:
        if self.prediction is not None:
            self.prediction.set_reconciling(self.netcode.reconciliation)
            self.prediction.correct(own.last_input, snapshot, now)

    def _scene_between(self, before: Snapshot, after: Snapshot, fraction: float) -> Scene:
        # By id, since players join and leave between two snapshots.
        was = {player.player_id: player for player in before.players}
        ball_x, ball_y = interpolate(before.ball, after.ball, fraction)
        return Scene(
            tick=before.tick,
            phase=before.phase,
            half=before.half,
            clock_s=before.clock_s,
            half_s=self._half_s,
            score=self.announced_score or before.score,
            ball_x=ball_x,
            ball_y=ball_y,
            players=tuple(
                self._drawn(was.get(player.player_id, player), player, fraction)
                for player in after.players
            ),
            pitch=PITCHES[before.pitch_size],
            ready_ids=self._ready_players.ready,
            awaited_ids=self._ready_players.awaited,
        )

    def _drawn(self, was: PlayerState, now: PlayerState, fraction: float) -> DrawnPlayer:
        x, y = interpolate(was, now, fraction)
        entry = self._roster.get(now.player_id)
        return DrawnPlayer(
            player_id=now.player_id,
            name=entry.name if entry else "",
            team=now.team,
            x=x,
            y=y,
            kicking=was.kicking,
            is_own=now.player_id == self.own_id,
            is_bot=entry is not None and entry.is_bot,
            is_ready=now.player_id in self._ready_players.ready,
        )

    def _with_prediction(self, scene: Scene, now: float) -> Scene:
        """Move the own player, and the ball if it is predicted, to the predicted positions."""
        predicted = self.prediction.positions_at(now) if self.prediction else None
        if predicted is None:
            return scene
        players = tuple(
            replace(player, x=predicted.own_x, y=predicted.own_y) if player.is_own else player
            for player in scene.players
        )
        if self.netcode.prediction is PredictionMode.OWN_PLAYER:
            return replace(scene, players=players)
        return replace(scene, players=players, ball_x=predicted.ball_x, ball_y=predicted.ball_y)


def interpolate(
    was: BallState | PlayerState, now: BallState | PlayerState, fraction: float
) -> tuple[float, float]:
    """Return the position (x, y) between two states of a disc; a teleport is not interpolated."""
    if is_teleport(was, now):
        return (now.x, now.y) if fraction >= 1.0 else (was.x, was.y)
    return was.x + (now.x - was.x) * fraction, was.y + (now.y - was.y) * fraction


def is_teleport(was: BallState | PlayerState, now: BallState | PlayerState) -> bool:
    """Return whether a disc was placed (a kick-off) rather than moved."""
    return abs(now.x - was.x) > TELEPORT_UNITS or abs(now.y - was.y) > TELEPORT_UNITS
