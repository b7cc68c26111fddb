"""Netcode settings: the compensation for network delay, changeable during the match.  [pure]"""

from dataclasses import dataclass
from enum import Enum


class PredictionMode(Enum):
    """Choice of the discs that are drawn ahead of the server.

    With only the own player predicted, player and ball are drawn at two different times. The ball
    lags by a round trip, and the player seems to run through it.
    """

    OFF = "off"
    OWN_PLAYER = "own player"
    OWN_PLAYER_AND_BALL = "own player and ball"

    @property
    def next(self) -> "PredictionMode":
        """The next mode; the first after the last."""
        order = list(PredictionMode)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True)
class NetcodeSettings:
    """The techniques of delay compensation that are on.

    ``interpolation``: draw between two snapshots. Off: draw the newest snapshot as it is.
    ``interpolation_s``: the interpolation delay; None for two snapshot intervals.
    ``extrapolation``: without a newer snapshot, move on with the last velocities for a while. Off:
    the picture freezes.
    ``deltas``: receive snapshots as changes against one that this client holds. Off: whole ones.
    ``reconciliation``: replay unacknowledged inputs on each server state. Off: take the server
    state as the present, though it is a round trip old.
    """

    interpolation: bool = True
    interpolation_s: float | None = None
    extrapolation: bool = False
    prediction: PredictionMode = PredictionMode.OWN_PLAYER_AND_BALL
    reconciliation: bool = True
    deltas: bool = True

    @property
    def extrapolates(self) -> bool:
        """True if a starved frame is extrapolated: without interpolation no frame is starved."""
        return self.extrapolation and self.interpolation
