"""Settings of one game server."""

from dataclasses import dataclass, field

from game.protocol.addresses import DEFAULT_PORT
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.server.room import RoomLimits, RoomSettings
from net.security.server_limits import ServerLimits
from net.transport import SocketOptions


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The options of ``jitterball serve``.

    ``host``: empty for all interfaces.
    ``port``: the base port; each transport adds its own offset. 0 takes any free base.
    ``rooms``: the only rooms there are, the first as default. Empty: rooms open on request.
    ``password``: empty for an open server.
    ``is_behind_relay``: clients come through a relay on ``host`` and ``port``. The server itself
    listens on loopback, at any free base.
    ``wants_reports``: clients are asked for their own statistics, once a second.
    ``allow_record``: clients may record the path over UDP (``net/datagram/path_recording.py``).
    ``chat``: players may write lines to each other.
    ``pause``: the player who is in a room longest may stop its match.
    ``log_wire_of``: the name of a client whose messages are logged in words; empty for none.
    """

    host: str = ""
    port: int = DEFAULT_PORT
    snapshot_hz: int = DEFAULT_SNAPSHOT_HZ
    seed: int = 0
    room: RoomSettings = field(default_factory=RoomSettings)
    rooms: tuple[str, ...] = ()
    sockets: SocketOptions = field(default_factory=SocketOptions)
    password: str = field(default="", repr=False)
    limits: ServerLimits = field(default_factory=ServerLimits)
    room_limits: RoomLimits = field(default_factory=RoomLimits)
    log_wire_of: str = ""
    wants_reports: bool = False
    is_behind_relay: bool = False
    allow_record: bool = False
    chat: bool = True
    pause: bool = True
