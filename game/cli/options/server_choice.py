"""The choice of the server: the address that the user typed, or a private server with bots."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.security import LOCAL_HOSTS
from game.match.rules import MINUTES_MAX
from game.protocol.addresses import DEFAULT_PORT, parse_address
from game.protocol.names import ROOM_LIMIT
from game.protocol.untrusted_text import unchanged_text
from game.server.local import LocalServer, LocalServerError
from net.transport import Address

# Enough for passes and two goalkeepers, and few enough to follow the ball.
PRIVATE_SERVER_PLAYERS = 10
# The board of half-time hides the pitches. Where lessons can be opened it comes after an hour.
LESSON_MATCH = ("--minutes", f"{MINUTES_MAX:g}")

# With 30 measurements on one server at once, two of them share a room in one case of 40,000.
_ROOM_TOKEN_BYTES = 3

OptionalHost = Annotated[
    str | None,
    typer.Argument(
        metavar="[HOST[:PORT]]", help="The server. Default: a private server with bots."
    ),
]


OwnRoom = Annotated[
    str | None,
    typer.Option(
        "--room", help="The room of HOST to join. Default: a new one, so that others keep theirs."
    ),
]


@contextmanager
def server_for(
    host: str | None,
    bots: int,
    seed: int | None = None,
    while_starting: Callable[[], None] = lambda: None,
    more_options: Sequence[str] = (),
) -> Iterator[Address]:
    """Yield the typed address; without one, run a private server inside the block.

    ``while_starting`` is called while the private server starts, which takes half a second.
    ``more_options``: further ones of ``jitterball serve`` for the private server.
    Raises ``CliError`` if the address is not valid, or the server does not start.
    """
    if host is not None:
        yield typed_address(host)
        return
    options = ["--bots", str(bots), "--log-level", "warning", *more_options]
    if seed is not None:
        options += ["--seed", str(seed)]
    try:
        with LocalServer(*options, while_starting=while_starting) as server:
            yield server.address
    except LocalServerError as error:
        raise CliError(f"the private server could not start: {error}") from error


def typed_address(text: str, default_port: int = DEFAULT_PORT) -> Address:
    """Parse a typed address. Raises ``CliError`` if it is not valid."""
    try:
        return parse_address(text, default_port)
    except ValueError as error:
        raise CliError(str(error)) from error


def checked_room(room: str) -> str:
    """Return the typed name of a room. Raises ``CliError`` if it is not valid."""
    shown = unchanged_text(room, ROOM_LIMIT)
    if shown is None:
        raise CliError(
            f"{room!r} is no name for a room: give at most {ROOM_LIMIT} printable characters"
        )
    return shown


def own_room(host: str | None, room: str | None) -> str:
    """Return the typed room, or the name of a new one on ``host``; empty on a private server.

    The clients of a measurement would take the slots of the people in the server's main room.
    Raises ``CliError`` if a room is named without a host.
    """
    if host is None:
        if room is not None:
            raise CliError("--room is for another computer's server: give its HOST")
        return ""
    return f"lab {token_hex(_ROOM_TOKEN_BYTES)}" if room is None else checked_room(room)


def is_local(address: Address) -> bool:
    """Return whether a server is on this computer, so that both ends read one clock."""
    return address.host in LOCAL_HOSTS


def chosen_names(text: str) -> list[str]:
    """Parse transport names separated by commas. Raises ``CliError`` if there is none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise CliError(f"{text!r} names no transport: give for instance tcp,udp,websocket")
    if len(set(names)) < len(names):
        raise CliError(f"{text!r} names a transport twice: give each once")
    return names
