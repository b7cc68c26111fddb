"""The ``--link`` of a command: reading its SPEC, and putting a relay before a server."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from random import SystemRandom
from typing import Annotated

import typer

from game.commands.complaint import Complaint
from game.commands.numbers import number_option
from game.commands.options import SEED_MAX
from net.errors import NetError
from net.link.profile import Link
from net.link.relay.process import RelayProcess
from net.link.relay.settings import LOOPBACK, RelaySettings, game_routes
from net.link.spec import ProfileError, UnknownLink, badge, parse_link
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
    except ProfileError as error:
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


class Way:
    """How a server is reached: through a relay that emulates a link, or straight."""

    def __init__(self, process: RelayProcess | None = None, seed: int = 0) -> None:
        self._process = process
        self._seed = seed

    @property
    def relay(self) -> Address | None:
        """Where the relay listens; None without one."""
        return Address(LOOPBACK, self._process.port) if self._process else None

    @property
    def badge(self) -> str:
        """What is said of the link as it is now; nothing without one."""
        return badge(self._process.link, self._seed) if self._process else ""

    def set_nagle(self, is_on: bool) -> None:
        """Let both modelled senders wait to fill a segment, or not (RFC 896).

        Without a relay nothing happens: then it is for the real sockets.
        """
        if self._process is not None:
            link = self._process.link
            up, down = replace(link.up, nagle=is_on), replace(link.down, nagle=is_on)
            self._process.set_link(replace(link, up=up, down=down))


def chosen_seed(seed: int | None) -> int:
    """Return the seed that was asked for, or one by chance."""
    return SystemRandom().randrange(_CHANCE_SEEDS) if seed is None else seed


@contextmanager
def way_to(
    server: Address, link: Link | None, seed: int | None, transports: Mapping[str, Transport]
) -> Iterator[Way]:
    """Put a relay before a server for as long as the block lasts; none if there is no ``link``.

    It lives in a process of its own: in a thread beside one that draws, every packet would wait
    for Python's interpreter lock. Raises ``Complaint`` when it cannot be.
    """
    if link is None:
        yield Way()
        return
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(link, chosen_seed(seed), server, routes)
    try:
        with RelayProcess(settings) as relay:
            way = Way(relay, settings.seed)
            log.info("%s, to %s", way.badge, server)
            print(way.badge, flush=True)
            yield way
    except NetError as error:
        raise Complaint(f"no relay for --link could be started: {error}") from error
