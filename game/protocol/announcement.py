"""Announcement of a server to programs that search the network for a game.  [pure]

It is the body of a reply to a probe (``net/discovery/probe.py``), as a JSON array.
"""

from dataclasses import dataclass, replace

from game.protocol.messages import MAX_TEXT_CHARS
from game.protocol.names import NAME_LIMIT, ROOM_LIMIT
from game.protocol.untrusted_text import sanitize_text
from net.codec import JSON
from net.discovery.probe import BODY_MAX_BYTES
from net.errors import DecodeError
from net.schema import BOOLEAN, RecordCodec, integer, record, text, tuple_of
from net.session.messages import PROTOCOL_VERSION
from net.transport import PORT_MAX

# More characters than a list of games shows.
TITLE_LIMIT = 24
_ROOMS_MAX = 64
_TRANSPORTS_MAX = 16
_COUNT_MAX = 100_000


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room, and the number of people who play in it."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """One server. ``server_id`` is chosen at its start, and the same over all network cards.

    ``title``: the name of its computer.
    ``host``: the address to join at; empty for the address that the reply came from.
    ``people``: players without bots and spectators, in all rooms.
    ``rooms``: those that fit into a reply; ``room_count`` is the number of all.
    """

    server_id: str
    title: str
    host: str
    port: int
    version: int
    has_password: bool
    uses_tls: bool
    people: int
    room_count: int
    transports: tuple[str, ...]
    rooms: tuple[RoomLine, ...]

    @property
    def is_joinable(self) -> bool:
        """True if the server speaks our version of the protocol."""
        return self.version == PROTOCOL_VERSION


_COUNT = integer(0, _COUNT_MAX)
_ROOM_LINE = record(RoomLine, text(MAX_TEXT_CHARS), _COUNT)
_ANNOUNCEMENT = record(
    Announcement,
    text(MAX_TEXT_CHARS),
    text(MAX_TEXT_CHARS),
    text(MAX_TEXT_CHARS),
    integer(1, PORT_MAX),
    integer(0, 255),
    BOOLEAN,
    BOOLEAN,
    _COUNT,
    _COUNT,
    tuple_of(text(MAX_TEXT_CHARS), _TRANSPORTS_MAX),
    tuple_of(_ROOM_LINE, _ROOMS_MAX),
)

ANNOUNCEMENT_RECORDS: dict[str, RecordCodec[object]] = {
    layout.description: layout  # type: ignore[misc]
    for layout in (_ANNOUNCEMENT, _ROOM_LINE)
}


def encode_announcement(announcement: Announcement) -> bytes:
    """Return the bytes of an announcement, with as many of its rooms as fit."""
    rooms = announcement.rooms[:_ROOMS_MAX]
    while True:
        data = JSON.encode(_ANNOUNCEMENT.write(replace(announcement, rooms=rooms)))
        if len(data) <= BODY_MAX_BYTES or not rooms:
            return data
        rooms = rooms[:-1]


def decode_announcement(data: bytes) -> Announcement:
    """Return the announcement in these bytes, with texts that are safe to show.

    Raises ``DecodeError``.
    """
    found = _ANNOUNCEMENT.read(JSON.decode(data))
    if any(character in found.host for character in "/[] \t\r\n") or not found.host.isprintable():
        raise DecodeError(f"{found.host!r:.40} is no host")
    return replace(
        found,
        title=sanitize_text(found.title, TITLE_LIMIT),
        transports=tuple(sanitize_text(each, NAME_LIMIT) for each in found.transports),
        rooms=tuple(RoomLine(sanitize_text(r.name, ROOM_LIMIT), r.people) for r in found.rooms),
    )
