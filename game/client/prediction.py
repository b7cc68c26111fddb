"""The own player, and the ball, ahead of the server: prediction with the game's own step.  [pure]

The others are taken to coast: what they do now nobody here can know. Knows no channel; what was
sent and what the server answered comes in as arguments.
"""

from math import sqrt
from typing import NamedTuple

from game.match import physics
from game.match.controls import Controls
from game.match.physics import TICK_HZ
from game.match.world import Ball, PlayerBody, World
from game.protocol.messages import QUANTUM, Snapshot
from game.protocol.snapshot import world_of
from net.sync.prediction import CorrectionSmoother, CorrectionStats, Predictor

TICK_S = 1 / TICK_HZ
# A correction this large is a kick-off or a long stall: gliding there would be a lie.
SNAP_DISTANCE_UNITS = 150.0


class PredictedPositions(NamedTuple):
    """Where to draw the own player and the ball, in pitch units."""

    own_x: float
    own_y: float
    ball_x: float
    ball_y: float


class LocalPrediction:
    """Predicts one player's world from a first snapshot on."""

    def __init__(self, own_id: int, snapshot: Snapshot, reconciling: bool) -> None:
        self._own_id = own_id
        self._predictor: Predictor[World, Controls] = Predictor(
            world_of(snapshot), self._step, self._distance, 2 * QUANTUM, reconciling
        )
        self._stepped_at = 0.0
        self._own_offset = CorrectionSmoother(SNAP_DISTANCE_UNITS)
        self._ball_offset = CorrectionSmoother(SNAP_DISTANCE_UNITS)

    @property
    def corrections(self) -> CorrectionStats:
        """How often, and by how many pitch units, the server corrected the own player."""
        return self._predictor.stats()

    def reset_stats(self) -> None:
        """Count corrections from here on."""
        self._predictor.reset_stats()

    def set_reconciling(self, reconciling: bool) -> None:
        """Turn reconciliation on or off from the next snapshot on."""
        self._predictor.reconciling = reconciling

    def predict(self, sequence: int, controls: Controls, now: float) -> None:
        """Step with an input that was sent ``now``."""
        self._predictor.predict(sequence, controls)
        self._stepped_at = now

    def correct(self, last_input: int, snapshot: Snapshot, now: float) -> None:
        """Take the server's state after it has used ``last_input``."""
        correction = self._predictor.reconcile(last_input, world_of(snapshot))
        if self._predictor.reconciling:
            before, after = correction.before, correction.after
            self._smooth(self._own_offset, self._own(before), self._own(after), now)
            self._smooth(self._ball_offset, before.ball, after.ball, now)

    def positions_at(self, now: float) -> PredictedPositions | None:
        """Return what to draw; None while the own player is not on the pitch."""
        world = self._predictor.state
        own = self._own(world)
        if own is None:
            return None
        ahead_s = min(max(now - self._stepped_at, 0.0), TICK_S)
        own_dx, own_dy = self._own_offset.offset_at(now)
        ball_dx, ball_dy = self._ball_offset.offset_at(now)
        ball = world.ball
        return PredictedPositions(
            own.x + own.vx * ahead_s + own_dx,
            own.y + own.vy * ahead_s + own_dy,
            ball.x + ball.vx * ahead_s + ball_dx,
            ball.y + ball.vy * ahead_s + ball_dy,
        )

    def _own(self, world: World) -> PlayerBody | None:
        return world.players.get(self._own_id)

    def _step(self, world: World, controls: Controls) -> World:
        after = world.copy()
        physics.step(after, {self._own_id: controls})
        return after

    def _distance(self, one: World, other: World) -> float:
        here, there = self._own(one), self._own(other)
        if here is None or there is None:
            return 0.0
        dx, dy = here.x - there.x, here.y - there.y
        return sqrt(dx * dx + dy * dy)

    @staticmethod
    def _smooth(
        offset: CorrectionSmoother,
        was: PlayerBody | Ball | None,
        now_is: PlayerBody | Ball | None,
        now: float,
    ) -> None:
        if was is not None and now_is is not None:
            offset.add(now, was.x - now_is.x, was.y - now_is.y)
