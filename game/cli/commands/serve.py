"""``jitterball serve``: a server that other players can join."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from game.cli.options.announcement import NoAnnounce, announcing
from game.cli.options.certificates import (
    TlsCertificate,
    TlsKeepIn,
    TlsKey,
    TlsSelfSigned,
    kept_certificate,
    server_tls,
)
from game.cli.options.class_mode import ClassMode, ClassPosters, class_relay, teacher_secret
from game.cli.options.free_port import free_base_port
from game.cli.options.numbers import SEED_MAX, Seed, SnapshotHz, number_option
from game.cli.options.security import (
    AskForPassword,
    PasswordFile,
    ask_for_new_password,
    read_password,
)
from game.cli.options.sntp import SntpPort, sntp_server
from game.cli.options.sockets import ReceiveBuffer, SendBuffer
from game.cli.options.transports import (
    TransportNames,
    check_port,
    chosen_transports,
    usable_transports,
)
from game.cli.options.web_page import (
    WEBSOCKET,
    HttpPort,
    NoHttp,
    WebPageOptions,
    page_transport,
    web_page,
    web_page_options,
)
from game.cli.terminal.server_banner import class_posters, server_banner
from game.cli.terminal.server_log import log_invalid_datagrams, log_to_stderr
from game.cli.terminal.server_monitor import ServerMonitor
from game.match.bots import Skill
from game.match.formation import MAX_PLAYERS
from game.match.pitch import PitchSize
from game.match.rules import (
    DEFAULT_HALF_S,
    GOALS_MAX,
    HALF_S_PER_MINUTE,
    MINUTES_MAX,
    MINUTES_MIN,
    MatchSettings,
)
from game.protocol.addresses import DEFAULT_PORT, REFERENCE_PORT_OFFSET
from game.protocol.names import NAME_LIMIT, ROOM_LIMIT
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.protocol.untrusted_text import unchanged_text
from game.runtime.shutdown import run_until_signal
from game.server.local import PORT_LINE
from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.errors import AddressInUse, EncryptionUnavailable
from net.security.aead import require_available
from net.security.server_limits import ServerLimits
from net.system import event_loop
from net.system.open_file_limit import affordable_connections
from net.transport import PORT_MAX, SocketOptions, Transport

log = logging.getLogger(__name__)

# Once per second is often enough for a table and for Prometheus.
STATS_INTERVAL_S = 1.0
# Long enough to answer somebody, short enough that the team does not lose by it.
DEFAULT_IDLE_S = 20.0
IDLE_MAX_S = 3600.0


class LogLevel(StrEnum):
    """The log levels, by the names that users type."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


BasePort = Annotated[
    int, number_option(0, PORT_MAX, "The base port, which players type; 0 takes any free port.")
]
Minutes = Annotated[
    float | None,
    number_option(MINUTES_MIN, MINUTES_MAX, "Minutes of a match, both halves. Default: 5."),
]
Goals = Annotated[
    int, number_option(0, GOALS_MAX, "A match ends when a team has so many goals; 0: never.")
]


