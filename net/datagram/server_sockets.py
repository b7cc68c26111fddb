"""UDP sockets of a server: one for each address that it listens on."""

import socket
from collections.abc import Callable

from net.datagram.udp_socket import UdpSocket, UdpSocketHandler, enlarge_receive_buffer
from net.system.address_follower import AddressFollower
from net.system.sockets import address_of, bound_sockets
from net.transport import Address, SocketOptions

__all__ = ["ServerSockets"]


class ServerSockets:
    """The UDP sockets of a server, also for addresses that this computer gets later.

    ``owner``: the object whose methods receive the events of every socket.
    ``on_change`` is called after sockets were opened, and after one was closed because its address
    is gone.
    ``has_large_buffers``: many peers send at once, so that receive buffers are as large as the
    system lets, unless the options give a size.
    ``udp_sockets``: the open ones, the oldest first. Once open, there is always one.
    """

    def __init__(
        self,
        owner: UdpSocketHandler,
        on_change: Callable[[], None] | None = None,
        *,
        has_large_buffers: bool = False,
    ) -> None:
        self.udp_sockets: list[UdpSocket] = []
        self._owner = owner
        self._on_change = on_change
        self._has_large_buffers = has_large_buffers
        self._follower: AddressFollower | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses of the open sockets."""
        return tuple(address_of(each.sock.getsockname()) for each in self.udp_sockets)

    async def open(self, address: Address, options: SocketOptions) -> None:
        """Listen on every address of a host, now and from then on. Raises ``ListenError``."""
        bound = await bound_sockets(address, socket.SOCK_DGRAM, options)

        def add(*sockets: socket.socket) -> None:
            for sock in sockets:
                if self._has_large_buffers and options.receive_buffer_bytes is None:
                    enlarge_receive_buffer(sock)
                self.udp_sockets.append(UdpSocket(sock, self._owner))
            self._changed()

        add(*bound)
        self._follower = AddressFollower(address, options, bound, opened=add, gone=self._remove)

    def close(self) -> None:
        """Close the sockets, and follow the addresses no longer."""
        if self._follower is not None:
            self._follower.close()
        for udp_socket in self.udp_sockets:
            udp_socket.close()

    def _remove(self, sock: socket.socket) -> None:
        (gone,) = (each for each in self.udp_sockets if each.sock is sock)
        gone.close()
        self.udp_sockets.remove(gone)
        self._changed()

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change()
