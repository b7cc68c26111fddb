"""The addresses of this computer for other computers on the network.

They come from the system's routes and names; no packet is sent.
"""

import socket
from ipaddress import ip_address

# Addresses for documentation (RFC 5737, RFC 3849): no real host, reached by the default route.
_REMOTE_HOSTS = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_ANY_PORT = 9


def lan_addresses() -> list[str]:
    """Return this computer's addresses for others, IPv4 first, each with the default route's first.

    Loopback addresses are left out, since other computers cannot use them. So are link-local
    addresses, which need the name of the other computer's network card.
    """
    found = [*_routed_addresses(), *_named_addresses()]
    useful = [text for text in dict.fromkeys(found) if _is_for_others(text)]
    return sorted(useful, key=lambda text: ip_address(text).version)


def _routed_addresses() -> list[str]:
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


def _named_addresses() -> list[str]:
    """Return the addresses of this computer's host name."""
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return []
    return [str(sockaddr[0]) for *_, sockaddr in infos]


def _is_for_others(text: str) -> bool:
    address = ip_address(text)
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)
