"""The addresses of this computer, of every network card and of loopback."""

import socket
from typing import Any

import ifaddr

__all__ = ["local_sockaddrs"]


def local_sockaddrs(family: int) -> list[tuple[Any, ...]]:
    """Return the socket addresses of one family, with port 0, in the order of the cards."""
    found: list[tuple[Any, ...]] = []
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            if each.is_IPv4 and family == socket.AF_INET:
                found.append((each.ip, 0))
            elif each.is_IPv6 and family == socket.AF_INET6:
                assert isinstance(each.ip, tuple)
                host, flow, scope = each.ip
                found.append((host, 0, flow, scope))
    return list(dict.fromkeys(found))
