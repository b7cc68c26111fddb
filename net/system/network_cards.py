"""Network cards of this computer, with the addresses that a broadcast or a multicast needs."""

import socket
from ipaddress import IPv4Interface, ip_address
from typing import NamedTuple

import ifaddr

__all__ = [
    "BroadcastRoute",
    "MulticastRoute",
    "broadcast_routes",
    "card_addresses",
    "multicast_routes",
]


class BroadcastRoute(NamedTuple):
    """One IPv4 address of a card, and the directed broadcast address of its network."""

    source: str
    target: str


class MulticastRoute(NamedTuple):
    """The IPv6 link-local address of a card, and the card's index."""

    source: str
    card: int


def card_addresses() -> list[str]:
    """Return the addresses of every network card, also of those without a default route."""
    # An IPv6 address comes with its flow label and its scope.
    return [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for _, ip in _addresses()]


def broadcast_routes() -> list[BroadcastRoute]:
    """Return a route for each IPv4 network; loopback has its own address as target.

    The directed broadcast leaves by its own card. 255.255.255.255 leaves by the default route
    only, which may be a VPN.
    """
    routes = []
    for _, ip in _addresses():
        if isinstance(ip.ip, str):
            interface = IPv4Interface(f"{ip.ip}/{ip.network_prefix}")
            if interface.is_loopback:
                routes.append(BroadcastRoute(ip.ip, ip.ip))
            elif interface.network.prefixlen < 31:
                # Networks of one or two addresses have no broadcast address (RFC 3021).
                routes.append(BroadcastRoute(ip.ip, str(interface.network.broadcast_address)))
    return list(dict.fromkeys(routes))


def multicast_routes() -> list[MulticastRoute]:
    """Return a route for each card that has an IPv6 link-local address."""
    if not socket.has_ipv6:
        return []
    routes: dict[int, MulticastRoute] = {}
    for card, ip in _addresses():
        if card is not None and not isinstance(ip.ip, str) and ip_address(ip.ip[0]).is_link_local:
            routes.setdefault(card, MulticastRoute(ip.ip[0], card))
    return list(routes.values())


def _addresses() -> list[tuple[int | None, ifaddr.IP]]:
    try:
        cards = list(ifaddr.get_adapters())
    except OSError:
        return []
    return [(card.index, ip) for card in cards for ip in card.ips]
