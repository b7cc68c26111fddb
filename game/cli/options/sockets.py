"""The options on sockets that several commands share, and what the system made of them."""

import socket
from collections.abc import Iterator
from typing import Annotated

from game.cli.options.netcode import number_option
from net.system.sockets import granted_buffers, set_buffers
from net.transport import SocketOptions

_BYTES_MAX = 2**30

SendBuffer = Annotated[
    int | None,
    number_option(1, _BYTES_MAX, "Ask for a send buffer of so many bytes; say what was granted."),
]
ReceiveBuffer = Annotated[
    int | None,
    number_option(1, _BYTES_MAX, "The same for the receive buffer."),
]


def describe_buffers(options: SocketOptions) -> Iterator[str]:
    """Say what this system grants for the buffers that were asked for; nothing if none were."""
    asked = (options.send_buffer_bytes, options.receive_buffer_bytes)
    if asked == (None, None):
        return
    for name, kind in (("TCP", socket.SOCK_STREAM), ("UDP", socket.SOCK_DGRAM)):
        # A socket of the same kind gets the same answer as those that will be used.
        with socket.socket(socket.AF_INET, kind) as sock:
            set_buffers(sock, *asked)
            granted = granted_buffers(sock)
        for what, wanted, got in zip(("send", "receive"), asked, granted, strict=True):
            if wanted is not None:
                yield f"{name} {what} buffer: asked for {wanted} bytes, granted {got}"
