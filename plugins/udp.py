"""UDP: a LATEST message is a datagram of its own, so a lost one delays nothing.

RELIABLE messages are acknowledged and retransmitted over the same datagrams. All of that is in
``net/datagram``: the byte tables in ``wire_format.py``, the connection without I/O in
``connection.py``, the sockets in ``client.py`` and ``listener.py``.
"""

from net.datagram.client import connect_datagrams
from net.datagram.listener import listen_for_datagrams
from net.datagram.udp_socket import IPV4_HEADER_BYTES, UDP_HEADER_BYTES
from net.datagram.wire_format import HEADER_BYTES
from net.transport import (
    MESSAGE_LIMIT_BYTES,
    AcceptCallback,
    Address,
    Channel,
    Guarantees,
    Listener,
    Receiver,
    SocketOptions,
    Transport,
)


class UdpTransport(Transport):
    """Messages in datagrams."""

    name = "udp"
    guarantees = Guarantees(
        summary="LATEST messages may be lost and never wait; RELIABLE ones are retransmitted",
        head_of_line_blocking=False,
        latest_may_be_lost=True,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        header_bytes=IPV4_HEADER_BYTES + UDP_HEADER_BYTES + HEADER_BYTES,
        supports_encryption=True,
    )

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a connection by a handshake of two round trips."""
        return await connect_datagrams(self, address, receiver, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept connections of peers that have proved their address."""
        return await listen_for_datagrams(self, address, accept, options)
