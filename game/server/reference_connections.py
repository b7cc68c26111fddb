"""References: connections that receive a room's snapshots over no emulated link.

In class mode a web page opens one beside its player's connection, and draws ghosts from it. A
reference takes no place in the room, is in no table, and sends nothing after its hello. Thread: the
event loop's.
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from game.protocol import encoding
from game.protocol.names import NAME_LIMIT, ROOM_LIMIT
from game.protocol.snapshot_rate import ticks_between_snapshots
from game.protocol.untrusted_text import sanitize_text
from game.server.connection import ClientConnection
from game.server.room import Member, Room
from game.server.slot import PlayerSlot, Slot
from net.codec import CODECS
from net.errors import DecodeError
from net.session.messages import Hello, RefusalReason, Welcome
from net.session.slots import SessionSlot

log = logging.getLogger(__name__)

# It cannot be resumed: there is no player to keep for it.
_NO_SLOT_ID = _NO_TOKEN = ""


class References:
    """The references of all rooms, and the ``ConnectionHandler`` of their connections.

    ``rooms`` are the open rooms by name: a reference opens none. ``forget`` is called with each
    connection that ends.
    """

    def __init__(
        self,
        rooms: Mapping[str, Room],
        snapshot_hz: int,
        forget: Callable[[ClientConnection], None],
    ) -> None:
        self._rooms = rooms
        self._snapshot_ticks = ticks_between_snapshots(snapshot_hz)
        self._forget = forget
        self._slots: dict[ClientConnection, Slot] = {}

    def __contains__(self, connection: ClientConnection) -> bool:
        return connection in self._slots

    def slots_in(self, room: Room) -> Sequence[Slot]:
        """Return the references of a room."""
        return [slot for slot in self._slots.values() if slot.owner.room is room]

    def on_hello(self, connection: ClientConnection, hello: Hello) -> None:
        """Welcome a client as a spectator without a place (``ConnectionHandler``)."""
        request = encoding.decode_join_request(hello.payload)
        room = self._rooms.get(sanitize_text(request.room, ROOM_LIMIT))
        if room is None:
            text = "no such room is open: a reference opens none"
            raise connection.session.refuse(RefusalReason.BAD_ROOM, text)
        name = sanitize_text(request.name, NAME_LIMIT)
        member = Member(name, connection.channel.transport.name, player_id=None)
        owner = PlayerSlot(room, member, CODECS[hello.codec], self._snapshot_ticks, connection)
        connection.slot = self._slots[connection] = SessionSlot(_NO_SLOT_ID, _NO_TOKEN, owner)
        response = room.join_response(member, self._snapshot_ticks)
        connection.session.welcome(
            Welcome(
                token=_NO_TOKEN,
                resumed=False,
                last_event=0,
                payload=encoding.encode_join_response(response),
                slot_id=_NO_SLOT_ID,
            )
        )
        log.debug("%s is a reference in room %r", connection, room.name)

    def on_message(self, connection: ClientConnection, body: bytes) -> None:
        """Refuse what a player would send (``ConnectionHandler``). Raises ``DecodeError``."""
        raise DecodeError("a reference sends no messages of the game")

    def on_disconnect(self, connection: ClientConnection, was_closed_by_peer: bool) -> None:
        """Forget a connection (``ConnectionHandler``)."""
        self._slots.pop(connection, None)
        self._forget(connection)

    def dismiss_roomless(self) -> None:
        """Close the connections of rooms that have closed."""
        for connection, slot in self._slots.items():
            if self._rooms.get(slot.owner.room.name) is not slot.owner.room:
                connection.dismiss("the room was closed")
