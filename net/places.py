"""Places that outlive their channel, found again by a secret token.  [pure]

A place is what a peer has on a server (here: a player in a match). When its channel ends without
a goodbye the place is kept for a while, so that the same peer comes back to it, over whichever
transport. Knows nothing of what a place holds.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from net.events import EventLog

# On top of the ten seconds of silence after which a peer counts as gone: a laptop that changes
# its network, or a player who restarts the program, is back within that.
PLACE_KEPT_S = 15.0
# 128 bits: guessing one of a few hundred tokens is hopeless.
TOKEN_BITS = 128

Occupant = TypeVar("Occupant")


@dataclass(slots=True, eq=False)
class Place(Generic[Occupant]):
    """An occupant, the token that finds it, its events; kept until when (None: in use)."""

    token: str
    occupant: Occupant
    events: EventLog = field(default_factory=EventLog)
    kept_until: float | None = None


class Places(Generic[Occupant]):
    """All places of a server. ``rng`` must be ``random.SystemRandom`` wherever strangers come."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._by_token: dict[str, Place[Occupant]] = {}

    def __len__(self) -> int:
        return len(self._by_token)

    def take(self, occupant: Occupant) -> Place[Occupant]:
        """Make a place with a token of its own."""
        place = Place(f"{self._rng.getrandbits(TOKEN_BITS):032x}", occupant)
        self._by_token[place.token] = place
        return place

    def resume(self, token: str) -> Place[Occupant] | None:
        """Find the place of a token and mark it in use; None if it was never given or has ended."""
        place = self._by_token.get(token)
        if place is not None:
            place.kept_until = None
        return place

    def vacate(self, place: Place[Occupant], now: float) -> None:
        """Keep a place whose peer has vanished for ``PLACE_KEPT_S``."""
        place.kept_until = now + PLACE_KEPT_S

    def end(self, place: Place[Occupant]) -> None:
        """Forget a place: its peer said goodbye, or did not come back."""
        self._by_token.pop(place.token, None)

    def expire(self, now: float) -> list[Place[Occupant]]:
        """Forget and return the places that were kept long enough."""
        over = [
            place
            for place in self._by_token.values()
            if place.kept_until is not None and place.kept_until <= now
        ]
        for place in over:
            self.end(place)
        return over
