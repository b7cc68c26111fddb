"""Broadcast of events and snapshots to the clients of one room.

Every message is encoded once for each codec in use, not once for each client. Encoding takes
far longer than sending, and forty clients of a class share one or two codecs. Deltas are encoded
once for each baseline too: most clients hold one of the last three snapshots.
"""

from collections.abc import Callable, Iterable, Sequence

from game.protocol import encoding
from game.protocol.messages import GameEvent, Goal, Kicked, Snapshot
from game.server.room import Room
from game.server.slot import PlayerSlot, Slot

# Sent as LATEST to clients that ask for the lesson: over datagrams some of them are lost.
UNRELIABLE_EVENTS = (Kicked, Goal)


def slots_due(slots: Sequence[Slot], tick: int) -> list[PlayerSlot]:
    """Return the connected players that receive a snapshot at this tick."""
    return [
        player_slot
        for slot in slots
        if tick % (player_slot := slot.owner).snapshot_ticks == 0 and player_slot.connection
    ]


def broadcast_snapshot(room: Room, player_slots: list[PlayerSlot], snapshot: Snapshot) -> None:
    """Send a snapshot of ``room`` to the given players."""
    room.snapshots.add(snapshot)
    for player_slot in player_slots:
        baseline = player_slot.baseline
        shared = room.snapshots.encode(player_slot.codec, baseline.tick)
        # Only these few bytes differ between clients: which input the server has used last.
        own_state = room.own_state(player_slot.member)
        body = encoding.prepend_own_state(shared.data, own_state, shared.kind)
        # An earlier send of this loop may have closed the connection of this player.
        if player_slot.connection and player_slot.connection.send_snapshot(body):
            baseline.note_certain(snapshot.tick)


def broadcast_events(slots: Sequence[Slot], events: Sequence[GameEvent]) -> None:
    """Append the events to every slot's log, and send them to those that are connected.

    A reserved slot has no connection. Its log keeps the events for a client that resumes.
    """
    for event in events:
        encoded: dict[str, bytes] = {}
        for slot in slots:
            player_slot = slot.owner
            codec = player_slot.codec
            if codec.name not in encoded:
                encoded[codec.name] = encoding.encode_event(event, codec)
            body = encoded[codec.name]
            if player_slot.unreliable_events and isinstance(event, UNRELIABLE_EVENTS):
                # Not appended to the log: a resume would repeat it, and nothing would be lost.
                if player_slot.connection:
                    player_slot.connection.send_unreliable_event(body)
                continue
            numbered = slot.events.append(body)
            if player_slot.connection:
                player_slot.connection.send_event(numbered)


def broadcast_at_tick(slots: Iterable[Slot], event_at: Callable[[int], GameEvent]) -> None:
    """Send each client the event that ``event_at`` makes for the present tick of its room."""
    for slot in slots:
        broadcast_events([slot], [event_at(slot.owner.room.match.world.tick)])
