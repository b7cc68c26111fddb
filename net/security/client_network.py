"""net/security/client_network.py."""

import ipaddress

# What one household or one attacker usually has of IPv6 addresses.
_IPV6_NETWORK_BITS = 64


# Of IPv6 loopback, where nothing else is.
LOOPBACK_NETWORK = "::/64"


def client_network(host: str) -> str:
    """Return what stands for everyone behind an address: itself, or an IPv6 address's network."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.IPv6Network((address, _IPV6_NETWORK_BITS), strict=False))


def is_loopback(host: str) -> bool:
    """Whether an address, or what ``client_network`` made of it, is this computer's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOOPBACK_NETWORK
