"""Follower of this computer's addresses, for UDP on a system without packet info.

There each address needs a socket of its own (``net/system/datagram_local_address.py``), and a
laptop that joins another Wi-Fi has a new address.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable

from net.system.sockets import address_of, follow_addresses, has_socket_per_address
from net.transport import Address, SocketOptions

__all__ = ["FOLLOW_INTERVAL_S", "AddressFollower"]

# A laptop that joins another Wi-Fi is reachable there after at most this time.
FOLLOW_INTERVAL_S = 5.0

SocketCallback = Callable[[socket.socket], None]


class AddressFollower:
    """Timer that binds a socket to each new address, and ends those of addresses that are gone.

    ``bound``: what ``bound_sockets`` returned for ``address`` and ``options``. ``opened`` is called
    with a new socket, which then belongs to the caller, and ``gone`` with one to close. One socket
    stays in any case. Where one socket serves all addresses, it does nothing.
    """

    def __init__(
        self,
        address: Address,
        options: SocketOptions,
        bound: Iterable[socket.socket],
        *,
        opened: SocketCallback,
        gone: SocketCallback,
    ) -> None:
        self._sockets = list(bound)
        port = address_of(self._sockets[0].getsockname()).port
        self._address = address._replace(port=port)
        self._options = options
        self._opened, self._gone = opened, gone
        self._timer: asyncio.TimerHandle | None = None
        if has_socket_per_address(address):
            self._wait()

    def close(self) -> None:
        """Stop following. The sockets stay open."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(FOLLOW_INTERVAL_S, self._follow)

    def _follow(self) -> None:
        new, gone = follow_addresses(self._address, self._options, self._sockets)
        for sock in new:
            self._sockets.append(sock)
            self._opened(sock)
        for sock in gone:
            if len(self._sockets) > 1:
                self._sockets.remove(sock)
                self._gone(sock)
        self._wait()
