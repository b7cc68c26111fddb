"""Null stream: an ``asyncio.Transport`` without a peer, as strict as a real one.

``feed`` puts received bytes into a channel as asyncio does.
"""

import asyncio
import socket
from typing import Any

from net.stream.channel import StreamChannel
from net.transport import Channel, Delivery

STREAM_PEER = ("127.0.0.1", 4242)


class NullStream(asyncio.Transport):
    """Accepts all writes, as if its peer read at once."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock, "peername": STREAM_PEER})
        self._closing = self._ended = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Ignore the limits: nothing is buffered."""

    def get_write_buffer_size(self) -> int:
        """Return 0: nothing is buffered."""
        return 0

    def write(self, data: Any) -> None:
        """Discard the bytes. Raises ``RuntimeError`` after ``write_eof``, as asyncio does."""
        if self._ended:
            raise RuntimeError("Cannot call write() after write_eof()")

    def write_eof(self) -> None:
        """Close the sending half."""
        self._ended = True

    def is_closing(self) -> bool:
        """Return whether the stream was aborted."""
        return self._closing

    def abort(self) -> None:
        """Abort the stream."""
        self._closing = True


class Echo:
    """A ``Receiver`` that records each message and sends it back."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.ends = 0

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        """Record the message and send it back."""
        assert not self.ends
        self.messages.append(message)
        channel.send(message, Delivery.RELIABLE)

    def channel_closed(self, channel: Channel, error: Exception | None) -> None:
        """Count the end of the channel."""
        self.ends += 1


def feed(channel: StreamChannel, data: bytes) -> None:
    """Feed bytes to a channel, as many at a time as its buffer holds, until it closes."""
    while data and channel.is_writable:
        buffer = channel.get_buffer(-1)
        part, data = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(part)] = part
        channel.buffer_updated(len(part))
