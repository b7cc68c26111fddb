"""Player slots: the owners of the server's session slots."""

from dataclasses import dataclass, field
from typing import Protocol

from game.server.baseline import ClientBaseline
from game.server.room import Member, Room
from net.codec import Codec
from net.session.messages import SessionEvent


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

    def close(self) -> None:
        """Close the channel in the background."""


@dataclass(slots=True, eq=False)
class PlayerSlot:
    """A member of a room, and the connection to its client (None: lost, slot reserved).

    ``snapshot_ticks`` is the interval between two snapshots for this client.
    ``baseline``: what its next snapshot is encoded against.
    ``unreliable_events``: kicks and goals are sent as LATEST, a lesson about packet loss.
    """

    room: Room
    member: Member
    codec: Codec
    snapshot_ticks: int
    connection: PlayerConnection | None = None
    unreliable_events: bool = False
    baseline: ClientBaseline = field(default_factory=ClientBaseline)
