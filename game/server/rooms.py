"""Rooms of a server and the player slots in them: joining, resuming and leaving.

A client that loses its connection keeps its slot, and so its player, until the reservation ends.
"""

import itertools
import logging
from collections.abc import Sequence
from random import Random, SystemRandom

from game.match.roster import MatchFullError
from game.protocol import encoding
from game.protocol.look_alikes import skeleton
from game.protocol.messages import JoinRequest
from game.protocol.names import DEFAULT_NAME, DEFAULT_ROOM, NAME_LIMIT, ROOM_LIMIT
from game.protocol.snapshot_rate import ticks_between_snapshots
from game.protocol.untrusted_text import sanitize_text
from game.server.baseline import ClientBaseline
from game.server.connection import ClientConnection
from game.server.room import Room
from game.server.settings import ServerSettings
from game.server.slot import PlayerSlot, Slot
from net.codec import CODECS, Codec
from net.session.messages import Hello, RefusalReason, Welcome
from net.session.slots import SlotTable

log = logging.getLogger(__name__)


class Lobby:
    """Rooms by name, each with the slots of its members.

    ``slots`` holds connected and reserved slots of all rooms.
    A room opens with its first member and closes with its last.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.rooms: dict[str, Room] = {}
        # Slot ids and tokens are secrets: they must not follow from the seed of the matches.
        self.slots: SlotTable[PlayerSlot] = SlotTable(SystemRandom())
        self._settings = settings
        self._rng = Random(settings.seed)
        self._slots_by_room: dict[Room, list[Slot]] = {}
        self._snapshot_offsets = itertools.count()

    def slots_in(self, room: Room) -> Sequence[Slot]:
        """Return the slots of a room, in the order of joining."""
        return self._slots_by_room[room]

    def all_slots(self) -> list[Slot]:
        """Return the slots of all rooms."""
        return [slot for room in self.rooms.values() for slot in self._slots_by_room[room]]

    def join(self, connection: ClientConnection, hello: Hello, request: JoinRequest) -> bool:
        """Welcome a client: to the slot that its hello resumes, or to a new one.

        ``request`` is the payload of the hello. The session has verified password and resume token
        before.
        Return whether the client resumes without the events that it missed: they are not kept any
        more. The welcome does not carry all that they changed.
        Raises ``SessionRefused`` if there is no free slot.
        """
        slot = self.slots.claim(hello.slot_id) if hello.slot_id else None
        resumed = slot is not None
        if slot is None:
            slot = self._create_slot(connection, request, CODECS[hello.codec])
        player_slot = slot.owner
        player_slot.unreliable_events = request.unreliable_events
        # The client may not have received what was last sent over another connection.
        player_slot.baseline = ClientBaseline(request.deltas)
        connection.channel.set_nagle(request.nagle)
        missed = slot.events.since(hello.last_event) if resumed else None
        if player_slot.codec.name != hello.codec:
            # The log holds events in the old codec, which this client cannot read any more. The
            # welcome carries the whole state instead.
            player_slot.codec, missed = CODECS[hello.codec], None
        self._attach(connection, slot)
        response = player_slot.room.join_response(
            player_slot.member, player_slot.snapshot_ticks, request.deltas
        )
        connection.session.welcome(
            Welcome(
                # A token is sent once, so that a later channel without encryption cannot leak it.
                token="" if resumed else slot.token,
                resumed=resumed,
                last_event=slot.events.last_number if missed is None else hello.last_event,
                payload=encoding.encode_join_response(response),
                slot_id=slot.slot_id,
            )
        )
        for event in missed or []:
            connection.send_event(event)
        return resumed and missed is None

    def leave(self, connection: ClientConnection, was_closed_by_peer: bool, now: float) -> None:
        """Remove the slot of a client that left; reserve that of a lost connection."""
        slot = connection.slot
        # After a switch of transport the slot belongs to the newer connection.
        if slot is None or slot.owner.connection is not connection:
            return
        slot.owner.connection = None
        slot.owner.member.is_connected = False
        if was_closed_by_peer:
            self.slots.release(slot)
            self._remove(slot)
        else:
            self.slots.reserve(slot, now)

    def expire_slots(self, now: float) -> None:
        """Remove the players whose reservation has ended."""
        for slot in self.slots.expire(now):
            log.info("%r did not reconnect in time", slot.owner.member.name)
            self._remove(slot)

    def remove(self, slot: Slot) -> None:
        """Remove a slot and its player, whether it is connected or not."""
        slot.owner.connection = None
        self.slots.release(slot)
        self._remove(slot)

    def _create_slot(
        self, connection: ClientConnection, request: JoinRequest, codec: Codec
    ) -> Slot:
        """Add a member to the room that the request names, and return its new slot.

        Raises ``SessionRefused`` if server or room is full, or the room does not exist.
        """
        if len(self.slots) >= self._settings.room_limits.slots:
            raise connection.session.refuse(
                RefusalReason.TOO_MANY_CONNECTIONS,
                "too many players have just left: try again in a few seconds",
            )
        room = self._find_room(connection, sanitize_text(request.room, ROOM_LIMIT))
        name = sanitize_text(request.name, NAME_LIMIT) or DEFAULT_NAME
        transport = connection.channel.transport.name
        try:
            member = room.join(name, transport, request.watch, request.team)
        except MatchFullError as full:
            raise connection.session.refuse(
                RefusalReason.ROOM_FULL, f"room {room.name!r}: {full}"
            ) from full
        interval_ticks = ticks_between_snapshots(request.snapshot_hz or self._settings.snapshot_hz)
        slot = self.slots.create(PlayerSlot(room, member, codec, interval_ticks))
        self._slots_by_room[room].append(slot)
        log.info("%s joins room %r as %r", connection, room.name, member.name)
        return slot

    def _find_room(self, connection: ClientConnection, requested: str) -> Room:
        """Return the room of that name; open it if that is allowed.

        Raises ``SessionRefused`` if it is not.
        """
        names = self._settings.rooms
        name = requested or self._uncrowded_room()
        # A room whose name looks like the requested one is meant: nobody could tell the two apart.
        alike = (each for each in names or self.rooms if skeleton(each) == skeleton(name))
        name = next(alike, name)
        if names and name not in names:
            text = f"no room is called {name!r} here: there are {', '.join(names)}"
            raise connection.session.refuse(RefusalReason.BAD_ROOM, text)
        room = self.rooms.get(name)
        if room is None:
            if len(self.rooms) >= self._settings.room_limits.rooms:
                text = f"there are {len(self.rooms)} rooms already: choose one of them"
                raise connection.session.refuse(RefusalReason.BAD_ROOM, text)
            room = Room(name, self._settings.room, self._rng.getrandbits(32))
            # Rooms take turns. Else all snapshots of a server would leave in the same tick, and
            # this tick would be late.
            room.offset_ticks = next(self._snapshot_offsets)
            self.rooms[name] = room
            self._slots_by_room[room] = []
        return room

    def _uncrowded_room(self) -> str:
        """Return the room for a client that names none: the first one with space, else a new one.

        With ``--room`` no other room opens. If all are crowded, people go to the first.
        """
        size, names = self._settings.room.size, self._settings.rooms
        first = names[0] if names else DEFAULT_ROOM
        numbered = (f"{first} {number}" for number in itertools.count(2))
        for name in names or itertools.chain([first], numbered):
            room = self.rooms.get(name)
            is_crowded = room is not None and 0 < size <= room.player_count
            if not is_crowded:
                return name
        return first

    def _attach(self, connection: ClientConnection, slot: Slot) -> None:
        """Bind a slot to a connection, and close the older connection of the same slot."""
        player_slot = slot.owner
        if player_slot.connection is not None:
            player_slot.connection.close()
        player_slot.connection = connection
        player_slot.member.is_connected = True
        connection.slot = slot
        transport = connection.channel.transport.name
        player_slot.room.set_transport(player_slot.member, transport)

    def _remove(self, slot: Slot) -> None:
        """Take a slot's member out of its room."""
        room, member = slot.owner.room, slot.owner.member
        log.info("%r leaves room %r", member.name, room.name)
        room.leave(member)
        self._slots_by_room[room].remove(slot)
        if not room.members:
            del self.rooms[room.name], self._slots_by_room[room]
