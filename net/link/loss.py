"""Random draws per packet, and the Gilbert-Elliott loss model.  [pure]

The draws of packet number n depend only on the seed, the direction and n. So every transport loses
the same packets on the same link. Each packet takes the same number of draws, whatever the profile
does with them. So a profile can change while the stream of draws goes on.
"""

from dataclasses import dataclass
from random import Random

__all__ = [
    "GilbertElliott",
    "LossProbabilities",
    "PacketDrawStream",
    "PacketDraws",
    "flow_seed",
    "loss_probabilities",
]

# Draws of one packet, each uniform in [0, 1): for its loss, its jitter, its duplication and the
# jitter of the duplicate. A tuple with named fields would take three times as long to make.
PacketDraws = tuple[float, float, float, float]


class PacketDrawStream:
    """Draws for the packets of one direction, in the order of sending."""

    __slots__ = ("_draw",)

    def __init__(self, seed: int, direction: str) -> None:
        # A seed of text is hashed by SHA-512, which is stable across platforms and Python versions.
        self._draw = Random(f"{seed}/{direction}").random

    def draw(self) -> PacketDraws:
        """Return the draws of the next packet."""
        draw = self._draw
        return draw(), draw(), draw(), draw()


@dataclass(frozen=True, slots=True)
class LossProbabilities:
    """Probability that a packet is lost, after one that arrived and after one that was lost."""

    after_arrival: float
    after_loss: float


def loss_probabilities(loss_ratio: float, burst: float) -> LossProbabilities:
    """Return the probabilities for an average ``loss_ratio`` and an average length ``burst``.

    Gilbert's model (Gilbert 1960; the Gilbert-Elliott model whose bad state loses all packets).
    With probabilities p into the bad state and r out of it, the loss ratio is p / (p + r), and a
    burst is 1 / r packets long.

    Independent losses already come in bursts of 1 / (1 - loss_ratio) on average. A ``burst`` that
    is no longer means independent losses.
    """
    if loss_ratio >= 1.0 or burst * (1.0 - loss_ratio) <= 1.0:
        return LossProbabilities(loss_ratio, loss_ratio)
    leave = 1.0 / burst
    enter = leave * loss_ratio / (1.0 - loss_ratio)
    return LossProbabilities(enter, 1.0 - leave)


class GilbertElliott:
    """Loss process with two states: the last packet arrived, or it was lost."""

    __slots__ = ("_lost_last", "_probabilities", "_probability")

    def __init__(self, loss_ratio: float, burst: float = 1.0) -> None:
        self._probabilities = loss_probabilities(loss_ratio, burst)
        self._lost_last = False
        # Of the loss of the last packet.
        self._probability = 0.0

    @property
    def in_burst(self) -> bool:
        """True if the loss of the last packet was more probable than an independent one.

        That is so after another loss of a burst, or while every packet is lost.
        """
        return self._probability > self._probabilities.after_arrival or self._probability >= 1.0

    def set_loss(self, loss_ratio: float, burst: float = 1.0) -> None:
        """Change the probabilities from the next packet on. The state stays."""
        self._probabilities = loss_probabilities(loss_ratio, burst)

    def is_lost(self, draw: float) -> bool:
        """Tell whether the next packet is lost, by its draw, uniform in [0, 1)."""
        after = self._probabilities
        probability = after.after_loss if self._lost_last else after.after_arrival
        self._probability = probability
        self._lost_last = draw < probability
        return self._lost_last


# A large step, so that relays with neighbouring seeds do not share the seed of a client.
_STEP = 1_000_003


def flow_seed(seed: int, number: int) -> int:
    """Return the seed of client ``number``, counted from 0. The first has the relay's own."""
    return seed + number * _STEP
