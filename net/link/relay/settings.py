"""What a relay is to do: which ports, to which server, through which link.  [pure]

Values only; `proxy.py` does it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from net.link.profile import Link, RelayProtocol
from net.transport import Address

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Route:
    """One port of a relay: `offset` is added to the base port, here and at the server."""

    kind: RelayProtocol
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How to relay: the port of `target` is the server's base port, that of `listen` ours.

    Port 0 of `listen` takes any base that is free for all routes. One seed gives every transport
    the same fate.
    """

    link: Link
    seed: int
    target: Address
    routes: tuple[Route, ...] = (Route(RelayProtocol.TCP), Route(RelayProtocol.UDP))
    listen: Address = Address(LOOPBACK, 0)  # noqa: RUF009 - a tuple cannot be changed


def game_routes(offsets: Iterable[int]) -> tuple[Route, ...]:
    """Return the routes to a server that puts several transports on a base port.

    Whether a transport goes over TCP or UDP is its own affair, so each offset gets both.
    """
    return tuple(Route(kind, offset) for offset in sorted(set(offsets)) for kind in RelayProtocol)
