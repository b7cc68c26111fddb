"""Places that outlive their channel, found again by their id and proved by a token.  [pure]

A place is what a peer has on a server (here: a player in a match). When its channel ends without
a goodbye the place is kept for a while, so that the same peer comes back to it, over whichever
transport. Knows nothing of what a place holds.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from net.session.event_log import EventLog

# On top of the ten seconds of silence after which a peer counts as gone: a laptop that changes
# its network, or a player who restarts the program, is back within that.
RESERVATION_S = 15.0
# 128 bits: guessing one of a few hundred tokens is hopeless.
TOKEN_BITS = 128
# Says which place, and proves nothing: it stands readable in every hello that resumes.
SLOT_ID_BITS = 64

Owner = TypeVar("Owner")


@dataclass(slots=True, eq=False)
class SessionSlot(Generic[Owner]):
    """An occupant, its events, and until when it is kept (None: in use).

    ``place_id`` may be known to all, ``token`` only to the peer that was given the place.
    """

    slot_id: str
    token: str
    owner: Owner
    events: EventLog = field(default_factory=EventLog)
    reserved_until: float | None = None


class SlotTable(Generic[Owner]):
    """All places of a server. ``rng`` must be ``random.SystemRandom`` wherever strangers come."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._by_id: dict[str, SessionSlot[Owner]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def create(self, owner: Owner) -> SessionSlot[Owner]:
        """Make a place with an id and a token of its own."""
        place = SessionSlot(self._random_hex(SLOT_ID_BITS), self._random_hex(TOKEN_BITS), owner)
        self._by_id[place.slot_id] = place
        return place

    def token(self, slot_id: str) -> str | None:
        """Return what proves that a place is one's own; None for one that was never given."""
        place = self._by_id.get(slot_id)
        return place.token if place is not None else None

    def claim(self, slot_id: str) -> SessionSlot[Owner] | None:
        """Find a place and mark it in use; None if it was never given or has ended.

        That the peer knows its token is the caller's to prove.
        """
        place = self._by_id.get(slot_id)
        if place is not None:
            place.reserved_until = None
        return place

    def reserve(self, slot: SessionSlot[Owner], now: float) -> None:
        """Keep a place whose peer has vanished for ``RESERVATION_S``."""
        slot.reserved_until = now + RESERVATION_S

    def release(self, slot: SessionSlot[Owner]) -> None:
        """Forget a place: its peer said goodbye, or did not come back."""
        self._by_id.pop(slot.slot_id, None)

    def expire(self, now: float) -> list[SessionSlot[Owner]]:
        """Forget and return the places that were kept long enough."""
        over = [
            place
            for place in self._by_id.values()
            if place.reserved_until is not None and place.reserved_until <= now
        ]
        for place in over:
            self.release(place)
        return over

    def _random_hex(self, bits: int) -> str:
        return f"{self._rng.getrandbits(bits):0{bits // 4}x}"
