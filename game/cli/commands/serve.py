"""``jitterball serve``: a server for others to join."""

import asyncio
import logging
import sys
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.netcode import SEED_MAX, Seed, SnapshotHz, number_option
from game.cli.options.security import (
    AskForPassword,
    PasswordFile,
    TlsCertificate,
    TlsKeepIn,
    TlsKey,
    TlsSelfSigned,
    ask_for_new_password,
    read_password,
    server_tls,
)
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
    web_page,
    web_page_options,
)
from game.cli.terminal.server_banner import server_banner
from game.cli.terminal.server_log import log_to_stderr
from game.cli.terminal.server_monitor import ServerMonitor
from game.match.bots import Skill
from game.match.formation import MAX_PLAYERS
from game.protocol.addresses import DEFAULT_PORT, PORT_MAX
from game.protocol.names import ROOM_LIMIT, sanitize_name
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.runtime.open_file_limit import affordable_connections
from game.runtime.shutdown import run_until_signal
from game.server.local import PORT_LINE
from game.server.room import RoomSettings
from game.server.server import GameServer
from game.server.settings import ServerSettings
from net.errors import EncryptionUnavailable
from net.security.admission import ServerLimits
from net.security.aead import require_available
from net.system import event_loop
from net.transport import SocketOptions, Transport

log = logging.getLogger(__name__)

# As often as people look, and figures are read by the second.
LOOK_EVERY_S = 1.0


class LogLevel(StrEnum):
    """How much a server says; the values are what people type."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def serve(
    transport: TransportNames = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Listen on this address only. Default: every one.")
    ] = "",
    port: Annotated[
        int, number_option(0, PORT_MAX, "The number people type; 0 takes any that is free.")
    ] = DEFAULT_PORT,
    bots: Annotated[int, number_option(0, MAX_PLAYERS, "Bots in every room.")] = 0,
    bot_skill: Annotated[Skill, typer.Option(help="How good the bots are.")] = Skill.NORMAL,
    snapshot_hz: SnapshotHz = DEFAULT_SNAPSHOT_HZ,
    room: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Have only the rooms named; may be repeated, the first is for those who name "
            "none. Default: a room opens when somebody asks for it.",
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
    log_level: Annotated[
        LogLevel, typer.Option(help="What to say on standard error.")
    ] = LogLevel.INFO,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="One JSON object a line instead, and no table.")
    ] = False,
    http_port: HttpPort = None,
    no_http: NoHttp = False,
    as_child: Annotated[bool, typer.Option("--as-child", hidden=True)] = False,
) -> None:
    """Host matches for others to join, over every installed transport at once.

    Needs no display. In a terminal a table shows who is there. Ctrl-C tells everyone and ends it.
    """
    log_to_stderr(log_level.value, log_json)
    transports = chosen_transports(transport) if transport else usable_transports()
    check_port(port, transports)
    page = web_page_options(port, http_port, no_http, as_child)
    websocket = transports.get(WEBSOCKET)
    page_offset = page.offset_from(websocket) if page and websocket else None
    tls = server_tls(tls_cert, tls_key, tls_self_signed, tls_keep_in)
    settings = ServerSettings(
        host=host,
        port=port,
        snapshot_hz=snapshot_hz,
        seed=SystemRandom().randint(0, SEED_MAX) if seed is None else seed,
        room=RoomSettings(bots, bot_skill),
        rooms=_checked_rooms(room or []),
        sockets=SocketOptions(send_buffer, receive_buffer, tls=tls, page_offset=page_offset),
        password=_password(password, password_file, as_child),
        limits=_limits(),
    )
    server = GameServer(list(transports.values()), settings)
    has_table = not as_child and not log_json and sys.stdout.isatty()
    work = _serve(server, transports, page, as_child, has_table)
    event_loop.run(run_until_signal(work, with_stdin=as_child))


async def _serve(
    server: GameServer,
    transports: dict[str, Transport],
    page_options: WebPageOptions | None,
    as_child: bool,
    has_table: bool,
) -> None:
    async with server:
        with web_page(server, page_options, transports) as page:
            lines = (
                [f"{PORT_LINE}{server.base_port}"]
                if as_child
                else server_banner(server, transports, page.port if page else None)
            )
            # Flushed, since whoever reads it through a pipe waits for it.
            print(*lines, sep="\n", flush=True)
            shows = ServerMonitor(has_table, page, says_lines=not as_child and not has_table)
            await _play(server, shows)


async def _play(server: GameServer, shows: ServerMonitor) -> None:
    with shows:
        server.on_tick = shows.record_tick
        looking = asyncio.ensure_future(_look_at(server, shows))
        try:
            await server.run()
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking


async def _look_at(server: GameServer, shows: ServerMonitor) -> None:
    while shows:
        shows.update(server.stats())
        await asyncio.sleep(LOOK_EVERY_S)


def _password(is_to_be_asked: bool, file: Path | None, as_child: bool) -> str:
    """Return the password to set, "" for none. Raises ``CliError``."""
    if is_to_be_asked:
        if file is not None:
            raise CliError("give --password or --password-file, not both")
        word = ask_for_new_password()
    elif as_child and file is None:
        # The variable is meant for the servers of others, not for one that serves its parent.
        word = ""
    else:
        word = read_password(file) or ""
    if word:
        # Fail at the start, not at each client that connects over a transport that encrypts.
        try:
            require_available()
        except EncryptionUnavailable as error:
            raise CliError(str(error)) from error
    return word


def _limits() -> ServerLimits:
    """Return the usual limits, with no more connections than the system carries."""
    usual = ServerLimits()
    connections = affordable_connections(usual.connections)
    if connections < usual.connections:
        log.info("the system carries %d connections here", connections)
    return replace(usual, connections=connections)


def _checked_rooms(rooms: list[str]) -> tuple[str, ...]:
    for room in rooms:
        if not room or sanitize_name(room, ROOM_LIMIT) != room:
            raise CliError(
                f"{room!r} is no name for a room: give 1 to {ROOM_LIMIT} characters that show"
            )
    return tuple(rooms)
