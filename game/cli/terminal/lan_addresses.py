"""The addresses by which other computers on the network can reach this one.

Asks the system's routes and names; sends nothing. Knows no server.
"""

import socket
from ipaddress import ip_address

# Documentation networks (RFC 5737, RFC 3849): never a real host, and any default route leads there.
_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_ANY_PORT = 9


def lan_addresses() -> list[str]:
    """Return this computer's addresses for others: of the default route first, IPv4 before IPv6.

    Loopback and link-local addresses are left out: the one is of no use to others, the other
    would need the name of *their* network card behind it.
    """
    found = [*_routed_addresses(), *_named_addresses()]
    useful = [text for text in dict.fromkeys(found) if _is_for_others(text)]
    return sorted(useful, key=lambda text: ip_address(text).version)


def _routed_addresses() -> list[str]:
    """Return the source addresses that datagrams to far away would have."""
    found = []
    for family, host in _FAR_AWAY:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                # Connecting a datagram socket chooses a route and sends nothing.
                sock.connect((host, _ANY_PORT))
                found.append(str(sock.getsockname()[0]))
        except OSError:
            continue
    return found


def _named_addresses() -> list[str]:
    """Return the addresses that this computer's own name stands for."""
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return []
    return [str(sockaddr[0]) for *_, sockaddr in infos]


def _is_for_others(text: str) -> bool:
    address = ip_address(text)
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)
