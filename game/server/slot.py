"""game/server/slot.py."""

from dataclasses import dataclass

from game.server.connection import ClientConnection
from game.server.room import Member, Room
from net.codec import Codec


@dataclass(slots=True, eq=False)
class PlayerSlot:
    """What a place on this server holds: a member of a room, and how to reach it just now."""

    room: Room
    member: Member
    codec: Codec
    snapshot_ticks: int
    connection: ClientConnection | None = None
    unreliable_events: bool = False
