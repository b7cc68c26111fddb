"""The announcement of a running server, for programs that search for a game."""

from game.protocol.announcement import Announcement, RoomLine
from game.server.server import GameServer
from net.session.messages import PROTOCOL_VERSION


def announcement_of(server: GameServer, server_id: str, title: str, host: str) -> Announcement:
    """Return what a server announces now; the fullest rooms come first.

    ``host``: empty if clients reach the server at the address that answers them.
    """
    rooms = sorted(
        (RoomLine(room.name, room.player_count) for room in server.rooms.values()),
        key=lambda line: (-line.people, line.name),
    )
    settings = server.settings
    return Announcement(
        server_id=server_id,
        title=title,
        host=host,
        port=server.base_port,
        version=PROTOCOL_VERSION,
        has_password=bool(settings.password),
        uses_tls=settings.sockets.tls is not None,
        people=sum(line.people for line in rooms),
        room_count=len(rooms),
        transports=tuple(listener.transport.name for listener in server.listeners),
        rooms=tuple(rooms),
    )
