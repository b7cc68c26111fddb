"""The choice of transports by name, from the registry of plugins."""

import logging
from collections.abc import Sequence
from typing import Annotated

import typer

from game.cli.errors import CliError
from net.errors import MissingLibrary, PluginLoadError
from net.registry import installed_transports, load_transport
from net.transport import PORT_MAX, Transport

log = logging.getLogger(__name__)

DEFAULT_TRANSPORT = "udp"

TransportNames = Annotated[
    list[str] | None,
    typer.Option(
        "--transport",
        "-t",
        metavar="NAME",
        help="Listen on this transport only; can be repeated. Default: all installed transports.",
    ),
]


def chosen_transports(names: Sequence[str]) -> dict[str, Transport]:
    """Load the named transports.

    Raises ``UnknownTransport``, which suggests the nearest name.
    Raises ``PluginLoadError`` if a plugin cannot be loaded.
    """
    return {name: load_transport(name) for name in names}


def usable_transports() -> dict[str, Transport]:
    """Load every installed transport; log and leave out one that cannot be loaded."""
    usable = {}
    for name in installed_transports():
        try:
            usable[name] = load_transport(name)
        except MissingLibrary as error:
            # An optional one. ``jitterball transports`` says how to get it.
            log.debug("transport not available: %s", error)
        except PluginLoadError as error:
            log.warning("transport not available: %s", error)
    return usable


def check_port(port: int, transports: dict[str, Transport]) -> None:
    """Check that the base port plus each transport's offset is a valid port.

    Raises ``CliError`` if one is too large.
    """
    highest = max(transports.values(), key=lambda transport: transport.port_offset)
    if port + highest.port_offset > PORT_MAX:
        raise CliError(
            f"port {port} is too large: {highest.name} uses port {port} + {highest.port_offset}; "
            f"give at most {PORT_MAX - highest.port_offset}"
        )
