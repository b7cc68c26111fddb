"""Settings of a relay: its ports, the server and the link between.  [pure]"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from net.link.profile import Link, RelayProtocol
from net.transport import Address

__all__ = ["LOOPBACK", "RelayClient", "RelaySettings", "Route", "game_routes"]

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Route:
    """One port of a relay. ``offset`` is added to the base ports of relay and server."""

    kind: RelayProtocol
    offset: int = 0


class RelayClient(NamedTuple):
    """One client of a relay: its protocol and its address."""

    protocol: RelayProtocol
    address: Address


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Settings of a relay. The ports of ``target`` and ``listen`` are base ports.

    Port 0 of ``listen`` stands for any base port that is free for all routes.
    With one ``seed``, all transports lose the same packets.
    ``announces_clients``: before the server hears of a client, the parent learns its address.
    ``has_packet_log``: the relay keeps a record of each packet until it is asked for them.
    """

    link: Link
    seed: int
    target: Address
    routes: tuple[Route, ...] = (Route(RelayProtocol.TCP), Route(RelayProtocol.UDP))
    listen: Address = Address(LOOPBACK, 0)  # noqa: RUF009 - a tuple cannot be changed
    has_packet_log: bool = False
    announces_clients: bool = False


def game_routes(offsets: Iterable[int]) -> tuple[Route, ...]:
    """Return the routes to a server with several transports at offsets from its base port.

    Each offset gets TCP and UDP, because the relay does not know which one a transport uses.
    """
    return tuple(Route(kind, offset) for offset in sorted(set(offsets)) for kind in RelayProtocol)
