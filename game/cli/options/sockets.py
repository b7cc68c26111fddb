"""The options for socket buffers, and the sizes that the system grants."""

import socket
from collections.abc import Iterator
from typing import Annotated

from game.cli.options.numbers import number_option
from net.system.sockets import granted_buffers, set_buffers
from net.transport import SocketOptions

_BYTES_MAX = 2**30

SendBuffer = Annotated[
    int | None,
    number_option(
        1, _BYTES_MAX, "Request a send buffer of this many bytes; print the granted size."
    ),
]
ReceiveBuffer = Annotated[
    int | None,
    number_option(1, _BYTES_MAX, "The same for the receive buffer."),
]


def describe_buffers(options: SocketOptions) -> Iterator[str]:
    """Yield a line for each requested buffer, with the size that this system grants."""
    requested = (options.send_buffer_bytes, options.receive_buffer_bytes)
    if requested == (None, None):
        return
    for name, kind in (("TCP", socket.SOCK_STREAM), ("UDP", socket.SOCK_DGRAM)):
        # The system grants the same to every socket of a kind, so a new one gives the answer.
        with socket.socket(socket.AF_INET, kind) as sock:
            set_buffers(sock, *requested)
            granted = granted_buffers(sock)
        for what, wanted, got in zip(("send", "receive"), requested, granted, strict=True):
            if wanted is not None:
                yield f"{name} {what} buffer: requested {wanted} bytes, granted {got}"
