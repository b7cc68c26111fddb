"""The addresses of this computer for other computers on the network.

They come from the network cards and the routes of the system; no packet is sent.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from net.system.network_cards import card_addresses

__all__ = [
    "LanAddresses",
    "default_route_addresses",
    "is_every_address",
    "is_local_only",
    "lan_addresses",
    "reaches_this_computer_only",
]

# Addresses for documentation (RFC 5737, RFC 3849): no real host, reached by the default route.
_REMOTE_HOSTS = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_ANY_PORT = 9


class LanAddresses(NamedTuple):
    """The addresses of this computer, without those that reach only itself.

    ``typed``: those that a user can type at another computer, the most useful first.
    ``link_local``: IPv6 addresses that need the name of the other computer's network card.
    """

    typed: tuple[str, ...]
    link_local: tuple[str, ...]


def lan_addresses() -> LanAddresses:
    """Return the addresses of every network card, IPv4 first, each with the default route's first.

    IPv4 link-local addresses (RFC 3927) come last: they are for a cable between two computers.
    """
    found = dict.fromkeys(map(ip_address, [*default_route_addresses(), *card_addresses()]))
    useful = [each for each in found if not (each.is_loopback or each.is_unspecified)]
    typed = [each for each in useful if each.version == 4 or not each.is_link_local]
    typed.sort(key=lambda each: (each.is_link_local, each.version))
    link_local = [each for each in useful if each.version == 6 and each.is_link_local]
    return LanAddresses(tuple(map(str, typed)), tuple(map(str, link_local)))


def is_every_address(host: str) -> bool:
    """Return whether a server that listens on ``host`` listens on every network card."""
    address = _parsed(host)
    return not host or (address is not None and address.is_unspecified)


def reaches_this_computer_only(host: str) -> bool:
    """Return whether an address can be reached from this computer only."""
    address = _parsed(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def is_local_only(hosts: Iterable[str]) -> bool:
    """Return whether only this computer reaches a server that listens on these addresses."""
    return all(map(reaches_this_computer_only, hosts))


def _parsed(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def default_route_addresses() -> list[str]:
    """Return the source addresses of datagrams to remote hosts."""
    found = []
    for family, host in _REMOTE_HOSTS:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                # ``connect`` on a datagram socket selects the route and sends nothing.
                sock.connect((host, _ANY_PORT))
                found.append(str(sock.getsockname()[0]))
        except OSError:
            continue
    return found
