"""The options ``--link`` and ``--seed``, and the relay that they put in front of a server."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import SystemRandom
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import link_words
from game.cli.options.numbers import SEED_MAX, number_option
from game.cli.options.recording_file import read_recording
from net.errors import NetError
from net.link.packet_log import OnLog, PacketLogBuffer, fan_out
from net.link.profile import Link
from net.link.relay.relay_process import RelayProcess
from net.link.relay.route import EmulatedRoute
from net.link.relay.settings import RelaySettings, game_routes
from net.link.spec import LinkSpecError, UnknownLink, parse_link
from net.transport import Address, Transport

log = logging.getLogger(__name__)

# A random seed has at most three digits, so a teacher can read it out and students can type it.
_RANDOM_SEEDS = 1000
_OPTION = "'--link'"


def read_link(spec: str) -> Link:
    """Return the link of a SPEC. Raises ``typer.BadParameter`` if it is not valid."""
    try:
        return parse_link(spec, read_recording)
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
        help="Emulate a link: lossy, or delay=25ms,loss=5%, or wifi,loss=10%, or a recording: "
        "room.link.json. Presets: jitterball links.",
    ),
]
LinkSeed = Annotated[
    int | None,
    number_option(
        0, SEED_MAX, "With --link: the same seed loses the same packets. Default: random."
    ),
]


def chosen_seed(seed: int | None) -> int:
    """Return the given seed, or a random one."""
    return SystemRandom().randrange(_RANDOM_SEEDS) if seed is None else seed


@contextmanager
def open_route(
    server: Address,
    link: Link | None,
    seed: int | None,
    transports: Mapping[str, Transport],
    on_log: OnLog | None = None,
    keeps_log: bool = False,
) -> Iterator[EmulatedRoute]:
    """Run a relay in front of a server inside the block; without a ``link`` run none.

    The relay is a process: in a thread beside one that draws, every packet would wait for Python's
    interpreter lock. ``on_log`` gets its packet log. With ``keeps_log`` the route
    keeps it too, for a window. Raises ``CliError`` if the relay cannot start.
    """
    if link is None:
        yield EmulatedRoute()
        return
    routes = game_routes(transport.port_offset for transport in transports.values())
    settings = RelaySettings(link, chosen_seed(seed), server, routes)
    try:
        kept = PacketLogBuffer() if keeps_log else None
        subscriber = fan_out(on_log, None if kept is None else kept.add)
        with RelayProcess(settings, subscriber) as relay:
            route = EmulatedRoute(relay, settings.seed, link_words(), kept)
            log.info("%s, to %s", route.label, server)
            print(route.label, flush=True)
            yield route
    except NetError as error:
        raise CliError(f"the relay for --link could not start: {error}") from error
