"""The option of ``serve`` that puts a relay in front of the server, and the secret of the teacher.

The relay listens on the ports that people type, so that every client feels the teacher's link. The
server listens on this computer only, and learns each client's address from the relay.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from secrets import choice
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.web_page import WEBSOCKET
from game.protocol.addresses import REFERENCE_PORT_OFFSET
from game.server.server import GameServer
from net.errors import AddressInUse, ListenError
from net.link.profile import Link, RelayProtocol
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, Route, game_routes
from net.transport import PORT_MAX, Address, Transport

log = logging.getLogger(__name__)

# Without capitals and look-alikes, since a screen shows it and people may type it.
_SECRET_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
# 130 bits: nobody guesses it, at any rate.
_SECRET_LENGTH = 26
# A seed that a teacher can read out.
_RELAY_SEEDS = 1000
_EVERY_ADDRESS = ("0.0.0.0", "::")

ClassMode = Annotated[
    bool,
    typer.Option(
        "--class",
        help="For a class: emulate links in front of the server, which the teacher's page sets.",
    ),
]
ClassPosters = Annotated[
    bool,
    typer.Option(
        "--posters",
        help="With --class: show both addresses in large type with QR codes, and no table.",
    ),
]


def teacher_secret() -> str:
    """Return a new secret for the teacher's page."""
    return "".join(choice(_SECRET_LETTERS) for _ in range(_SECRET_LENGTH))


@asynccontextmanager
async def class_relay(
    server: GameServer,
    transports: Mapping[str, Transport],
    is_on: bool,
    page_transport: Transport | None = None,
) -> AsyncIterator[None]:
    """Run the relay of a class in front of a listening server inside the block.

    Beside it the server listens for references, from which the page draws ghosts.
    ``page_transport`` is WebTransport, over UDP. The page itself has that number over TCP, and no
    relay in front.

    Raises ``CliError`` if its ports cannot be had.
    """
    if not is_on:
        yield
        return
    settings = server.settings
    routes = game_routes(transport.port_offset for transport in transports.values())
    if page_transport is not None:
        routes += (Route(RelayProtocol.UDP, page_transport.port_offset),)
    relay = RelaySettings(
        Link(),
        settings.seed % _RELAY_SEEDS,
        Address(LOOPBACK, server.base_port),
        routes,
        Address(settings.host, settings.port),
        announces_clients=True,
    )
    try:
        with RelayProcess(relay) as process:
            server.classroom.relay = process
            server.base_port = process.port
            server.hosts = (settings.host,) if settings.host else _EVERY_ADDRESS
            if WEBSOCKET in transports:
                await _listen_for_references(server, transports[WEBSOCKET])
            yield
    except AddressInUse as error:
        raise CliError(f"{error}; choose another with --port") from error
    except ListenError as error:
        raise CliError(f"the relay of the class could not start: {error}") from error


async def _listen_for_references(server: GameServer, websocket: Transport) -> None:
    """Listen for the ghosts of the page; a class can do without."""
    port = server.base_port + REFERENCE_PORT_OFFSET
    if port > PORT_MAX:
        log.warning("no ghosts on the page: no port follows %d", port - 1)
        return
    try:
        await server.listen_for_references(websocket, Address(server.settings.host, port))
    except ListenError as error:
        log.warning("no ghosts on the page: %s", error)
