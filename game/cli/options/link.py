"""The ``--link`` of a command: reading its SPEC, and putting a relay before a server."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import SystemRandom
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.netcode import SEED_MAX, number_option
from net.errors import NetError
from net.link.profile import Link
from net.link.relay.process import RelayProcess
from net.link.relay.route import EmulatedRoute
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import LinkSpecError, UnknownLink, parse_link
from net.transport import Address, Transport

log = logging.getLogger(__name__)


# Short enough to be read out to a class and typed again.
_CHANCE_SEEDS = 1000


_OPTION = "'--link'"


def read_link(spec: str) -> Link:
    """Return the link that somebody asked for. Raises ``typer.BadParameter``."""
    try:
        return parse_link(spec)
    except UnknownLink as error:
        raise typer.BadParameter(f"{error} See: jitterball links", param_hint=_OPTION) from error
    except LinkSpecError as error:
        raise typer.BadParameter(str(error), param_hint=_OPTION) from error


LinkSpec = Annotated[
    Link | None,
    typer.Option(
        "--link",
        metavar="SPEC",
        parser=read_link,
        help="Emulate a link: lossy, or delay=25ms,loss=5%, or wifi,loss=10%. "
        "All presets: jitterball links.",
    ),
]


LinkSeed = Annotated[
    int | None,
    number_option(
        0, SEED_MAX, "With --link: same seed, same fate of the packets. Default: chance."
    ),
]


def chosen_seed(seed: int | None) -> int:
    """Return the seed that was asked for, or one by chance."""
    return SystemRandom().randrange(_CHANCE_SEEDS) if seed is None else seed


@contextmanager
def open_route(
    server: Address, link: Link | None, seed: int | None, transports: Mapping[str, Transport]
) -> Iterator[EmulatedRoute]:
    """Put a relay before a server for as long as the block lasts; none if there is no ``link``.

    It lives in a process of its own: in a thread beside one that draws, every packet would wait
    for Python's interpreter lock. Raises ``CliError`` when it cannot be.
    """
    if link is None:
        yield EmulatedRoute()
        return
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(link, chosen_seed(seed), server, routes)
    try:
        with RelayProcess(settings) as relay:
            way = EmulatedRoute(relay, settings.seed)
            log.info("%s, to %s", way.label, server)
            print(way.label, flush=True)
            yield way
    except NetError as error:
        raise CliError(f"no relay for --link could be started: {error}") from error
