"""Schedule of the actions against client groups, from a seed.  [pure]"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from net.session.liveness import PEER_TIMEOUT_S
from net.session.slots import RESERVATION_S

# A frozen group may lose its slots, which end 25 s after its last message. It then joins anew.
EXPIRY_S = PEER_TIMEOUT_S + RESERVATION_S
FROZEN_S = (0.5, EXPIRY_S + 5.0)
# How often each kind occurs in a round. Each round is shuffled.
ACTION_WEIGHTS = {"switch": 10, "move": 5, "garbage": 3, "probe": 2, "freeze": 2, "kill": 1}
ACTIONS_PER_S_PER_GROUP = 1 / 6


@dataclass(frozen=True, slots=True)
class Action:
    """An action against a group, ``at_s`` after the start; a freeze lasts ``frozen_s``."""

    at_s: float
    group: int
    kind: str
    frozen_s: float = 0.0


def plan(seed: int, groups: int, seconds: float, time_scale: float) -> list[Action]:
    """Return the actions in order of time; ``time_scale`` below 1 makes them more frequent."""
    rng = Random(seed)
    kinds = _shuffled_kinds(rng)
    resumed_at = [0.0] * groups
    actions = []
    at_s = 0.0
    while True:
        at_s += rng.expovariate(ACTIONS_PER_S_PER_GROUP * groups / time_scale)
        if at_s >= seconds:
            return actions
        awake = [number for number in range(groups) if resumed_at[number] <= at_s]
        if not awake:
            continue
        group, kind = rng.choice(awake), next(kinds)
        frozen_s = rng.uniform(*FROZEN_S) * time_scale if kind == "freeze" else 0.0
        resumed_at[group] = at_s + frozen_s
        actions.append(Action(at_s, group, kind, frozen_s))


def _shuffled_kinds(rng: Random) -> Iterator[str]:
    while True:
        kinds = [kind for kind, count in ACTION_WEIGHTS.items() for _ in range(count)]
        rng.shuffle(kinds)
        yield from kinds
