"""What will befall the crowds, and when: all of it follows from a seed.  [pure]"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from net.session.session import PEER_TIMEOUT_S
from net.session.slots import RESERVATION_S

# A frozen crowd may lose its places (kept for 25 s after its last word) and must join afresh.
GONE_AFTER_S = PEER_TIMEOUT_S + RESERVATION_S
FROZEN_S = (0.5, GONE_AFTER_S + 5.0)
# The tempers of chaos: so many cards of each in a pack that is shuffled and dealt, again and again.
PACK = {"switch": 10, "move": 5, "garbage": 3, "knock": 2, "freeze": 2, "kill": 1}
DEEDS_PER_S_PER_CROWD = 1 / 6


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a crowd, ``at_s`` after the beginning; a freeze lasts ``frozen_s``."""

    at_s: float
    crowd: int
    kind: str
    frozen_s: float = 0.0


def plan(seed: int, crowds: int, seconds: float, patience: float) -> list[Deed]:
    """Return the deeds in their order; with less ``patience`` they come faster and are shorter."""
    rng = Random(seed)
    pack = _deal(rng)
    thawed_at = [0.0] * crowds
    deeds = []
    at_s = 0.0
    while True:
        at_s += rng.expovariate(DEEDS_PER_S_PER_CROWD * crowds / patience)
        if at_s >= seconds:
            return deeds
        awake = [number for number in range(crowds) if thawed_at[number] <= at_s]
        if not awake:
            continue
        crowd, kind = rng.choice(awake), next(pack)
        frozen_s = rng.uniform(*FROZEN_S) * patience if kind == "freeze" else 0.0
        thawed_at[crowd] = at_s + frozen_s
        deeds.append(Deed(at_s, crowd, kind, frozen_s))


def _deal(rng: Random) -> Iterator[str]:
    while True:
        cards = [kind for kind, count in PACK.items() for _ in range(count)]
        rng.shuffle(cards)
        yield from cards
