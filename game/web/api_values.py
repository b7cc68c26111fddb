"""The values that ``/api/`` serves, made from the statistics of the game server.  [pure]

All are flat JSON objects. Addresses of clients are not among them: every player can read these.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from game.protocol.messages import ClientReport
from game.server.room_stats import RoomStats
from game.server.stats import PlayerStats, ServerStats


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """The server: what a page needs to connect, and how it is doing.

    ``websocket_offset`` plus the port of this API is the port of the WebSocket, also where a relay
    stands before both. It is null where the server has no WebSocket.
    ``reference_offset`` is the same for the WebSocket past the relay of a class, which carries
    ghosts; null without class mode.
    ``webtransport_certificates`` are the SHA-256 of those that WebTransport may show, in
    hexadecimal and with spaces between; empty where the server has no WebTransport. WebTransport
    has the host and the port of this API.
    ``chat``: players may write lines to each other. ``pause``: the player who is in a room longest
    may stop its match and set its length.
    ``uptime_s`` is in seconds.
    ``tick_lateness_p99_ms`` is of the last minute.
    """

    version: str
    uptime_s: float
    websocket_offset: int | None
    reference_offset: int | None
    webtransport_certificates: str
    requires_password: bool
    is_encrypted: bool
    chat: bool
    pause: bool
    snapshot_hz: int
    rooms: int
    clients: int
    tick_lateness_p99_ms: float


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """One room and its match. ``players`` counts people, ``clock_s`` the seconds of play.

    ``pitch`` is small, medium or large.
    """

    name: str
    phase: str
    half: int
    clock_s: float
    orange: int
    sky: int
    pitch: str
    players: int
    bots: int
    watchers: int


@dataclass(frozen=True, slots=True)
class PlayerInfo:
    """One connected client, a player or a watcher.

    ``loss_ratio`` is null over streams, ``rtt_ms`` before the first ping is answered.
    ``device`` and all after it are the client's own report, null without one.
    ``age_p95_ms`` is the 95th percentile of the snapshot age over frames. ``frozen_ratio`` is the
    ratio of frozen frames. ``stalls`` are gaps of over 125 ms between snapshots.
    ``visual_error_p95`` is the ball's distance from its true position, in pitch units.
    """

    name: str
    room: str
    transport: str
    watches: bool
    rtt_ms: float | None
    loss_ratio: float | None
    retransmitted: int
    device: str
    age_p95_ms: float | None
    frozen_ratio: float | None
    longest_freeze_ms: float | None
    stalls: int | None
    never_shown_ratio: float | None
    visual_error_p95: float | None


@dataclass(frozen=True, slots=True)
class ResultInfo:
    """One line of the score sheet of a match in progress.

    ``goals`` are those for the own team; ``own_goals`` are not among them. ``assists`` are passes
    of the last seconds before a teammate's goal.
    """

    room: str
    name: str
    team: str
    is_bot: bool
    goals: int
    assists: int
    own_goals: int


def server_info(
    stats: ServerStats,
    *,
    version: str,
    uptime_s: float,
    websocket_offset: int | None,
    reference_offset: int | None,
    certificate_hashes: Iterable[bytes],
    requires_password: bool,
    is_encrypted: bool,
    chat: bool,
    pause: bool,
    snapshot_hz: int,
) -> ServerInfo:
    """Return what ``/api/server`` serves."""
    return ServerInfo(
        version=version,
        uptime_s=round(uptime_s, 1),
        websocket_offset=websocket_offset,
        reference_offset=reference_offset,
        webtransport_certificates=" ".join(each.hex() for each in certificate_hashes),
        requires_password=requires_password,
        is_encrypted=is_encrypted,
        chat=chat,
        pause=pause,
        snapshot_hz=snapshot_hz,
        rooms=stats.rooms,
        clients=len(stats.players),
        tick_lateness_p99_ms=round(stats.lateness_p99_s * 1000, 3),
    )


def room_infos(rooms: Iterable[RoomStats]) -> list[RoomInfo]:
    """Return what ``/api/rooms`` serves."""
    return [
        RoomInfo(
            name=room.name,
            phase=room.phase.name.lower(),
            half=room.half,
            clock_s=round(room.clock_s, 2),
            orange=room.score[0],
            sky=room.score[1],
            pitch=room.pitch_size.name.lower(),
            players=sum(not line.is_bot for line in room.score_sheet),
            bots=sum(line.is_bot for line in room.score_sheet),
            watchers=room.watchers,
        )
        for room in rooms
    ]


def player_infos(
    players: Iterable[PlayerStats], hides_transports: bool = False
) -> list[PlayerInfo]:
    """Return what ``/api/players`` serves; in a blind test it names no transport."""
    return [
        PlayerInfo(
            name=player.name,
            room=player.room,
            transport="" if hides_transports else player.transport,
            watches=player.watches,
            rtt_ms=None if player.rtt_s is None else round(player.rtt_s * 1000, 2),
            loss_ratio=None if player.loss_ratio is None else round(player.loss_ratio, 5),
            retransmitted=player.retransmitted,
            **_reported(player.report),
        )
        for player in players
    ]


def _reported(report: ClientReport | None) -> dict[str, Any]:
    if report is None:
        empty = ("age_p95_ms", "frozen_ratio", "longest_freeze_ms", "stalls", "never_shown_ratio")
        return {"device": "", **dict.fromkeys((*empty, "visual_error_p95"))}
    age_s = report.age_p95_s
    return {
        "device": report.device,
        "age_p95_ms": None if age_s is None else round(age_s * 1000, 2),
        "frozen_ratio": report.frozen_ratio,
        "longest_freeze_ms": round(report.longest_freeze_s * 1000, 2),
        "stalls": report.stalls,
        "never_shown_ratio": report.loss_ratio,
        "visual_error_p95": report.visual_error_p95,
    }


def result_infos(rooms: Iterable[RoomStats]) -> list[ResultInfo]:
    """Return what ``/api/results`` serves."""
    return [
        ResultInfo(
            room.name,
            line.name,
            line.team.name.lower(),
            line.is_bot,
            line.goals,
            line.assists,
            line.own_goals,
        )
        for room in rooms
        for line in room.score_sheet
    ]