class PitchName(StrEnum):
    """The sizes of a pitch, by the names that users type."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


PitchOption = Annotated[PitchName, typer.Option("--pitch", help="The size of the pitch.")]
RoomSize = Annotated[
    int,
    number_option(
        0,
        MAX_PLAYERS,
        "Another room opens when so many people play in one; 0: when a player asks for it.",
    ),
]
LogLevelName = Annotated[LogLevel, typer.Option("--log-level", help="Log level on standard error.")]


def serve(
    transport: TransportNames = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Listen on this address only. Default: all.")
    ] = "",
    port: BasePort = DEFAULT_PORT,
    bots: Annotated[int, number_option(0, MAX_PLAYERS, "Bots in every room.")] = 0,
    bots_give_way: Annotated[
        bool,
        typer.Option(
            "--bots-give-way", help="A bot leaves for each person who plays, and comes back after."
        ),
    ] = False,
    minutes: Minutes = None,
    goals: Goals = 0,
    pitch: PitchOption = PitchName.MEDIUM,
    idle: Annotated[
        float | None,
        number_option(
            0.0,
            IDLE_MAX_S,
            "A bot plays for who gives no input for so many seconds; 0: never. Default: 20.",
        ),
    ] = None,
    room_size: RoomSize = 0,
    bot_skill: Annotated[Skill, typer.Option(help="Skill of the bots.")] = Skill.NORMAL,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    room: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Have only these rooms; can be repeated. The first is for players who name no "
            "room. Default: a room opens when a player asks for it.",
        ),
    ] = None,
    seed: Seed = None,
    password: AskForPassword = False,
    password_file: PasswordFile = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    tls_self_signed: TlsSelfSigned = False,
    tls_keep_in: TlsKeepIn = None,
    send_buffer: SendBuffer = None,
    receive_buffer: ReceiveBuffer = None,
    log_level: LogLevelName = LogLevel.INFO,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log one JSON object per line, and show no table.")
    ] = False,
    log_wire: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="For those who write a client: log in words what is received from the client "
            "that calls itself NAME, and from those that never say their name.",
        ),
    ] = "",
    http_port: HttpPort = None,
    no_http: NoHttp = False,
    sntp_port: SntpPort = None,
    half_seconds: Annotated[float, typer.Option(hidden=True)] = DEFAULT_HALF_S,
    restart_with: Annotated[int, typer.Option(hidden=True)] = 0,
    allow_record: Annotated[
        bool,
        typer.Option("--allow-record", help="Let clients record the path with jitterball record."),
    ] = False,
    no_announce: NoAnnounce = False,
    no_chat: Annotated[
        bool, typer.Option("--no-chat", help="Let players write no lines to each other.")
    ] = False,
    class_mode: ClassMode = False,
    posters: ClassPosters = False,
    as_child: Annotated[bool, typer.Option("--as-child", hidden=True)] = False,
) -> None:
    """Host matches for others to join, over every installed transport at once.

    Needs no display. In a terminal a table shows the players. Ctrl-C ends the server.
    """
    log_to_stderr(log_level.value, log_json)
    transports = chosen_transports(transport) if transport else usable_transports()
    check_port(port, transports)
    if posters and not class_mode:
        raise CliError("--posters goes with --class")
    page = web_page_options(port, http_port, no_http, as_child, is_required=class_mode)
    websocket = transports.get(WEBSOCKET)
    page_offset = page.offset_from(websocket) if page and websocket else None
    if port == 0 and page is not None:
        offsets = {page.port_offset, *(each.port_offset for each in transports.values())}
        if class_mode:
            offsets.add(REFERENCE_PORT_OFFSET)
        port = event_loop.run(free_base_port(host, offsets))
    tls = server_tls(tls_cert, tls_key, tls_self_signed, tls_keep_in)
    needs_own = tls is None and any(each.guarantees.always_encrypts for each in transports.values())
    own_certificate = kept_certificate() if needs_own and not as_child else None
    settings = ServerSettings(
        host=host,
        port=port,
        snapshot_hz=snapshot_hz,
        seed=SystemRandom().randint(0, SEED_MAX) if seed is None else seed,
        room=RoomSettings(
            bots,
            bot_skill,
            MatchSettings(
                half_s=half_seconds if minutes is None else minutes * HALF_S_PER_MINUTE,
                goal_limit=goals,
                pitch_size=PitchSize[pitch.name],
            ),
            restart_with,
            room_size,
            _idle_limit(idle, as_child),
            bots_give_way,
        ),
        rooms=_checked_rooms(room or []),
        sockets=SocketOptions(
            send_buffer,
            receive_buffer,
            tls=tls,
            page_offset=page_offset,
            own_certificate=own_certificate,
        ),
        password=_server_password(password, password_file, as_child),
        limits=_limits(),
        log_wire_of=_checked_name(log_wire),
        # A teacher who starts a class wants it to measure the room.
        allow_record=allow_record or class_mode,
        chat=not no_chat,
        pause=not class_mode,
        # Those who read the teacher's page see what everybody sees.
        wants_reports=page is not None,
        is_behind_relay=class_mode,
    )
    if log_wire:
        log_invalid_datagrams()
    for_page = page_transport(page, tls is not None)
    server = GameServer([*transports.values(), *([for_page] if for_page else [])], settings)
    has_table = not as_child and not log_json and not posters and sys.stdout.isatty()
    work = _serve(
        *(server, transports, page, sntp_port),
        for_page=for_page,
        is_announced=not no_announce,
        is_class=class_mode,
        as_child=as_child,
        has_table=has_table,
        has_posters=posters and sys.stdout.isatty(),
    )
    try:
        event_loop.run(run_until_signal(work, with_stdin=as_child))
    except AddressInUse as error:
        raise CliError(f"{error}; choose another with --port") from error


async def _serve(
    server: GameServer,
    transports: dict[str, Transport],
    page_options: WebPageOptions | None,
    sntp_port: int | None,
    *,
    for_page: Transport | None,
    is_announced: bool,
    is_class: bool,
    as_child: bool,
    has_table: bool,
    has_posters: bool,
) -> None:
    secret = teacher_secret()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server)
        await stack.enter_async_context(class_relay(server, transports, is_class, for_page))
        sntp = await stack.enter_async_context(sntp_server(server.settings.host, sntp_port))
        await stack.enter_async_context(announcing(server, is_announced))
        with web_page(server, page_options, transports, secret) as page:
            lines = (
                [f"{PORT_LINE}{server.base_port}"]
                if as_child
                else server_banner(
                    server,
                    transports,
                    page_port=page.port if page else None,
                    sntp_port=sntp.address.port if sntp else None,
                    teacher_secret=secret,
                    has_posters=has_posters,
                )
            )
            # Flushed, since a parent process waits for these lines through a pipe.
            print(*map(say, lines), sep="\n", flush=True)
            if has_posters and page is not None:
                class_posters(server, page.port, secret).show()
            monitor = ServerMonitor(has_table, page, logs_summary=not as_child and not has_table)
            await _run(server, monitor)


async def _run(server: GameServer, monitor: ServerMonitor) -> None:
    with monitor:
        server.on_tick = monitor.record_tick
        watching = asyncio.ensure_future(_update_monitor(server, monitor))
        try:
            await server.run()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _update_monitor(server: GameServer, monitor: ServerMonitor) -> None:
    while monitor:
        monitor.update(server.stats())
        await asyncio.sleep(STATS_INTERVAL_S)


def _server_password(should_ask: bool, file: Path | None, as_child: bool) -> str:
    """Return the server's password, "" for none. Raises ``CliError``."""
    if should_ask:
        if file is not None:
            raise CliError("give --password or --password-file, not both")
        secret = ask_for_new_password()
    elif as_child and file is None:
        # The variable is for other servers; a private server serves its parent process only.
        secret = ""
    else:
        secret = read_password(file) or ""
    if secret:
        # Fail at the start, not at each client that connects over a transport that encrypts.
        try:
            require_available()
        except EncryptionUnavailable as error:
            raise CliError(str(error)) from error
    return secret


def _idle_limit(typed_s: float | None, as_child: bool) -> float:
    if typed_s is not None:
        return typed_s
    # A program that starts a server for its own clients decides what these do.
    return 0.0 if as_child else DEFAULT_IDLE_S


def _limits() -> ServerLimits:
    """Return the default limits, with at most the connections that the system allows."""
    default = ServerLimits()
    connections = affordable_connections(default.connections)
    if connections < default.connections:
        log.info("the system allows %d connections", connections)
    return replace(default, connections=connections)


def _checked_name(name: str) -> str:
    shown = unchanged_text(name, NAME_LIMIT)
    if shown is None:
        raise CliError(
            f"--log-wire {name!r}: no player has this name; give 1 to {NAME_LIMIT} printable "
            "characters"
        )
    return shown


def _checked_rooms(rooms: list[str]) -> tuple[str, ...]:
    names = []
    for room in rooms:
        name = unchanged_text(room, ROOM_LIMIT)
        if not name:
            raise CliError(
                f"{room!r} is no name for a room: give 1 to {ROOM_LIMIT} printable characters"
            )
        names.append(name)
    return tuple(names)
