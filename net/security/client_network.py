"""Client networks: the unit by which a server counts and limits clients.  [pure]

A network is an IPv4 address, or the /64 network of an IPv6 address.
"""

import ipaddress

__all__ = ["client_network", "is_loopback"]

# A household gets one /64 network at least (RFC 6177). Counting single IPv6 addresses would
# limit nobody.
_IPV6_NETWORK_BITS = 64

# The network of ``::1``. No other address of it is in use.
LOOPBACK_NETWORK = "::/64"


def client_network(host: str) -> str:
    """Return the client network of an address; a host name stands for itself."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.IPv6Network((address, _IPV6_NETWORK_BITS), strict=False))


def is_loopback(host: str) -> bool:
    """Return whether an address, or a client network, is this computer's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOOPBACK_NETWORK
