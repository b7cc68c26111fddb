"""The lines of JSON between the game server and its HTTP process.  [pure]

To the process: first the settings, then a message of statistics a second. From it: one line with
the port that it listens on, or the reason why it does not. Then a line for each action of the
teacher, as ``game.web.teacher_actions`` has it.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from game.server.stats import ServerStats
from game.web.api_values import PlayerInfo, ResultInfo, RoomInfo, ServerInfo
from game.web.class_info import ClassInfo
from net.transport import Address, TlsConfig


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Address and certificate of the HTTP process, and the version that it shows.

    ``teacher_secret`` opens the teacher's page; empty for a server without one.
    """

    listen: Address
    version: str
    tls: TlsConfig | None = None
    teacher_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Publication:
    """The content that the HTTP process serves from now on.

    ``ticks`` holds the lateness and duration, in seconds, of each tick since the last publication.
    """

    server: ServerInfo
    rooms: Sequence[RoomInfo]
    players: Sequence[PlayerInfo]
    results: Sequence[ResultInfo]
    stats: ServerStats
    ticks: Sequence[tuple[float, float]]
    classroom: ClassInfo | None = None


def encode_settings(settings: HttpSettings) -> bytes:
    """Return the settings as a line. It holds secrets, so it goes nowhere else."""
    tls = settings.tls and {
        "certificate": base64.b64encode(settings.tls.certificate_pem).decode(),
        "key": base64.b64encode(settings.tls.key_pem).decode(),
    }
    plain = {"listen": settings.listen, "version": settings.version, "tls": tls}
    return _line(plain | {"teacher_secret": settings.teacher_secret})


def decode_settings(line: bytes) -> HttpSettings:
    """Return the settings of a line."""
    plain = json.loads(line)
    tls = plain["tls"] and TlsConfig(
        base64.b64decode(plain["tls"]["certificate"]), base64.b64decode(plain["tls"]["key"])
    )
    address = Address(*plain["listen"])
    return HttpSettings(address, plain["version"], tls, plain["teacher_secret"])


def encode_publication(publication: Publication) -> bytes:
    """Return a publication as a line."""
    stats = asdict(publication.stats)
    # The answers list the players already. Their addresses must not leave this process.
    del stats["players"]
    answers = {
        "server": asdict(publication.server),
        "rooms": list(map(asdict, publication.rooms)),
        "players": list(map(asdict, publication.players)),
        "results": list(map(asdict, publication.results)),
    }
    message = {"answers": answers, "stats": stats, "ticks": publication.ticks}
    if publication.classroom is not None:
        message["class"] = asdict(publication.classroom)
    return _line(message)


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
