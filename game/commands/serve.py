"""``jitterball serve``: a server for others to join."""

import logging
import sys
from collections.abc import Iterator
from enum import StrEnum
from random import SystemRandom
from typing import Annotated

import typer

from game.addresses import PORT_MAX, format_host
from game.commands.complaint import Complaint
from game.commands.numbers import number_option
from game.commands.options import SEED_MAX, Seed, SnapshotHz
from game.commands.plugins import TransportNames, check_port, chosen_transports, usable_transports
from game.commands.sockets import ReceiveBuffer, SendBuffer, describe_granted
from game.local_server import LOOPBACK, PORT_LINE
from game.match.bots import Skill
from game.match.formation import MAX_PLAYERS
from game.names import ROOM_LIMIT, clean
from game.own_addresses import own_addresses
from game.room import RoomSettings
from game.server import (
    DEFAULT_PORT,
    DEFAULT_SNAPSHOT_HZ,
    GameServer,
    ServerSettings,
)
from game.stopping import run_until_stopped
from net import event_loop
from net.transport import SocketOptions, Transport


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
    send_buffer: SendBuffer = None,
    receive_buffer: ReceiveBuffer = None,
    log_level: Annotated[
        LogLevel, typer.Option(help="What to say on standard error.")
    ] = LogLevel.INFO,
    as_child: Annotated[bool, typer.Option("--as-child", hidden=True)] = False,
) -> None:
    """Host matches for others to join, on every installed transport at once.

    Needs no display. Ctrl-C tells everyone and ends it.
    """
    _log_to_stderr(log_level)
    transports = chosen_transports(transport) if transport else usable_transports()
    check_port(port, transports)
    settings = ServerSettings(
        host=host,
        port=port,
        snapshot_hz=snapshot_hz,
        seed=SystemRandom().randint(0, SEED_MAX) if seed is None else seed,
        room=RoomSettings(bots, bot_skill),
        rooms=_checked_rooms(room or []),
        sockets=SocketOptions(send_buffer, receive_buffer),
    )
    server = GameServer(list(transports.values()), settings)
    event_loop.run(run_until_stopped(_serve(server, transports, as_child), with_stdin=as_child))


async def _serve(server: GameServer, transports: dict[str, Transport], as_child: bool) -> None:
    async with server:
        lines = [f"{PORT_LINE}{server.base_port}"] if as_child else _greeting(server, transports)
        # Flushed, since whoever reads it through a pipe waits for it.
        print(*lines, sep="\n", flush=True)
        await server.run()


def _greeting(server: GameServer, transports: dict[str, Transport]) -> Iterator[str]:
    """Say where the server listens, and what others can type to join."""
    settings = server.settings
    hosts = [settings.host] if settings.host else _hosts_for_others(server)
    where = settings.host or "every address of this computer"
    yield f"listening on {where}, port {server.base_port}, seed {settings.seed}"
    if hosts == [LOOPBACK] and not settings.host:
        yield "no network found: only this computer can join"
    for host in hosts:
        typed = format_host(host, server.base_port, DEFAULT_PORT)
        for name in transports:
            yield f"join: jitterball play {typed} --transport {name}"
    yield from describe_granted(settings.sockets)
    yield "Ctrl-C ends it"


def _hosts_for_others(server: GameServer) -> list[str]:
    """Return our addresses of those families that the server listens on."""
    listens_on_ipv6 = any(":" in each.host for one in server.listeners for each in one.addresses)
    found = [host for host in own_addresses() if listens_on_ipv6 or ":" not in host]
    return found or [LOOPBACK]


def _checked_rooms(rooms: list[str]) -> tuple[str, ...]:
    for room in rooms:
        if not room or clean(room, ROOM_LIMIT) != room:
            raise Complaint(
                f"{room!r} is no name for a room: give 1 to {ROOM_LIMIT} characters that show"
            )
    return tuple(rooms)


def _log_to_stderr(level: LogLevel) -> None:
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr
    )
    # What the libraries below have to say matters only when something goes wrong.
    for package in ("game", "net", "plugins"):
        logging.getLogger(package).setLevel(level.value.upper())
