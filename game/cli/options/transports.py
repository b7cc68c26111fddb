"""Choosing transports by name: the one place that asks the registry of plugins."""

import logging
from collections.abc import Sequence
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.protocol.addresses import PORT_MAX
from net.errors import PluginLoadError
from net.registry import installed_transports, load_transport
from net.transport import Transport

log = logging.getLogger(__name__)

DEFAULT_TRANSPORT = "udp"

TransportNames = Annotated[
    list[str] | None,
    typer.Option(
        "--transport",
        "-t",
        metavar="NAME",
        help="Listen on this transport only; may be repeated. Default: all that are installed.",
    ),
]


def chosen_transports(names: Sequence[str]) -> dict[str, Transport]:
    """Load the transports that were named.

    Raises ``UnknownTransport``, which names the nearest right one, and ``PluginLoadError``.
    """
    return {name: load_transport(name) for name in names}


def usable_transports() -> dict[str, Transport]:
    """Load every installed transport; one that is broken is left out, and the log says so."""
    usable = {}
    for name in installed_transports():
        try:
            usable[name] = load_transport(name)
        except PluginLoadError as error:
            log.warning("left out: %s", error)
    return usable


def check_port(port: int, transports: dict[str, Transport]) -> None:
    """Make sure that every transport's own port, above the one people type, is a port.

    Raises ``CliError``.
    """
    highest = max(transports.values(), key=lambda transport: transport.port_offset)
    if port + highest.port_offset > PORT_MAX:
        raise CliError(
            f"port {port} leaves none for {highest.name}, which takes number "
            f"{port} + {highest.port_offset}: give at most {PORT_MAX - highest.port_offset}"
        )
