"""Requests of clients to their rooms: change sides, watch, pause, chat."""

import logging
from dataclasses import dataclass

from game.match.pitch import PitchSize
from game.match.roster import MatchFullError
from game.match.rules import GOALS_MAX, HALF_S_PER_MINUTE, MINUTES_MAX
from game.match.world import Team
from game.protocol import encoding
from game.protocol.messages import CHAT_LIMIT, MessageKind, Notice, RoomAction, RoomRequest
from game.protocol.untrusted_text import sanitize_text
from game.server.broadcast import broadcast_events
from game.server.room import Room
from game.server.slot import PlayerSlot, Slot

log = logging.getLogger(__name__)

ROOM_REQUEST = bytes((MessageKind.ROOM_REQUEST,))

# The least and the largest number that a request may set.
_LIMITS = {
    RoomAction.SET_MINUTES: (1, int(MINUTES_MAX)),
    RoomAction.SET_GOAL_LIMIT: (0, GOALS_MAX),
    RoomAction.SET_PITCH: (min(PitchSize), max(PitchSize)),
}
_TEAMS = {RoomAction.PLAY_ORANGE: Team.ORANGE, RoomAction.PLAY_SKY: Team.SKY}


@dataclass(frozen=True, slots=True)
class RoomRights:
    """Permissions of the players in their rooms.

    ``chat``: write lines to the others. ``pause``: stop the match, which only the player who is
    there longest may do.
    """

    chat: bool = True
    pause: bool = True


def answer_room_request(slot: Slot, body: bytes, rights: RoomRights, now: float) -> None:
    """Carry out a client's request, or tell it why not; drop requests that come too often.

    Raises ``DecodeError``.
    """
    player_slot = slot.owner
    request = encoding.decode_room_request(body, player_slot.codec)
    if not player_slot.requests.consume(1.0, now):
        log.debug("%r asks too often", player_slot.member.name)
        return
    refusal = _apply(player_slot, request, rights)
    if refusal:
        tick = player_slot.room.match.world.tick
        broadcast_events([slot], [Notice(tick, refusal)])


def _set_limit(room: Room, request: RoomRequest) -> str:
    """Change the length of the match, its goal limit or pitch; return why not, empty if it was."""
    least, most = _LIMITS[request.action]
    # No more digits than the largest number has, and none of other scripts.
    is_number = len(request.text) <= 3 and request.text.isascii() and request.text.isdigit()
    if not (is_number and least <= int(request.text) <= most):
        return f"give a number from {least} to {most}"
    number, settings = int(request.text), room.match.settings
    half_s, goals, pitch_size = settings.half_s, settings.goal_limit, settings.pitch_size
    match request.action:
        case RoomAction.SET_MINUTES:
            half_s = number * HALF_S_PER_MINUTE
        case RoomAction.SET_GOAL_LIMIT:
            goals = number
        case RoomAction.SET_PITCH:
            pitch_size = PitchSize(number)
    room.set_limits(half_s, goals, pitch_size)
    return ""


def _apply(player_slot: PlayerSlot, request: RoomRequest, rights: RoomRights) -> str:
    """Apply a request; return why it was refused, empty if it was not."""
    room, member = player_slot.room, player_slot.member
    match request.action:
        case RoomAction.PLAY_ORANGE | RoomAction.PLAY_SKY:
            try:
                room.play_for(member, _TEAMS[request.action])
            except MatchFullError as full:
                return str(full)
        case RoomAction.WATCH:
            room.watch(member)
        case RoomAction.PAUSE | RoomAction.GO_ON:
            if not rights.pause:
                return "only the teacher stops this match"
            if room.members[0] is not member:
                return f"only {room.members[0].name} stops this match"
            room.set_paused(request.action is RoomAction.PAUSE, member.name)
        case RoomAction.SET_MINUTES | RoomAction.SET_GOAL_LIMIT | RoomAction.SET_PITCH:
            if not rights.pause:
                return "only the teacher sets length, goal limit and pitch"
            if room.members[0] is not member:
                return f"only {room.members[0].name} sets length, goal limit and pitch"
            return _set_limit(room, request)
        case RoomAction.READY | RoomAction.NOT_READY:
            room.set_ready(member, request.action is RoomAction.READY)
        case RoomAction.CHAT:
            if not rights.chat:
                return "this server has no chat"
            text = sanitize_text(request.text, CHAT_LIMIT)
            if text:
                room.chat(member, text)
    return ""
