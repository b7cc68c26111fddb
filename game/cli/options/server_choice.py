"""Whose server a command goes to: somebody's, or one of our own with bots."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from game.cli.errors import CliError
from game.protocol.addresses import DEFAULT_PORT, parse_address
from game.server.local import LOOPBACK, LocalServer, LocalServerError
from net.transport import Address

# Enough for passes and a goalkeeper on both sides, few enough to follow the ball.
OWN_SERVER_BOTS = 7

# This computer, whatever its network is.
_NEAR_HOSTS = (LOOPBACK, "localhost", "::1")


@contextmanager
def server_for(
    host: str | None,
    bots: int,
    seed: int | None = None,
    while_starting: Callable[[], None] = lambda: None,
) -> Iterator[Address]:
    """Give the address that was typed; without one, that of a server of our own for the block.

    ``while_starting`` is called while a server of our own starts, which takes half a second.
    Raises ``CliError`` for what is no address, and when no server comes up.
    """
    if host is not None:
        yield typed_address(host)
        return
    options = ["--bots", str(bots), "--log-level", "warning"]
    if seed is not None:
        options += ["--seed", str(seed)]
    try:
        with LocalServer(*options, while_starting=while_starting) as server:
            yield server.address
    except LocalServerError as error:
        raise CliError(f"no server of our own could be started: {error}") from error


def typed_address(text: str, default_port: int = DEFAULT_PORT) -> Address:
    """Read the address that somebody typed. Raises ``CliError``."""
    try:
        return parse_address(text, default_port)
    except ValueError as error:
        raise CliError(str(error)) from error


def is_local(address: Address) -> bool:
    """Whether a server is on this computer: it shares our clock, and can tell the truth in time."""
    return address.host in _NEAR_HOSTS


def chosen_names(text: str) -> list[str]:
    """Read names of transports with commas between. Raises ``CliError``."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise CliError(f"{text!r} names no transport: give for instance tcp,udp,websocket")
    if len(set(names)) < len(names):
        raise CliError(f"{text!r} names a transport twice: give each once")
    return names
