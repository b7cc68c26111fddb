"""Luck: which packet of a direction is lost, late or doubled, from a seed.  [pure]

The fate of packet number n depends on the seed, the direction and n alone, so every transport that
crosses the same link meets the same luck. Each packet therefore takes the same number of draws,
whatever the profile makes of them, and a profile can change while the stream of luck goes on.
Knows nothing of time, sizes or transports.
"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple


class PacketDraws(NamedTuple):
    """The draws of one packet, each uniform in [0, 1)."""

    loss: float
    jitter: float
    duplicate: float
    duplicate_jitter: float


class PacketDrawStream:
    """The luck of one direction's packets, in the order in which they are sent."""

    __slots__ = ("_draw",)

    def __init__(self, seed: int, direction: str) -> None:
        # Seeding by text is stable across platforms and Python versions (it is hashed by SHA-512).
        self._draw = Random(f"{seed}/{direction}").random

    def draw(self) -> PacketDraws:
        """Return the luck of the next packet."""
        draw = self._draw
        return PacketDraws(draw(), draw(), draw(), draw())


@dataclass(frozen=True, slots=True)
class LossProbabilities:
    """The chance that a packet is lost, after one that was not and after one that was."""

    after_arrival: float
    after_loss: float


def loss_probabilities(loss_ratio: float, burst: float) -> LossProbabilities:
    """Return the chances that give `loss_ratio` in the long run and losses `burst` long on average.

    This is Gilbert's chain (Gilbert 1960, the Gilbert-Elliott model whose bad state loses all):
    with p into the bad state and r out of it, the loss is p / (p + r) and a burst 1 / r long.
    Independent losses come in bursts of 1 / (1 - loss_ratio) on average already, so any shorter
    `burst`, 1 above all, means independent: the same chance after either (Bernoulli).
    """
    if loss_ratio >= 1.0 or burst * (1.0 - loss_ratio) <= 1.0:
        return LossProbabilities(loss_ratio, loss_ratio)
    leave = 1.0 / burst
    enter = leave * loss_ratio / (1.0 - loss_ratio)
    return LossProbabilities(enter, 1.0 - leave)


class GilbertElliott:
    """Decide packet by packet; a chain of two states that reduces to one when independent."""

    __slots__ = ("_lost_last", "_probabilities")

    def __init__(self, loss_ratio: float, burst: float = 1.0) -> None:
        self._probabilities = loss_probabilities(loss_ratio, burst)
        self._lost_last = False

    def set_loss(self, loss_ratio: float, burst: float = 1.0) -> None:
        """Change the chances from the next packet on; a burst under way goes on by the new ones."""
        self._probabilities = loss_probabilities(loss_ratio, burst)

    def is_lost(self, draw: float) -> bool:
        """Decide the next packet by its draw, uniform in [0, 1)."""
        chances = self._probabilities
        chance = chances.after_loss if self._lost_last else chances.after_arrival
        self._lost_last = draw < chance
        return self._lost_last


# Far apart, so that neighbouring seeds of two relays share no client's luck.
_STEP = 1_000_003


def flow_seed(seed: int, number: int) -> int:
    """Return the seed of client `number`, counted from 0; the first has the relay's own."""
    return seed + number * _STEP
