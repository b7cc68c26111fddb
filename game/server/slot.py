"""Player slots: the owners of the server's session slots."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from game.protocol.messages import ClientReport
from game.server.baseline import ClientBaseline
from game.server.room import Member, Room
from net.codec import Codec
from net.link.relay.settings import RelayClient
from net.security.token_bucket import TokenBucket
from net.session.messages import SessionEvent
from net.session.slots import SessionSlot
from net.transport import Address

# A person who types fast sends a line a second. More would push the others' lines away.
REQUESTS_PER_S = 1.0
REQUESTS_BURST = 5.0


class PlayerConnection(Protocol):
    """The connection of a player, as far as lobby and broadcast use it."""

    def send_snapshot(self, body: bytes) -> bool:
        """Send a snapshot, which the next one makes obsolete.

        Return whether it is sure to arrive, if the connection lasts.
        """

    def send_event(self, event: SessionEvent) -> None:
        """Send a numbered event, reliably."""

    def send_unreliable_event(self, body: bytes) -> None:
        """Send an event that may be lost."""

    @property
    def peer(self) -> Address:
        """The client's address."""

    @property
    def relay_client(self) -> RelayClient | None:
        """The client as the relay in front of the server knows it; None without a relay."""

    def close(self) -> None:
        """Close the channel in the background."""

    def dismiss(self, reason: str) -> None:
        """Tell the client that the server has no place for it any more, and close the channel."""


@dataclass(slots=True, eq=False)
class PlayerSlot:
    """A member of a room, and the connection to its client (None: lost, slot reserved).

    ``snapshot_ticks`` is the interval between two snapshots for this client.
    ``baseline``: what its next snapshot is encoded against.
    ``report``: what the client last said of its own connection; None until then.
    ``vote``: the transport that the player named in a blind test; empty without a vote.
    ``requests`` limits how often the client may ask its room for something.
    ``unreliable_events``: kicks and goals are sent as LATEST, a lesson about packet loss.
    """

    room: Room
    member: Member
    codec: Codec
    snapshot_ticks: int
    connection: PlayerConnection | None = None
    unreliable_events: bool = False
    baseline: ClientBaseline = field(default_factory=ClientBaseline)
    report: ClientReport | None = None
    vote: str = ""
    requests: TokenBucket = field(
        default_factory=lambda: TokenBucket(REQUESTS_PER_S, REQUESTS_BURST, perf_counter())
    )


# A slot of the session with its owner.
Slot = SessionSlot[PlayerSlot]
