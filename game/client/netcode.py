"""What a client does about the delay of its network, as values that can be changed live.  [pure]"""

from dataclasses import dataclass
from enum import Enum


class PredictionMode(Enum):
    """What is drawn ahead of the server.

    Two things at two times meet badly: with only the own player predicted, the ball is drawn
    where it was a round trip ago, and one runs through it.
    """

    OFF = "off"
    OWN_PLAYER = "own player"
    OWN_PLAYER_AND_BALL = "own player and ball"

    @property
    def next(self) -> "PredictionMode":
        """The next one, round and round."""
        order = list(PredictionMode)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True)
class NetcodeSettings:
    """Which netcode are on.

    ``interpolation``: draw between two snapshots, ``interpolation_s`` in the past (None: two
    snapshot intervals); off, the newest snapshot is drawn as it is. ``extrapolation``: carry on
    with the last velocities for a short while when no newer snapshot has come; off, the picture
    freezes. ``reconciliation``: replay the inputs that the server had not used yet on its answer;
    off, the answer is taken as if it were the present.
    """

    interpolation: bool = True
    interpolation_s: float | None = None
    extrapolation: bool = False
    prediction: PredictionMode = PredictionMode.OWN_PLAYER_AND_BALL
    reconciliation: bool = True

    @property
    def extrapolates(self) -> bool:
        """Whether a dry frame is carried on: where there is no buffer, none can run dry."""
        return self.extrapolation and self.interpolation
