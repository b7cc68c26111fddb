"""Connecting streams: a channel over a stream that we open ourselves.

The other side is ``net/stream_listener.py``. Knows no format of frames.
"""

import asyncio
import socket

from net.stream import AnyChannel, NewChannel
from net.stream.tls import client_stream
from net.system.sockets import connected_socket
from net.transport import Address, Receiver, SocketOptions


async def connect_stream(
    new_channel: NewChannel[AnyChannel],
    address: Address,
    receiver: Receiver,
    options: SocketOptions,
) -> AnyChannel:
    """Connect a stream and make it a channel; its handshake, if it has one, is not over yet.

    With ``options.tls`` TLS stands. Raises ``ConnectFailed``.
    """
    sock = await connected_socket(address, socket.SOCK_STREAM, options)
    channel = new_channel(lambda _channel: receiver, set())
    if options.tls is not None:
        channel.encrypt_with(client_stream(options.tls, address.host))
    try:
        await asyncio.get_running_loop().create_connection(lambda: channel, sock=sock)
        await channel.encrypted()
    except BaseException:
        channel.drop()
        raise
    return channel
