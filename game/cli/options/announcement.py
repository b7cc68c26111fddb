"""The option of ``serve`` that decides whether the server answers searches for a game."""

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Annotated

import typer

from game.protocol.announcement import TITLE_LIMIT, encode_announcement
from game.protocol.untrusted_text import sanitize_text
from game.server.announcement import announcement_of
from game.server.server import GameServer
from net.discovery.announcer import Announcer
from net.errors import ListenError
from net.system.lan_addresses import is_every_address, is_local_only

log = logging.getLogger(__name__)

NoAnnounce = Annotated[
    bool,
    typer.Option(
        "--no-announce", help="Do not answer those who look for a game (jitterball find)."
    ),
]


@asynccontextmanager
async def announcing(server: GameServer, is_on: bool) -> AsyncIterator[None]:
    """Answer probes in the block, unless only this computer reaches the server."""
    if not is_on or is_local_only(server.hosts):
        yield
        return
    server_id = token_hex(8)
    title = sanitize_text(socket.gethostname().partition(".")[0], TITLE_LIMIT)
    host = "" if is_every_address(server.settings.host) else server.settings.host
    announcer = Announcer(
        lambda: encode_announcement(announcement_of(server, server_id, title, host))
    )
    try:
        await announcer.__aenter__()
    except ListenError as error:
        # A game that nobody finds can still be joined by its address.
        log.warning("this server cannot be found by jitterball find: %s", error)
        yield
        return
    if announcer.port is None:
        log.warning("this server cannot be found by jitterball find: all its ports are in use")
    try:
        yield
    finally:
        await announcer.__aexit__(None, None, None)
