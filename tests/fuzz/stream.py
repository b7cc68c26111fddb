"""A stream that leads nowhere: what asyncio would give a channel, strict where asyncio is.

Knows no transport. What is received is put in by hand, as asyncio does it.
"""

import asyncio
import socket
from typing import Any

from net.stream.channel import StreamChannel
from net.transport import Channel, Delivery

STREAM_PEER = ("127.0.0.1", 4242)


class NowhereStream(asyncio.Transport):
    """Takes whatever is written; its peer reads everything."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock, "peername": STREAM_PEER})
        self._closing = self._ended = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Take any limits: nothing waits."""

    def get_write_buffer_size(self) -> int:
        """Return 0: nothing waits."""
        return 0

    def write(self, data: Any) -> None:
        """Take the bytes. Raises ``RuntimeError`` after the end, as asyncio does."""
        if self._ended:
            raise RuntimeError("Cannot call write() after write_eof()")

    def write_eof(self) -> None:
        """End our half."""
        self._ended = True

    def is_closing(self) -> bool:
        """Whether it is cut."""
        return self._closing

    def abort(self) -> None:
        """Cut it."""
        self._closing = True


class Echo:
    """Whoever receives from a channel: keeps what it hears, and says it again."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.endings = 0

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Keep it and send it back."""
        assert not self.endings
        self.messages.append(message)
        channel.send(message, Delivery.RELIABLE)

    def channel_closed(self, channel: Channel, error: Exception | None) -> None:
        """Count the end."""
        self.endings += 1


def feed(channel: StreamChannel, data: bytes) -> None:
    """Give bytes to a channel, as much at a time as its buffer holds, until it hangs up."""
    while data and channel.is_writable:
        buffer = channel.get_buffer(-1)
        part, data = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(part)] = part
        channel.buffer_updated(len(part))
