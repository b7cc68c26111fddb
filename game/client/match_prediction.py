"""Prediction of the match at the client: own player and ball, with reconciliation.  [pure]

The client steps its own copy of the world with the same physics as the server. So a key press shows
at once. Each server state is followed by a replay of the inputs it does not contain. Other players
coast in the prediction: their present inputs are unknown.

Source: Gabriel Gambetta, "Client-Side Prediction and Server Reconciliation".
"""

from math import sqrt
from typing import NamedTuple

from game.match import physics
from game.match.controls import Controls
from game.match.physics import TICK_HZ
from game.match.world import Ball, PlayerBody, World
from game.protocol.messages import QUANTUM, Snapshot
from game.protocol.snapshot import world_of
from net.sync.prediction import CorrectionStats, Predictor
from net.sync.smoothing import CorrectionSmoother

TICK_S = 1 / TICK_HZ
# A larger correction is a kick-off or follows a long stall. Gliding there would show a movement
# that never happened.
SNAP_DISTANCE_UNITS = 150.0
# Snapshots round each coordinate. A difference of two quanta is rounding, and no correction.
CORRECTION_MIN_UNITS = 2 * QUANTUM


class PredictedPositions(NamedTuple):
    """Positions at which to draw the own player and the ball, in pitch units."""

    own_x: float
    own_y: float
    ball_x: float
    ball_y: float


class LocalPrediction:
    """The predicted world of one player, from a first snapshot on."""

    def __init__(self, own_id: int, snapshot: Snapshot, reconciling: bool) -> None:
        self._own_id = own_id
        self._predictor: Predictor[World, Controls] = Predictor(
            world_of(snapshot), self._step, self._distance, CORRECTION_MIN_UNITS, reconciling
        )
        self._stepped_at = 0.0
        self._own_offset = CorrectionSmoother(SNAP_DISTANCE_UNITS)
        self._ball_offset = CorrectionSmoother(SNAP_DISTANCE_UNITS)

    @property
    def corrections(self) -> CorrectionStats:
        """Count and sizes of the server's corrections of the own player, in pitch units."""
        return self._predictor.stats()

    def reset_stats(self) -> None:
        """Count corrections from here on."""
        self._predictor.reset_stats()

    def set_reconciling(self, reconciling: bool) -> None:
        """Turn reconciliation on or off, from the next snapshot on."""
        self._predictor.reconciling = reconciling

    def predict(self, sequence: int, controls: Controls, now: float) -> None:
        """Step with the input that is sent at ``now``."""
        self._predictor.predict(sequence, controls)
        self._stepped_at = now

    def correct(self, last_input: int, snapshot: Snapshot, now: float) -> None:
        """Rebase on a server state that contains the inputs up to ``last_input``."""
        correction = self._predictor.reconcile(last_input, world_of(snapshot))
        # Without reconciliation the jump back by a round trip is the lesson, and is not hidden.
        if self._predictor.reconciling:
            before, after = correction.before, correction.after
            # The simulation jumps to the corrected state. Only the drawing keeps the difference
            # as an offset, and lets it decay.
            self._smooth(self._own_offset, self._own(before), self._own(after), now)
            self._smooth(self._ball_offset, before.ball, after.ball, now)

    def positions_at(self, now: float) -> PredictedPositions | None:
        """Return what to draw; None while the own player is not on the pitch."""
        world = self._predictor.state
        own = self._own(world)
        if own is None:
            return None
        # Frames do not coincide with ticks. Moving on within the tick avoids a visible step, and
        # one tick is the limit: if ticks stop, the player stops too.
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
        # A copy: the predictor keeps earlier states to compare them with the server's.
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
        before: PlayerBody | Ball | None,
        after: PlayerBody | Ball | None,
        now: float,
    ) -> None:
        if before is not None and after is not None:
            offset.add(now, before.x - after.x, before.y - after.y)
