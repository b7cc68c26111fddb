"""The addresses of this computer: loopback, and those of its host name.

Windows resolves its own name to the addresses of every network card, and asks no name server. So
this is used on Windows only (``net/system/datagram_local_address.py``).
"""

import socket
from contextlib import suppress
from typing import Any

__all__ = ["local_sockaddrs"]

_LOOPBACK: dict[int, tuple[Any, ...]] = {
    socket.AF_INET: ("127.0.0.1", 0),
    socket.AF_INET6: ("::1", 0, 0, 0),
}


def local_sockaddrs(family: int) -> list[tuple[Any, ...]]:
    """Return the socket addresses of one family, with port 0, loopback first."""
    found = [_LOOPBACK[family]]
    # The host name may have no address of this family.
    with suppress(OSError):
        infos = socket.getaddrinfo(socket.gethostname(), 0, family, socket.SOCK_DGRAM)
        found += [sockaddr for *_, sockaddr in infos]
    return list(dict.fromkeys(found))
