"""Session slots: what a peer keeps on a server while its connection is lost.  [pure]

A channel that ends without a close message leaves its slot reserved for a while. The same peer
can claim it again over any transport. A public id names the slot, a secret token proves ownership.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from net.session.event_log import EventLog

__all__ = ["RESERVATION_S", "SessionSlot", "SlotTable"]

# Counted after the ten seconds of silence that end a connection. A laptop that changes its
# network, or a player who restarts the program, is back within this time.
RESERVATION_S = 15.0
# Guessing one of a few hundred tokens of 128 bits is hopeless (RFC 4086, section 8).
TOKEN_BITS = 128
# The id proves nothing and is readable in every hello that resumes. It only has to be unique.
SLOT_ID_BITS = 64

Owner = TypeVar("Owner")


@dataclass(slots=True, eq=False)
class SessionSlot(Generic[Owner]):
    """The owner of a slot, its event log, and the end of its reservation (None: connected).

    ``slot_id`` may be known to all. ``token`` is sent only to the peer that was given the slot.
    ``reserved_until`` is in seconds, by the clock of the caller.
    """

    slot_id: str
    token: str
    owner: Owner
    events: EventLog = field(default_factory=EventLog)
    reserved_until: float | None = None


class SlotTable(Generic[Owner]):
    """All slots of a server.

    A server on a network passes ``random.SystemRandom`` as ``rng``.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._by_id: dict[str, SessionSlot[Owner]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def create(self, owner: Owner) -> SessionSlot[Owner]:
        """Create a slot with a new id and a new token."""
        slot = SessionSlot(self._random_hex(SLOT_ID_BITS), self._random_hex(TOKEN_BITS), owner)
        self._by_id[slot.slot_id] = slot
        return slot

    def token(self, slot_id: str) -> str | None:
        """Return the secret token of a slot; None for an unknown id."""
        slot = self._by_id.get(slot_id)
        return slot.token if slot is not None else None

    def claim(self, slot_id: str) -> SessionSlot[Owner] | None:
        """End the reservation of a slot and return it; None for an unknown id.

        The caller has verified the token before.
        """
        slot = self._by_id.get(slot_id)
        if slot is not None:
            slot.reserved_until = None
        return slot

    def reserve(self, slot: SessionSlot[Owner], now: float) -> None:
        """Keep the slot of a lost connection for ``RESERVATION_S``."""
        slot.reserved_until = now + RESERVATION_S

    def release(self, slot: SessionSlot[Owner]) -> None:
        """Remove a slot: its peer has closed the session, or did not come back in time."""
        self._by_id.pop(slot.slot_id, None)

    def expire(self, now: float) -> list[SessionSlot[Owner]]:
        """Remove and return the slots whose reservation has ended."""
        expired = [
            slot
            for slot in self._by_id.values()
            if slot.reserved_until is not None and slot.reserved_until <= now
        ]
        for slot in expired:
            self.release(slot)
        return expired

    def _random_hex(self, bits: int) -> str:
        return f"{self._rng.getrandbits(bits):0{bits // 4}x}"
