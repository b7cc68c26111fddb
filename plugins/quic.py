"""QUIC: a LATEST message is a datagram, RELIABLE messages are one stream, and all is encrypted.

A lost packet delays the messages behind it in the stream, and no datagram. So head-of-line blocking
concerns only the messages that must arrive in order. The stream's data is retransmitted, datagrams
are not (RFC 9000, RFC 9221).

The implementation is in ``net/quic``, over the core of the ``aioquic`` library, which does no I/O.
The library's congestion control decides when a packet may leave (RFC 9002), not the kernel's.
"""

from importlib.util import find_spec

from net.errors import MissingLibrary
from net.quic.latest import HEADER_BYTES, PACKET_OVERHEAD_BYTES
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

if find_spec("aioquic") is None:
    raise MissingLibrary("QUIC needs the package aioquic: pip install 'jitterball[quic]'")


class QuicTransport(Transport):
    """Messages in QUIC's datagrams and in one of its streams."""

    name = "quic"
    guarantees = Guarantees(
        summary="as UDP, always encrypted; RELIABLE messages are a stream of their own",
        head_of_line_blocking=False,
        latest_may_be_lost=True,
        message_limit_bytes=MESSAGE_LIMIT_BYTES,
        header_bytes=PACKET_OVERHEAD_BYTES + HEADER_BYTES,
        supports_tls=True,
        always_encrypts=True,
    )
    # UDP has the base port. The WebSocket's number is free: that one is TCP's.
    port_offset = 1

    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a connection by a handshake of one round trip."""
        # The library takes a tenth of a second to import. ``jitterball transports`` must not wait.
        from net.quic.client import connect_quic

        return await connect_quic(self, address, receiver, options)

    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept connections; without a certificate in ``options``, make one."""
        from net.quic.credentials import server_configuration
        from net.quic.listener import listen_for_quic

        configuration = server_configuration(options.tls or options.own_certificate)
        return await listen_for_quic(self, address, accept, options, configuration)
